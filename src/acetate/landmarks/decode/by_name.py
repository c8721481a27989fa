"""The register of decoders, and the way from heatmaps to points with one of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.landmarks.decode.dark import Dark
from acetate.landmarks.decode.decoded import Decoded, Decoder
from acetate.landmarks.decode.log_quadratic import LogQuadratic
from acetate.landmarks.decode.mass import CentreOfMass, SoftArgMax
from acetate.landmarks.decode.maximum import ArgMax, QuarterOffset
from acetate.names import nearest

DECODERS: dict[str, type[Decoder]] = {
    "log-quadratic": LogQuadratic,
    "dark": Dark,
    "soft-arg-max": SoftArgMax,
    "centre-of-mass": CentreOfMass,
    "quarter-offset": QuarterOffset,
    "arg-max": ArgMax,
}


def decode(
    heatmaps: Array, method: str | Decoder = "log-quadratic", sigma: float | None = None
) -> Decoded[NDArray[np.float64]]:
    """Find the landmark in every heatmap, to a fraction of a pixel.

    Parameters
    ----------
    heatmaps : numpy.ndarray
        ``(N, K, h, w)``, or ``(K, h, w)`` for one picture; floats, at least 3 x 3 pixels.
    method : str or Decoder
        One of those in `DECODERS`, or a decoder with its own parameters.
    sigma : float or None
        Standard deviation of the kernels in pixels of the heatmap, for methods that use it; None
        for theirs.

    Returns
    -------
    Decoded
        Points ``(N, K, 2)`` in pixels of the heatmap, confidence ``(N, K)`` and covariance
        ``(N, K, 2, 2)``, or the same without N.

    Raises
    ------
    TypeError
        If the heatmaps are no array of floats.
    ValueError
        If they have another shape or NaN or infinite values, there is no such method, or a sigma
        is given for a decoder that has its own.

    Examples
    --------
    >>> from acetate.landmarks import heatmap_targets
    >>> found = decode(heatmap_targets([(40.2, 11.3)], (64, 64), sigma=2.0), sigma=2.0)
    >>> found.points.round(3), found.confidence.round(3)
    (array([[40.2, 11.3]]), array([1.]))
    """
    if not isinstance(heatmaps, np.ndarray) or heatmaps.dtype.kind != "f":
        kind = getattr(heatmaps, "dtype", type(heatmaps).__name__)
        raise TypeError(f"heatmaps must be an array of floats, got {kind}")
    with np.errstate(over="ignore", invalid="ignore"):
        return decoded_with(decoder_named(method, sigma), heatmaps, np)


def decoder_named(method: str | Decoder, sigma: float | None = None) -> Decoder:
    """Return the decoder of a name, or the one that was given.

    Parameters
    ----------
    method : str or Decoder
        One of those in `DECODERS`, or a decoder.
    sigma : float or None
        For decoders by name that have a field of that name; others do not need it.

    Raises
    ------
    ValueError
        If there is none of that name, or both a decoder and a sigma are given.

    Examples
    --------
    >>> decoder_named("dark", 2.0), decoder_named("arg-max", 2.0)
    (Dark(sigma=2.0), ArgMax())
    >>> decoder_named("softargmax")
    Traceback (most recent call last):
    ValueError: there is no decoder 'softargmax'; the nearest is 'soft-arg-max', and there are ...
    """
    if not isinstance(method, str):
        if sigma is not None:
            raise ValueError(f"sigma goes into the decoder, {method}, not beside it: got {sigma}")
        return method
    if method not in DECODERS:
        raise ValueError(
            f"there is no decoder {method!r}; the nearest is {nearest(method, DECODERS)!r}, "
            f"and there are {', '.join(DECODERS)}"
        )
    kind: Callable[..., Decoder] = DECODERS[method]
    return kind(sigma=sigma) if sigma is not None and DECODERS[method].SIGMA else kind()


def decoded_with(decoder: Decoder, heatmaps: Any, xp: Any) -> Decoded[Any]:
    """Check heatmaps of NumPy or PyTorch, decode them, and give the points their axes.

    Parameters
    ----------
    decoder : Decoder
        Such as ``LogQuadratic()``.
    heatmaps : array or tensor
        ``(N, K, h, w)`` or ``(K, h, w)``.
    xp : module
        ``numpy`` or ``torch``.

    Examples
    --------
    >>> decoded_with(ArgMax(), np.eye(3)[np.newaxis], np).points.tolist()
    [[0.5, 0.5]]
    """
    if heatmaps.ndim not in (3, 4) or min(heatmaps.shape[-2:]) < 3:
        raise ValueError(
            f"heatmaps must have shape (N, K, h, w) or (K, h, w), h and w at least 3, "
            f"got {tuple(heatmaps.shape)}"
        )
    axes, (height, width) = heatmaps.shape[:-2], heatmaps.shape[-2:]
    maps = heatmaps.reshape(int(np.prod(axes)), height, width)
    _check_finite(maps, xp)
    found = decoder.locate(maps, xp)
    return Decoded(
        found.points.reshape(*axes, 2),
        found.confidence.reshape(axes),
        found.covariance.reshape(*axes, 2, 2),
    )


def _check_finite(maps: Any, xp: Any) -> None:
    """Raise if there is NaN or infinity: either makes the sum of its map so."""
    sums = maps.sum(axis=(1, 2))
    if bool(xp.isfinite(sums).all()):
        return
    bad = ~xp.isfinite(maps).reshape(len(maps), maps.shape[1] * maps.shape[2]).all(axis=1)
    if bool(bad.any()):
        raise ValueError(
            f"{int(bad.sum())} of {len(maps)} heatmaps have NaN or infinite values; "
            "look at the training: a loss that is NaN, or weights that are"
        )

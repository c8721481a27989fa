"""How far a picture is from another: mean squared and absolute errors, PSNR and SSIM."""

import numpy as np

from acetate.arrays import Array, full_scale
from acetate.heat.checks import check_picture

# The window in which SSIM compares, as in Wang and others 2004 without their Gaussian.
_WINDOW = 7


def mse(image: Array, reference: Array) -> float:
    """Return the mean squared error, in squared units of the pictures.

    Parameters
    ----------
    image, reference : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, of one shape and dtype; floats of any range.

    Raises
    ------
    TypeError, ValueError
        If one is no picture, or shapes or dtypes differ.

    Examples
    --------
    >>> mse(np.array([[10, 20]], np.uint8), np.array([[13, 20]], np.uint8))
    4.5
    """
    _check(image, reference)
    return float(np.mean(np.subtract(image, reference, dtype=np.float64) ** 2))


def mae(image: Array, reference: Array) -> float:
    """Return the mean absolute error, in units of the pictures; parameters as for `mse`.

    Examples
    --------
    >>> mae(np.array([[10, 20]], np.uint8), np.array([[13, 20]], np.uint8))
    1.5
    """
    _check(image, reference)
    return float(np.mean(np.abs(np.subtract(image, reference, dtype=np.float64))))


def psnr(image: Array, reference: Array) -> float:
    """Return the peak signal-to-noise ratio in dB: ``10 log10(white**2 / mse)``.

    Parameters
    ----------
    image, reference : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, of one shape and dtype. White is 255 for uint8, 65535 for
        uint16, 1 for floats.

    Returns
    -------
    float
        Infinite for equal pictures.

    Raises
    ------
    TypeError, ValueError
        If one is no picture, or shapes or dtypes differ.

    Examples
    --------
    >>> round(psnr(np.array([[0.5]]), np.array([[0.6]])), 6)
    20.0
    """
    error = mse(image, reference)
    return float(10 * np.log10(full_scale(image.dtype) ** 2 / error)) if error else float("inf")


def ssim(image: Array, reference: Array) -> float:
    """Return the structural similarity (Wang, Bovik, Sheikh and Simoncelli 2004), by scikit-image.

    Parameters
    ----------
    image, reference : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, at least 7 x 7, of one shape and dtype. White is as in `psnr`.

    Returns
    -------
    float
        1 for equal pictures, less for others; of several channels the mean.

    Raises
    ------
    TypeError, ValueError
        If one is no picture, shapes or dtypes differ, or they are smaller than 7 x 7.

    Examples
    --------
    >>> picture = np.arange(64.0).reshape(8, 8) / 64
    >>> ssim(picture, picture)
    1.0
    """
    from skimage.metrics import structural_similarity

    _check(image, reference)
    if min(image.shape[:2]) < _WINDOW:
        raise ValueError(
            f"SSIM compares windows of {_WINDOW} x {_WINDOW} pixels, got pictures of {image.shape}"
        )
    channel = None if image.ndim == 2 else 2
    similarity = structural_similarity(  # type: ignore[no-untyped-call]
        image,
        reference,
        win_size=_WINDOW,
        data_range=full_scale(image.dtype),
        channel_axis=channel,
    )
    return float(similarity)


def _check(image: Array, reference: Array) -> None:
    check_picture(image)
    check_picture(reference)
    if image.shape != reference.shape or image.dtype != reference.dtype:
        raise ValueError(
            f"the pictures must have one shape and dtype, got {image.shape} {image.dtype} and "
            f"{reference.shape} {reference.dtype}; convert one first"
        )

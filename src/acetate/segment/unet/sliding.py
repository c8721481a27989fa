"""A network over pictures of any size: windows with a blended overlap."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from acetate.segment.unet.losses import log_probabilities

Planes = NDArray[np.float32]
Progress = Callable[[int, int | None, str], None]


def probabilities(
    network: Any, planes: Planes, window: int, progress: Progress | None = None
) -> Planes:
    """Return the probability of every class at every pixel.

    Parameters
    ----------
    network : acetate.learn.unet.UNet
        Its evaluation mode is turned on.
    planes : numpy.ndarray
        ``(C, H, W)`` float32, standardised.
    window : int
        Side of a window at most: memory depends on it. A side that is no longer is seen whole.
    progress : callable, optional
        Called after every window.

    Returns
    -------
    numpy.ndarray
        ``(K + 1, H, W)`` float32.

    Raises
    ------
    ValueError
        If the picture is larger than the window, and that not larger than twice the network's
        halo.

    Notes
    -----
    The picture goes on at its right and lower border as in a mirror until its sides are multiples
    of the network's reduction. Windows begin at multiples of it, so that poolings fall alike. The
    weight of a window is 0 within the halo of a border that is none of the picture's, then rises
    in a line: where a window could differ from the whole picture it has no say.

    Examples
    --------
    >>> from acetate.learn.unet import UNet
    >>> network, planes = UNet(base=2, depth=1), np.zeros((1, 5, 7), np.float32)
    >>> probabilities(network, planes, 64).shape
    (2, 5, 7)
    """
    network.eval()
    height, width = planes.shape[1:]
    padded = _padded(planes, network.reduction)
    rows, columns = (
        _windows(size, window, network.halo, network.reduction) for size in padded.shape[1:]
    )
    boxes = [(row, column) for row in rows for column in columns]
    total = np.zeros((network.config["out_channels"] + 1, *padded.shape[1:]), np.float32)
    for number, (row, column) in enumerate(boxes):
        box = np.s_[:, row.start : row.stop, column.start : column.stop]
        total[box] += row.weight[:, None] * column.weight * _seen(network, padded[box])
        if progress is not None:
            progress(number + 1, len(boxes), "window")
    return total[:, :height, :width]


class Span:
    """The part of an axis that a window sees, and its weights there; they add up to 1."""

    def __init__(self, start: int, weight: Planes) -> None:
        self.start, self.weight = start, weight
        self.stop = start + len(weight)


def _windows(size: int, window: int, halo: int, step: int) -> list[Span]:
    """Cut an axis into overlapping spans; sizes and starts are multiples of a step."""
    side = window // step * step
    if size <= side:
        return [Span(0, np.ones(size, np.float32))]
    if side <= 2 * halo:
        raise ValueError(
            f"window must be larger than {2 * halo + step - 1} for this network, got {window}; "
            "each border costs its halo"
        )
    stride = max(step, (side - 2 * halo) // 2 // step * step)  # half of what counts overlaps
    starts = [*range(0, size - side, stride), size - side]
    weights = [_weight(start, side, size, halo) for start in starts]
    total = np.zeros(size, np.float32)
    for start, weight in zip(starts, weights, strict=True):
        total[start : start + side] += weight
    return [
        Span(start, weight / total[start : start + side])
        for start, weight in zip(starts, weights, strict=True)
    ]


def _weight(start: int, side: int, size: int, halo: int) -> Planes:
    """Return the weight of a window along an axis: 0 in the halo, rising to its middle."""
    places = np.arange(side, dtype=np.float32)
    left = places - halo + 1 if start else np.full(side, np.inf, np.float32)
    right = side - places - halo if start + side < size else np.full(side, np.inf, np.float32)
    return np.clip(np.minimum(left, right), 0, side / 2).astype(np.float32)


def _padded(planes: Planes, step: int) -> Planes:
    rows, columns = (-size % step for size in planes.shape[1:])
    if not rows and not columns:
        return planes
    return np.pad(planes, ((0, 0), (0, rows), (0, columns)), mode="symmetric")


def _seen(network: Any, planes: Planes) -> Planes:
    """Return the probabilities of a window as the network sees it."""
    device = next(network.parameters()).device
    with torch.inference_mode():
        images = torch.from_numpy(np.ascontiguousarray(planes)).to(device)
        logp = log_probabilities(network(images[None]))[0]
    found: Planes = logp.exp().cpu().numpy()
    return found

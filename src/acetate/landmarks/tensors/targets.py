"""The heat kernel at every landmark, made on the device where the loss needs it."""

import torch
from torch import Tensor


def heatmap_targets(points: Tensor, shape: tuple[int, int], sigma: float = 3.0) -> Tensor:
    """Return one heatmap per landmark: 1 at the landmark, falling off as a Gaussian.

    Parameters
    ----------
    points : torch.Tensor
        ``(..., 2)``: x and y in pixels of the heatmap, the centre of the first pixel being
        (0.5, 0.5); never rounded. NaN is missing.
    shape : (int, int)
        ``(height, width)`` of the heatmaps.
    sigma : float
        Standard deviation in pixels of the heatmap, above 0.

    Returns
    -------
    torch.Tensor
        ``(..., height, width)`` of the points' dtype and device: what
        `acetate.landmarks.targets.heatmap_targets` gives, zeros where a landmark is missing.

    Raises
    ------
    ValueError
        If the points have another shape, or sigma is not above 0.

    Examples
    --------
    >>> heatmap_targets(torch.tensor([[1.5, 0.5]]), (1, 3), sigma=1.0)
    tensor([[[0.6065, 1.0000, 0.6065]]])
    """
    if points.shape[-1:] != (2,):
        raise ValueError(f"points must have shape (..., 2), got {tuple(points.shape)}")
    if not sigma > 0:
        raise ValueError(f"sigma must be above 0, got {sigma}")
    x, y = (_profile(points[..., k], shape[1 - k], sigma) for k in range(2))
    return y[..., :, None] * x[..., None, :]


def pixel_places(size: int, like: Tensor) -> Tensor:
    """Return the centres of pixels along an axis, ``(size,)``, of a tensor's dtype and device.

    Examples
    --------
    >>> pixel_places(3, torch.zeros(1))
    tensor([0.5000, 1.5000, 2.5000])
    """
    return torch.arange(size, dtype=like.dtype, device=like.device) + 0.5


def _profile(at: Tensor, size: int, sigma: float) -> Tensor:
    """Return the kernel along one axis, ``(..., size)``; the kernel is the product of both."""
    distance = (pixel_places(size, at) - at[..., None]) / sigma
    return torch.nan_to_num(torch.exp(-(distance**2) / 2))

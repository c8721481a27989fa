"""How well the outlines of two masks agree: boundary F1, and distances between surfaces."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.heat.checks import Spacing, check_number, check_spacing
from acetate.measure.checks import Mask, check_pair


@dataclass(frozen=True)
class SurfaceDistances:
    """How far the outlines of two masks are from each other.

    Parameters
    ----------
    hausdorff : float
        The largest distance of a point of one outline from the other outline.
    hausdorff_95 : float
        The 95th percentile instead of the largest (the larger of both directions), which a few
        stray pixels do not decide.
    mean : float
        The mean over the points of both outlines: the average symmetric surface distance.

    Examples
    --------
    >>> SurfaceDistances(4.0, 2.0, 0.5).mean
    0.5
    """

    hausdorff: float
    hausdorff_95: float
    mean: float


def boundary_f1(prediction: Array, truth: Array, tolerance: float = 2.0) -> float:
    """Return the F1 score of two masks' outlines.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        ``(H, W)`` or ``(Z, Y, X)``, booleans or integers of one shape; what is not 0 is inside.
    tolerance : float
        How far apart outlines may be to count as the same, in pixels, from 0.

    Returns
    -------
    float
        From 0 to 1: the harmonic mean of precision, the part of the predicted outline within the
        tolerance of the true one, and recall, the other way round. Where a mask has no outline,
        as one that is empty or full, 1 if both masks are equal, else 0.

    Raises
    ------
    TypeError
        If one is no array of booleans or integers, or the tolerance is no number.
    ValueError
        If the shapes differ or are empty, or the tolerance is negative, NaN or infinite.

    Notes
    -----
    The outline are the pixels inside that touch the outside with a side (Csurka, Larlus and
    Perronnin 2013). The border of the picture is no outline.

    Examples
    --------
    >>> truth = np.zeros((9, 9), bool)
    >>> truth[2:7, 2:7] = True
    >>> boundary_f1(np.roll(truth, 1, axis=0), truth, tolerance=1)
    1.0
    """
    check_pair(prediction, truth)
    reach = check_number(tolerance, "tolerance")
    found, true = prediction != 0, truth != 0
    one, other = outline(found), outline(true)
    if not one.any() or not other.any():
        return float(np.array_equal(found, true))
    precision = float(np.mean(_distance_to(other)[one] <= reach))
    recall = float(np.mean(_distance_to(one)[other] <= reach))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def surface_distances(prediction: Array, truth: Array, spacing: Spacing = 1.0) -> SurfaceDistances:
    """Measure how far the outlines of two masks are from each other.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        ``(H, W)`` or ``(Z, Y, X)``, booleans or integers of one shape; what is not 0 is inside.
    spacing : float or sequence of float
        From pixel to pixel along each axis, such as millimetres; the distances have its unit.

    Returns
    -------
    SurfaceDistances
        Zero for equal masks, and for two that are empty; infinite if one is empty.

    Raises
    ------
    TypeError, ValueError
        If one is no mask, shapes differ or are empty, or a spacing is not above 0.

    Notes
    -----
    The outline are the pixels inside that touch the outside, or the end of the picture, with a
    side; distances are those of pixel centres, computed exactly.

    Examples
    --------
    >>> truth = np.zeros((9, 9), bool)
    >>> truth[2:7, 2:7] = True
    >>> surface_distances(np.roll(truth, 2, axis=0), truth, spacing=0.5).hausdorff
    1.0
    """
    check_pair(prediction, truth)
    steps = check_spacing(spacing, prediction.ndim)
    one, other = (outline(mask != 0, edge=True) for mask in (prediction, truth))
    if not one.any() or not other.any():
        far = 0.0 if one.any() == other.any() else float("inf")
        return SurfaceDistances(far, far, far)
    there, back = _distance_to(other, steps)[one], _distance_to(one, steps)[other]
    return SurfaceDistances(
        float(max(there.max(), back.max())),
        float(max(np.percentile(there, 95), np.percentile(back, 95))),
        float((there.sum() + back.sum()) / (there.size + back.size)),
    )


def outline(mask: Mask, edge: bool = False) -> Mask:
    """Return the pixels inside that touch the outside with a side.

    Parameters
    ----------
    mask : numpy.ndarray
        Booleans of any rank.
    edge : bool
        Whether what lies beyond the picture is outside.

    Examples
    --------
    >>> outline(np.array([[True, True, True, False]])).astype(int)
    array([[0, 0, 1, 0]])
    """
    padded = np.pad(mask, 1, constant_values=False) if edge else np.pad(mask, 1, mode="edge")
    inner: Any = slice(1, -1)
    deep = mask.copy()
    for axis in range(mask.ndim):
        for shift in (slice(None, -2), slice(2, None)):
            where = [inner] * mask.ndim
            where[axis] = shift
            deep &= padded[tuple(where)]
    return mask & ~deep


def _distance_to(outline: Mask, spacing: tuple[float, ...] | None = None) -> Array:
    """Return how far each pixel is from the nearest of an outline, exactly."""
    from scipy.ndimage import distance_transform_edt

    distances: Array = distance_transform_edt(~outline, sampling=spacing)
    return distances

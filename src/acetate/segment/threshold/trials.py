"""try_all: every rule on one picture, as a table that survives the rules that fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape
from acetate.measure import dice, iou
from acetate.names import nearest
from acetate.segment.gray import gray_values
from acetate.segment.threshold.local import LocalThreshold
from acetate.segment.threshold.method import Threshold
from acetate.segment.threshold.rules import RULES


@dataclass(frozen=True)
class Trial:
    """A row of the table: what one rule made of the picture.

    Parameters
    ----------
    method : str
        The rule's name.
    threshold : float or None
        In units of the picture; of "local" the mean. None if it failed.
    fraction : float or None
        Which part of the picture is foreground. None if it failed.
    iou, dice : float or None
        Overlap with the truth, where there is one.
    reason : str
        Why it failed; empty if it did not.
    mask : numpy.ndarray or None
        ``(H, W)`` bool, the foreground. None if it failed.

    Examples
    --------
    >>> Trial("otsu", 83.0, 0.1).reason
    ''
    """

    method: str
    threshold: float | None = None
    fraction: float | None = None
    iou: float | None = None
    dice: float | None = None
    reason: str = ""
    mask: NDArray[np.bool_] | None = field(default=None, repr=False, compare=False)


def try_all(
    image: Array,
    truth: Array | None = None,
    *,
    methods: Sequence[str] = (*RULES, "local"),
    bright: bool = True,
    blur: float = 0.0,
) -> list[Trial]:
    """Try every threshold rule on a picture.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, whose mean over the channels counts; uint8, uint16, or
        float32/float64 in [0, 1].
    truth : numpy.ndarray or None
        ``(H, W)``: what is not 0 is foreground.
    methods : sequence of str
        Which rules; "local" is a `LocalThreshold` with its defaults.
    bright, blur
        As in `Threshold`.

    Returns
    -------
    list of Trial
        A row for each, in their order. A rule that cannot be used on the picture, as "minimum"
        where the histogram has no two modes, has the reason in its row, and the others go on.

    Raises
    ------
    TypeError, ValueError
        If the image is none, the truth has another shape, or there is no such rule.

    Examples
    --------
    >>> picture = np.array([[10, 12, 11, 90, 88]], np.uint8)
    >>> for row in try_all(picture, picture > 50, methods=["otsu", "mean"]):
    ...     print(row.method, row.threshold, row.fraction, row.dice)
    otsu 12.0 0.4 1.0
    mean 42.2 0.4 1.0
    """
    known = (*RULES, "local")
    for name in methods:
        if name not in known:
            raise ValueError(f"there is no rule {name!r}; the nearest is {nearest(name, known)!r}")
    # What is wrong with the pictures themselves is no rule's failure.
    space = gray_values(image).shape
    inside = None if truth is None else _inside(truth, space)
    return [_trial(image, inside, name, bright, blur) for name in methods]


def _inside(truth: Any, space: Shape) -> NDArray[np.bool_]:
    if not isinstance(truth, np.ndarray) or truth.shape != space:
        got = truth.shape if isinstance(truth, np.ndarray) else type(truth).__name__
        raise ValueError(f"truth must be an array of the picture's shape, {space}, got {got}")
    return np.asarray(truth != 0)


def _trial(
    image: Array, truth: NDArray[np.bool_] | None, name: str, bright: bool, blur: float
) -> Trial:
    try:
        mask, threshold = _segment(image, name, bright, blur)
    except ValueError as error:
        return Trial(name, reason=str(error))
    row = Trial(name, threshold, float(mask.mean()), mask=mask)
    return row if truth is None else replace(row, iou=iou(mask, truth), dice=dice(mask, truth))


def _segment(image: Array, name: str, bright: bool, blur: float) -> tuple[NDArray[np.bool_], float]:
    if name == "local":
        local = LocalThreshold(bright=bright, blur=blur).segment(image)
        return local.mask, local.facts.threshold
    found = Threshold(cast(Any, name), blur, bright=bright).segment(image)
    return found.mask, found.facts.thresholds[0]

"""What a comparison found: a ranked table, or how far methods agree; and the masks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.segment.compare.cases import Case
from acetate.segment.compare.masks import Made
from acetate.segment.compare.ranking import Row


@dataclass(frozen=True)
class Unscored:
    """A method's line where there is no truth: nothing here says that it is right.

    Parameters
    ----------
    method : str
        Its name.
    agreement : float
        The mean IoU of its masks with those of the other methods.
    volume_fraction : float
        The part of the pictures that is inside, on average.
    seconds : float
        The median over the pictures.
    quality_name : str
        What the method's own figure is called; empty if it has none.
    quality : float or None
        That figure's mean over the pictures. It is in the method's own units.

    Examples
    --------
    >>> Unscored("heat-flow", 0.8, 0.2, 0.01).quality is None
    True
    """

    method: str
    agreement: float
    volume_fraction: float
    seconds: float
    quality_name: str = ""
    quality: float | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a comparison found.

    Parameters
    ----------
    cases : sequence of Case
        The pictures that count.
    rows : sequence of Row
        The methods, the best first; empty without truth.
    unscored : sequence of Unscored
        The methods by agreement, where there is no truth.
    agreement : numpy.ndarray
        ``(methods, methods)``: the mean IoU of the masks of each with each other, in the order of
        the rows; of those alone that failed on no picture.
    agreeing : tuple of str
        The names of those methods.
    masks : mapping
        By method and name of the case the mask of the method with its best parameters.
    failures : sequence of (str, str)
        Pictures that could not be used, tasks whose process died, and why.
    tolerance : float
        Of the boundary F1, in pixels.
    dark : bool
        Whether what is wanted was taken to be darker than the rest.
    reproduced_iou : float or None
        The mean IoU of the first method's written masks: to be compared with its `fitted_iou`.
    trials : int
        How many trials the ranking rests on.
    seconds : float
        How long the comparison took.
    """

    cases: Sequence[Case]
    rows: Sequence[Row]
    unscored: Sequence[Unscored]
    agreement: NDArray[np.float64]
    agreeing: tuple[str, ...]
    masks: Mapping[str, Mapping[str, Made]]
    failures: Sequence[tuple[str, str]]
    tolerance: float
    dark: bool = False
    reproduced_iou: float | None = None
    trials: int = 0
    seconds: float = 0.0

    @property
    def scored(self) -> bool:
        """Whether there was truth."""
        return bool(self.rows)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The methods that failed, on how many pictures, and the first reason."""
        failed = [(row.method, row.failed, row.error) for row in self.rows if row.failed]
        if not self.scored:
            for method, masks in self.masks.items():
                wrong = [one.error for one in masks.values() if one.error]
                failed += [(method, len(wrong), wrong[0])] if wrong else []
        pictures = len(self.cases)
        return [(f"{method}, on {n} of {pictures}", why) for method, n, why in failed]

    @property
    def methods(self) -> list[str]:
        """The names of the methods in order."""
        return [row.method for row in self.rows or self.unscored]

"""The masks of every method with its best parameters, written, and how far methods agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path, PurePosixPath
from statistics import fmean
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.images import read, write
from acetate.measure import iou, volume_fraction
from acetate.run import Failure
from acetate.run.outcomes import attempt
from acetate.segment.compare.cases import Case, load
from acetate.segment.compare.search import Parameters, as_key
from acetate.segment.compare.trials import segmented
from acetate.segment.methods import METHODS


@dataclass(frozen=True)
class Made:
    """A mask that was written, or could not be made.

    Parameters
    ----------
    content : str
        The digest of the case's files.
    method : str
        Its name.
    parameters : str
        As `as_key` gives them.
    file : str
        Inside the output folder, with slashes.
    volume_fraction : float
        How much of the picture is inside.
    seconds : float
        What the method took.
    quality : float or None
        The method's own figure, as `own_quality` gives it.
    error : str
        Why the method failed; empty if it did not.

    Examples
    --------
    >>> Made("c0ffee", "heat-flow", "{}", "masks/heat-flow/a.png", 0.5, 0.1, None).key
    ('masks/heat-flow/a.png',)
    """

    content: str
    method: str
    parameters: str
    file: str
    volume_fraction: float = 0.0
    seconds: float = 0.0
    quality: float | None = None
    error: str = ""

    @property
    def key(self) -> tuple[str | float, ...]:
        """What tells masks apart: a later one takes the file of an earlier one."""
        return (self.file,)


@dataclass(frozen=True)
class Order:
    """A mask to be made."""

    case: Case
    content: str
    method: str
    parameters: Parameters

    @property
    def file(self) -> str:
        """Where the mask is to lie in the output folder."""
        return mask_file(self.method, self.case.name)

    def is_done(self, out: Path, made: Made | None) -> bool:
        """Tell whether a mask that was made before is the one that is wanted."""
        if made is None or (not made.error and not (out / self.file).is_file()):
            return False
        wanted = self.content, self.method, as_key(self.parameters)
        return wanted == (made.content, made.method, made.parameters)


@dataclass(frozen=True)
class Maker:
    """What makes masks, in any process.

    Parameters
    ----------
    out : Path
        The output folder.
    alone : bool
        Whether this is the only process at work; otherwise each keeps to one thread.
    """

    out: Path
    alone: bool

    def __call__(self, order: Order) -> Made:
        """Make a mask and write it, white on black.

        Raises
        ------
        OSError, ValueError
            If the picture cannot be read or has changed, or the mask cannot be written.
        """
        if not self.alone:
            cv2.setNumThreads(1)
        loaded = load(order.case, order.content)
        head = order.content, order.method, as_key(order.parameters), order.file
        outcome = attempt(lambda _: segmented(order.method, order.parameters, loaded), 0, None)
        if isinstance(outcome, Failure):
            return Made(*head, error=f"{outcome.error}: {outcome.message}")
        found, seconds = outcome.value
        path = self.out / order.file
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, found.mask.astype(np.uint8) * np.uint8(255))
        quality = own_quality(order.method, found.facts)
        return Made(*head, volume_fraction(found.mask), seconds, quality)


def mask_file(method: str, case: str) -> str:
    """Return where the mask of a case lies in the output folder.

    Examples
    --------
    >>> mask_file("heat-flow", "dogs/rex.v2.tif")
    'masks/heat-flow/dogs/rex.v2.png'
    """
    return str(PurePosixPath("masks", method, case).with_suffix(".png"))


def quality_name(method: str) -> str:
    """Return what a method calls its own figure of quality; empty if it has none.

    Its class names a number among its facts (or a tuple, of which the last counts) by
    ``QUALITY: ClassVar[str]``. Such a figure says how content the method is, not how right; those
    of different methods cannot be compared.

    Examples
    --------
    >>> quality_name("heat-flow")
    'energies'
    """
    return str(getattr(METHODS[method], "QUALITY", ""))


def own_quality(method: str, facts: Any) -> float | None:
    """Return a method's own figure of quality; None if it has none.

    Examples
    --------
    >>> from acetate.segment import HeatFlow
    >>> picture = np.array([[0, 0, 255, 255]], np.uint8)
    >>> own_quality("heat-flow", HeatFlow().segment(picture).facts) is None
    False
    """
    name = quality_name(method)
    if not name:
        return None
    value = getattr(facts, name)
    return float(value[-1] if isinstance(value, tuple) else value)


def agreement(out: Path, files: Mapping[str, Sequence[str]]) -> Array:
    """Return the mean IoU over pictures of each method's masks with each other's.

    Parameters
    ----------
    out : Path
        The output folder.
    files : mapping
        By method its masks, those of the same pictures in the same order.

    Returns
    -------
    numpy.ndarray
        ``(methods, methods)`` float64, symmetric, 1 on the diagonal.

    Raises
    ------
    OSError, ValueError
        If a mask cannot be read.
    """
    table = np.eye(len(files))
    scores: dict[tuple[int, int], list[float]] = {}
    for row in zip(*files.values(), strict=True):
        masks = [read(out / file) > 0 for file in row]
        for i, j in combinations(range(len(masks)), 2):
            scores.setdefault((i, j), []).append(iou(masks[i], masks[j]))
    for (i, j), found in scores.items():
        table[i, j] = table[j, i] = fmean(found)
    return table

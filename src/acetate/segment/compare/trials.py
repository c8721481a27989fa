"""Trials: one method with some parameters on one picture, timed and scored."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import cv2

from acetate.measure import boundary_f1, dice, iou
from acetate.run import Failure
from acetate.run.outcomes import attempt
from acetate.segment.compare.cases import Case, Loaded, load
from acetate.segment.compare.search import Parameters, as_key
from acetate.segment.methods import METHODS, Method
from acetate.segment.segmentation import Segmentation

# Methods are called on such a corner before they are timed: compiling is not part of their time.
_CORNER = 64
_called: set[tuple[str, str, int, str]] = set()


@dataclass(frozen=True)
class Trial:
    """How well a method did on a picture.

    Parameters
    ----------
    content : str
        The digest of the case's files.
    method : str
        Its name.
    parameters : str
        As `as_key` gives them.
    tolerance : float
        Of the boundary F1, in pixels.
    iou, dice, boundary_f1 : float
        0 if the method failed.
    seconds : float
        What the method took.
    error : str
        Why it failed; empty if it did not.

    Examples
    --------
    >>> Trial("c0ffee", "heat-flow", "{}", 2.0, 0.9, 0.95, 0.8, 0.01).key
    ('c0ffee', 'heat-flow', '{}', 2.0)
    """

    content: str
    method: str
    parameters: str
    tolerance: float
    iou: float
    dice: float
    boundary_f1: float
    seconds: float
    error: str = ""

    @property
    def key(self) -> tuple[str | float, ...]:
        """What tells trials apart."""
        return self.content, self.method, self.parameters, self.tolerance


@dataclass(frozen=True)
class Task:
    """A method on a picture, with several parameters."""

    case: Case
    content: str
    method: str
    grid: tuple[Parameters, ...]


@dataclass(frozen=True)
class Runner:
    """What carries tasks out, in any process.

    Parameters
    ----------
    tolerance : float
        Of the boundary F1, in pixels.
    alone : bool
        Whether this is the only process at work; otherwise each keeps to one thread.
    """

    tolerance: float
    alone: bool

    def __call__(self, task: Task) -> list[Trial]:
        """Return a trial for each of the parameters.

        Raises
        ------
        OSError, ValueError
            If the files of the case cannot be read, have changed, or hold no truth.
        """
        if not self.alone:
            cv2.setNumThreads(1)
        loaded = load(task.case, task.content)
        if loaded.truth is None:
            raise ValueError(f"{task.case.name} has no truth to score against")
        return [self.tried(task, loaded, parameters) for parameters in task.grid]

    def tried(self, task: Task, loaded: Loaded, parameters: Parameters) -> Trial:
        """Try one."""
        truth: Any = loaded.truth
        head = task.content, task.method, as_key(parameters), self.tolerance
        outcome = attempt(lambda _: segmented(task.method, parameters, loaded), 0, None)
        if isinstance(outcome, Failure):
            return Trial(*head, 0.0, 0.0, 0.0, 0.0, f"{outcome.error}: {outcome.message}")
        found, seconds = outcome.value
        scores = iou(found.mask, truth), dice(found.mask, truth)
        return Trial(*head, *scores, boundary_f1(found.mask, truth, self.tolerance), seconds)


def segmented(name: str, parameters: Parameters, loaded: Loaded) -> tuple[Segmentation[Any], float]:
    """Return what a method makes of a case, and its seconds without what happens only once.

    Raises
    ------
    Exception
        Whatever the method raises.
    """
    method = METHODS[name](**parameters)
    prompt = loaded.scribbles if "scribbles" in method.PROMPTS else None
    _warm(name, as_key(parameters), method, loaded)
    start = perf_counter()
    found = method.segment(loaded.image, prompt)
    return found, perf_counter() - start


def _warm(name: str, parameters: str, method: Method, loaded: Loaded) -> None:
    """Call a method on a corner of the picture, if it was not called on such pictures before."""
    kind = name, parameters, loaded.image.ndim, loaded.image.dtype.str
    if kind not in _called:
        _called.add(kind)
        # Whether the corner can be segmented does not matter: the picture will be tried anyway.
        attempt(method.segment, 0, loaded.image[:_CORNER, :_CORNER])

"""The clean-up of any method's probabilities: the most likely labels with short borders."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from acetate.segment.random_field.facts import FieldFacts, facts_of
from acetate.segment.random_field.potts import PottsField
from acetate.segment.random_field.rounds import Rounds
from acetate.segment.random_field.solvers import solver_named
from acetate.segment.random_field.terms import probability_costs
from acetate.segment.segmentation import Segmentation


def clean_up(
    probabilities: NDArray[np.floating[Any]],
    smoothness: float = 1.0,
    solver: str = "max-flow",
    connectivity: Literal[4, 8] = 8,
    floor: float = 1e-3,
) -> Segmentation[FieldFacts]:
    """Turn the probabilities of any method into labels without specks and with short borders.

    Parameters
    ----------
    probabilities : numpy.ndarray
        ``(H, W)`` floats in [0, 1], those of phase 1 of two; or ``(H, W, phases)``.
    smoothness : float
        What a pixel of border costs against the logarithms of the probabilities, at least 0.
    solver : {"max-flow", "icm", "heat", "mean-field"}
        How the least energy is sought: see `RandomField`.
    connectivity : {4, 8}
        How many neighbours a pixel has.
    floor : float
        Smaller probabilities count as this: how sure a pixel can be against its neighbours.

    Returns
    -------
    Segmentation
        ``(H, W)`` uint8 labels from 0; facts have no values, as there is no picture.

    Raises
    ------
    TypeError, ValueError
        If they are no probabilities, or a parameter is out of range.

    Examples
    --------
    >>> sure = np.array([[0.1, 0.1, 0.6, 0.1, 0.9, 0.8, 0.9]])
    >>> clean_up(sure).labels
    array([[0, 0, 0, 0, 1, 1, 1]], dtype=uint8)
    """
    field = PottsField(probability_costs(probabilities, floor), smoothness, connectivity)
    solved = solver_named(solver)(field, None)
    pixels = np.bincount(solved.labels.ravel(), minlength=field.phases)
    names = np.arange(field.phases, dtype=np.uint8)
    rounds = Rounds(field, solved, names, (solved.energy,), True)
    return Segmentation(solved.labels, facts_of(rounds, (), pixels))

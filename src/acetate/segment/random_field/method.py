"""RandomField: a picture into phases by value, place and neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from acetate.arrays import Array
from acetate.heat import diffuse
from acetate.options import check_options, option
from acetate.segment.components import check_connectivity
from acetate.segment.flow.split import distances, split
from acetate.segment.flow.values import Values, check_values
from acetate.segment.masks import check_prompt
from acetate.segment.random_field.facts import FieldFacts, facts_of
from acetate.segment.random_field.potts import Labels, PottsField
from acetate.segment.random_field.rounds import Rounds, compressed, run_rounds
from acetate.segment.random_field.solvers import SOLVERS
from acetate.segment.random_field.terms import gaussian_costs, histogram_costs, position_costs
from acetate.segment.regions.means import Regions, region_means
from acetate.segment.segmentation import Segmentation, renumbered

# The first phases come from values that are evened out over one of these times of heat, in squared
# pixels, and so many pixels are asked for them.
_EVEN, _ASKED = (1.0, 4.0, 16.0, 64.0), 2**15
# "position" looks around each place over this part of the shorter side.
_PLACES = 8


@dataclass(frozen=True)
class RandomField:
    """Divide a picture into phases by each pixel's value and its neighbours: a Markov random field.

    Parameters
    ----------
    phases : int
        How many.
    data : {"tied", "full", "histogram"}
        How values tell phases: Gaussians (colours jointly) with one covariance for all, which is
        the safe choice; with one each; or a histogram each.
    prior : {"even", "fraction", "position"}
        How likely phases are before the value is seen: alike, as often as they occur, or as often
        as they occur around that place (over an eighth of the shorter side).
    smoothness : float
        What a pixel of border costs against the logarithms of the probabilities.
    solver : {"max-flow", "icm", "heat", "mean-field"}
        "max-flow" finds the least energy, exactly for two phases; "icm" is quick and stays near
        where it begins; "heat" is quicker still and measures length in all directions alike;
        "mean-field" finds the most probable phase of each pixel.
    connectivity : {4, 8}
        How many neighbours a pixel has.
    max_iter : int
        Phases are fitted and the field is solved at most so often.
    bright : bool
        Number the phases from dark (0, the background) to bright; False from bright to dark. With
        a prompt they keep its numbers.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    See Also
    --------
    clean_up : The same for the probabilities of any other method.

    Notes
    -----
    ``P(phases | picture) ~ prod P(value | phase) P(phase | place) prod_neighbours exp(-smoothness
    * [phases differ])``: the energy is minus its logarithm (Geman and Geman 1984; Besag 1986;
    Zhang, Brady and Smith 2001).

    Without a prompt the first phases come of values alone after a blur: of several that whose
    field costs least. The first round is solved from there and from each pixel's cheapest phase,
    and the better end is taken. A round that would raise the energy is left out.

    Examples
    --------
    >>> picture = np.full((20, 20), 40, np.uint8)
    >>> picture[5:15, 5:15] = 90
    >>> found = RandomField().segment(picture)
    >>> int(found.mask.sum()), found.facts.values
    (100, ((40.0,), (90.0,)))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ("mask",)
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "data": ("tied", "histogram"),
        "smoothness": (1.0, 4.0),
    }
    QUALITY: ClassVar[str] = "energies"

    phases: int = option(2, "How many phases.", 2, 64)
    data: Literal["tied", "full", "histogram"] = option(
        "tied", "How values tell phases.", choices=("tied", "full", "histogram")
    )
    prior: Literal["even", "fraction", "position"] = option(
        "even", "How likely phases are by themselves.", choices=("even", "fraction", "position")
    )
    smoothness: float = option(2.0, "What a pixel of border costs.", 0.0, 1e6)
    solver: Literal["max-flow", "icm", "heat", "mean-field"] = option(
        "max-flow", "How the least energy is sought.", choices=tuple(SOLVERS)
    )
    connectivity: int = option(8, "How many neighbours a pixel has: 4 or 8.", 4, 8)
    max_iter: int = option(10, "Fit phases at most so often.", 1, 1000)
    bright: bool = option(True, "Number phases from dark to bright, not from bright to dark.")

    def __post_init__(self) -> None:
        check_options(self)
        check_connectivity(self.connectivity)

    def segment(self, image: Array, prompt: Array | None = None) -> Segmentation[FieldFacts]:
        """Return the phases of a picture.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
        prompt : numpy.ndarray or None
            Phases to fit first: a mask for two (booleans, or 0 and one other number), or labels
            from 0 to phases - 1. None divides the values.

        Returns
        -------
        Segmentation
            ``(H, W)`` uint8 labels. A picture of one value is one phase.

        Raises
        ------
        TypeError, ValueError
            If the image is none or the prompt does not fit.
        """
        picture = check_values(image, 2, "none")
        if prompt is None:
            labels = self._first(picture)
        else:
            labels = check_prompt(prompt, picture.shape[:2], self.phases)
        rounds = run_rounds(
            labels, lambda found: self._field(picture, found), SOLVERS[self.solver], self.max_iter
        )
        regions = region_means(picture, rounds.names[rounds.solved.labels])
        return self._numbered(rounds, regions, prompt is None)

    def _first(self, picture: Array) -> Labels:
        """Return phases by value alone after more or less heat, those whose field costs least."""
        begun = [compressed(_by_value(picture, self.phases, time))[1] for time in _EVEN]
        return min(begun, key=lambda labels: self._field(picture, labels).energy(labels))

    def _field(self, picture: Array, labels: Labels) -> PottsField:
        if self.data == "histogram":
            costs = histogram_costs(picture, labels)
        else:
            costs = gaussian_costs(picture, labels, tied=self.data == "tied")
        if self.prior != "even":
            local = max(min(labels.shape) / _PLACES, 1.0)
            costs += position_costs(labels, local if self.prior == "position" else np.inf)
        return PottsField(costs, self.smoothness, self.connectivity)

    def _numbered(
        self, rounds: Rounds, regions: Regions, by_shade: bool
    ) -> Segmentation[FieldFacts]:
        """Return phases numbered by brightness, those without pixels last, or as they are."""
        pixels = np.zeros(self.phases, np.int64)
        pixels[: len(regions)] = regions.pixels
        # As they are: as if each was brighter than the one before.
        shades = [
            (float(regions.means[k].sum()) if pixels[k] else None) if by_shade else float(k)
            for k in range(self.phases)
        ]
        order, table = renumbered(shades, self.bright or not by_shade)
        values = tuple(tuple(map(float, regions.means[k])) if pixels[k] else None for k in order)
        facts = facts_of(rounds, values, pixels[order])
        return Segmentation(table[regions.labels], facts)


def _by_value(picture: Array, phases: int, time: float) -> Labels:
    """Return phases by value alone, after some heat."""
    even = diffuse(Values(picture, "none").planes, time)
    values = np.moveaxis(even, 0, 2).reshape(-1, len(even)).astype(np.float64)
    centres = split(values[:: -(-len(values) // _ASKED)], phases)
    return distances(values, centres).argmin(axis=1).reshape(picture.shape[:2]).astype(np.uint8)

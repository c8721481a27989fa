"""HeatFlow: pictures and volumes into phases, by the heat-content energy of Esedoglu and Otto."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.flow.levels import Level, constant, descend, finished
from acetate.segment.flow.mixture import Mixture, Palette
from acetate.segment.flow.pyramid import pyramid
from acetate.segment.flow.shading import Background, Grid, Local
from acetate.segment.flow.steps import Fidelity
from acetate.segment.flow.values import Labels, Values, check_values
from acetate.segment.masks import check_prompt
from acetate.segment.segmentation import FlowFacts, Segmentation, by_brightness

# Without a scale, light is taken to change over this part of the shorter side; and at no level
# over less than two pixels.
_SCALES, _LEAST_SCALE = 16, 2.0
# Of noise in which values do not tell the phases, so much of the variance counts: all of it would
# cost objects their border that hardly differ.
_UNTOLD = 0.55
# The shorter side of the coarsest level.
_COARSEST = 64


@dataclass(frozen=True)
class HeatFlow:
    """Divide a picture or volume into phases: alike inside, with short borders between.

    Parameters
    ----------
    phases : int
        How many, from 2 to 64.
    fidelity : {"constant", "local", "background", "mixture"}
        What a phase is. "constant": one value (for colours, one colour). "local": a value near
        every point, after each value was divided by the mean of its surroundings: for light that
        falls unevenly on small objects. "background": one value over a smooth background that is
        found as well: for cupping and gradients that add to the picture. "mixture": a mixture of
        Gaussians, for phases that differ in spread or have several colours; up to four channels.
    stabilise : {"none", "sqrt", "anscombe"}
        "sqrt" takes square roots of the values: noise that grows with brightness, as that of
        counted photons, becomes even, and dim objects count as bright ones do. "anscombe" adds
        3/8 of a count before. "none" is for noise that is even already, as that of X-ray slices.
    smoothness : float
        Weight of the borders' length against noise: see Notes.
    length : float or None
        The weight lambda itself, instead of one by smoothness.
    tau : float
        Time of the heat in squared pixels: each step sees about ``sqrt(2 * tau)`` pixels far. More
        moves borders faster and over obstacles, and lets single pixels of noise pass.
    scale : float or None
        Over how many pixels light changes ("local", "background"); None takes a 16th of the
        shorter side. Objects of a "local" fit have to be smaller than a few of it.
    components : int
        How many Gaussians a "mixture" has.
    bright : bool
        Number the phases from dark (0, the background) to bright; False from bright to dark. With
        a prompt they keep its numbers.
    dimensions : int
        2 for pictures, 3 for volumes.
    slice_spacing : float
        Distance of the slices of a volume, in pixels.
    coarsest : float or None
        Halve the picture first while its shorter side stays that long, and go from coarse to fine:
        past noise, and past what only looks like a border. As the heat's time is the same in
        pixels of each level, it comes down by four from level to level. None takes 64; but none
        at all for two "constant" phases without a prompt where values tell them apart, and
        neighbouring pixels differ little: the division by value that begins the flow is as good.
    max_iter : int
        At most so many steps on each level.
    still : float
        Stop when no more than this part of the pixels moves; 0 when none does.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Notes
    -----
    The flow lowers ``E = sum_k int u_k F_k + lambda sqrt(pi / tau) sum_k int u_k (1 - G_tau u_k)``
    with u_k = 1 in phase k and 0 elsewhere, F_k the squared distance from the phase (minus the
    logarithm of its density for "mixture"), and G the heat flow of `acetate.heat.diffuse`. The
    second term is lambda times the length of all borders, seen from both sides. Each step fits the
    phases and gives every pixel to the one with the least F_k - 2 lambda sqrt(pi / tau) G u_k
    (Esedoglu and Tsai 2006; Esedoglu and Otto 2015; Wang, Li, Wei and Wang 2017). E cannot rise,
    because no frequency of G is negative; a step that 8-bit rounding would make rise is not taken.

    Choosing lambda: values are stabilised with white as 1. A spot of radius r that differs by D
    from what is around it is worth its border if r > 4 lambda / D**2, and withers by itself if r is
    well below half of that (a ball in a volume: 6 and 4). By default lambda is `smoothness` times
    the variance within the phases of a first division by value, or that of the noise if that is
    more (0.55 of it where noise hides the phases); half the smoothness for "mixture". The facts
    tell which it was: pass it on as `length` to treat several pictures alike.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.full((20, 20), 40, np.uint8)
    >>> picture[5:15, 5:15] = 90
    >>> found = HeatFlow().segment(picture)
    >>> int(found.mask.sum()), found.facts.values, found.facts.converged
    (100, ((40.0,), (90.0,)), True)
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ("mask",)
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "fidelity": ("constant", "local", "background"),
        "smoothness": (1.5, 6.0),
    }
    QUALITY: ClassVar[str] = "energies"

    phases: int = option(2, "How many phases.", 2, 64)
    fidelity: Literal["constant", "local", "background", "mixture"] = option(
        "constant", "What a phase is.", choices=("constant", "local", "background", "mixture")
    )
    stabilise: Literal["none", "sqrt", "anscombe"] = option(
        "sqrt", "How noise is evened out.", choices=("none", "sqrt", "anscombe")
    )
    smoothness: float = option(6.0, "Length of borders against noise.", 0.0, 1e6)
    length: float | None = option(None, "Its weight itself; by smoothness if not given.", 0.0, 1e9)
    tau: float = option(2.0, "Time of the heat.", 0.1, 1e6, "px^2")
    scale: float | None = option(None, "Light changes over so much; by size.", 2.0, 1e6, "px")
    components: int = option(2, "Gaussians in a mixture.", 1, 16)
    bright: bool = option(True, "Number phases from dark to bright, not from bright to dark.")
    dimensions: int = option(2, "2 for pictures, 3 for volumes.", 2, 3)
    slice_spacing: float = option(1.0, "From slice to slice of a volume.", 0.01, 100.0, "px")
    coarsest: float | None = option(None, "Least side of coarser levels.", 1, 2**31, "px")
    max_iter: int = option(100, "At most so many steps on each level.", 1, 100_000)
    still: float = option(0.001, "Stop when no more than this part of the pixels moves.", 0.0, 1.0)

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: Array | None = None) -> Segmentation[FlowFacts]:
        """Return the phases of a picture.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``, or ``(Z, Y, X)`` or ``(Z, Y, X, C)`` with
            ``dimensions=3``; uint8, uint16, or float32/float64 in [0, 1]. uint8 is quickest.
        prompt : numpy.ndarray or None
            Where to begin: the image's shape without channels, for two phases a mask (booleans, or
            0 and one other number), else labels from 0 to ``phases - 1``. None begins with a
            division by value alone.

        Returns
        -------
        Segmentation
            Labels from 0 to ``phases - 1``. There are fewer if phases die: those of a picture with
            fewer values, as a constant one has, or whose pixels were not worth their border. The
            facts name them.

        Raises
        ------
        TypeError
            If the image or the prompt is no array, or the prompt has another dtype.
        ValueError
            If the image has another shape or dtype, is empty, or holds NaN or values outside
            [0, 1]; if the prompt has another shape, or lacks a label; if a "mixture" is to have
            more than four channels.

        Examples
        --------
        >>> import numpy as np
        >>> HeatFlow().segment(np.array([[0.1, 0.2, 0.8, 0.9]])).labels
        array([[0, 0, 1, 1]], dtype=uint8)
        """
        picture = check_values(image, self.dimensions, self.stabilise)
        given = None if prompt is None else check_prompt(prompt, picture.shape[:-1], self.phases)
        levels = [self._level(picture, 1)]
        length = self._length(levels[0])
        halves = pyramid(picture, self.dimensions, self._coarsest(levels[0], given))[1:]
        levels += [self._level(half, 2**n) for n, half in enumerate(halves, start=1)]
        flows = descend(levels, length, given, self.max_iter, self.still)
        found = finished(levels[0], flows, length)
        return found if given is not None else by_brightness(found, self.bright)

    def _level(self, picture: Array, coarseness: int) -> Level:
        scale = self.scale or min(picture.shape[:-1]) * coarseness / _SCALES
        scale = max(scale / coarseness, _LEAST_SCALE)
        light = scale if self.fidelity == "local" else None
        values = Values(picture, self.stabilise, light=light, spacing=self.slice_spacing)
        fidelity = self._fidelity(Grid(values, self.phases, scale))
        around = (scale, 2 * scale, 4 * scale) if self.fidelity == "background" else ()
        return Level(values, fidelity, self.tau, coarseness, around)

    def _coarsest(self, level: Level, given: Labels | None) -> float:
        """Return the least side of coarser levels: as given, or none where they gain nothing."""
        if self.coarsest is not None:
            return self.coarsest
        if self.phases > 2 or self.fidelity != "constant" or given is not None:
            return _COARSEST
        return np.inf if level.calm else _COARSEST

    def _fidelity(self, grid: Grid) -> Fidelity:
        if self.fidelity == "local":
            return Local(grid)
        if self.fidelity == "background":
            return Background(grid)
        if self.fidelity == "mixture":
            return Mixture(Palette(grid.values), self.phases, self.components)
        return constant(grid.values, self.phases)

    def _length(self, level: Level) -> float:
        """Return lambda: as given, or from the variance within phases by value alone."""
        if self.length is not None:
            return float(self.length)
        if self.fidelity == "mixture":
            # Costs are logarithms: squares of distances in units of twice the variance.
            return self.smoothness / 2
        variance, noise = level.within, level.values.noise
        if level.values.unrest > variance:
            # Noise is divided by value as phases are, and seems less within them than it is.
            variance = max(variance, noise if level.told else _UNTOLD * noise)
        return self.smoothness * variance

"""HeatFlow: pictures and volumes into phases, by the heat-content energy of Esedoglu and Otto."""

from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.heat.options import check_options, option
from acetate.segment.flow import Fidelity, Flow
from acetate.segment.levels import Level, constant, descend
from acetate.segment.masks import check_prompt
from acetate.segment.mixture import Mixture, Palette
from acetate.segment.pyramid import pyramid
from acetate.segment.segmentation import FlowFacts, Segmentation
from acetate.segment.shading import Background, Grid, Local
from acetate.segment.values import Floats, Labels, Stabilise, Values, check_values

FidelityName = Literal["constant", "local", "background", "mixture"]

# Without a scale, light is taken to change over this part of the shorter side; and at no level
# over less than two pixels.
_SCALES, _LEAST_SCALE = 16, 2.0


@dataclass(frozen=True)
class HeatFlow:
    """Segment."""

    phases: int = option(2, "How many phases.", 2, 64)
    fidelity: FidelityName = option("constant", "What a phase is.", choices=get_args(FidelityName))
    stabilise: Stabilise = option("sqrt", "Evens noise out.", choices=get_args(Stabilise))
    smoothness: float = option(4.0, "Length against noise: more is smoother.", 0.0, 1e6)
    length: float | None = option(None, "The weight of length; by smoothness if not given.", 0, 1e9)
    tau: float = option(2.0, "Time of the heat.", 0.1, 1e6, "px^2")
    scale: float | None = option(None, "Light changes over this; by size if not given.", 2, 1e6, "px")
    components: int = option(2, "Gaussians in the mixture of a phase.", 1, 16)
    bright: bool = option(True, "Number phases from dark to bright, not from bright to dark.")
    dimensions: int = option(2, "Axes of space: 2 for pictures, 3 for volumes.", 2, 3)
    slice_spacing: float = option(1.0, "From slice to slice of a volume.", 0.01, 100.0, "px")
    coarsest: int = option(64, "Least shorter side of the coarser levels.", 1, 2**31, "px")
    steps: int = option(100, "At most so many on each level.", 1, 100_000)
    still: float = option(0.001, "Stop when no more than this part of the pixels moves.", 0.0, 1.0)

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: Array | None = None) -> Segmentation:
        """Segment."""
        picture = check_values(image, self.dimensions, self.stabilise)
        given = None if prompt is None else check_prompt(prompt, picture.shape[:-1], self.phases)
        pictures = pyramid(picture, self.dimensions, self.coarsest)
        levels = [self._level(each, 2**n) for n, each in enumerate(pictures)]
        length = self._length(levels[0])
        flows = descend(levels, length, given, self.steps, self.still)
        return self._finished(levels[0].values, flows, length, ordered=given is None)

    def _level(self, picture: Array, coarseness: int) -> Level:
        scale = self.scale or min(picture.shape[:-1]) * coarseness / _SCALES
        scale = max(scale / coarseness, _LEAST_SCALE)
        light = scale if self.fidelity == "local" else None
        values = Values(picture, self.stabilise, light=light, spacing=self.slice_spacing)
        fidelity = self._fidelity(Grid(values, self.phases, scale))
        return Level(values, fidelity, self.tau, coarseness)

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
        variance = level.fidelity.fit(level.start).energy / level.values.pixels
        return self.smoothness * max(variance, level.values.noise)

    def _finished(
        self, values: Values, flows: list[Flow], length: float, ordered: bool
    ) -> Segmentation:
        last = flows[-1]
        labels = last.state.labels
        pixels, sums = values.sums(labels, self.phases, raw=True)
        means = sums / np.maximum(pixels, 1)[:, np.newaxis]
        if ordered:
            order = self._order(pixels, means.sum(axis=1))
            labels = _renumbered(labels, order)
            pixels, means = pixels[order], means[order]
        facts = FlowFacts(
            values=tuple(tuple(m) if n else None for m, n in zip(means.tolist(), pixels, strict=True)),
            pixels=tuple(int(n) for n in pixels),
            energies=last.energies,
            iterations=len(last.energies) - 1,
            converged=last.converged,
            dead=tuple(np.flatnonzero(pixels == 0).tolist()),
            length=length,
            tau=float(self.tau),
            levels=tuple(len(each.energies) - 1 for each in flows),
        )
        return Segmentation(labels.reshape(values.space), facts)

    def _order(self, pixels: Floats, brightness: Floats) -> NDArray[np.intp]:
        """Return the phases by brightness, those without pixels last."""
        keys = np.where(pixels > 0, brightness if self.bright else -brightness, np.inf)
        return np.argsort(keys, kind="stable")


def _renumbered(labels: Labels, order: NDArray[np.intp]) -> Labels:
    table = np.zeros(256, np.uint8)
    table[order] = np.arange(len(order))
    return np.asarray(cv2.LUT(labels, table), np.uint8)

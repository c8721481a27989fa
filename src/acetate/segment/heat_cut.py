"""HeatCut: the object that a box or a few strokes point at, by heat that edges hold back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from acetate.arrays import Array, channels_last, check_image
from acetate.options import check_options, option
from acetate.segment.cut.colors import in_bytes
from acetate.segment.cut.levels import (
    Settings,
    box_levels,
    box_start,
    descend,
    scribble_levels,
    stroke_costs,
)
from acetate.segment.flow.levels import facts_of
from acetate.segment.flow.steps import Flow
from acetate.segment.flow.values import Labels, Values
from acetate.segment.prompts import Box, Marks, read_prompt
from acetate.segment.segmentation import FlowFacts, Segmentation

Flows = Sequence[Sequence[Flow]]

# Of what is around a box, at least so many pixels show the background.
_LEAST_AROUND = 4.0


@dataclass(frozen=True)
class HeatCut:
    """Find the object in a box, or divide a picture as strokes begin it.

    Parameters
    ----------
    length : float
        Weight lambda of the borders' length: a pixel of border costs so much on either side,
        less along edges. A pixel in a phase costs minus the logarithm of how frequent its colour
        is there: at 2, a pixel of border is worth colours that are e^4 times likelier.
    distance : float
        Weight of the distance to the strokes; 0 lets colours decide alone.
    contrast : float
        How much edges hold heat back; 0 makes border cost the same everywhere.
    tau : float
        Time of the heat in squared pixels: each step sees about ``sqrt(2 * tau)`` pixels far
        where there are no edges.
    surroundings : float
        How much around a box shows what background is, as a part of the box's sides.
    connected : bool
        With strokes, keep only what hangs together with a stroke of its own; the rest becomes
        background.
    longest : float
        Halve the picture first until no side is longer, learn the colours there, and go back to
        its own resolution with them.
    max_iter : int
        At most so many steps in each stage.
    still : float
        End a stage when no more than this part of the pixels moves.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Notes
    -----
    The flow lowers the energy of `HeatFlow` for any number of phases,
    ``E = sum_k int u_k F_k + lambda sqrt(pi / tau) sum_k int u_k (1 - A u_k)``, where u_k is 1 in
    phase k and 0 elsewhere. F_k is minus the logarithm of a smoothed histogram of the colours in
    phase k, in CIELAB for three channels, plus ``distance`` times the logarithm of how much
    farther a pixel is from the strokes of phase k than from the nearest ones; the way there costs
    as much as the edges on it (Toivanen 1996; Criminisi, Sharp and Blake 2008). A is heat in which
    edges conduct badly (Perona and Malik 1990), in one symmetric implicit step along rows and
    columns (Strang 1968): none of its frequencies is negative, so a step cannot raise E
    (Esedoglu and Otto 2015), and nor can a fit of the histograms. Pixels that are marked, or
    outside of the box, stay what they are.

    Where colours are learnt, the flow is run with 4 times lambda, and from there with lambda. A
    pixel of border weighs the same at each resolution: borders count less and less towards the
    finest, where only what is near the object flows on. The facts' energies are those of the
    last stage of all.

    The first guess at what is in a box is an ellipse: the box should fit the object. For objects
    of the background's own colours, draw strokes.

    References
    ----------
    .. [1] S. Esedoglu, F. Otto, "Threshold dynamics for networks with arbitrary surface
       tensions", Communications on Pure and Applied Mathematics 68, 808-864, 2015.
    .. [2] A. Criminisi, T. Sharp, A. Blake, "GeoS: geodesic image segmentation", European
       Conference on Computer Vision, 2008.
    .. [3] C. Rother, V. Kolmogorov, A. Blake, "GrabCut: interactive foreground extraction using
       iterated graph cuts", ACM Transactions on Graphics 23, 309-314, 2004.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.full((20, 20), 40, np.uint8)
    >>> picture[5:15, 5:15] = 90
    >>> found = HeatCut().segment(picture, (4, 4, 16, 16))
    >>> int(found.mask.sum()), found.facts.values
    (100, ((40.0,), (90.0,)))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ("box", "scribbles")
    NEEDS_PROMPT: ClassVar[bool] = True
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "length": (1.0, 2.0, 4.0),
        "contrast": (0.0, 1.0),
        "distance": (0.0, 1.0, 4.0),
    }

    length: float = option(2.0, "Weight of the borders' length.", 0.0, 1e6)
    distance: float = option(1.0, "Weight of the distance to the strokes.", 0.0, 1e6)
    contrast: float = option(1.0, "How much edges hold heat back.", 0.0, 1e6)
    tau: float = option(4.0, "Time of the heat.", 0.1, 1e6, "px^2")
    surroundings: float = option(0.5, "What shows the background.", 0.0, 1e6, "sides of the box")
    connected: bool = option(True, "Keep only what hangs together with a stroke.")
    longest: float = option(160.0, "Longest side of the reduced picture.", 16.0, 1e6, "px")
    max_iter: int = option(10, "At most so many steps in each stage.", 1, 100_000)
    still: float = option(0.001, "Stop when no more than this part of the pixels moves.", 0.0, 1.0)

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: Any = None) -> Segmentation[FlowFacts]:
        """Return the object, or the phases.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)`` with up to four channels, three being RGB; uint8, uint16,
            or float32/float64 in [0, 1].
        prompt : tuple, acetate.sheets.BoundingBox or numpy.ndarray
            A box ``(x1, y1, x2, y2)`` in pixels, all around the object: what has its centre
            outside is background. What lies outside the picture is cut off. If it is the whole
            picture, nothing is background for sure, and the corners are taken for it first.
            Or scribbles: integers of the image's shape without channels, 0 where nothing is
            marked, 1 on the background, 2 on the object; 3 and up on other objects, each a phase.

        Returns
        -------
        Segmentation
            Labels: 0 the background, 1 the object (scribbles 2), 2 another (scribbles 3), and so
            on. In a box, nothing may be found: the facts then name phase 1 as dead.

        Raises
        ------
        TypeError
            If the image is no array; if the prompt is no box and no array of integers.
        ValueError
            If the image has another shape or dtype, more than four channels, is empty, or holds
            NaN or values outside [0, 1]; if there is no prompt; if the box has no pixel of the
            picture in it; if scribbles have another shape, or lack a class.

        Examples
        --------
        >>> import numpy as np
        >>> scribbles = np.array([[1, 0, 0, 0, 2]])
        >>> HeatCut().segment(np.array([[0.1, 0.2, 0.8, 0.9, 0.9]]), scribbles).labels
        array([[0, 0, 1, 1, 1]], dtype=uint8)
        """
        picture = channels_last(check_image(image))
        asked = read_prompt(prompt, picture.shape[:2])
        found = self._in_box if isinstance(asked, Box) else self._by_strokes
        labels, flows = found(picture, asked)  # type: ignore[arg-type]
        return self._finished(picture, labels, flows)

    def _in_box(self, picture: Array, box: Box) -> tuple[Labels, Flows]:
        space = picture.shape[:2]
        rows, columns = box.surroundings(space, self.surroundings, _LEAST_AROUND)
        part = in_bytes(picture[rows, columns])
        moved = box.moved(columns.start, rows.start, 1.0)
        levels = box_levels(part, moved, self.longest, self._settings)
        coarsest = moved.moved(0.0, 0.0, 0.5 ** (len(levels) - 1))
        labels = np.zeros(space, np.uint8)
        labels[rows, columns], flows = descend(levels, box_start(levels[-1], coarsest))
        return labels, flows

    def _by_strokes(self, picture: Array, marks: Marks) -> tuple[Labels, Flows]:
        levels = scribble_levels(in_bytes(picture), marks, self.longest, self._settings)
        near = stroke_costs(levels[-1], 1.0)
        start = near.argmin(axis=0).astype(np.uint8)
        return descend(levels, start, near * np.float32(self.distance), self.connected)

    @property
    def _settings(self) -> Settings:
        return Settings(self.length, self.contrast, self.tau, self.max_iter, self.still)

    def _finished(self, picture: Array, labels: Labels, flows: Flows) -> Segmentation[FlowFacts]:
        values, phases = Values(picture, "none"), max(2, int(labels.max()) + 1)
        facts = facts_of(values, labels, phases, flows, self.length, self.tau)
        return Segmentation(labels, facts)

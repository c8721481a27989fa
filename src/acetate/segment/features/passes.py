"""The passes of the feature bank over one channel: Gaussian features, surroundings, histograms."""

from collections.abc import Callable

import numpy as np

from acetate.arrays import Array
from acetate.segment.features import loops
from acetate.segment.features.context_loops import membership
from acetate.segment.features.kinds import (
    CONTEXTS,
    DERIVED,
    HISTOGRAM,
    Values,
    smoothed,
)
from acetate.segment.features.pictures import Planes
from acetate.segment.features.pyramid import (
    Surroundings,
    gaussian_half,
    level_of,
    spline_taps,
)

# Rows that are blurred and derived from together: they stay in the second cache.
_STRIP = 64

Slots = dict[tuple[str, float], slice]


def fill_derived(around: Surroundings, slots: Slots, pyramid: bool, planes: Planes) -> None:
    """Write what derives from blurred pictures, a fused pass for each scale.

    Examples
    --------
    >>> around = Surroundings.of_box(np.ones((2, 3)), (0, 0, 2, 3), 6, 0)
    >>> planes = np.empty((1, 2, 3), np.float32)
    >>> fill_derived(around, {("gaussian", 1.0): slice(0, 1)}, True, planes)
    >>> planes.round(3).tolist()
    [[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]]
    """
    halves = {scale / 2 for kind, scale in slots if kind == "dog"}
    done: dict[float, Planes] = {}
    for scale in sorted({scale for kind, scale in slots if kind in DERIVED} | halves):
        place = slots.get(("gaussian", scale))
        blurred = np.empty(around.shape, np.float32) if place is None else planes[place.start]
        done[scale] = blurred
        targets = (blurred, done.get(scale / 2, blurred), _numbers(slots, scale), planes)
        _one_scale(around, scale, level_of(scale) if pyramid else 0, targets)


def _numbers(slots: Slots, scale: float) -> Array:
    """Return the planes of dog, laplacian, gradient and the two of hessian, -1 for none."""
    first = [slots[k, scale].start if (k, scale) in slots else -1 for k in list(DERIVED)[1:]]
    return np.array([*first, first[-1] + 1 if first[-1] >= 0 else -1])


def _one_scale(
    around: Surroundings, scale: float, level: int, targets: tuple[Planes, Planes, Array, Planes]
) -> None:
    blurred = targets[0]
    strip = np.empty((_STRIP + 2 * loops.REACH, blurred.shape[1] + 2 * loops.REACH), np.float32)
    write = _blurs(around, scale) if level == 0 else _enlarges(around, scale, level)
    for top in range(0, len(blurred), _STRIP):
        rows = strip[: min(_STRIP, len(blurred) - top) + 2 * loops.REACH]
        write(top - loops.REACH, rows)
        loops.derive(rows, top, *targets)


def _blurs(around: Surroundings, scale: float) -> Callable[[int, Planes], None]:
    """Return what writes rows of the blurred plane, two columns more on each side."""
    start, weights = around.margin, gaussian_half(scale)
    return lambda top, rows: loops.blur(
        around.level(0), start + top, start - loops.REACH, weights, rows
    )


def _enlarges(around: Surroundings, scale: float, level: int) -> Callable[[int, Planes], None]:
    factor, taps = 2**level, spline_taps(2**level)
    # Two pixels more on each side than `Surroundings.put` needs, for the derivatives.
    coarse = smoothed(around, scale, level, 1)
    start = 4 * factor
    wide = np.empty((len(coarse), around.shape[1] + 2 * loops.REACH), np.float32)
    loops.widen(coarse, factor, start - loops.REACH, taps, wide)
    return lambda top, rows: loops.enlarge(wide, factor, start + top, taps, rows)


def fill_contexts(around: Surroundings, slots: Slots, values: Values, planes: Planes) -> None:
    """Write what the surroundings look like, each on its level, then at full size.

    Examples
    --------
    >>> around = Surroundings.of_box(np.ones((2, 3)), (0, 0, 2, 3), 8, 0)
    >>> planes = np.empty((1, 2, 3), np.float32)
    >>> fill_contexts(around, {("median", 1.0): slice(0, 1)}, Values(0, 1), planes)
    >>> float(planes.min()), float(planes.max())
    (1.0, 1.0)
    """
    for (kind, scale), place in slots.items():
        if kind in CONTEXTS:
            level = level_of(scale)
            found = CONTEXTS[kind].compute(around, scale, level, values)
            for plane, out in zip(found, planes[place], strict=True):
                around.put(plane, level, out)


def fill_histograms(around: Surroundings, slots: Slots, values: Values, planes: Planes) -> None:
    """Write local histograms: each bin's membership, blurred, at all its scales.

    Examples
    --------
    >>> around = Surroundings.of_box(np.ones((2, 3)), (0, 0, 2, 3), 60, 1)
    >>> planes = np.empty((3, 2, 3), np.float32)
    >>> slots = {("histogram", 4.0): slice(0, 3)}
    >>> fill_histograms(around, slots, Values(0.0, 1.0), planes)
    >>> planes[:, 0, 0].round(3).tolist()
    [0.0, 0.0, 1.0]
    """
    wanted = [(scale, place) for (kind, scale), place in slots.items() if kind == HISTOGRAM]
    if not wanted:
        return
    bins = wanted[0][1].stop - wanted[0][1].start
    step = np.float32((values.high - values.low) / (bins - 1))
    for number in range(bins):
        belongs = np.empty_like(around.level(0))
        membership(around.level(0), np.float32(values.low), step, number, bins - 1, belongs)
        members = around.like(belongs)
        for scale, place in wanted:
            level = level_of(scale)
            found = smoothed(members, scale, level, 0)
            around.put(found, level, planes[place][number])

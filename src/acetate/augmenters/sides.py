"""Heights and widths of rectangles: drawn together, or each from a parameter of its own."""

from typing import Any

import numpy as np

from acetate.parameters import StochasticParameter, discrete

Sides = tuple[StochasticParameter, StochasticParameter | None]


def sides(value: Any, name: str, low: int = 0) -> Sides:
    """Parse the sides of a rectangle: one parameter for both, or one for each.

    Examples
    --------
    >>> sides((3, 5), "k"), sides(((3, 5), 7), "k")
    ((DiscreteUniform(a=3, b=5), None), (DiscreteUniform(a=3, b=5), Deterministic(value=7)))
    """
    if isinstance(value, tuple) and any(
        isinstance(side, tuple | list | StochasticParameter) for side in value
    ):
        if len(value) != 2:
            raise ValueError(f"{name} must have two sides, (height, width), got {value!r}")
        height, width = value
        return discrete(height, f"{name} (height)", low), discrete(width, f"{name} (width)", low)
    return discrete(value, name, low), None


def draw_sides(parameters: Sides, rng: np.random.Generator) -> tuple[int, int]:
    """Draw the height and the width of a rectangle from what `sides` returned."""
    height = int(parameters[0].draw_sample(rng))
    return height, height if parameters[1] is None else int(parameters[1].draw_sample(rng))

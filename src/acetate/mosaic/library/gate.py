"""The gate: pictures that are too dark or too flat to be a tile."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.options import check_options, option


@dataclass(frozen=True)
class Gate:
    """What a tile must have to be let in; by default nothing.

    Parameters
    ----------
    min_lightness : float
        The least mean CIELAB lightness, 0 to 100.
    min_contrast : float
        The least standard deviation of its lightness, 0 to 50.

    Raises
    ------
    TypeError, ValueError
        If a number is none, or out of range.

    Examples
    --------
    >>> Gate(min_lightness=10).why_not(3.21, 20)
    'is too dark: a lightness of 3.21, at least 10 is asked for'
    >>> Gate().why_not(0, 0) is None
    True
    """

    min_lightness: float = option(0.0, "least mean lightness", low=0, high=100)
    min_contrast: float = option(0.0, "least standard deviation of lightness", low=0, high=50)

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_options(self)

    def lets_in(self, lightness: Array, contrast: Array) -> NDArray[np.bool_]:
        """Return which of some tiles have what they must."""
        return np.asarray((lightness >= self.min_lightness) & (contrast >= self.min_contrast))

    def why_not(self, lightness: float, contrast: float) -> str | None:
        """Return why a tile is not let in; None if it is."""
        if lightness < self.min_lightness:
            short = f"too dark: a lightness of {lightness:.3g}, at least {self.min_lightness:g}"
        elif contrast < self.min_contrast:
            short = f"too flat: a contrast of {contrast:.3g}, at least {self.min_contrast:g}"
        else:
            return None
        return f"is {short} is asked for"

"""Views: how often a model looks at a picture, mirrored too, and in several sizes."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Views:
    """How often a model looks at a picture: mirrored too, and in several sizes.

    Parameters
    ----------
    flip : bool
        Whether the mirror image is looked at too; for models that know which landmarks change
        names in it.
    zooms : tuple of float
        Sizes in the network's square: 1 fills it, below 1 the picture is smaller.

    Raises
    ------
    ValueError
        If there is no size, or one is not above 0.

    Examples
    --------
    >>> Views(flip=True, zooms=(1.0, 0.9)).count
    4
    """

    flip: bool = False
    zooms: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        if not self.zooms or not all(0 < zoom < np.inf for zoom in self.zooms):
            raise ValueError(f"zooms are one or more numbers above 0, got {self.zooms}")

    @property
    def count(self) -> int:
        """How many views there are."""
        return len(self.zooms) * (1 + self.flip)


ONCE = Views()

"""Salt and pepper: some pixels turn nearly white or nearly black."""

import math
from typing import Any

import numpy as np

from acetate.arrays import Array, Shape, full_scale
from acetate.augmenters.base import Augmenter
from acetate.augmenters.dropout import dropped_share
from acetate.augmenters.noise import LEVELS, bands, look_up, spread
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import probability
from acetate.seeds import Seed, draw_key


@pixel_function
def season(image: Array, p: float, first: float, last: float, per_channel: int, key: int) -> Array:
    """Replace pixels, or single values, with a probability, by ones near black or white.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, C)``.
    p : float
        The probability, exact to 1/65536.
    first, last : float
        Which part of the arcsine distribution (Beta(0.5, 0.5)) the new values are drawn from, as
        quantiles: 0 to 1 all, 0 to 0.5 its dark half, 0.5 to 1 its light half.
    per_channel : 0 or 1
        Whether values are replaced one by one.
    """
    count = round(p * LEVELS)
    # The noise below the limit is itself uniform: it gives the new value without another draw.
    parts = first + (last - first) * (np.arange(count) + 0.5) / count
    values = np.sin(math.pi / 2 * parts) ** 2 * full_scale(image.dtype)
    table = np.zeros(LEVELS, image.dtype)
    table[:count] = values if image.dtype.kind == "f" else np.floor(values + 0.5)
    out = np.empty(image.shape, image.dtype)
    for rows, noise in bands(key, image, per_channel):
        kept, part = (noise >= count).view(np.uint8), image[rows]
        np.multiply(part, spread(kept, part.shape), out=out[rows])
        np.add(out[rows], spread(look_up(noise, table), part.shape), out=out[rows])
    return out


class SaltAndPepper(Augmenter):
    """Replace some pixels by nearly white or nearly black ones.

    Parameters
    ----------
    p : number, (low, high), list or Binomial
        Probability of any pixel to be replaced; a Binomial is 1 where it is.
    per_channel : bool, float or parameter
        Whether (or how often) it is drawn for each channel of a pixel.
    seed, name
        See `Augmenter`.

    Notes
    -----
    The new values have a Beta(0.5, 0.5) distribution from black to white.

    Examples
    --------
    >>> SaltAndPepper(0.5, seed=1)(image=np.full((1, 6), 100, np.uint8))
    array([[100, 249, 248, 100, 100, 100]], dtype=uint8)
    """

    first, last = 0.0, 1.0

    def __init__(
        self,
        p: Any = (0.0, 0.03),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.p = dropped_share(p, of_kept=False)
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the probability, and the key of the noise."""
        p, per_channel = float(self.p.draw_sample(rng)), int(self.per_channel.draw_sample(rng))
        arguments = {"p": p, "first": self.first, "last": self.last, "per_channel": per_channel}
        key = draw_key(rng)
        return [Pixels("season", arguments, key)] if p > 0 else []


class Salt(SaltAndPepper):
    """Replace some pixels by nearly white ones.

    Parameters
    ----------
    p, per_channel
        As in `SaltAndPepper`.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Salt(0.5, seed=1)(image=np.full((1, 6), 100, np.uint8))
    array([[100, 253, 253, 100, 100, 100]], dtype=uint8)
    """

    first, last = 0.5, 1.0


class Pepper(SaltAndPepper):
    """Replace some pixels by nearly black ones.

    Parameters
    ----------
    p, per_channel
        As in `SaltAndPepper`.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Pepper(0.5, seed=1)(image=np.full((1, 6), 100, np.uint8))
    array([[100, 108, 106, 100, 100, 100]], dtype=uint8)
    """

    first, last = 0.0, 0.5

    def __init__(
        self,
        p: Any = (0.0, 0.05),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(p, per_channel, seed, name)

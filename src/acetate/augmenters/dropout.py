"""Dropout: single pixels, coarse cells or whole channels go black."""

from typing import Any

import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter
from acetate.augmenters.noise import LEVELS, bands, spread
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import (
    Binomial,
    Deterministic,
    StochasticParameter,
    continuous,
    discrete,
    probability,
)
from acetate.seeds import Seed, draw_key, stream


@pixel_function
def drop_pixels(image: Array, p: float, per_channel: int, key: int) -> Array:
    """Set pixels, or single values, to 0 with a probability, exact to 1/65536."""
    out, least = np.empty(image.shape, image.dtype), round(p * LEVELS)
    if image.shape[2] == 3 and image.dtype == np.uint8 and not per_channel:
        from acetate.augmenters.dropout_loops import drop_colors  # loaded where used

        image = np.ascontiguousarray(image)
        for rows, noise in bands(key, image, per_channel):
            drop_colors(image[rows].reshape(-1), noise.reshape(-1), least, out[rows].reshape(-1))
        return out
    for rows, noise in bands(key, image, per_channel):
        kept = (noise >= least).view(np.uint8)
        np.multiply(image[rows], spread(kept, image[rows].shape), out=out[rows])
    return out


@pixel_function
def drop_cells(
    image: Array, p: float, rows: int, columns: int, per_channel: int, key: int
) -> Array:
    """Set the cells of a grid, or each of their channels, to 0 with a probability."""
    from acetate.augmenters.dropout_loops import keep_by_lines  # loaded where used

    height, width, channels = image.shape
    grid = np.empty((rows, columns, channels), np.uint8)
    kept = np.concatenate(
        [noise >= round(p * LEVELS) for _, noise in bands(key, grid, per_channel)]
    )
    across = np.arange(width) * columns // width
    if per_channel:
        lines = kept.view(np.uint8).reshape(grid.shape).take(across, axis=1)
    else:
        lines = spread(kept.view(np.uint8).take(across, axis=1), (rows, width, channels))
    out = np.empty(image.shape, image.dtype)
    whole = np.ascontiguousarray(image).reshape(height, -1)
    keep_by_lines(whole, lines.reshape(rows, -1), out.reshape(height, -1))
    return out


@pixel_function
def drop_channels(image: Array, kept: tuple[int, ...]) -> Array:
    """Set the channels that are not kept to 0; `kept` is 0 or 1 for each.

    Raises
    ------
    ValueError
        If the picture has another number of channels.
    """
    if len(kept) != image.shape[2]:
        raise ValueError(f"the recipe was drawn for {len(kept)} channels, got {image.shape[2]}")
    # A whole row to multiply by is ten times faster than a single pixel.
    row = np.tile(np.array(kept, image.dtype), (image.shape[1], 1))
    return np.multiply(image, row, order="C")


def dropped_share(p: Any, of_kept: bool) -> StochasticParameter:
    """Parse the probability of being dropped.

    Parameters
    ----------
    p : number, (low, high), list or Binomial
        A number, range or list is the probability. A Binomial is drawn for each pixel: it says
        which are kept.
    of_kept : bool
        False if a Binomial says which are dropped.

    Raises
    ------
    TypeError
        If it is another parameter: which one would be meant, a probability or a mask?

    Examples
    --------
    >>> dropped_share((0, 0.05), True), dropped_share(Binomial(0.25), False)
    (Uniform(a=0, b=0.05), Deterministic(value=0.25))
    """
    if isinstance(p, Binomial):
        return 1 - p.p if of_kept else p.p
    if isinstance(p, StochasticParameter) and not isinstance(p, Deterministic):
        raise TypeError(
            f"p must be a number, a range, a list or Binomial, got {p!r}; a probability that is "
            "drawn is written as a range or a list"
        )
    return continuous(p, "p", 0, 1)


class Dropout(Augmenter):
    """Set a fraction of the pixels to 0.

    Parameters
    ----------
    p : number, (low, high), list or Binomial
        Probability of any pixel to be dropped; a Binomial is 1 where a pixel is kept.
    per_channel : bool, float or parameter
        Whether (or how often) it is drawn for each channel of a pixel.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Dropout(0.5, seed=1)(image=np.full((1, 6), 100, np.uint8))
    array([[100,   0,   0, 100, 100, 100]], dtype=uint8)
    """

    def __init__(
        self,
        p: Any = (0.0, 0.05),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.p = dropped_share(p, of_kept=True)
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the probability, and the key of the noise."""
        p, per_channel = float(self.p.draw_sample(rng)), int(self.per_channel.draw_sample(rng))
        key = draw_key(rng)
        return [Pixels("drop_pixels", {"p": p, "per_channel": per_channel}, key)] if p > 0 else []


class CoarseDropout(Augmenter):
    """Set rectangles to 0: the cells of a coarse grid, each with a probability.

    Parameters
    ----------
    p : number, (low, high), list or Binomial
        Probability of any cell to be dropped; a Binomial is 1 where a cell is kept.
    size_px : int, (low, high), list or parameter, optional
        Rows and columns of the grid: the smaller, the larger the rectangles. One number for both,
        otherwise each is drawn.
    size_percent : number, (low, high), list or parameter, optional
        The same as a fraction of the picture's height and width, in [0, 1].
    per_channel : bool, float or parameter
        Whether (or how often) it is drawn for each channel of a cell.
    min_size : int
        The fewest rows and columns.
    seed, name
        See `Augmenter`.

    Raises
    ------
    ValueError
        If not one of `size_px` and `size_percent` is given.

    Examples
    --------
    >>> CoarseDropout(0.5, size_px=3, seed=2)(image=np.full((1, 6), 100, np.uint8))
    array([[  0,   0, 100, 100, 100, 100]], dtype=uint8)
    """

    def __init__(
        self,
        p: Any = (0.02, 0.1),
        size_px: Any = None,
        size_percent: Any = None,
        per_channel: Any = False,
        min_size: int = 3,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        if (size_px is None) == (size_percent is None):
            raise ValueError(
                "CoarseDropout needs one of size_px and size_percent, got "
                f"{size_px} and {size_percent}; try size_percent=0.05"
            )
        self.p = dropped_share(p, of_kept=True)
        self.size_px = None if size_px is None else discrete(size_px, "size_px", 1)
        self.size_percent = (
            None if size_percent is None else continuous(size_percent, "size_percent", 0, 1)
        )
        self.per_channel = probability(per_channel, "per_channel")
        self.min_size = int(min_size)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the probability, the grid, and the key of the noise."""
        p, per_channel = float(self.p.draw_sample(rng)), int(self.per_channel.draw_sample(rng))
        rows, columns = (self._cells(pixels, rng) for pixels in shape[:2])
        grid = {"p": p, "rows": rows, "columns": columns, "per_channel": per_channel}
        key = draw_key(rng)
        return [Pixels("drop_cells", grid, key)] if p > 0 else []

    def _cells(self, pixels: int, rng: np.random.Generator) -> int:
        """Draw the number of cells along a side."""
        if self.size_px is not None:
            drawn = self.size_px.draw_sample(rng)
        else:
            drawn = self.size_percent.draw_sample(rng) * pixels  # type: ignore[union-attr]
        return int(min(max(round(drawn), self.min_size, 1), pixels))


class Dropout2d(Augmenter):
    """Set whole channels to 0; the sheets stay as they are, whatever is dropped.

    Parameters
    ----------
    p : number, (low, high), list or Binomial
        Probability of any channel to be dropped; a Binomial is 1 where a channel is kept.
    nb_keep_channels : int
        How many channels stay at least; which, is drawn.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Dropout2d(p=0.5, seed=3)(image=np.full((1, 1, 5), 100, np.uint8))
    array([[[  0,   0,   0,   0, 100]]], dtype=uint8)
    """

    def __init__(
        self,
        p: Any = 0.1,
        nb_keep_channels: int = 1,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.p = dropped_share(p, of_kept=True)
        if nb_keep_channels < 0:
            raise ValueError(f"nb_keep_channels must be at least 0, got {nb_keep_channels}")
        self.nb_keep_channels = int(nb_keep_channels)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the probability, then the channels from a stream of their own."""
        p, own = self.p.draw_sample(rng), stream(draw_key(rng))
        chances = own.random(shape[2] if len(shape) == 3 else 1)
        # Those with the highest chances stay: a draw among the dropped ones, no further chance.
        spared = np.sort(chances)[::-1][: self.nb_keep_channels].min(initial=np.inf)
        kept = tuple(int(chance >= min(p, spared)) for chance in chances)
        return [] if all(kept) else [Pixels("drop_channels", {"kept": kept})]

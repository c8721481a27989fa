"""Prices as proof: whole ones from those of the auction, and the bound that prices give."""

import numpy as np

from acetate.arrays import Array
from acetate.mosaic.transport.clouds import Clouds
from acetate.mosaic.transport.search import nearest_of_each


def whole_prices(prices: Array, scale: float, step: float) -> Array | None:
    """Return whole prices that prove an assignment optimal, or None.

    Parameters
    ----------
    prices : numpy.ndarray
        Prices of squared distances times `scale`, by which no point is more than `step` from its
        best tile.
    scale, step : float
        Whole numbers.

    Notes
    -----
    Dividing by scale and rounding down, after adding some t, keeps all inequalities between whole
    distances but where a fraction lies within a step below the next whole number. If the
    remainders of the prices leave a stretch of more than a step free, a t exists for which none
    does. With a step of 1 that is so if scale is above the number of different prices.
    """
    remainders = np.unique(prices % scale)
    stretches = np.diff(remainders, append=remainders[0] + scale)
    widest = int(np.argmax(stretches))
    if stretches[widest] <= step:
        return None
    end = (remainders[widest] + stretches[widest]) % scale
    return np.floor((prices + (scale - end) % scale) / scale)


def dual_bound(clouds: Clouds, capacity: int, prices: Array, partners: Array) -> int:
    """Return what no assignment costs less than, given whole prices of the kinds of tiles.

    Every point pays at least the least of squared distance plus price, and what is paid in prices
    is at most every tile's, as often as it may be used; where tiles may be left, prices are from
    0. The partners of the tiles, ``(kinds, d)``, only steer the search.
    """
    _, least = nearest_of_each(
        clouds.points, clouds.tiles, prices, partners, clouds.axes, clouds.dense
    )
    paid = sum(int(a) * int(b) for a, b in zip(least, clouds.supply, strict=True))
    return paid - capacity * sum(
        int(a) * int(b) for a, b in zip(prices, clouds.copies, strict=True)
    )

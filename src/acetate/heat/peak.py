"""Where maps peak, to a fraction of a pixel: the Gaussian that fits best around the largest value.

One implementation for NumPy and PyTorch: `xp` is either module, and only what both have is used.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

# Values are parts of the largest one. Logarithms begin with numbers above this,
_FLOOR = 1e-9
# and a pixel weighs at least so much: where a model is almost 0, its logarithm tells nothing.
_LEAST_WEIGHT = 1e-4
# Added to the equations, as a part of their diagonal: a flat map makes them singular.
_RIDGE = 1e-13
_STEPS = 5
_TERMS = 6


@dataclass(frozen=True)
class PeakFit:
    """What `fit_peaks` found in n maps, as arrays of the library that the maps came in.

    Parameters
    ----------
    largest : array
        ``(n, 2)``: the centre of the pixel of the largest value, x and y.
    values : array
        ``(n,)``: that value.
    found : array
        ``(n,)`` bool: whether there is a peak: the fit is a hill whose top lies in the window.
    points : array
        ``(n, 2)`` float64: its top, x and y; `largest` where none was found.
    heights : array
        ``(n,)`` float64: how high it is; 0 where none was found.
    quality : array
        ``(n,)`` float64: the part of the variance in the window that the fit explains, 0 to 1.
    covariance : array
        ``(n, 2, 2)`` float64: that of the point, in squared pixels; NaN where none was found.
    """

    largest: Any
    values: Any
    found: Any
    points: Any
    heights: Any
    quality: Any
    covariance: Any


def fit_peaks(maps: Any, radius: int, xp: ModuleType) -> PeakFit:
    """Fit a Gaussian of any width and direction to every map, around its largest value.

    Parameters
    ----------
    maps : array
        ``(n, H, W)`` floats, finite near the largest value; at least 3 x 3.
    radius : int
        The fit sees the pixels up to so far from the largest value, in both directions, cut off
        at the border; at least 1.
    xp : module
        ``numpy`` or ``torch``, whichever the maps are of.

    Returns
    -------
    PeakFit
        Only the windows are read, after one search for the largest values.

    Notes
    -----
    The logarithm of a Gaussian is a quadratic. Its six coefficients are first fitted to the
    logarithms of the values, weighted by the values (Guo 2011, "A simple algorithm for fitting a
    Gaussian function", IEEE Signal Processing Magazine 28), and then to the values themselves:
    iteratively reweighted least squares, as for a generalised linear model with a logarithmic link
    (Nelder and Wedderburn 1972). That is the maximum of the likelihood under white noise: nothing
    is lost where values are near or below 0. The covariance is that of the same model, with the
    variance of the noise from the residuals.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.heat import heat_kernel
    >>> fit_peaks(heat_kernel((16, 16), [(5.2, 0.1)], 2).transpose(2, 0, 1), 4, np).points.round(3)
    array([[5.2, 0.1]])
    """
    windows = _Windows(maps, radius, xp)
    first = _Gaussian(windows, _start(windows))
    last = first
    for _ in range(_STEPS):
        last = _Gaussian(windows, last.improved())
    found = (windows.values > 0) & last.peaked()
    return PeakFit(
        largest=windows.largest,
        values=windows.values,
        found=found,
        points=xp.where(found[:, None], windows.place(last.top), windows.largest),
        heights=xp.where(found, last.height() * windows.scale, 0.0),
        quality=xp.where(found, last.quality(), 0.0),
        covariance=xp.where(found[:, None, None], last.covariance(), xp.nan),
    )


class _Windows:
    """The pixels around the largest value of every map; all windows are of one size."""

    def __init__(self, maps: Any, radius: int, xp: ModuleType) -> None:
        self.xp, self.radius = xp, radius
        count, *shape = maps.shape
        flat = maps.reshape(count, shape[0] * shape[1])
        at = xp.argmax(flat, axis=1)
        each = xp.arange(count, device=maps.device)
        self.values = xp.asarray(flat[each, at], dtype=xp.float64)
        self.scale = xp.where(self.values > 0, self.values, 1.0)
        largest = at % shape[1], at // shape[1]
        x, y = (self._along(*pair) for pair in zip(largest, shape[::-1], strict=True))
        window = maps[each[:, None, None], y.pixels[:, :, None], x.pixels[:, None, :]]
        self.pixels = window.shape[1] * window.shape[2]
        heights = xp.asarray(window, dtype=xp.float64) / self.scale[:, None, None]
        self.heights = heights.reshape(count, self.pixels)
        seen = y.seen[:, :, None] & x.seen[:, None, :]
        self.seen = xp.asarray(seen.reshape(count, self.pixels), dtype=xp.float64)
        self.terms = _terms(x.places, y.places, xp)
        self.squares = (self.terms[:, :, None] * self.terms[:, None, :]).reshape(
            self.pixels, _TERMS**2
        )
        self.largest = xp.stack([x.largest, y.largest], axis=1)
        self.middle = xp.stack([x.middle, y.middle], axis=1)

    def _along(self, largest: Any, size: int) -> "_Axis":
        """Cut one axis: windows are moved inwards where a border is near."""
        xp, radius = self.xp, self.radius
        length = min(2 * radius + 1, size)
        steps = xp.arange(length, device=largest.device)
        pixels = xp.clip(largest - radius, 0, size - length)[:, None] + steps
        # Two pixels to a side are the least that six coefficients need in a corner.
        seen = abs(pixels - largest[:, None]) <= max(radius, 2)
        real = xp.asarray(pixels, dtype=xp.float64)
        middle = real[:, 0] + length / 2
        places = (xp.asarray(steps, dtype=xp.float64) - (length - 1) / 2) / radius
        return _Axis(pixels, seen, places, middle, xp.asarray(largest, dtype=xp.float64) + 0.5)

    def solve(self, weights: Any, wanted: Any) -> Any:
        """Return the coefficients, ``(n, 6)``, that come nearest to wanted logarithms."""
        right = (weights * wanted) @ self.terms
        return self.xp.linalg.solve(self.normal(weights), right[:, :, None])[:, :, 0]

    def normal(self, weights: Any) -> Any:
        """Return the matrices of the normal equations, ``(n, 6, 6)``."""
        matrices = (weights @ self.squares).reshape(len(weights), _TERMS, _TERMS)
        ridge = _RIDGE * weights.sum(axis=1) + _FLOOR**2
        unit = self.xp.eye(_TERMS, dtype=weights.dtype, device=weights.device)
        return matrices + ridge[:, None, None] * unit

    def place(self, top: Any) -> Any:
        """Return points in pixels of the map from those in radii from the window's middle."""
        return self.middle + self.radius * top


@dataclass(frozen=True)
class _Axis:
    """The windows along x or y."""

    pixels: Any  # (n, length): their indices
    seen: Any  # (n, length) bool: near enough to the largest value
    places: Any  # (length,): in radii from the middle
    middle: Any  # (n,): in pixels of the map
    largest: Any  # (n,): the centre of the pixel of the largest value


def _terms(x: Any, y: Any, xp: ModuleType) -> Any:
    """Return the six monomials at every pixel of a window, ``(pixels, 6)``."""
    dy, dx = (y[:, None] + 0 * x).reshape(-1), (0 * y[:, None] + x).reshape(-1)
    return xp.stack([dx * dx, dx * dy, dy * dy, dx, dy, xp.ones_like(dx)], axis=1)


def _start(windows: _Windows) -> Any:
    """Return coefficients from the logarithms of the values."""
    heights = windows.xp.clip(windows.heights, _FLOOR, None)
    return windows.solve(windows.seen * heights, windows.xp.log(heights))


class _Gaussian:
    """The exponential of a quadratic in each window."""

    def __init__(self, windows: _Windows, coefficients: Any) -> None:
        xp = windows.xp
        self.windows, self.xp = windows, xp
        self.coefficients = coefficients
        # A model above e times the largest value is a step that went astray.
        self.logarithms = xp.clip(coefficients @ windows.terms.T, None, 1.0)
        self.model = xp.exp(self.logarithms)
        self.residuals = windows.seen * (windows.heights - self.model)
        xx, self.xy, yy, x, y, _ = (coefficients[:, k] for k in range(_TERMS))
        self.xx, self.yy = 2 * xx, 2 * yy
        self.determinant = self.xx * self.yy - self.xy**2
        self.safe = xp.where(self.determinant == 0, 1.0, self.determinant)
        self.top = self._divided(xp.stack([-x, -y], axis=1))

    def improved(self) -> Any:
        """Return the coefficients after one step of reweighted least squares."""
        weights = self.xp.clip(self.model, _LEAST_WEIGHT, None)
        wanted = self.logarithms + self.residuals / weights
        return self.windows.solve(self.windows.seen * weights**2, wanted)

    def peaked(self) -> Any:
        """Return whether this is a hill whose top lies in the window."""
        # Curvature that rounding alone could have made is none: a flat map is no peak.
        hill = (self.xx < -1e-9) & (self.yy < -1e-9)
        hill &= self.determinant > 1e-9 * self.xx * self.yy
        away = abs(self.windows.place(self.top) - self.windows.largest)
        return hill & (away <= self.windows.radius + 0.5).all(axis=1)

    def height(self) -> Any:
        """Return the value at the top, in parts of the largest one."""
        x, y = self.top[:, 0], self.top[:, 1]
        quadratic = self.xx * x * x / 2 + self.xy * x * y + self.yy * y * y / 2
        slope = self.coefficients[:, 3] * x + self.coefficients[:, 4] * y
        return self.xp.exp(self.xp.clip(quadratic + slope + self.coefficients[:, 5], -50.0, 50.0))

    def quality(self) -> Any:
        """Return the part of the variance that is explained."""
        windows = self.windows
        count = windows.seen.sum(axis=1)
        mean = (windows.seen * windows.heights).sum(axis=1) / count
        total = (windows.seen * (windows.heights - mean[:, None]) ** 2).sum(axis=1)
        left = (self.residuals**2).sum(axis=1)
        return self.xp.clip(1 - left / self.xp.where(total == 0, 1.0, total), 0.0, 1.0)

    def covariance(self) -> Any:
        """Return that of the top in squared pixels, ``(n, 2, 2)``."""
        windows, xp = self.windows, self.xp
        free = xp.clip(windows.seen.sum(axis=1) - _TERMS, 1, None)
        noise = (self.residuals**2).sum(axis=1) / free
        inverse = xp.linalg.inv(windows.normal(windows.seen * self.model**2))
        x, y = self.top[:, 0], self.top[:, 1]
        none, one = xp.zeros_like(x), xp.ones_like(x)
        # How the gradient of the quadratic at the top changes with each coefficient.
        along_x = xp.stack([2 * x, y, none, one, none, none], axis=1)
        along_y = xp.stack([none, x, 2 * y, none, one, none], axis=1)
        gradient = xp.stack([self._divided(each) for each in self._pairs(along_x, along_y)], axis=2)
        spread = gradient @ inverse @ gradient.swapaxes(1, 2)
        return noise[:, None, None] * spread * windows.radius**2

    def _pairs(self, along_x: Any, along_y: Any) -> list[Any]:
        return [self.xp.stack([along_x[:, k], along_y[:, k]], axis=1) for k in range(_TERMS)]

    def _divided(self, vectors: Any) -> Any:
        """Return vectors, ``(n, 2)``, divided by the matrix of second derivatives."""
        x, y = vectors[:, 0], vectors[:, 1]
        solved = [self.yy * x - self.xy * y, self.xx * y - self.xy * x]
        return self.xp.stack(solved, axis=1) / self.safe[:, None]

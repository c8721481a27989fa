"""The plain transformers: pixels as rows, coordinates, filters, neighbours, polynomial terms."""

from collections.abc import Sequence
from itertools import combinations_with_replacement
from numbers import Real
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from acetate.arrays import Array
from acetate.segment.features.pictures import (
    Images,
    ImageTransformer,
    Planes,
    as_floats,
    as_pictures,
    channel_names,
)

Filter = float | tuple[float, float] | None

# The picture itself, a blur, and two differences of blurs.
LECTURE_FILTERS: tuple[Filter, ...] = (None, 2.0, (5.0, 2.0), (8.0, 5.0))


class PixelFlatten(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Pictures into rows: one for each pixel, a column for each channel.

    Parameters
    ----------
    scale : bool
        Divide integers by white, so that values lie in [0, 1].

    Notes
    -----
    Rows of one picture are a view where the picture's channels are planes in memory, as those of
    the other transformers are. Those of several pictures follow each other.

    Examples
    --------
    >>> PixelFlatten().fit_transform(np.zeros((4, 6, 3))).shape
    (24, 3)
    """

    n_channels_in_: int

    def __init__(self, scale: bool = True) -> None:
        self.scale = scale

    def fit(self, images: Images, y: Any = None) -> Self:  # noqa: ARG002
        """Learn the number of channels; raise if there are no pictures."""
        self.n_channels_in_ = as_pictures(images)[0].shape[2]
        return self

    def transform(self, images: Images) -> Array:
        """Return ``(pixels, C)``: floats keep their type, integers become float32.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If it was not fitted.
        TypeError, ValueError
            If the pictures make no sense, or have another number of channels.
        """
        check_is_fitted(self)
        pictures = as_pictures(images)
        if pictures[0].shape[2] != self.n_channels_in_:
            raise ValueError(
                f"PixelFlatten was fitted on pictures of {self.n_channels_in_} channel(s), got "
                f"{pictures[0].shape[2]}; fit it again or convert the pictures"
            )
        rows = [self._rows(picture) for picture in pictures]
        return rows[0] if len(rows) == 1 else np.concatenate(rows)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names of the channels: those given, or c0, c1 and so on."""
        check_is_fitted(self)
        return np.array(channel_names(input_features, self.n_channels_in_), object)

    def _rows(self, picture: Array) -> Array:
        values = picture
        if picture.dtype.kind != "f":
            values = as_floats(picture) if self.scale else picture.astype(np.float32)
        return np.moveaxis(values, -1, 0).reshape(values.shape[2], -1).T

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


class Coordinates(ImageTransformer):
    """Where each pixel is, as channels.

    Parameters
    ----------
    system : {"xy", "polar"}
        x and y of pixel centres; or distance from the picture's centre, and the angle in radians
        from the x axis towards the y axis, in (-pi, pi].
    keep : bool
        Put them after the picture's own channels, instead of alone.
    relative : bool
        Divide x by the width and y by the height (the distance by half of the shorter side), so
        that pictures of different sizes agree.

    Examples
    --------
    >>> Coordinates(keep=False).fit_transform(np.zeros((1, 3)))[0].tolist()
    [[0.5, 0.5], [1.5, 0.5], [2.5, 0.5]]
    """

    def __init__(
        self,
        system: Literal["xy", "polar"] = "xy",
        keep: bool = True,
        relative: bool = False,
    ) -> None:
        self.system = system
        self.keep = keep
        self.relative = relative

    def _check(self) -> None:
        if self.system not in ("xy", "polar"):
            raise ValueError(f"system is 'xy' or 'polar', got {self.system!r}")

    def _names(self, channels: list[str]) -> list[str]:
        kept = channels if self.keep else []
        return [*kept, *(("x", "y") if self.system == "xy" else ("distance", "angle"))]

    def _fill(self, picture: Array, planes: Planes) -> None:
        if self.keep:
            planes[:-2] = np.moveaxis(as_floats(picture), -1, 0)
        height, width = picture.shape[:2]
        x, y = np.arange(width) + 0.5, (np.arange(height) + 0.5)[:, np.newaxis]
        if self.system == "xy":
            planes[-2], planes[-1] = (x / width, y / height) if self.relative else (x, y)
            return
        right, down = x - width / 2, y - height / 2
        distance = np.hypot(right, down)
        planes[-2] = distance / (min(height, width) / 2) if self.relative else distance
        planes[-1] = np.arctan2(down, right)


class Filters(ImageTransformer):
    """A list of filters: the picture, blurred pictures, and differences of two.

    Parameters
    ----------
    filters : sequence
        Each None (the picture itself), the standard deviation of a Gaussian in pixels, or a pair
        of two, the second blur subtracted from the first. The default are the four of the lecture
        'Advanced segmentation': the picture, 2, 5 - 2 and 8 - 5.

    Notes
    -----
    Gaussians are cut at 4 standard deviations; beyond its border the picture is mirrored.

    Examples
    --------
    >>> Filters().fit(np.zeros((4, 6))).get_feature_names_out().tolist()
    ['c0', 'c0_gaussian2', 'c0_gaussian5-2', 'c0_gaussian8-5']
    """

    def __init__(self, filters: Sequence[Filter] = LECTURE_FILTERS) -> None:
        self.filters = filters

    def _check(self) -> None:
        if not len(self.filters):
            raise ValueError("there must be a filter at least, got none")
        for each in self.filters:
            for sigma in _sigmas(each):
                if not isinstance(sigma, Real) or not 0 < sigma <= 1024:
                    raise ValueError(
                        f"a filter is None, a number above 0 or a pair of them, got {each!r}"
                    )

    def _names(self, channels: list[str]) -> list[str]:
        return [f"{channel}{_label(each)}" for channel in channels for each in self.filters]

    def _fill(self, picture: Array, planes: Planes) -> None:
        count = len(self.filters)
        for c in range(picture.shape[2]):
            values = as_floats(picture[:, :, c])
            blurs = {s: gaussian_filter(values, s) for f in self.filters for s in _sigmas(f)}
            for plane, each in zip(planes[c * count :], self.filters, strict=False):
                found = [blurs[sigma] for sigma in _sigmas(each)]
                plane[:] = values if not found else found[0]
                if len(found) == 2:
                    plane -= found[1]


class Neighbourhood(ImageTransformer):
    """The values of all neighbours of a pixel, as channels: (2k + 1) squared of each.

    Parameters
    ----------
    size : int or tuple of int
        How many rows and columns away: k, or one for rows and one for columns.
    mode : {"mirror", "wrap"}
        What lies beyond the border: the picture mirrored, or its opposite border, as the lecture
        'Advanced segmentation' has it.

    Notes
    -----
    Channel ``(dy, dx)``, in the order of rows and then columns from the upper left, is the value
    at ``(row + dy, column + dx)``. The coefficients of a linear model are therefore a kernel to
    correlate with, `learned_kernel`; not transposed, not mirrored.

    Examples
    --------
    >>> shifts = Neighbourhood(1).fit_transform(np.arange(9.0).reshape(3, 3))
    >>> shifts[1, 1].tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    """

    def __init__(
        self, size: int | tuple[int, int] = 1, mode: Literal["mirror", "wrap"] = "mirror"
    ) -> None:
        self.size = size
        self.mode = mode

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the neighbourhood."""
        down, right = self.size if isinstance(self.size, tuple) else (self.size, self.size)
        return 2 * down + 1, 2 * right + 1

    def _check(self) -> None:
        sizes = self.size if isinstance(self.size, tuple) else (self.size,)
        if len(sizes) not in (1, 2) or any(
            not isinstance(n, int | np.integer) or isinstance(n, bool) or not 0 <= n <= 50
            for n in sizes
        ):
            raise ValueError(f"size must be one or two whole numbers from 0 to 50: {self.size!r}")
        if self.mode not in ("mirror", "wrap"):
            raise ValueError(f"mode is 'mirror' or 'wrap', got {self.mode!r}")

    def _names(self, channels: list[str]) -> list[str]:
        rows, columns = self.shape
        places = [(y - rows // 2, x - columns // 2) for y in range(rows) for x in range(columns)]
        return [f"{channel}[{dy:+d},{dx:+d}]" for channel in channels for dy, dx in places]

    def _fill(self, picture: Array, planes: Planes) -> None:
        height, width, channels = picture.shape
        rows, columns = self.shape
        around = ((rows // 2, rows // 2), (columns // 2, columns // 2))
        padded_as: Any = "symmetric" if self.mode == "mirror" else "wrap"
        out = planes.reshape(channels, rows, columns, height, width)
        for c in range(channels):
            padded = np.pad(as_floats(picture[:, :, c]), around, padded_as)
            for y in range(rows):
                for x in range(columns):
                    out[c, y, x] = padded[y : y + height, x : x + width]


class PolynomialTerms(ImageTransformer):
    """Products of channels, up to a degree.

    Parameters
    ----------
    degree : int
        The most factors of a product, from 1 to 5.
    bias : bool
        Begin with a channel of ones, as scikit-learn's ``PolynomialFeatures`` does.

    Examples
    --------
    >>> terms = PolynomialTerms(2).fit(np.zeros((2, 2, 2)))
    >>> terms.get_feature_names_out().tolist()
    ['1', 'c0', 'c1', 'c0 c0', 'c0 c1', 'c1 c1']
    """

    def __init__(self, degree: int = 2, bias: bool = True) -> None:
        self.degree = degree
        self.bias = bias

    def _check(self) -> None:
        if not isinstance(self.degree, int | np.integer) or not 1 <= self.degree <= 5:
            raise ValueError(f"degree must be a whole number from 1 to 5, got {self.degree!r}")

    def _terms(self, channels: int) -> list[tuple[int, ...]]:
        return [
            term
            for degree in range(0 if self.bias else 1, self.degree + 1)
            for term in combinations_with_replacement(range(channels), degree)
        ]

    def _names(self, channels: list[str]) -> list[str]:
        terms = self._terms(len(channels))
        return [" ".join(channels[c] for c in term) or "1" for term in terms]

    def _fill(self, picture: Array, planes: Planes) -> None:
        channels = np.moveaxis(as_floats(picture), -1, 0)
        done = dict(zip(self._terms(len(channels)), planes, strict=True))
        for term, plane in done.items():
            if len(term) < 2:
                plane[:] = channels[term[0]] if term else 1
            else:
                np.multiply(done[term[:-1]], channels[term[-1]], out=plane)


def _sigmas(each: Filter) -> tuple[float, ...]:
    if each is None:
        return ()
    return each if isinstance(each, tuple) else (each,)


def _label(each: Filter) -> str:
    sigmas = _sigmas(each)
    return "_gaussian" + "-".join(f"{s:g}" for s in sigmas) if sigmas else ""

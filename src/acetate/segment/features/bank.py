"""FeatureBank: what a pixel's surroundings look like at scales from 0.5 to 16, in one array."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np

from acetate.arrays import Array
from acetate.names import nearest
from acetate.segment.features.kinds import (
    CONTEXTS,
    DERIVED,
    HISTOGRAM,
    KINDS,
    LEAST,
    Values,
    reach_of,
)
from acetate.segment.features.passes import fill_contexts, fill_derived, fill_histograms
from acetate.segment.features.pictures import ImageTransformer, Planes, as_floats
from acetate.segment.features.pyramid import Box, Surroundings, halo_of

SCALES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
BASIC = ("gaussian", "gradient", "hessian")
# Rings, lines and histograms wider than this say more about one picture's layout than about its
# objects.
STRONG: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(DERIVED, SCALES),
    "dog": SCALES[1:],
    "structure": SCALES,
    "deviation": SCALES[1:],
    "median": SCALES[1:],
    "ring": (2.0, 4.0),
    "line": (1.0, 2.0, 4.0),
    HISTOGRAM: (4.0, 8.0),
}
# Values for the range of a picture's channel are counted on no more pixels than this.
_SAMPLED = 2**18


@dataclass(frozen=True)
class Feature:
    """What a channel of the feature picture is.

    Examples
    --------
    >>> Feature("c0_gaussian_s2", "gaussian", 2.0, "c0").scale
    2.0
    """

    name: str
    kind: str
    scale: float
    channel: str


class FeatureBank(ImageTransformer):
    """Per-pixel features at many scales, of each channel.

    Parameters
    ----------
    features : sequence of str, mapping of str to scales, or None
        Which kinds, at `scales` where they are defined; or each with scales of its own. None is
        the strong bank, `STRONG`: all kinds. `BASIC` are those of scikit-image's
        ``multiscale_basic_features``, in its order. See Notes for what there is.
    scales : sequence of float
        Standard deviations in pixels, above 0, for kinds without scales of their own.
    bins : int
        Of the local histograms, from 2 to 64.
    normalise : bool
        Give every channel of every picture mean 0 and deviation 1 first. It helps where
        brightness and contrast change from picture to picture, and hurts where they matter.
    pyramid : bool
        Blur by 4 and more on reduced pictures. The Gaussian features then differ by at most 0.0005
        of the picture's range (a test bounds it) for a third of the time.

    Attributes
    ----------
    n_channels_in_ : int
        Channels of the pictures of the fit.
    ranges_ : tuple of Values
        The range of each channel (its 1st and 99th percentile) in the pictures of the fit.
    features_ : tuple of Feature
        Name, kind, scale and channel of every feature.

    Raises
    ------
    TypeError, ValueError
        By `fit` if there is no such kind, none at all, or scales or bins make no sense.

    Notes
    -----
    With g the picture after a Gaussian of the scale s:

    - gaussian: g. dog, at scales from 1: g less the picture after a Gaussian of s / 2.
    - gradient: magnitude by the Sobel operator, as in scikit-image.
    - hessian: larger and smaller eigenvalue of second (central) differences; laplacian: their sum.
    - structure: eigenvalues of the structure tensor, products of g's gradient blurred by s.
    - deviation, from 1: standard deviation under a Gaussian window. Its mean is g.
    - median, from 1: of 3 x 3 pixels at scale 1, else of 5 x 5 pixels of the picture reduced so
      far that the scale is 2 to 4 of them.
    - ring, from 1: mean, deviation, least and largest of 16 places on a circle of radius 2 s.
    - line, from 1: mean values along lines of length 8 s through the pixel in 8 directions:
      deviation, least and largest. Membranes are lines.
    - histogram, from 4: part of the pixels in each of `bins` bins over the range of the fit, by
      linear membership under a Gaussian window.

    Derivatives are not multiplied by scales. Ring and line round places to pixels, on the reduced
    picture at scales of 4 and more. Beyond its border the picture is mirrored. Integers are
    divided by white, so that features do not depend on their type.

    References
    ----------
    S. Berg and others, "ilastik: interactive machine learning for (bio)image analysis", Nature
    Methods 16 (2019). I. Arganda-Carreras and others, "Trainable Weka Segmentation",
    Bioinformatics 33 (2017). P. Burt and E. Adelson, "The Laplacian pyramid as a compact image
    code", IEEE Transactions on Communications 31 (1983).

    Examples
    --------
    >>> bank = FeatureBank(("gaussian", "hessian"), scales=(1, 4))
    >>> bank.fit_transform(np.eye(16)).shape
    (16, 16, 6)
    >>> bank.get_feature_names_out()[:2].tolist()
    ['c0_gaussian_s1', 'c0_hessian_largest_s1']
    >>> bank.features_[-1].scale
    4.0
    """

    def __init__(
        self,
        features: Sequence[str] | Mapping[str, Sequence[float]] | None = None,
        scales: Sequence[float] = SCALES,
        bins: int = 8,
        normalise: bool = False,
        pyramid: bool = True,
    ) -> None:
        self.features = features
        self.scales = scales
        self.bins = bins
        self.normalise = normalise
        self.pyramid = pyramid

    @property
    def halo(self) -> int:
        """How many pixels around one decide its features, at most."""
        reaches = (reach_of(kind, s, self.pyramid) for kind, s in self._plan())
        return max(halo_of(*reach) for reach in reaches)

    @property
    def features_(self) -> tuple[Feature, ...]:
        """Name, kind, scale and channel of every feature."""
        return tuple(self._features([f"c{n}" for n in range(self.n_channels_in_)]))

    @property
    def step(self) -> int:
        """Tiles begin at multiples of this, as the pyramid needs."""
        return 2**self._deepest

    def boxes(self, shape: tuple[int, ...], side: int) -> Iterator[Box]:
        """Yield top, left, bottom and right of the tiles that cover a picture.

        Parameters
        ----------
        shape : tuple of int
            Height and width of the picture; channels may follow.
        side : int
            Of a tile; rounded up to what the pyramid needs.

        Raises
        ------
        ValueError
            If the side is below 1.

        Examples
        --------
        >>> list(FeatureBank(scales=(4,)).boxes((10, 40), 30))
        [(0, 0, 10, 32), (0, 32, 10, 40)]
        """
        if side < 1:
            raise ValueError(f"the side of a tile must be at least 1, got {side}")
        step = self.step
        side = -(-side // step) * step
        for top in range(0, shape[0], side):
            for left in range(0, shape[1], side):
                yield top, left, min(top + side, shape[0]), min(left + side, shape[1])

    def transform_box(self, image: Array, box: Box, normal: Array | None = None) -> Planes:
        """Return the features in one of the `boxes` of a picture, planes first.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``, of which only the box and `halo` around it are read: it
            may be a memory map. NaN is not looked for.
        box : tuple of int
            Top, left, bottom, right.
        normal : numpy.ndarray or None
            What `normal_of` says of the picture, so that it is not asked for every tile.

        Returns
        -------
        numpy.ndarray
            ``(F, bottom - top, right - left)`` float32.
        """
        picture = image[:, :, np.newaxis] if image.ndim == 2 else image
        shape = (len(self.get_feature_names_out()), box[2] - box[0], box[3] - box[1])
        planes = np.empty(shape, np.float32)
        self._fill_box(picture, box, self.normal_of(picture) if normal is None else normal, planes)
        return planes

    def normal_of(self, picture: Array) -> Array:
        """Return what to take from each channel, and by what to multiply it then, ``(C, 2)``."""
        count = picture.shape[2] if picture.ndim == 3 else 1
        if not self.normalise:
            return np.tile([0.0, 1.0], (count, 1))
        channels = np.moveaxis(picture.reshape(*picture.shape[:2], count), -1, 0)
        return np.array([_normal(channel) for channel in channels])

    def restore(self, ranges: tuple[Values, ...]) -> None:
        """Take the range of each channel from an earlier fit, instead of fitting."""
        self._check()
        self.n_channels_in_ = len(ranges)
        self.ranges_ = ranges

    def _check(self) -> None:
        if not isinstance(self.bins, int | np.integer) or not 2 <= self.bins <= 64:
            raise ValueError(f"bins must be a whole number from 2 to 64, got {self.bins!r}")
        self._plan()

    def _learn(self, pictures: list[Array]) -> None:
        normals = [self.normal_of(picture) for picture in pictures]
        self.ranges_ = tuple(
            _range([(p[:, :, c], n[c]) for p, n in zip(pictures, normals, strict=True)])
            for c in range(self.n_channels_in_)
        )

    def _names(self, channels: list[str]) -> list[str]:
        return [feature.name for feature in self._features(channels)]

    def _features(self, channels: list[str]) -> Iterator[Feature]:
        for channel in channels:
            for kind, scale in self._plan():
                for name in self._kind_names(kind):
                    yield Feature(f"{channel}_{name}_s{scale:g}", kind, scale, channel)

    def _kind_names(self, kind: str) -> tuple[str, ...]:
        if kind == HISTOGRAM:
            return tuple(f"histogram{n}" for n in range(self.bins))
        return DERIVED[kind] if kind in DERIVED else CONTEXTS[kind].names

    def _plan(self) -> list[tuple[str, float]]:
        """Return kinds and scales in the order of the features: by scale, then by kind."""
        wanted = self._wanted()
        pairs = [(kind, s) for kind, scales in wanted.items() for s in scales]
        if not pairs:
            raise ValueError(
                f"there are no features: none of {', '.join(wanted)} at scales {self.scales}"
            )
        return sorted(pairs, key=lambda pair: (pair[1], KINDS.index(pair[0])))

    def _wanted(self) -> dict[str, list[float]]:
        given = STRONG if self.features is None else self.features
        if isinstance(given, str):
            raise TypeError(f"features must be a sequence of names, got the text {given!r}")
        for kind in given:
            if kind not in KINDS:
                raise ValueError(
                    f"there is no feature {kind!r}; the nearest is "
                    f"{nearest(str(kind), KINDS)!r}, and there are {', '.join(KINDS)}"
                )
        return {
            kind: _defined(kind, given[kind] if isinstance(given, Mapping) else self.scales)
            for kind in given
        }

    @property
    def _deepest(self) -> int:
        return max(reach_of(kind, s, self.pyramid)[1] for kind, s in self._plan())

    def _fill(self, picture: Array, planes: Planes) -> None:
        self._fill_box(picture, (0, 0, *picture.shape[:2]), self.normal_of(picture), planes)

    def _fill_box(self, picture: Array, box: Box, normal: Array, planes: Planes) -> None:
        each = len(planes) // self.n_channels_in_
        for c in range(self.n_channels_in_):
            around = Surroundings.of_box(
                picture[:, :, c], box, self.halo, self._deepest, *normal[c].tolist()
            )
            self._fill_channel(around, self.ranges_[c], planes[c * each : (c + 1) * each])

    def _fill_channel(self, around: Surroundings, values: Values, planes: Planes) -> None:
        slots: dict[tuple[str, float], slice] = {}
        start = 0
        for kind, scale in self._plan():
            count = len(self._kind_names(kind))
            slots[kind, scale] = slice(start, start + count)
            start += count
        fill_derived(around, slots, self.pyramid, planes)
        fill_contexts(around, slots, values, planes)
        fill_histograms(around, slots, values, planes)


def _defined(kind: str, scales: Sequence[float]) -> list[float]:
    """Return the scales at which a kind is defined, sorted; raise if one makes no sense."""
    for scale in scales:
        if not isinstance(scale, Real) or isinstance(scale, bool) or not 0.1 <= scale <= 1024:
            raise ValueError(f"scales must be numbers from 0.1 to 1024 pixels, got {scale!r}")
    found = sorted({float(s) for s in scales})
    return [s for s in found if s >= LEAST.get(kind, 0.0)]


def _normal(channel: Array) -> tuple[float, float]:
    values = as_floats(np.asarray(channel))
    deviation = float(values.std(dtype=np.float64))
    return float(values.mean(dtype=np.float64)), 1 / deviation if deviation > 1e-12 else 1.0


def _range(channels: list[tuple[Array, Array]]) -> Values:
    """Return the 1st and 99th percentile of a channel over pictures, evenly sampled."""
    parts = []
    for channel, (shift, gain) in channels:
        step = max(1, int(np.sqrt(channel.size * len(channels) / _SAMPLED)))
        parts.append((as_floats(channel[::step, ::step]).ravel() - shift) * gain)
    low, high = np.quantile(np.concatenate(parts), (0.01, 0.99))
    return Values(float(low), float(max(high, low + 1e-3)))

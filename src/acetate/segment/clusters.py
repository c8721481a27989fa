"""Clusters: k-means on what every pixel is and where it lies."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_image
from acetate.options import check_options, option
from acetate.seeds import stream
from acetate.segment.feature_table import column, rescaled
from acetate.segment.gray import Labels, pixels_of
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation, renumbered

Points = NDArray[np.float32]

# Pixels in a mini-batch, and those among which fewer kinds than clusters are looked for first.
_BATCH, _SOME = 16_384, 4096
# Mini-batches end when so many in a row move the centres by less than this part of the variance.
_PATIENCE, _REST = 10, 1e-5


@dataclass(frozen=True)
class ClusterFacts:
    """What k-means found.

    Parameters
    ----------
    features : tuple of str
        What every pixel was compared by.
    centres : tuple of tuple of float
        For each cluster the mean of every feature, before rescaling and weights: in pixels for
        positions, in units of the picture for the others.
    pixels : tuple of int
        How many each cluster has.
    fractions : tuple of float
        Which part of the picture each is.
    inertia : float
        The sum of squared distances from the centres, after rescaling and weights.
    iterations : int
        Over all pixels; for mini-batches, how many batches.
    converged : bool
        Whether it stopped by itself.
    batches : bool
        Whether mini-batches were used.

    Examples
    --------
    >>> ClusterFacts(("x",), ((0.5,),), (2,), (1.0,), 0.0, 1, True, False).features
    ('x',)
    """

    features: tuple[str, ...]
    centres: tuple[tuple[float, ...], ...]
    pixels: tuple[int, ...]
    fractions: tuple[float, ...]
    inertia: float
    iterations: int
    converged: bool
    batches: bool


@dataclass(frozen=True)
class Clusters:
    """Divide a picture into clusters of pixels that are alike, by k-means.

    Parameters
    ----------
    phases : int
        How many clusters, from 2 to 64.
    intensity : float
        Weight of the values; every channel is a feature of its own, be it a colour, the picture of
        another machine or a line of a spectrum.
    position : float
        Weight of x and y: more makes clusters compact.
    neighbourhood : float
        Weight of the mean over a Gaussian neighbourhood.
    sigma : float
        Standard deviation of that Gaussian in pixels.
    sobel : float
        Weight of Sobel's horizontal and vertical derivatives.
    rescale : {"standard", "robust", "none"}
        Before the weights: "standard" takes each feature's mean away and divides by its standard
        deviation; "robust" does so by median and quartiles; "none" leaves pixels as units of
        positions and the picture's own units for the rest.
    bright : bool
        Number the clusters from dark (0, the background) to bright; False from bright to dark.
    starts : int
        From so many starts, of which the best is taken; mini-batches have one.
    max_iter : int
        At most so many steps from each start.
    whole : int
        Pictures of more pixels are clustered in mini-batches.
    seed : int
        Of the starts: the same one gives the same clusters.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range, or all weights are 0.

    Notes
    -----
    scikit-learn's ``KMeans`` (Lloyd's algorithm from k-means++, Arthur and Vassilvitskii 2007) and
    the steps of ``MiniBatchKMeans`` (Sculley 2010), with one thread: with more, rounding, and so
    at times a label, may differ from run to run.

    Examples
    --------
    >>> picture = np.array([[10, 12, 90, 88, 11]], np.uint8)
    >>> Clusters().segment(picture).labels
    array([[0, 0, 1, 1, 0]], dtype=uint8)
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "phases": (2, 3),
        "neighbourhood": (0.0, 1.0),
    }

    phases: int = option(2, "How many clusters.", 2, 64)
    intensity: float = option(1.0, "Weight of the values of all channels.", 0.0, 1e6)
    position: float = option(0.0, "Weight of x and y.", 0.0, 1e6)
    neighbourhood: float = option(0.0, "Weight of the mean of the neighbourhood.", 0.0, 1e6)
    sigma: float = option(5.0, "Gaussian of the neighbourhood.", 0.1, 1000.0, "px")
    sobel: float = option(0.0, "Weight of horizontal and vertical derivatives.", 0.0, 1e6)
    rescale: Literal["standard", "robust", "none"] = option(
        "standard", "How features come to one scale.", choices=("standard", "robust", "none")
    )
    bright: bool = option(True, "Number clusters from dark to bright, not from bright to dark.")
    starts: int = option(1, "The best of so many starts.", 1, 1000)
    max_iter: int = option(300, "At most so many steps.", 1, 100_000)
    whole: int = option(4_000_000, "Larger pictures go in mini-batches.", 1, 2**31 - 1, "px^2")
    seed: int = option(0, "Of the starts.", 0, 2**32 - 1)

    def __post_init__(self) -> None:
        check_options(self)
        if not any((self.intensity, self.position, self.neighbourhood, self.sobel)):
            raise ValueError(
                "at least one weight must be above 0, got intensity, position, neighbourhood and "
                "sobel of 0"
            )

    def segment(self, image: Array, prompt: None = None) -> Segmentation[ClusterFacts]:
        """Return the cluster of every pixel.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)`` with any number of channels; uint8, uint16, or
            float32/float64 in [0, 1].
        prompt : None
            It takes none.

        Returns
        -------
        Segmentation
            Labels from 0 to ``phases - 1``; fewer if there are fewer kinds of pixels. Among
            pixels that hardly differ a cluster may stay empty; it has 0 pixels in the facts.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "clusters")
        picture = check_image(image)
        features = list(self._features(picture))
        points = self._points(features)
        many = _kinds(points, self.phases)
        fit = self._fitted(points, many)
        _, table = renumbered(_brightness(picture, fit.labels, many), self.bright)
        labels = table[fit.labels].reshape(picture.shape[:2])
        facts = self._facts(features, labels, many, fit)
        return Segmentation(labels, facts)

    def _features(self, picture: Array) -> Iterator[tuple[str, float, Array]]:
        """Yield each feature's name, weight and values, ``(H, W)``."""
        if self.position:
            yield from ((name, self.position, column(picture, name)) for name in ("x", "y"))
        if self.intensity:
            planes = np.moveaxis(np.atleast_3d(picture), 2, 0)
            for number, plane in enumerate(planes):
                name = "intensity" if len(planes) == 1 else f"channel_{number}"
                yield name, self.intensity, plane
        if self.neighbourhood:
            yield "gaussian", self.neighbourhood, column(picture, "gaussian", self.sigma)
        if self.sobel:
            yield from ((n, self.sobel, column(picture, n)) for n in ("sobel_x", "sobel_y"))

    def _points(self, features: list[tuple[str, float, Array]]) -> Points:
        points = np.empty((features[0][2].size, len(features)), np.float32)
        for number, (_, weight, values) in enumerate(features):
            points[:, [number]] = weight * rescaled(values.reshape(-1, 1), self.rescale)
        return points

    def _fitted(self, points: Points, many: int) -> "_Fit":
        with import_module("threadpoolctl").threadpool_limits(1):
            if len(points) > self.whole:
                return _in_batches(points, many, self.max_iter, self.seed)
            return _whole(points, many, self.max_iter, self.seed, self.starts)

    def _facts(
        self, features: list[tuple[str, float, Array]], labels: Labels, many: int, fit: "_Fit"
    ) -> ClusterFacts:
        pixels = pixels_of(labels, many)
        flat = labels.reshape(-1)
        sums = [np.bincount(flat, values.reshape(-1), many) for _, _, values in features]
        means = np.array(sums).T / np.maximum(pixels, 1)[:, np.newaxis]
        return ClusterFacts(
            tuple(name for name, _, _ in features),
            tuple(tuple(row) for row in means.tolist()),
            pixels,
            tuple(n / flat.size for n in pixels),
            fit.inertia,
            fit.iterations,
            fit.converged,
            len(flat) > self.whole,
        )


@dataclass(frozen=True)
class _Fit:
    """Labels in the order in which k-means has the clusters, and how it went."""

    labels: Array
    inertia: float
    iterations: int
    converged: bool


def _whole(points: Points, many: int, max_iter: int, seed: int, starts: int) -> _Fit:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    model = KMeans(many, n_init=starts, max_iter=max_iter, random_state=seed)
    with warnings.catch_warnings():
        # It warns of empty clusters, which the facts tell.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points)
    done = model.n_iter_ < max_iter
    return _Fit(model.labels_, float(model.inertia_), int(model.n_iter_), done)


def _in_batches(points: Points, many: int, max_iter: int, seed: int) -> _Fit:
    """Fit one batch after the other, each pixel in one of them at most, until centres rest.

    MiniBatchKMeans.fit shuffles all pixels for every batch: most of its time for large pictures.
    """
    from sklearn.cluster import MiniBatchKMeans

    model = MiniBatchKMeans(many, n_init=1, init_size=_BATCH, random_state=seed)
    order = stream(seed).permutation(len(points))
    rest = _REST * float(points.var(axis=0, dtype=np.float64).sum())
    still, count, before = 0, 0, np.full((many, points.shape[1]), np.inf)
    batches = range(0, len(points), _BATCH)[:max_iter]
    while count < len(batches) and still < _PATIENCE:
        model.partial_fit(points[order[batches[count] : batches[count] + _BATCH]])
        centres = model.cluster_centers_.copy()
        moved = np.square(centres - before).sum(axis=1).mean()
        still = still + 1 if moved < rest else 0
        before, count = centres, count + 1
    labels = model.predict(points)
    inertia = np.square(points - before[labels]).sum(dtype=np.float64)
    return _Fit(labels, float(inertia), count, still == _PATIENCE)


def _kinds(points: Points, most: int) -> int:
    """Count the kinds of points there are, up to `most`."""
    some = points[:: max(len(points) // _SOME, 1)]
    return most if _distinct(some, most) == most else _distinct(points, most)


def _distinct(points: Points, most: int) -> int:
    count, left = 0, points
    while len(left) and count < most:
        left = left[(left != left[0]).any(axis=1)]
        count += 1
    return count


def _brightness(picture: Array, flat: Array, many: int) -> list[float]:
    """Return the mean of each cluster's pixels over all channels; 0 without pixels."""
    values = np.atleast_3d(picture).mean(axis=2, dtype=np.float64).reshape(-1)
    means = np.bincount(flat, values, many) / np.maximum(np.bincount(flat, minlength=many), 1)
    return list(map(float, means))

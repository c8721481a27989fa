"""Phases as mixtures of Gaussians: their likelihoods decide, not distances."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.segment.flow.split import distances, split
from acetate.segment.flow.tabled import TabulatedModel
from acetate.segment.flow.values import Floats, Labels, Values, counts

# Into how many steps a channel is cut: no more colours than uint16 holds.
_STEPS = {1: 256, 2: 64, 3: 32, 4: 16}
# No narrower than this is a Gaussian: the standard deviation of a hundredth of white.
_LEAST_VARIANCE = 1e-4
_ROUNDS = 2


@dataclass(frozen=True)
class Palette:
    """The colours of a picture, near ones taken together.

    Parameters
    ----------
    values : Values
        The picture, of at most four channels.

    Raises
    ------
    ValueError
        If it has more.

    Examples
    --------
    >>> Palette(Values(np.array([[[0.0], [0.5], [0.5]]]), "none")).colors
    array([[0. ],
           [0.5]])
    """

    values: Values

    def __post_init__(self) -> None:
        channels = self.values.picture.shape[-1]
        if channels not in _STEPS:
            raise ValueError(
                f"a mixture takes up to {max(_STEPS)} channels, got {channels}; use "
                "fidelity='constant', or fewer channels"
            )

    @cached_property
    def codes(self) -> Array:
        """The colour of every pixel by number, ``(rows, columns)``: uint8 for gray uint8."""
        if self.values.gray:
            return self.values.channels[0]
        return self._numbers[self._cells]

    @cached_property
    def colors(self) -> Floats:
        """The mean of each colour, ``(colours, C)``."""
        if self.values.gray:
            return np.asarray(self.values.table, np.float64)[:, np.newaxis]
        index = self.codes.ravel()
        many = np.bincount(index)
        sums = [np.bincount(index, plane.ravel()) for plane in self.values.planes]
        return np.stack(sums, axis=1) / many[:, np.newaxis]

    def counts(self, labels: Labels, phases: int) -> Floats:
        """Count the pixels of each colour in every phase, ``(phases, colours)``."""
        if self.values.gray:
            return counts(labels, phases, self.codes)
        size = len(self.colors)
        joint = labels.astype(np.int32) * size + self.codes
        found = np.bincount(joint.ravel(), minlength=phases * size)
        return found.reshape(phases, size).astype(np.float64)

    @cached_property
    def _cells(self) -> NDArray[np.int32]:
        steps = _STEPS[len(self.values.planes)]
        cells = np.zeros(self.values.planes[0].shape, np.int32)
        for plane in self.values.planes:
            low, high = float(plane.min()), float(plane.max())
            width = (high - low) / steps or 1.0
            cells *= steps
            cells += np.minimum((plane - low) / width, steps - 1).astype(np.int32)
        return cells

    @cached_property
    def _numbers(self) -> NDArray[np.int32]:
        taken = np.bincount(self._cells.ravel()) > 0
        return np.cumsum(taken, dtype=np.int32) - 1


@dataclass(frozen=True)
class Gaussians:
    """A mixture: the part, middle and covariance of each Gaussian.

    Examples
    --------
    >>> one = Gaussians(np.ones(1), np.zeros((1, 1)), np.ones((1, 1, 1)))
    >>> one.log_densities(np.zeros((1, 1))).round(4)
    array([[-0.9189]])
    """

    parts: Floats
    centres: Floats
    covariances: Floats

    def log_densities(self, colors: Floats) -> Floats:
        """Return the logarithm of each Gaussian's density times its part, ``(Gaussians, n)``."""
        apart = colors - self.centres[:, np.newaxis]
        inverse = np.linalg.inv(self.covariances)
        squares = np.einsum("mnc,mcd,mnd->mn", apart, inverse, apart)
        volume = np.linalg.slogdet(2 * np.pi * self.covariances)[1]
        with np.errstate(divide="ignore"):
            return np.log(self.parts)[:, np.newaxis] - (squares + volume[:, np.newaxis]) / 2

    def costs(self, colors: Floats) -> Floats:
        """Return minus the logarithm of the mixture's density, ``(n,)``."""
        return -np.logaddexp.reduce(self.log_densities(colors), axis=0)

    def improved(self, colors: Floats, weights: Floats) -> "Gaussians":
        """Return what a step of expectation and maximisation makes of it."""
        logs = self.log_densities(colors)
        shares = weights * np.exp(logs - np.logaddexp.reduce(logs, axis=0))
        return gaussians_of(colors, shares, self)


def gaussians_of(colors: Floats, shares: Floats, before: Gaussians | None = None) -> Gaussians:
    """Return the Gaussians that fit colours best, given how much of each belongs to which.

    Parameters
    ----------
    colors : numpy.ndarray
        ``(n, C)``.
    shares : numpy.ndarray
        ``(Gaussians, n)``.
    before : Gaussians or None
        What a Gaussian without any share stays.

    Examples
    --------
    >>> gaussians_of(np.array([[0.0], [2.0]]), np.array([[1.0, 3.0]])).centres
    array([[1.5]])
    """
    many = shares.sum(axis=1)
    safe = np.maximum(many, 1e-12)
    centres = shares @ colors / safe[:, np.newaxis]
    apart = colors - centres[:, np.newaxis]
    spread = np.einsum("mn,mnc,mnd->mcd", shares, apart, apart) / safe[:, np.newaxis, np.newaxis]
    covariances = _widened(spread)
    if before is not None:
        none = many <= 1e-9
        centres[none], covariances[none] = before.centres[none], before.covariances[none]
    return Gaussians(many / many.sum(), centres, covariances)


def _widened(covariances: Floats) -> Floats:
    """Raise what is narrower than the least variance: the most likely ones that are not."""
    variances, axes = np.linalg.eigh(covariances)
    return np.einsum("mcd,md,med->mce", axes, np.maximum(variances, _LEAST_VARIANCE), axes)


@dataclass(frozen=True)
class Mixture:
    """A phase is a mixture of Gaussians, and costs minus the logarithm of its density.

    Parameters
    ----------
    palette : Palette
        The colours of the picture.
    phases, components : int
        How many phases there are, and Gaussians in each.

    Examples
    --------
    >>> values = Values(np.array([[[0], [10], [200]]], np.uint8), "none")
    >>> fitted = Mixture(Palette(values), 2, 1).fit(np.array([[0, 0, 1]], np.uint8))
    >>> int(fitted.tables[:, 20].argmin()), int(fitted.tables[:, 190].argmin())
    (0, 1)
    """

    palette: Palette
    phases: int
    components: int

    def fit(self, labels: Labels, before: TabulatedModel | None = None) -> TabulatedModel:
        """Fit the mixtures to labels, from those before if there are."""
        colors, found = self.palette.colors, self.palette.counts(labels, self.phases)
        old = [None] * self.phases if before is None else before.state
        fitted = [self._fitted(colors, n, g) for n, g in zip(found, old, strict=True)]
        tables = np.full(found.shape, np.inf)
        for table, mixture in zip(tables, fitted, strict=True):
            if mixture is not None:
                table[:] = mixture.costs(colors)
        energy = np.sum(found * np.where(found > 0, tables, 0))
        return TabulatedModel(self.palette.codes, tables, float(energy), fitted)

    def _fitted(
        self, colors: Floats, weights: Floats, mixture: Gaussians | None
    ) -> Gaussians | None:
        taken = weights > 0
        if not taken.any():
            return None
        colors, weights = colors[taken], weights[taken]
        if mixture is None:
            mixture = self._first(colors, weights)
        for _ in range(_ROUNDS):
            mixture = mixture.improved(colors, weights)
        return mixture

    def _first(self, colors: Floats, weights: Floats) -> Gaussians:
        centres = split(colors, self.components, weights)
        nearest = distances(colors, centres).argmin(axis=1)
        shares = weights * (nearest == np.arange(len(centres))[:, np.newaxis])
        return gaussians_of(colors, shares)

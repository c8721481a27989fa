"""Losses by name: from what the network gives and where the landmarks are, to one number."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor
from torch.nn import functional

from acetate.landmarks.loss_names import LOSS_CLASSES
from acetate.landmarks.tensors.softmax import divergence, log_softmax, mean_place
from acetate.landmarks.tensors.targets import heatmap_targets, pixel_places
from acetate.names import nearest
from acetate.options import check_options, option


class Loss(Protocol):
    """A loss: a frozen dataclass whose fields are options (`acetate.options`).

    Parameters
    ----------
    activation : {"none", "softmax"}
        How raw maps become heatmaps: `heatmaps` does it.
    decoder : str
        The one of `acetate.landmarks.decode.DECODERS` that suits the heatmaps.

    Notes
    -----
    Landmarks that are missing (NaN) or outside the map count nowhere: the mean is over the others,
    and 0 where there are none, with gradients of 0.

    Examples
    --------
    >>> loss: Loss = HeatmapMse(sigma=2.0)
    """

    activation: ClassVar[str]
    decoder: ClassVar[str]

    def __call__(self, raw: Tensor, points: Tensor) -> Tensor:
        """Return the loss of ``(N, K, h, w)`` raw maps; points ``(N, K, 2)`` in their pixels."""

    def heatmaps(self, raw: Tensor) -> Tensor:
        """Return what a decoder takes, of the same shape: a sure landmark peaks at about 1."""


@dataclass(frozen=True)
class OfMaps:
    """What the losses share whose maps are heatmaps as they are.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel in pixels of the heatmap.
    """

    activation: ClassVar[str] = "none"
    decoder: ClassVar[str] = "log-quadratic"

    sigma: float = option(3.0, "Standard deviation of the kernel.", 0.3, 1000.0, "px")

    def __post_init__(self) -> None:
        check_options(self)

    def heatmaps(self, raw: Tensor) -> Tensor:
        """Return the maps as they are."""
        return raw


@dataclass(frozen=True)
class HeatmapMse(OfMaps):
    """The mean squared difference from the heat kernel at the landmark.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel in pixels of the heatmap.

    Examples
    --------
    >>> points = torch.tensor([[[10.0, 7.0]]])
    >>> HeatmapMse()(heatmap_targets(points, (24, 24)), points)
    tensor(0.)
    """

    def __call__(self, raw: Tensor, points: Tensor) -> Tensor:
        """Return the loss of ``(N, K, h, w)`` raw maps; points ``(N, K, 2)`` in their pixels."""
        return _mean(_squares(_Case(raw, points), self.sigma))


@dataclass(frozen=True)
class Readme(OfMaps):
    """Mean squared difference of the maps plus L1 of the soft-argmax in [0, 1] coordinates.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel in pixels of the heatmap.
    heatmap_weight, coordinate_weight : float
        Of the two terms.
    temperature : float
        Of the softmax that gives the coordinates; it suits peaks of 1.

    Examples
    --------
    >>> points = torch.tensor([[[10.0, 7.0]]])
    >>> raw = heatmap_targets(points, (24, 24))
    >>> Readme(coordinate_weight=0.0)(raw, points)
    tensor(0.)
    """

    heatmap_weight: float = option(1.0, "Weight of the heatmaps.", 0.0, 1e6)
    coordinate_weight: float = option(0.5, "Weight of the coordinates.", 0.0, 1e6)
    temperature: float = option(0.05, "Of the softmax.", 1e-3, 1e3)

    def __call__(self, raw: Tensor, points: Tensor) -> Tensor:
        """Return the loss of ``(N, K, h, w)`` raw maps; points ``(N, K, 2)`` in their pixels."""
        case = _Case(raw, points)
        away = (mean_place(log_softmax(case.raw / self.temperature)) - case.points) / case.size
        heat = self.heatmap_weight * _squares(case, self.sigma).terms
        return _mean(case.of(heat + self.coordinate_weight * away.abs().mean(dim=2)))


class OfCoordinates:
    """What the losses share that look at the mean under the softmax alone.

    Notes
    -----
    `cost` knows nothing of maps: a detector that says coordinates at once learns by it too.
    """

    activation: ClassVar[str] = "softmax"
    decoder: ClassVar[str] = "centre-of-mass"

    def __post_init__(self) -> None:
        check_options(self)

    def __call__(self, raw: Tensor, points: Tensor) -> Tensor:
        """Return the loss of ``(N, K, h, w)`` raw maps; points ``(N, K, 2)`` in their pixels."""
        case = _Case(raw, points)
        away = mean_place(log_softmax(case.raw)) - case.points
        return _mean(case.of(self.cost(away.abs()).mean(dim=2)))

    def heatmaps(self, raw: Tensor) -> Tensor:
        """Return the softmax over each map."""
        return log_softmax(_precise(raw)).exp()

    def cost(self, away: Tensor) -> Tensor:
        """Return what distances, in pixels of the heatmap, cost; of the same shape."""
        raise NotImplementedError


@dataclass(frozen=True)
class CoordinateL1(OfCoordinates):
    """The mean absolute difference, in pixels of the heatmap, of the mean under the softmax.

    Examples
    --------
    >>> CoordinateL1()(torch.zeros(1, 1, 8, 8), torch.tensor([[[4.0, 5.0]]]))
    tensor(0.5000)
    """

    def cost(self, away: Tensor) -> Tensor:
        """Return what distances, in pixels of the heatmap, cost; of the same shape."""
        return away


@dataclass(frozen=True)
class CoordinateSmoothL1(OfCoordinates):
    """As `CoordinateL1`, but squared (over two betas) where the difference is below beta.

    Parameters
    ----------
    beta : float
        In pixels of the heatmap.

    Examples
    --------
    >>> CoordinateSmoothL1()(torch.zeros(1, 1, 8, 8), torch.tensor([[[4.0, 5.0]]]))
    tensor(0.2500)
    """

    beta: float = option(1.0, "Below it, differences are squared.", 1e-6, 1e6, "px")

    def cost(self, away: Tensor) -> Tensor:
        """Return what distances, in pixels of the heatmap, cost; of the same shape."""
        flat = torch.zeros_like(away)
        return functional.smooth_l1_loss(away, flat, reduction="none", beta=self.beta)


@dataclass(frozen=True)
class Wing(OfCoordinates):
    """A logarithm of the difference where it is small, so that small ones count more than in L1.

    Parameters
    ----------
    width : float
        Up to which difference the logarithm goes, in pixels of the heatmap.
    curvature : float
        How far from a straight line it is: smaller is steeper near 0.

    Notes
    -----
    ``w ln(1 + |d| / e)`` below w, ``|d| - w + w ln(1 + w / e)`` above (Feng, Kittler, Awais, Huber
    and Wu 2018, "Wing loss for robust facial landmark localisation", CVPR).

    Examples
    --------
    >>> Wing()(torch.zeros(1, 1, 8, 8), torch.tensor([[[4.0, 5.0]]])).round(decimals=3)
    tensor(2.0270)
    """

    width: float = option(10.0, "Up to where the logarithm goes.", 1e-3, 1e6, "px")
    curvature: float = option(2.0, "Smaller is steeper near 0.", 1e-3, 1e6, "px")

    def cost(self, away: Tensor) -> Tensor:
        """Return what distances, in pixels of the heatmap, cost; of the same shape."""
        near = self.width * torch.log1p(away / self.curvature)
        step = self.width * (1 - math.log1p(self.width / self.curvature))
        return torch.where(away < self.width, near, away - step)


@dataclass(frozen=True)
class OfSoftmax:
    """What the losses share that bring the softmax over each map to the kernel.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel in pixels of the heatmap.
    """

    activation: ClassVar[str] = "softmax"

    sigma: float = option(3.0, "Standard deviation of the kernel.", 0.3, 1000.0, "px")

    def __post_init__(self) -> None:
        check_options(self)

    def heatmaps(self, raw: Tensor) -> Tensor:
        """Return the softmax over each map, times what makes a kernel's height 1."""
        return 2 * math.pi * self.sigma**2 * log_softmax(_precise(raw)).exp()


@dataclass(frozen=True)
class Dsnt(OfSoftmax):
    """The distance of the mean under the softmax, plus how far the softmax is from the kernel.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel in pixels of the heatmap.
    shape_weight : float
        Of the Jensen-Shannon divergence between the softmax and the kernel.

    Notes
    -----
    Nibali, He, Morgan and Prendergast 2018, "Numerical coordinate regression with convolutional
    neural networks" (arXiv:1801.07372): the distance is Euclidean, in coordinates from -1 to 1.

    Examples
    --------
    >>> points = torch.tensor([[[12.0, 12.0]]])
    >>> raw = 1e-9 + heatmap_targets(points, (24, 24), 1.0)
    >>> Dsnt(sigma=1.0)(raw.log(), points).round(decimals=4)
    tensor(0.)
    """

    decoder: ClassVar[str] = "centre-of-mass"

    shape_weight: float = option(1.0, "Weight of the shape.", 0.0, 1e6)

    def __call__(self, raw: Tensor, points: Tensor) -> Tensor:
        """Return the loss of ``(N, K, h, w)`` raw maps; points ``(N, K, 2)`` in their pixels."""
        case = _Case(raw, points)
        maps, kernel = log_softmax(case.raw), case.log_kernel(self.sigma)
        away = 2 * (mean_place(maps) - case.points) / case.size
        middle = torch.logaddexp(maps, kernel) - math.log(2)
        shape = (divergence(maps, middle) + divergence(kernel, middle)) / 2
        return _mean(case.of(torch.linalg.vector_norm(away, dim=2) + self.shape_weight * shape))


@dataclass(frozen=True)
class CrossEntropyL1(OfSoftmax):
    """The cross-entropy between kernel and softmax, plus L1 between their means.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel in pixels of the heatmap.
    coordinate_weight : float
        Of the L1 term, which counts in sigma.

    Notes
    -----
    The entropy of the kernel, which no map can change, is taken off: a perfect map has loss 0.
    The kernel is cut off at the border, and the means are those of what is left: a landmark at the
    border does not ask for a map that no network could give.

    Examples
    --------
    >>> points = torch.tensor([[[1.0, 12.0]]])
    >>> raw = 1e-9 + heatmap_targets(points, (24, 24), 1.0)
    >>> CrossEntropyL1(sigma=1.0)(raw.log(), points).round(decimals=4)
    tensor(0.)
    """

    decoder: ClassVar[str] = "log-quadratic"

    coordinate_weight: float = option(0.5, "Weight of the coordinates.", 0.0, 1e6)

    def __call__(self, raw: Tensor, points: Tensor) -> Tensor:
        """Return the loss of ``(N, K, h, w)`` raw maps; points ``(N, K, 2)`` in their pixels."""
        case = _Case(raw, points)
        maps, kernel = log_softmax(case.raw), case.log_kernel(self.sigma)
        away = (mean_place(maps) - mean_place(kernel)).abs().mean(dim=2) / self.sigma
        return _mean(case.of(divergence(kernel, maps) + self.coordinate_weight * away))


LOSSES: dict[str, type[Loss]] = {name: globals()[one] for name, one in LOSS_CLASSES.items()}


def loss_named(name: str, **parameters: Any) -> Loss:
    """Return the loss of a name with some of its parameters.

    Raises
    ------
    ValueError
        If there is none of that name, or a parameter is out of range.
    TypeError
        If it has no parameter of that name, or one has another kind.

    Examples
    --------
    >>> loss_named("dsnt", sigma=2.0)
    Dsnt(sigma=2.0, shape_weight=1.0)
    """
    if name not in LOSSES:
        raise ValueError(
            f"there is no loss {name!r}; the nearest is {nearest(name, LOSSES)!r}, "
            f"and there are {', '.join(LOSSES)}"
        )
    return LOSSES[name](**parameters)


class _Case:
    """Raw maps and the landmarks that belong there, those that do not count put aside."""

    def __init__(self, raw: Tensor, points: Tensor) -> None:
        if raw.ndim != 4 or points.shape != (*raw.shape[:2], 2):
            raise ValueError(
                "raw maps must have shape (N, K, h, w) and points (N, K, 2), "
                f"got {tuple(raw.shape)} and {tuple(points.shape)}"
            )
        self.raw = _precise(raw)
        where = points.to(self.raw)
        self.size = torch.tensor(raw.shape[:1:-1]).to(where)
        self.present = ((where >= 0) & (where <= self.size)).all(dim=2)
        self.points = torch.where(self.present[:, :, None], where, self.size / 2)

    def of(self, terms: Tensor) -> "_Terms":
        return _Terms(terms, self.present)

    def log_kernel(self, sigma: float) -> Tensor:
        """Return the logarithm of the kernel at the landmark, whose sum over the map is 1."""
        x, y = (
            -(((pixel_places(size, self.raw) - self.points[..., k, None]) / sigma) ** 2) / 2
            for k, size in enumerate(self.raw.shape[:1:-1])
        )
        return (y - y.logsumexp(2, keepdim=True))[..., :, None] + (
            x - x.logsumexp(2, keepdim=True)
        )[..., None, :]


@dataclass(frozen=True)
class _Terms:
    """One number per landmark, ``(N, K)``, and which of them count."""

    terms: Tensor
    present: Tensor


def _mean(terms: _Terms) -> Tensor:
    """Return the mean of those that count; 0, with gradients of 0, where none does."""
    counted = torch.where(terms.present, terms.terms, 0 * terms.terms)
    return counted.sum() / terms.present.sum().clamp(min=1)


def _squares(case: _Case, sigma: float) -> _Terms:
    kernel = heatmap_targets(case.points, (case.raw.shape[2], case.raw.shape[3]), sigma)
    return case.of(((case.raw - kernel) ** 2).mean(dim=(2, 3)))


def _precise(raw: Tensor) -> Tensor:
    """Return half-precision maps in float32: sums over many pixels need it."""
    return raw if raw.dtype == torch.float64 else raw.float()

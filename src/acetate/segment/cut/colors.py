"""Phases as smoothed histograms of colours: what each colour costs in each phase."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, full_scale
from acetate.segment.flow.border import Heat
from acetate.segment.flow.values import Floats, Labels, Planes

Bytes = NDArray[np.uint8]
Codes = NDArray[np.int32]

# Into how many bins a channel is cut, and over how many of 256 steps at least they reach: noise
# in a flat picture is not spread over all of them.
_BINS = {1: 64, 2: 32, 3: 16, 4: 8}
_LEAST_REACH = 40
# So many pixels of every phase have colours from all over, wherever its others lie.
_STRAY = 10.0


def in_bytes(picture: Array) -> Bytes:
    """Return a picture in bytes.

    Parameters
    ----------
    picture : numpy.ndarray
        ``(H, W, C)``. Other dtypes than uint8 are stretched from 0 or, if gray, the least value
        to the largest: 12 bits in uint16 are seen as well as 16.

    Raises
    ------
    ValueError
        If there are more than four channels.

    Examples
    --------
    >>> in_bytes(np.array([[[0.25], [0.5]]])).ravel()
    array([  0, 255], dtype=uint8)
    """
    channels = picture.shape[2]
    if channels not in _BINS:
        raise ValueError(
            f"heat-cut takes up to {max(_BINS)} channels, got {channels}; choose some of them"
        )
    if picture.dtype == np.uint8:
        return picture
    low = float(picture.min()) if channels == 1 else 0.0
    span = float(picture.max()) - low or full_scale(picture.dtype)
    scaled = (picture.astype(np.float32) - np.float32(low)) * np.float32(255 / span)
    return np.asarray(np.rint(scaled), np.uint8)


def as_seen(picture: Bytes) -> Bytes:
    """Return three channels in CIELAB, where equal steps look alike; others as they are.

    Examples
    --------
    >>> as_seen(np.full((1, 1, 3), 255, np.uint8))
    array([[[255, 128, 128]]], dtype=uint8)
    """
    if picture.shape[2] != 3:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB), np.uint8)


@dataclass(frozen=True)
class Bins:
    """The bins of colours: a box of equal cells around those of a picture.

    Parameters
    ----------
    picture : numpy.ndarray
        ``(H, W, C)`` uint8; what other pictures have outside its range falls in the last cells.

    Examples
    --------
    >>> bins = Bins(np.array([[[0], [128], [255]]], np.uint8))
    >>> bins.shape, bins.codes(bins.picture)
    ((64,), array([[ 0, 32, 63]], dtype=int32))
    """

    picture: Bytes

    @property
    def shape(self) -> tuple[int, ...]:
        """How many bins each channel has."""
        channels = self.picture.shape[2]
        return (_BINS[channels],) * channels

    @property
    def size(self) -> int:
        """How many there are."""
        return int(np.prod(self.shape))

    def codes(self, picture: Bytes) -> Codes:
        """Return the number of the bin of every pixel, ``(H, W)``."""
        total = np.zeros(picture.shape[:2], np.int32)
        for channel, table in zip(cv2.split(picture), self._tables, strict=True):
            total += np.asarray(cv2.LUT(channel, table), np.int32)
        return total

    def smoothed(self, histograms: Floats) -> Floats:
        """Spread histograms ``(n, size)`` over neighbouring bins; symmetric, and keeps the sum."""
        spread = histograms.reshape(-1, *self.shape)
        for axis in range(1, spread.ndim):
            moved = np.moveaxis(spread, axis, 0)
            mixed = moved / 2
            mixed[1:] += moved[:-1] / 4
            mixed[:-1] += moved[1:] / 4
            # What would leave at the ends stays there.
            mixed[0] += moved[0] / 4
            mixed[-1] += moved[-1] / 4
            spread = np.moveaxis(mixed, 0, axis)
        return spread.reshape(histograms.shape)

    @cached_property
    def _tables(self) -> list[Codes]:
        tables, stride = [], self.size
        for bins, channel in zip(self.shape, cv2.split(self.picture), strict=True):
            stride //= bins
            low, high = int(channel.min()), int(channel.max()) + 1
            cells = (np.arange(256) - low) * bins // max(high - low, _LEAST_REACH)
            tables.append((np.clip(cells, 0, bins - 1) * stride).astype(np.int32))
        return tables


@dataclass(frozen=True)
class Pixels:
    """What the costs of pixels are made of, whatever the colours of the phases are.

    Parameters
    ----------
    codes : numpy.ndarray
        ``(rows, columns)``: the bin of each pixel's colour.
    extra : numpy.ndarray
        ``(phases, rows, columns)`` float32: what each pixel costs in each phase whatever its
        colour; infinite where a mark says that it is of another.

    Examples
    --------
    >>> pixels = Pixels(np.array([[0, 1]], np.int32), np.zeros((2, 1, 2), np.float32))
    >>> pixels.counts(np.array([[0, 1]], np.uint8), 2)
    array([[1., 0.],
           [0., 1.]])
    """

    codes: Codes
    extra: Planes

    @property
    def phases(self) -> int:
        """How many phases there are."""
        return len(self.extra)

    def counts(self, labels: Labels, size: int) -> Floats:
        """Count the colours in every phase, ``(phases, size)``."""
        joint = labels.astype(np.int32) * size + self.codes
        found = np.bincount(joint.ravel(), minlength=self.phases * size)
        return found.reshape(self.phases, size).astype(np.float64)

    def extras(self, labels: Labels) -> float:
        """Return the sum of what pixels cost whatever their colour, each in its own phase."""
        masks = (labels == k for k in range(self.phases))
        return sum(
            float(np.sum(plane[mask], dtype=np.float64))
            for plane, mask in zip(self.extra, masks, strict=True)
        )


@dataclass(frozen=True)
class Colors:
    """Fitted phases.

    Parameters
    ----------
    pixels : Pixels
        The picture.
    tables : numpy.ndarray
        What each colour costs in each phase, ``(phases, colours)``.
    energy : float
        The sum of the costs over all pixels, each in its own phase, and what the histograms
        themselves cost.
    dead : int
        How many phases have no pixels.
    """

    pixels: Pixels
    tables: Floats
    energy: float
    dead: int

    def assign(self, heat: Heat) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""
        tables = self.tables.astype(np.float32)

        def costs(rows: slice) -> Planes:
            each = np.take(tables, self.pixels.codes[rows], axis=1)
            each += self.pixels.extra[:, rows]
            return each

        return heat.cheapest(costs)


@dataclass(frozen=True)
class Learning:
    """Phases whose histograms are fitted to the labels.

    A pixel counts for its bin and its neighbours, with weights S, and costs the mean of minus
    their logarithms with the same weights. The histogram with the least sum of these costs, and
    of that of some stray pixels from all over, is the smoothed one with the strays added: so a
    fit can only lower the energy.

    Parameters
    ----------
    bins : Bins
        Of the colours.
    pixels : Pixels
        The picture.

    Examples
    --------
    >>> bins = Bins(np.array([[[0], [255]]], np.uint8))
    >>> pixels = Pixels(bins.codes(bins.picture), np.zeros((2, 1, 2), np.float32))
    >>> tables = Learning(bins, pixels).fit(np.array([[0, 1]], np.uint8)).tables
    >>> tables.argmin(axis=1)
    array([ 0, 63])
    """

    bins: Bins
    pixels: Pixels

    @property
    def phases(self) -> int:
        """How many there are."""
        return self.pixels.phases

    def fit(self, labels: Labels, before: Any = None) -> Colors:  # noqa: ARG002
        """Fit the histograms to labels."""
        counts = self.pixels.counts(labels, self.bins.size)
        stray = _STRAY / self.bins.size
        many = self.bins.smoothed(counts) + stray
        logs = np.log(many / many.sum(axis=1, keepdims=True))
        tables = -self.bins.smoothed(logs)
        energy = float(np.sum(counts * tables) - stray * logs.sum()) + self.pixels.extras(labels)
        return Colors(self.pixels, tables, energy, _dead(counts))


@dataclass(frozen=True)
class Learnt:
    """Phases whose colours are known, and stay.

    Parameters
    ----------
    tables : numpy.ndarray
        What each colour costs in each phase, ``(phases, colours)``.
    pixels : Pixels
        The picture.

    Examples
    --------
    >>> pixels = Pixels(np.array([[0, 1]], np.int32), np.zeros((2, 1, 2), np.float32))
    >>> Learnt(np.array([[1.0, 2.0], [3.0, 1.0]]), pixels).fit(np.array([[0, 1]], np.uint8)).energy
    2.0
    """

    tables: Floats
    pixels: Pixels

    @property
    def phases(self) -> int:
        """How many there are."""
        return self.pixels.phases

    def fit(self, labels: Labels, before: Any = None) -> Colors:  # noqa: ARG002
        """Return the same phases with the energy of labels."""
        counts = self.pixels.counts(labels, self.tables.shape[1])
        energy = float(np.sum(counts * self.tables)) + self.pixels.extras(labels)
        return Colors(self.pixels, self.tables, energy, _dead(counts))


def _dead(counts: Floats) -> int:
    return int(np.sum(counts.sum(axis=1) == 0))

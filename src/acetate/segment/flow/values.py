"""A picture as numbers to compare: float planes with stabilised noise, white being 1."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, check_finite, check_image, full_scale
from acetate.heat import diffuse, estimate_noise

Planes = NDArray[np.float32]
Floats = NDArray[np.float64]
Labels = NDArray[np.uint8]
Stabilise = Literal["none", "sqrt", "anscombe"]

# How much neighbours differ is told from so large a part; noise not from less than the second.
_SIDE, _LEAST_SIDE = 192, 8
# Surroundings are raised by this part of the whole mean; the number keeps black from a division
# by 0. Two boxes are near enough for them.
_DARK, _TINY, _ROUGH = 0.1, 1e-9, 0.15
# OpenCV counts in float32, which is exact up to here.
_MOST_COUNTED = 2**24


@dataclass(frozen=True)
class Values:
    """The values of a picture or volume, its axes of space laid out as rows and columns.

    Parameters
    ----------
    picture : numpy.ndarray
        ``(*space, C)``; uint8, uint16, or float32/float64 in [0, 1].
    stabilise : {"none", "sqrt", "anscombe"}
        Planes hold x (white is 1), its square root, or that of x + 3/8 of a count.
    scale : float
        What planes are multiplied by.
    light : float or None
        If given, planes are divided by the mean of their surroundings, a Gaussian of so many
        pixels: what light does to the whole surroundings does nothing to them.
    spacing : float
        From one slice of a volume to the next, in pixels.

    Examples
    --------
    >>> values = Values(np.array([[[0], [64], [255]]], np.uint8), "sqrt")
    >>> values.space, values.planes.round(3)
    ((1, 3), array([[[0.   , 0.501, 1.   ]]], dtype=float32))
    """

    picture: Array
    stabilise: Stabilise
    scale: float = 1.0
    light: float | None = None
    spacing: float = 1.0

    @property
    def space(self) -> Shape:
        """The shape without the channels."""
        return self.picture.shape[:-1]

    @property
    def pixels(self) -> int:
        """How many there are."""
        return int(np.prod(self.space))

    @cached_property
    def channels(self) -> tuple[Array, ...]:
        """The channels as they came, each ``(rows, columns)``: a volume has its slices below."""
        flat = self.picture.reshape(-1, *self.picture.shape[-2:])
        return tuple(np.ascontiguousarray(flat[:, :, c]) for c in range(flat.shape[2]))

    @cached_property
    def table(self) -> NDArray[np.float32] | None:
        """The value of each of the 256 steps of uint8; None for other dtypes, and with light."""
        if self.picture.dtype != np.uint8 or self.light is not None:
            return None
        return self._stabilised(np.arange(256))

    @cached_property
    def planes(self) -> Planes:
        """The values, ``(C, rows, columns)``."""
        planes = np.empty((len(self.channels), *self.channels[0].shape), np.float32)
        for plane, channel in zip(planes, self.channels, strict=True):
            if self.table is not None:
                cv2.LUT(channel, self.table, dst=plane)
            else:
                values = self._stabilised(channel)
                plane[:] = values if self.light is None else self._relative(values)
        return planes

    @cached_property
    def power(self) -> float:
        """The sum of all squares."""
        if self.table is not None:
            return float(self._histogram @ np.square(self.table, dtype=np.float64))
        return float(sum(np.sum(np.square(p, dtype=np.float64)) for p in self.planes))

    @cached_property
    def unrest(self) -> float:
        """Half the mean square by which neighbours in the middle differ: noise, and more."""
        apart = np.diff(self._middle, axis=2).ravel()
        return len(self.channels) * float(apart @ apart) / (2 * max(apart.size, 1))

    @cached_property
    def noise(self) -> float:
        """The variance of the noise of all channels together; 0 if too small to tell."""
        planes = self._middle
        if min(planes.shape[1:]) < _LEAST_SIDE:
            return 0.0
        return len(planes) * estimate_noise(np.moveaxis(planes, 0, 2)) ** 2

    @cached_property
    def _middle(self) -> Planes:
        """The values of a part in the middle, of a volume in one slice."""
        plane = self.picture[self.space[0] // 2] if len(self.space) == 3 else self.picture
        parts = [_middle(n) for n in plane.shape[:2]]
        return replace(self, picture=plane[tuple(parts)]).planes

    def sums(self, labels: Labels, phases: int, raw: bool = False) -> tuple[Floats, Floats]:
        """Count the pixels of every phase, ``(phases,)``, and sum their values, ``(phases, C)``.

        Parameters
        ----------
        labels : numpy.ndarray
            ``(rows, columns)`` uint8.
        phases : int
            How many there are.
        raw : bool
            Sum the picture as it came, not the values.
        """
        table = np.arange(256) if raw and self.picture.dtype == np.uint8 else self.table
        if table is not None:
            found = np.stack([counts(labels, phases, channel) for channel in self.channels])
            return found[0].sum(axis=1), (found @ table.astype(np.float64)).T
        index, planes = labels.ravel(), self.channels if raw else self.planes
        sums = [np.bincount(index, plane.ravel(), phases) for plane in planes]
        return np.bincount(index, minlength=phases).astype(np.float64), np.stack(sums, axis=1)

    def sample(self, most: int) -> tuple[Floats, Floats]:
        """Return values, ``(n, C)``, and how much each counts, ``(n,)``.

        Parameters
        ----------
        most : int
            At most so many pixels are asked, evenly spread; of gray uint8, all are.
        """
        if self.gray:
            found = self._histogram
            taken = found > 0
            return np.asarray(self.table, np.float64)[taken, np.newaxis], found[taken]
        step = -(-self.pixels // most)
        # A step that shares a factor with the width would leave columns out.
        while gcd(step, self.space[-1]) > 1:
            step += 1
        points = self.planes.reshape(len(self.planes), -1)[:, ::step].T.astype(np.float64)
        return points, np.ones(len(points))

    @property
    def gray(self) -> bool:
        """Whether the values are a table of the steps of one channel."""
        return self.table is not None and len(self.channels) == 1

    @cached_property
    def _histogram(self) -> Floats:
        """Count every step of uint8 in all channels together."""
        nothing = np.zeros(self.channels[0].shape, np.uint8)
        return np.sum([counts(nothing, 1, channel)[0] for channel in self.channels], axis=0)

    def _stabilised(self, channel: Array) -> Planes:
        white = full_scale(self.picture.dtype)
        offset = 0.375 if self.stabilise == "anscombe" else 0.0
        values = (channel.astype(np.float32) + np.float32(offset)) / np.float32(white)
        if self.stabilise != "none":
            np.sqrt(values, out=values)
        return values * np.float32(self.scale)

    def surroundings(self, plane: Planes, scale: float) -> Planes:
        """Return the mean around every pixel of a plane, by a Gaussian of so many pixels."""
        spatial = len(self.space)
        around = diffuse(
            plane.reshape(self.space),
            scale**2 / 2,
            spacing=(self.spacing, 1.0, 1.0) if spatial == 3 else 1.0,
            dimensions=spatial,
            tolerance=_ROUGH,
        )
        return around.reshape(plane.shape)

    def _relative(self, plane: Planes) -> Planes:
        around = self.surroundings(plane, self.light or 0.0)
        # Raised a little: in the dark there is nothing but noise to divide.
        raised = around + np.float32(_DARK * plane.mean() + _TINY)
        return np.divide(plane, raised, dtype=np.float32)


def check_values(image: Array, dimensions: int, stabilise: Stabilise) -> Array:
    """Return a picture or volume as ``(*space, C)``, raise if it is none.

    Raises
    ------
    TypeError, ValueError
        As `acetate.arrays.check_image`; also if the rank is neither ``dimensions`` nor one more,
        or if Anscombe's transform is asked of floats, which are no counts.

    Examples
    --------
    >>> check_values(np.zeros((4, 6)), 2, "sqrt").shape
    (4, 6, 1)
    """
    if not isinstance(image, np.ndarray) or dimensions == 2:
        check_image(image)
    elif image.ndim not in (3, 4) or image.size == 0:
        raise ValueError(
            f"a volume must have shape (Z, Y, X) or (Z, Y, X, C) and not be empty, got "
            f"{image.shape}; pass dimensions=2 for a picture"
        )
    else:
        if image.dtype.kind == "f":
            check_finite(image, "volume")
        check_image(image.reshape(len(image), -1), "volume")
    if stabilise == "anscombe" and image.dtype.kind == "f":
        raise ValueError(
            f"stabilise='anscombe' needs counts, uint8 or uint16, got {image.dtype}; use 'sqrt'"
        )
    return image[..., np.newaxis] if image.ndim == dimensions else image


def _middle(length: int) -> slice:
    size = min(length, _SIDE)
    return slice((length - size) // 2, (length + size) // 2)


def counts(labels: Labels, phases: int, channel: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Count every step of uint8 in every phase, ``(phases, 256)``.

    Examples
    --------
    >>> counts(np.array([[0, 1, 1]], np.uint8), 2, np.array([[7, 7, 9]], np.uint8))[:, 7:10]
    array([[1., 0., 0.],
           [1., 0., 1.]])
    """
    total = np.zeros((phases, 256))
    rows = max(1, _MOST_COUNTED // labels.shape[1])
    for start in range(0, len(labels), rows):
        part = [labels[start : start + rows], channel[start : start + rows]]
        total += cv2.calcHist(part, [0, 1], None, [phases, 256], [0, phases, 0, 256])
    return total

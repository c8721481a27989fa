"""Augmenters that turn pictures by quarters, tilt them and bend them."""

from typing import Any

import cv2
import numpy as np

from acetate.augmenters.base import ALL, Geometric
from acetate.augmenters.frames import cos_sin, fitted, kept_size, limited
from acetate.geometry import Elastic, Frame, Map, Patches, Projective
from acetate.parameters import continuous, discrete
from acetate.seeds import draw_key


class Rot90(Geometric):
    """Turn clockwise by quarters, exactly.

    Parameters
    ----------
    k : int, (low, high), list or parameter
        How many quarters; `ALL` picks one of 0 to 3.
    keep_size : bool
        Whether a turned picture is resized to the old height and width.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> Rot90(1)(image=np.array([[1, 2], [3, 4]], np.uint8))
    array([[3, 1],
           [4, 2]], dtype=uint8)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval")

    def __init__(self, k: Any = 1, keep_size: bool = True, **options: Any) -> None:
        super().__init__(order=1, mode="edge", cval=0, **options)
        self.k = discrete([0, 1, 2, 3] if isinstance(k, str) and k == ALL else k, "k")
        self.keep_size = keep_size

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw the number of quarters."""
        k = self.k.draw_sample(rng) % 4
        if k == 0:
            return None
        c, s = cos_sin(90 * k)
        turned, shape = fitted(Projective(np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])), frame)
        return kept_size(turned, shape, frame) if self.keep_size else (turned, shape)


class PerspectiveTransform(Geometric):
    """Look at the picture from another side: four points near its corners become the corners.

    Parameters
    ----------
    scale : number, (low, high), list or parameter
        Standard deviation of the points' distances from the corners, as a fraction of height
        and width. At most 0.49 of a side is cut off anywhere.
    cval, mode
        See `Geometric`; new pixels appear with `fit_output` only.
    keep_size : bool
        Whether the output is resized to the old height and width.
    fit_output : bool
        Whether the output shows the whole picture instead of the part between the points; a
        picture that would grow beyond four times its sides is shown smaller.
    order, heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> PerspectiveTransform(0.1, seed=1)(image=np.zeros((8, 9), np.uint8)).shape
    (8, 9)
    """

    def __init__(
        self,
        scale: Any = (0.0, 0.06),
        cval: Any = 0,
        mode: Any = "constant",
        keep_size: bool = True,
        fit_output: bool = False,
        order: Any = 1,
        **options: Any,
    ) -> None:
        super().__init__(order, cval, mode, **options)
        self.scale = continuous(scale, "scale", 0)
        self.keep_size = keep_size
        self.fit_output = fit_output

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame]:
        """Draw the four points."""
        height, width = frame
        size = np.array([width, height])
        inwards = np.abs(rng.normal(0, 1, (4, 2))) * self.scale.draw_sample(rng)
        corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
        points = (corners + np.where(corners == 0, 1, -1) * inwards.clip(0, 0.49)) * size
        sides = np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1)
        columns, rows = (max(2, round(max(sides[i], sides[i + 2]))) for i in (0, 1))
        matrix = cv2.getPerspectiveTransform(
            (corners * [columns, rows]).astype(np.float32), points.astype(np.float32)
        )
        map, shape = Projective(matrix), (rows, columns)
        if self.fit_output:
            map, shape = limited(*fitted(map.inverse(), frame), frame)
        return kept_size(map, shape, frame) if self.keep_size else (map, shape)


class PiecewiseAffine(Geometric):
    """Move the points of a regular grid about, and what lies between them with them.

    Inside each patch of the grid the map is bilinear: lines along the grid stay straight.

    Parameters
    ----------
    scale : number, (low, high), list or parameter
        Standard deviation of the points' moves: a fraction of height and width.
    nb_rows, nb_cols : int, (low, high), list or parameter
        Points of the grid, at least 2.
    absolute_scale : bool
        Whether `scale` is in pixels instead.
    order, cval, mode, heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> PiecewiseAffine(0.05, seed=1)(image=np.zeros((8, 9), np.uint8)).shape
    (8, 9)
    """

    def __init__(
        self,
        scale: Any = (0.0, 0.04),
        nb_rows: Any = (2, 4),
        nb_cols: Any = (2, 4),
        order: Any = 1,
        cval: Any = 0,
        mode: Any = "constant",
        absolute_scale: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(order, cval, mode, **options)
        self.scale = continuous(scale, "scale", 0)
        self.nb_rows = discrete(nb_rows, "nb_rows", 2)
        self.nb_cols = discrete(nb_cols, "nb_cols", 2)
        self.absolute_scale = absolute_scale

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw the grid and its moves."""
        scale = self.scale.draw_sample(rng)
        rows, columns = self.nb_rows.draw_sample(rng), self.nb_cols.draw_sample(rng)
        moves = rng.normal(0, 1, (rows, columns, 2)) * scale
        if scale == 0:
            return None
        if not self.absolute_scale:
            moves *= (frame[1], frame[0])
        return Patches(moves.astype(np.float32), frame), frame


class ElasticTransformation(Geometric):
    """Bend the picture like water: noise, smoothed, moves each pixel about.

    Parameters
    ----------
    alpha : number, (low, high), list or parameter
        Strength: the smoothed uniform(-1, 1) noise times this is the way in pixels. About ten
        times `sigma` is well visible.
    sigma : number, (low, high), list or parameter
        Standard deviation of the smoothing Gaussian in pixels.
    order, cval, mode, heatmaps, segmentation_maps, seed, name
        See `Geometric`; pictures are read cubically by default.

    References
    ----------
    Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks
    applied to visual document analysis", section 2.

    Examples
    --------
    >>> ElasticTransformation(50, 5, seed=1)(image=np.zeros((8, 9), np.uint8)).shape
    (8, 9)
    """

    def __init__(
        self,
        alpha: Any = (0.0, 40.0),
        sigma: Any = (4.0, 8.0),
        order: Any = 3,
        cval: Any = 0,
        mode: Any = "constant",
        **options: Any,
    ) -> None:
        super().__init__(order, cval, mode, **options)
        self.alpha = continuous(alpha, "alpha", 0)
        self.sigma = continuous(sigma, "sigma", 0)

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw strength, smoothness and which noise."""
        alpha, sigma = self.alpha.draw_sample(rng), self.sigma.draw_sample(rng)
        key = draw_key(rng)
        # Noise that is not smoothed would tear the picture apart, not bend it.
        return None if alpha == 0 or sigma < 0.3 else (Elastic(frame, alpha, sigma, key), frame)

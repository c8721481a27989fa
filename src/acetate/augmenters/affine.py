"""Affine augmenters: turn, scale, shift and shear pictures, in one or on single axes."""

import math
from typing import Any

import numpy as np

from acetate.augmenters.base import Geometric
from acetate.augmenters.frames import cos_sin, fitted
from acetate.geometry import Frame, Map, Projective
from acetate.parameters import Deterministic, StochasticParameter, continuous, discrete

_STILL = {"scale": 1.0, "translate_percent": 0.0, "translate_px": 0, "rotate": 0.0, "shear": 0.0}
_BOUNDS = {"scale": (1e-3, math.inf), "shear": (-89.0, 89.0)}


class Affine(Geometric):
    """Scale, shear, rotate and shift around the centre of the picture, in this order.

    Parameters
    ----------
    scale : number, (low, high), list, parameter or {"x": ..., "y": ...}
        Zoom; 0.5 is half the size. Without a dict both axes get the same number.
    translate_percent : the same
        Shift right and down as a fraction of width and height, rounded to whole pixels.
    translate_px : the same
        Shift right and down in pixels. Not together with `translate_percent`.
    rotate : number, (low, high), list or parameter
        Degrees, clockwise.
    shear : number, (low, high), list, parameter or {"x": ..., "y": ...}
        Degrees, between -89 and 89; along y first, then along x. A number shears along x only;
        anything random is drawn for each axis.
    order, cval, mode, heatmaps, segmentation_maps
        See `Geometric`.
    fit_output : bool
        Whether the output grows or shrinks so that it shows the whole picture; undoes shifts.
    seed, name
        See `Augmenter`.

    Raises
    ------
    ValueError
        Both kinds of shift at once.

    Examples
    --------
    >>> image = np.arange(9, dtype=np.uint8).reshape(3, 3)
    >>> Affine(translate_px={"x": 1})(image=image)
    array([[0, 0, 1],
           [0, 3, 4],
           [0, 6, 7]], dtype=uint8)
    """

    def __init__(
        self,
        scale: Any = None,
        translate_percent: Any = None,
        translate_px: Any = None,
        rotate: Any = None,
        shear: Any = None,
        order: Any = 1,
        cval: Any = 0,
        mode: Any = "constant",
        fit_output: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(order, cval, mode, **options)
        if translate_percent is not None and translate_px is not None:
            raise ValueError("give either translate_percent or translate_px, not both")
        if all(v is None for v in (scale, translate_percent, translate_px, rotate, shear)):
            scale, translate_percent = (0.9, 1.1), (-0.1, 0.1)
            rotate, shear = (-15, 15), {"x": (-10, 10), "y": (-10, 10)}
        self.scale = _Axes(scale, "scale")
        self.translate_percent = _Axes(translate_percent, "translate_percent")
        self.translate_px = _Axes(translate_px, "translate_px")
        self.rotate = continuous(0.0 if rotate is None else rotate, "rotate")
        if shear is not None and not isinstance(shear, dict):
            fixed = isinstance(shear, int | float)
            shear = {"x": shear} if fixed else {"x": shear, "y": shear}
        self.shear = _Axes(shear, "shear")
        self.fit_output = fit_output

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame]:
        """Draw the numbers and make the matrix of them."""
        height, width = frame
        sx, sy = self.scale.draw(rng)
        px, py = self.translate_percent.draw(rng)
        tx, ty = self.translate_px.draw(rng)
        degrees = self.rotate.draw_sample(rng)
        shear_x, shear_y = self.shear.draw(rng)
        kx, ky = math.tan(math.radians(shear_x)), math.tan(math.radians(shear_y))
        tx, ty = tx + round(px * width), ty + round(py * height)
        c, s = cos_sin(degrees)
        # Rotation times shear along x times shear along y times scale, of offsets from the
        # centre. One shear after the other keeps the area, whatever the angles.
        stretch = 1 + kx * ky
        a, b = (c * stretch - s * ky) * sx, (c * kx - s) * sy
        d, e = (s * stretch + c * ky) * sx, (s * kx + c) * sy
        cx, cy = width / 2, height / 2
        if self.fit_output:
            x, y = cx + tx - a * cx - b * cy, cy + ty - d * cx - e * cy
            return fitted(Projective(np.array([[a, b, x], [d, e, y], [0, 0, 1]])), frame)
        # The inverse: of the shift first, then of the rest around the centre.
        area, x, y = a * e - b * d, cx + tx, cy + ty
        a, b, d, e = e / area, -b / area, -d / area, a / area
        back = [[a, b, cx - a * x - b * y], [d, e, cy - d * x - e * y], [0, 0, 1]]
        return Projective(np.array(back)), frame


class _Axes:
    """A parameter for both axes alike, or one for each."""

    def __init__(self, value: Any, name: str) -> None:
        parse = discrete if name == "translate_px" else continuous
        low, high = _BOUNDS.get(name, (-math.inf, math.inf))
        still = _STILL[name]
        self.both: StochasticParameter | None = None
        self.constant: tuple[Any, Any] | None = None
        if isinstance(value, dict):
            unknown = set(value) - {"x", "y"}
            if unknown or not value:
                raise ValueError(f"{name} as a dict has the keys 'x' and 'y', got {sorted(value)}")
            self.x = parse(value.get("x", still), f"{name}['x']", low, high)
            self.y = parse(value.get("y", still), f"{name}['y']", low, high)
        else:
            self.both = parse(still if value is None else value, name, low, high)
            if isinstance(self.both, Deterministic):
                self.constant = (self.both.value, self.both.value)

    def draw(self, rng: np.random.Generator) -> tuple[Any, Any]:
        """Draw the numbers for x and y."""
        if self.constant is not None:
            return self.constant
        if self.both is not None:
            drawn = self.both.draw_sample(rng)
            return drawn, drawn
        return self.x.draw_sample(rng), self.y.draw_sample(rng)

    def __repr__(self) -> str:
        return repr(self.both) if self.both is not None else f"{{x: {self.x!r}, y: {self.y!r}}}"


class Rotate(Affine):
    """Rotate around the centre.

    Parameters
    ----------
    rotate : number, (low, high), list or parameter
        Degrees, clockwise.
    order, cval, mode, fit_output, heatmaps, segmentation_maps, seed, name
        See `Affine`.

    Examples
    --------
    >>> Rotate(180)(image=np.array([[1, 2, 3]], np.uint8))
    array([[3, 2, 1]], dtype=uint8)
    """

    def __init__(self, rotate: Any = (-30, 30), **options: Any) -> None:
        super().__init__(rotate=rotate, **options)


class ScaleX(Affine):
    """Zoom along x.

    Parameters
    ----------
    scale : number, (low, high), list or parameter
        0.5 is half the width.
    order, cval, mode, fit_output, heatmaps, segmentation_maps, seed, name
        See `Affine`.

    Examples
    --------
    >>> ScaleX(2.0, fit_output=True)(image=np.zeros((2, 3), np.uint8)).shape
    (2, 6)
    """

    def __init__(self, scale: Any = (0.5, 1.5), **options: Any) -> None:
        super().__init__(scale={"x": scale}, **options)


class ScaleY(Affine):
    """Zoom along y.

    Parameters
    ----------
    scale : number, (low, high), list or parameter
        0.5 is half the height.
    order, cval, mode, fit_output, heatmaps, segmentation_maps, seed, name
        See `Affine`.

    Examples
    --------
    >>> ScaleY(2.0, fit_output=True)(image=np.zeros((2, 3), np.uint8)).shape
    (4, 3)
    """

    def __init__(self, scale: Any = (0.5, 1.5), **options: Any) -> None:
        super().__init__(scale={"y": scale}, **options)


class TranslateX(Affine):
    """Shift along x.

    Parameters
    ----------
    percent : number, (low, high), list or parameter
        To the right, as a fraction of the width; (-0.25, 0.25) if `px` is not given.
    px : int, (low, high), list or parameter
        To the right, in pixels.
    order, cval, mode, fit_output, heatmaps, segmentation_maps, seed, name
        See `Affine`.

    Examples
    --------
    >>> TranslateX(px=1)(image=np.array([[1, 2, 3]], np.uint8))
    array([[0, 1, 2]], dtype=uint8)
    """

    def __init__(self, percent: Any = None, px: Any = None, **options: Any) -> None:
        super().__init__(**_shift("x", percent, px), **options)


class TranslateY(Affine):
    """Shift along y.

    Parameters
    ----------
    percent : number, (low, high), list or parameter
        Downwards, as a fraction of the height; (-0.25, 0.25) if `px` is not given.
    px : int, (low, high), list or parameter
        Downwards, in pixels.
    order, cval, mode, fit_output, heatmaps, segmentation_maps, seed, name
        See `Affine`.

    Examples
    --------
    >>> TranslateY(px=1)(image=np.array([[1], [2]], np.uint8))
    array([[0],
           [1]], dtype=uint8)
    """

    def __init__(self, percent: Any = None, px: Any = None, **options: Any) -> None:
        super().__init__(**_shift("y", percent, px), **options)


def _shift(axis: str, percent: Any, px: Any) -> dict[str, Any]:
    """Return the arguments of `Affine` that shift along one axis."""
    if percent is None and px is None:
        percent = (-0.25, 0.25)
    given = {"translate_percent": percent, "translate_px": px}
    return {name: {axis: value} for name, value in given.items() if value is not None}


class ShearX(Affine):
    """Shear along x.

    Parameters
    ----------
    shear : number, (low, high), list or parameter
        Degrees.
    order, cval, mode, fit_output, heatmaps, segmentation_maps, seed, name
        See `Affine`.

    Examples
    --------
    >>> ShearX(45, fit_output=True)(image=np.zeros((4, 4), np.uint8)).shape
    (4, 8)
    """

    def __init__(self, shear: Any = (-30, 30), **options: Any) -> None:
        super().__init__(shear={"x": shear}, **options)


class ShearY(Affine):
    """Shear along y.

    Parameters
    ----------
    shear : number, (low, high), list or parameter
        Degrees.
    order, cval, mode, fit_output, heatmaps, segmentation_maps, seed, name
        See `Affine`.

    Examples
    --------
    >>> ShearY(45, fit_output=True)(image=np.zeros((4, 4), np.uint8)).shape
    (8, 4)
    """

    def __init__(self, shear: Any = (-30, 30), **options: Any) -> None:
        super().__init__(shear={"y": shear}, **options)

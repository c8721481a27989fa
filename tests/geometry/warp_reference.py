"""A slow, independent warp: SciPy at the map's points; and pictures and maps to try it on."""

import numpy as np
from hypothesis import strategies as st
from scipy import ndimage

from acetate.geometry import Elastic, Map, Patches, Projective

SCIPY_MODES = {
    "constant": "grid-constant",
    "edge": "nearest",
    "symmetric": "reflect",
    "reflect": "mirror",
    "wrap": "grid-wrap",
}


def centres(shape):
    """The pixel centres (x, y) of a frame, (H, W, 2)."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    return np.stack([x, y], axis=-1)


def places(map, shape):
    """Where a map sees each pixel, as array indices (x, y)."""
    return map(centres(shape).reshape(-1, 2)).reshape(*shape, 2) - 0.5


def reference(array, map, shape, order="linear", mode="constant", cval=0.0):
    """The array seen through a map, float64, not rounded."""
    x, y = np.moveaxis(places(map, shape), -1, 0)
    layers = array.reshape(*array.shape[:2], -1).astype(float)
    read = _cubic if order == "cubic" else _spline
    out = [read(layers[..., c], x, y, order, mode, cval) for c in range(layers.shape[2])]
    return np.stack(out, axis=-1).reshape(*shape, *array.shape[2:])


def _spline(layer, x, y, order, mode, cval):
    degree = {"nearest": 0, "linear": 1}[order]
    return ndimage.map_coordinates(
        layer, [y, x], order=degree, mode=SCIPY_MODES[mode], cval=cval, prefilter=False
    )


def _cubic(layer, x, y, order, mode, cval):
    """Keys' cubic convolution with a = -0.75, which is OpenCV's."""
    total = np.zeros(x.shape)
    for i in range(-1, 3):
        for j in range(-1, 3):
            row, column = np.floor(y) + i, np.floor(x) + j
            weight = _keys(y - row) * _keys(x - column)
            total += weight * _spline(layer, column, row, "nearest", mode, cval)
    return total


def _keys(t, a=-0.75):
    t = np.abs(t)
    near = (a + 2) * t**3 - (a + 3) * t**2 + 1
    far = a * (t**3 - 5 * t**2 + 8 * t - 4)
    return np.where(t <= 1, near, np.where(t < 2, far, 0))


def noise(shape, dtype, seed=0):
    """White noise over the dtype's whole range."""
    values = np.random.default_rng(seed).random(shape)
    kind = np.dtype(dtype)
    return values.astype(kind) if kind.kind == "f" else (values * np.iinfo(kind).max).astype(kind)


def smooth(shape, seed=0, shortest=30):
    """A picture of a few waves of at least `shortest` pixels, float64 in [0, 1], (H, W)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    total = np.zeros(shape)
    for u, v, phase in rng.uniform(-1, 1, (4, 3)):
        total += np.sin(2 * np.pi * ((u * x + v * y) / (1.5 * shortest) + phase))
    return total / 8 + 0.5


def affine_maps(shape) -> st.SearchStrategy[Projective]:
    """Turns, zooms and shifts around a frame's centre."""
    centre = (shape[1] / 2, shape[0] / 2)

    def make(degrees, zoom_x, zoom_y, x, y):
        turned = Projective.rotation(degrees).matrix @ Projective.scaling(zoom_x, zoom_y).matrix
        return Projective(Projective.translation(x, y).matrix @ turned).around(centre)

    return st.builds(
        make,
        st.floats(-180, 180),
        st.floats(0.4, 2.5),
        st.floats(0.4, 2.5),
        st.floats(-20, 20),
        st.floats(-20, 20),
    )


def projective_maps(shape) -> st.SearchStrategy[Projective]:
    """Affine maps with a perspective that keeps the horizon out of the frame."""
    tilt = st.floats(-0.3, 0.3)

    def make(affine, gx, gy):
        perspective = np.eye(3)
        perspective[2, :2] = gx / shape[1], gy / shape[0]
        return Projective(affine.matrix @ perspective)

    return st.builds(make, affine_maps(shape), tilt, tilt)


def elastics(shape, strongest=2.0) -> st.SearchStrategy[Elastic]:
    """Elastic fields; from a strength alpha / sigma**2 of 2 on they fold here and there."""

    def make(sigma, strength, key):
        return Elastic(shape, alpha=strength * sigma**2, sigma=sigma, key=key)

    return st.builds(make, st.floats(1.5, 12), st.floats(0, strongest), st.integers(0, 2**63 - 1))


def patches(shape) -> st.SearchStrategy[Patches]:
    """Piecewise maps that do not fold: corners move by less than half a patch."""

    def make(rows, columns, seed):
        nodes = np.random.default_rng(seed).uniform(-0.2, 0.2, (rows, columns, 2))
        return Patches(nodes * [shape[1] / (columns - 1), shape[0] / (rows - 1)], shape)

    return st.builds(make, st.integers(2, 5), st.integers(2, 5), st.integers(0, 2**32))


def maps(shape) -> st.SearchStrategy[Map]:
    """One map of any kind."""
    return st.one_of(affine_maps(shape), projective_maps(shape), elastics(shape), patches(shape))

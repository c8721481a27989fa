"""Colour maps and palettes: the colours users know, and labels that can be told apart."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.colors import COLOR_MAPS, colorize, colorize_labels, palette

RAMP = np.linspace(0, 1, 256)[np.newaxis]
OPENCV = sorted(set(COLOR_MAPS) - {"gray", "coolwarm"})


def lab(colors):
    """CIELAB of (n, 3) uint8 RGB by the textbook's formula (sRGB, D65), not OpenCV's."""
    rgb = colors / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.072175],
            [0.0193339, 0.119192, 0.9503041],
        ]
    )
    x, y, z = (to_xyz @ linear.T) / np.array([[0.95047], [1.0], [1.08883]])
    x, y, z = (
        np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116) for t in (x, y, z)
    )
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@pytest.mark.parametrize("cmap", OPENCV)
def test_maps_are_those_of_opencv_in_rgb(cmap):
    steps = np.arange(256, dtype=np.uint8)[np.newaxis]
    bgr = cv2.applyColorMap(steps, getattr(cv2, f"COLORMAP_{cmap.upper()}"))
    assert np.array_equal(colorize(RAMP, cmap), bgr[:, :, ::-1])


def test_jet_is_piecewise_linear():
    """Blue, green and red are the same trapezium, a quarter apart; OpenCV's table rounds it."""
    trapezium = [np.clip(1.5 - np.abs(4 * RAMP - c), 0, 1) for c in (3, 2, 1)]
    expected = np.stack(trapezium, axis=-1) * 255
    assert np.abs(colorize(RAMP) - expected).max() <= 3


def test_no_map_is_intensity():
    values = np.array([[0.0, 0.25], [0.5, 1.0]], np.float32)
    assert colorize(values, cmap=None)[:, :, 1].tolist() == [[0, 64], [128, 255]]
    assert np.array_equal(colorize(RAMP, None), np.repeat(np.arange(256)[None, :, None], 3, axis=2))
    assert np.array_equal(colorize(RAMP, "gray"), colorize(RAMP, None))


def test_coolwarm_diverges_evenly_from_a_neutral_middle():
    color = colorize(RAMP, "coolwarm")[0]
    lightness, a, b = lab(color).T
    assert np.abs(lightness - lightness[::-1]).max() < 1
    assert np.all(np.diff(lightness[:128]) > -0.3)
    assert lightness[127] - lightness[0] > 45
    assert np.hypot(a, b)[127:129].max() < 1
    assert color[0].argmax() == 2
    assert color[-1].argmax() == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_every_value_has_the_colour_of_the_nearest_of_256_steps(values):
    image = colorize(np.array([values]), "viridis")
    table = colorize(RAMP, "viridis")[0]
    nearest = np.floor(np.array(values, np.float64) * 255 + 0.5).astype(int)
    off = np.abs(image[0].astype(int) - table[nearest]).max(axis=1)
    on_the_edge = np.abs(np.array(values) * 255 % 1 - 0.5) < 1e-4
    assert np.all((off == 0) | on_the_edge)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_colorize_gives_rgb_bytes_and_leaves_its_input_alone(dtype):
    values = np.random.default_rng(0).random((5, 7)).astype(dtype)[::2, ::-1]
    before = values.copy()
    image = colorize(values, "turbo")
    assert image.shape == (3, 7, 3)
    assert image.dtype == np.uint8
    assert np.array_equal(values, before)
    image[:] = 0
    assert colorize(values, "turbo").any()


@pytest.mark.parametrize(
    ("values", "cmap", "message"),
    [
        (np.zeros((2, 2, 1)), "jet", r"values must have shape \(H, W\) .* got \(2, 2, 1\)"),
        (np.zeros((0, 2)), "jet", r"not be empty, got \(0, 2\)"),
        (np.array([[0, 1.5]]), "jet", r"colour map values must lie in \[0, 1\], got \[0, 1\.5\]"),
        (np.array([[0, np.nan]]), "jet", "colour map has 1 NaN or infinite value of 2"),
        (RAMP, "Virides", "no colour map 'Virides'; the nearest is 'viridis', and there are jet,"),
    ],
)
def test_values_and_maps_that_make_no_sense_are_refused(values, cmap, message):
    with pytest.raises(ValueError, match=message):
        colorize(values, cmap)


def distances(colors):
    points = lab(colors)
    apart = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    return apart + np.where(np.eye(len(points)), np.inf, 0)


def test_palette_starts_with_black_and_does_not_depend_on_its_length():
    assert palette(1).tolist() == [[0, 0, 0]]
    assert palette(600).dtype == np.uint8
    for n in (2, 17, 256, 300):
        assert np.array_equal(palette(n), palette(600)[:n])


def test_labels_can_be_told_apart():
    """2.3 is a just noticeable difference in CIELAB; 100 lies between black and white."""
    colors = palette(256)
    assert distances(colors[:8]).min() > 60
    assert distances(colors[:32]).min() > 31
    assert distances(colors).min() > 12
    assert lab(colors[1:])[:, 0].min() > 24
    neighbours = np.diag(distances(palette(512)), k=1)
    assert neighbours.min() > 49


def test_a_long_palette_repeats_without_black():
    assert np.array_equal(palette(511)[256:], palette(256)[1:])
    assert len(np.unique(palette(256), axis=0)) == 256


@pytest.mark.parametrize("dtype", [np.bool, np.uint8, np.int32, np.uint16, np.int64])
def test_labels_are_painted_in_the_colours_of_the_palette(dtype):
    most = min(np.iinfo(dtype).max if dtype != np.bool else 1, 999)
    labels = np.random.default_rng(0).integers(0, most + 1, (20, 30)).astype(dtype)
    labels[0, 0], labels[0, 1] = 0, most
    assert np.array_equal(colorize_labels(labels), palette(1000)[labels.astype(int)])


def test_huge_labels_take_no_huge_palette():
    huge = np.array([[2**31 - 1, 0]], np.int32)
    assert np.array_equal(colorize_labels(huge)[0, 0], palette(256)[(2**31 - 2) % 255 + 1])


def test_what_are_no_labels_is_refused():
    with pytest.raises(TypeError, match="labels must be integers or booleans, got float64"):
        colorize_labels(np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"shape \(H, W\) and not be empty, got \(2,\)"):
        colorize_labels(np.zeros(2, np.int32))
    with pytest.raises(ValueError, match=r"not be empty, got \(0, 3\)"):
        colorize_labels(np.zeros((0, 3), np.int32))
    with pytest.raises(ValueError, match="labels must be 0 or above, got -2"):
        colorize_labels(np.array([[-2]]))
    with pytest.raises(ValueError, match="a palette has at least 1 colour, got n = 0"):
        palette(0)

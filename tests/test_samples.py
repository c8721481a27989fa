"""Sample pictures: there, of the size asked for, yours to write into; and the depth map."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from acetate import samples
from acetate.samples import shipped

SHAPES = {
    "astronaut": (512, 512, 3),
    "camera": (512, 512),
    "cat": (300, 451, 3),
    "china": (427, 640, 3),
    "coffee": (400, 600, 3),
    "coins": (303, 384),
    "flower": (427, 640, 3),
    "motorcycle": (500, 741, 3),
    "page": (191, 384),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_usual_pictures_are_functions(name):
    image = getattr(samples, name)()
    assert image.shape == SHAPES[name]
    assert image.dtype == np.uint8
    assert np.array_equal(image, samples.picture(name))
    assert getattr(samples, name)(32).shape[:2] == (32, 32)


def test_every_name_is_a_picture():
    assert set(SHAPES) < set(samples.names())
    assert list(samples.names()) == sorted(samples.names())
    for name in samples.names():
        image = samples.picture(name, (20, 30))
        assert image.shape[:2] == (20, 30)
        assert image.ndim == 2 or image.shape[2] == 3
        assert image.dtype == np.uint8
        assert image.std() > 1


def test_colours_are_rgb():
    red, green, blue = samples.motorcycle()[180, 430].tolist()
    assert red > green + 100
    assert red > blue + 100


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        (None, (300, 451)),
        (64, (64, 64)),
        (0.5, (150, 226)),
        (1.0, (300, 451)),
        ((100, 0.5), (100, 226)),
        ((600, 902), (600, 902)),
        ((600, 100), (600, 100)),
        (0.0001, (1, 1)),
    ],
)
def test_sizes_mean_what_they_mean_in_imgaug(size, shape):
    assert samples.cat(size).shape == (*shape, 3)
    assert samples.motorcycle_depth(size).shape == samples.motorcycle(size).shape[:2]


def test_shrinking_averages():
    whole, half = samples.camera().astype(float), samples.camera(256)
    blocks = whole.reshape(256, 2, 256, 2).mean(axis=(1, 3))
    assert np.abs(half - blocks).max() <= 0.5


@pytest.mark.parametrize("size", [None, 1.0, 300])
def test_pictures_are_yours_to_write_into(size):
    image = samples.cat(size)
    before = image.copy()
    image[:] = 0
    assert np.array_equal(samples.cat(size), before)
    depth = samples.motorcycle_depth(size)
    depth[:] = 0
    assert samples.motorcycle_depth(size).min() > 7


def test_the_depth_map_is_clean_and_lies_on_the_picture():
    depth = samples.motorcycle_depth()
    assert depth.shape == samples.motorcycle().shape[:2]
    assert depth.dtype == np.float32
    assert np.isfinite(depth).all()
    assert (depth.min(), depth.max()) == pytest.approx((7.19, 59.91), abs=0.01)
    wall, bench, tank, wheel = depth[[20, 150, 215, 400], [250, 100, 365, 650]]
    assert wall + 5 < bench < bench + 5 < tank < wheel
    meters = 994.978 * 193.001 / (depth + 31.086) / 1000
    assert (meters.min(), meters.max()) == pytest.approx((2.11, 5.02), abs=0.01)


def test_measured_values_are_kept_and_holes_take_the_background():
    with np.load(shipped._path(shipped._SKIMAGE, "motorcycle_disp.npz")) as file:
        raw = file["arr_0"]
    depth, hole = samples.motorcycle_depth(), ~np.isfinite(raw)
    assert np.array_equal(depth[~hole], raw[~hole])
    assert hole.mean() == pytest.approx(0.0735, abs=1e-3)
    for row, column in np.argwhere(hole)[:: hole.sum() // 50]:
        sides = raw[row, :column][::-1], raw[row, column:]
        nearest = [side[np.isfinite(side)][:1] for side in sides]
        assert depth[row, column] == np.concatenate(nearest).min()


@pytest.mark.parametrize("factor", [0.3, 0.5, 2.0])
def test_resizing_keeps_the_depth_in_range_and_in_place(factor):
    depth, resized = samples.motorcycle_depth(), samples.motorcycle_depth(factor)
    assert depth.min() <= resized.min()
    assert resized.max() <= depth.max()
    back = cv2.resize(resized, depth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    assert np.median(np.abs(back - depth)) < 0.1


def test_an_unknown_picture_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="no sample picture 'Kat'; the nearest is 'cat', and ther"):
        samples.picture("Kat")


@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (0, ValueError, "size must be above 0, got 0"),
        (-0.5, ValueError, r"size must be above 0, got -0\.5"),
        ((10, 0), ValueError, r"size must be above 0, got \(10, 0\)"),
        ((10, 20, 3), ValueError, r"a number or \(height, width\), got \(10, 20, 3\)"),
        ("big", TypeError, "size must be None, an int, a float or .* got 'big'"),
        (True, TypeError, "size must be None, an int, a float or .* got True"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(size, error, message):
    with pytest.raises(error, match=message):
        samples.cat(size)


def test_a_file_that_is_not_shipped_is_named():
    with pytest.raises(FileNotFoundError, match=r"scikit-image does not ship gone\.png \(looked"):
        shipped._path(shipped._SKIMAGE, "gone.png")
    missing = "no_such_package", "data", "no-such-project"
    with pytest.raises(ImportError, match=r"a\.png comes with no-such-project: pip install no-s"):
        shipped._path(missing, "a.png")


def test_pictures_are_found_without_importing_their_libraries():
    code = (
        "import sys; from acetate import samples; samples.cat(); samples.china(); "
        "samples.motorcycle_depth(); print({'skimage', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_three_levels_have_their_truth():
    image, truth = samples.three_levels(128, blur=0.0, noise=0.0)
    assert image.shape == truth.shape == (128, 128)
    assert (image.dtype, truth.dtype) == (np.float32, np.uint8)
    assert np.array_equal(image, np.array([0.05, 0.25, 0.85], np.float32)[truth])
    larger = samples.three_levels(512)[1]
    shares = [np.bincount(t.ravel()) / t.size for t in (truth, larger)]
    assert shares[0] == pytest.approx(shares[1], abs=0.005)


def test_their_edges_are_blurred_and_noisy():
    sharp, truth = samples.three_levels(256, blur=0.0, noise=0.0)
    blurred, _ = samples.three_levels(256, blur=2.0, noise=0.0)
    noisy, _ = samples.three_levels(256, blur=2.0, noise=0.01)
    assert blurred.mean() == pytest.approx(sharp.mean(), abs=1e-5)
    between = (blurred > 0.15) & (blurred < 0.55) & (truth != 1)
    assert between.sum() > 1000
    assert np.std(noisy - blurred) == pytest.approx(0.01, rel=0.02)
    assert np.array_equal(noisy, samples.three_levels(256, noise=0.01)[0])
    assert not np.array_equal(noisy, samples.three_levels(256, noise=0.01, seed=1)[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 15}, "size must be at least 16"),
        ({"blur": -1.0}, "blur must be at least 0 and finite, got -1.0"),
        ({"noise": np.nan}, "noise must be at least 0 and finite, got nan"),
    ],
)
def test_levels_that_cannot_be_made_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        samples.three_levels(**arguments)

"""Feature tables: their columns, their scale, and pandas if it is there."""

import sys

import numpy as np
import pytest

from acetate import samples
from acetate.segment import pixel_table, rescaled, to_frame, to_matrix


def test_a_row_is_a_pixel_with_its_centre_and_value():
    image = samples.camera((6, 9))
    table = pixel_table(image)
    assert table.dtype.names == ("x", "y", "intensity")
    assert len(table) == 54
    assert table[9 * 2 + 4].item() == (4.5, 2.5, image[2, 4])
    assert np.array_equal(table["intensity"].reshape(6, 9), image)


def test_colours_are_their_mean_or_all_channels():
    image = samples.cat((5, 4))
    table = pixel_table(image, ["intensity", "channels"])
    assert table.dtype.names == ("intensity", "channel_0", "channel_1", "channel_2")
    assert np.array_equal(table["channel_2"].reshape(5, 4), image[:, :, 2])
    assert table["intensity"] == pytest.approx(image.mean(axis=2).ravel(), abs=0.51)
    stack = np.zeros((3, 2, 300), np.float32)
    assert len(pixel_table(stack, ["channels"]).dtype.names) == 300


def test_surroundings_are_columns():
    image = np.tile(np.arange(0, 200, 10, dtype=np.uint8), (12, 1))
    table = pixel_table(image, ["gaussian", "sobel_x", "sobel_y"], sigma=2.0)
    inner = (slice(5, 7), slice(9, 11))
    assert table["sobel_x"].reshape(image.shape)[inner] == pytest.approx(10)
    assert table["sobel_y"].reshape(image.shape)[inner] == pytest.approx(0)
    assert table["gaussian"].reshape(image.shape)[inner] == pytest.approx(image[inner], abs=0.5)


def test_more_columns_may_be_brought():
    image = samples.camera((6, 9))
    table = pixel_table(image, ["x"], extra={"is_text": image > 100, "other": image.astype(float)})
    assert table["is_text"].dtype.kind == "b"
    assert np.array_equal(table["is_text"], image.ravel() > 100)
    matrix = to_matrix(table)
    assert matrix.shape == (54, 3)
    assert matrix.dtype == np.float64
    assert np.array_equal(to_matrix(table, ["other", "x"]), matrix[:, [2, 0]])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda i: pixel_table(i, ["z"]), ValueError, "no column 'z'"),
        (lambda i: pixel_table(i, ["gausian"]), ValueError, "the nearest is 'gaussian'"),
        (lambda i: pixel_table(i, ["x", "x"]), ValueError, "a column may come once, got x, x"),
        (lambda i: pixel_table(i, extra={"x": i}), ValueError, "a column may come once"),
        (lambda i: pixel_table(i, extra={"t": i.T}), ValueError, r"shape, \(2, 3\), got \(3, 2\)"),
        (lambda i: pixel_table(i, extra={"t": [1]}), ValueError, "got list"),
        (lambda i: pixel_table(i, sigma=-1.0), ValueError, "sigma must be at least 0"),
        (lambda i: pixel_table([1]), TypeError, "image must be a NumPy array"),
        (lambda i: to_matrix(i), TypeError, "a structured array of one dimension, got float64"),
        (lambda i: to_frame([1]), TypeError, "got list"),
        (lambda i: to_matrix(pixel_table(i), ["z"]), ValueError, "no column 'z'"),
        (lambda i: rescaled(np.array([[np.nan]])), ValueError, "matrix has 1 NaN"),
        (lambda i: rescaled(i, "minmax"), ValueError, "one of standard, robust, none"),
    ],
)
def test_what_makes_no_table_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(np.zeros((2, 3)))


def test_scales_are_those_of_scikit_learn():
    from sklearn.preprocessing import RobustScaler, StandardScaler

    matrix = np.random.default_rng(0).random((50, 3)) ** 2 * (1, 100, 0.01)
    before = matrix.copy()
    assert rescaled(matrix) == pytest.approx(StandardScaler().fit_transform(matrix))
    robust = RobustScaler(unit_variance=True).fit_transform(matrix)
    assert rescaled(matrix, "robust") == pytest.approx(robust)
    assert np.array_equal(rescaled(matrix, "none"), matrix)
    assert np.array_equal(matrix, before)


def test_columns_without_spread_become_zero():
    matrix = np.array([[0.1, 1.0], [0.1, 1.0], [0.1, 1.0], [0.1, 1.0], [0.1, 9.0]])
    assert not rescaled(matrix)[:, 0].any()
    # The range between the quartiles is 0, the deviation is not.
    assert rescaled(matrix, "robust")[:, 1] == pytest.approx([0, 0, 0, 0, 2.5])


def test_a_frame_has_the_columns():
    pytest.importorskip("pandas")
    table = pixel_table(samples.camera((6, 9)))
    frame = to_frame(table)
    assert list(frame.columns) == ["x", "y", "intensity"]
    assert np.array_equal(frame["intensity"].to_numpy(), table["intensity"])
    assert len(frame.sample(8).round(2)) == 8


def test_without_pandas_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="to_frame needs pandas: pip install pandas"):
        to_frame(pixel_table(np.zeros((2, 2))))

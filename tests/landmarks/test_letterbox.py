"""Pictures in the network's square: points and pixels take the same way, there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.landmarks.letterbox import Letterbox, standard

SIDES = st.integers(2, 3000)


@given(SIDES, SIDES, st.sampled_from([64, 128, 768]), st.floats(0.5, 2.0))
def test_points_come_back(height: int, width: int, size: int, zoom: float) -> None:
    if min(height, width) * zoom * size < max(height, width):
        return
    box = Letterbox((height, width), size, zoom)
    points = np.array([[0.0, 0.0], [width, height], [width / 3, height * 0.9], [np.nan, np.nan]])
    back = box.to_picture(box.to_square(points))
    np.testing.assert_allclose(back, points, atol=1e-9 * max(height, width))


@given(SIDES, SIDES)
def test_the_picture_lies_whole_and_in_the_middle(height: int, width: int) -> None:
    if min(height, width) * 128 < max(height, width):
        return
    box = Letterbox((height, width), 128)
    corners = box.to_square(np.array([[0.0, 0.0], [width, height]]))
    assert corners.min() >= 0
    assert corners.max() <= 128
    left_top, right_bottom = corners
    np.testing.assert_allclose(left_top, 128 - right_bottom, atol=1e-9)
    assert max(box.content) == 128
    # A pixel of the square is all that the aspect is off.
    assert abs(box.content[0] - height * 128 / max(height, width)) <= 1 + 1e-9


@pytest.mark.parametrize("size", [32, 63])
@pytest.mark.parametrize("shape", [(20, 33), (41, 30), (100, 99), (64, 5)])
def test_a_mirrored_picture_gives_the_mirrored_square(shape: tuple[int, int], size: int) -> None:
    picture = np.random.default_rng(0).random((*shape, 3))
    box = Letterbox(shape, size)
    square = box.image(picture, fill=0.5)
    np.testing.assert_allclose(box.image(picture[:, ::-1], fill=0.5), square[:, ::-1], atol=1e-5)


def test_a_picture_that_shrinks_is_averaged() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (256, 256), dtype=np.uint8)
    small = Letterbox((256, 256), 32).image(picture)
    blocks = picture.reshape(32, 8, 32, 8).mean(axis=(1, 3))
    assert np.abs(small - blocks).max() <= 0.5001


def test_bars_hold_the_mean_or_what_was_asked_for() -> None:
    picture = np.full((10, 20, 3), 60, np.uint8)
    picture[:, :10] = 100
    square = Letterbox((10, 20), 40).image(picture)
    assert set(np.unique(square[:9])) == {80}
    assert set(np.unique(Letterbox((10, 20), 40).image(picture, fill=7)[:9])) == {7}


def test_zoomed_in_shows_the_middle() -> None:
    picture = np.zeros((64, 64), np.uint8)
    picture[16:48, 16:48] = 200
    assert Letterbox((64, 64), 64, 2.0).image(picture).min() > 90  # edges are interpolated
    assert (Letterbox((64, 64), 64, 2.0).image(picture)[4:-4, 4:-4] == 200).all()


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 500), "at least 2 pixels on a side, this one is 1 x 500"),
        ((500, 1), "at least 2 pixels"),
        ((2, 3000), "crop it first"),
    ],
)
def test_pictures_that_have_no_second_side_are_refused(
    shape: tuple[int, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Letterbox(shape, 128)


def test_other_bad_input() -> None:
    with pytest.raises(ValueError, match="size 0"):
        Letterbox((8, 8), 0)
    with pytest.raises(ValueError, match="zoom nan"):
        Letterbox((8, 8), 8, float("nan"))
    with pytest.raises(ValueError, match="got one of"):
        Letterbox((8, 8), 8).image(np.zeros((9, 8), np.uint8))
    with pytest.raises(ValueError, match="NaN"):
        Letterbox((8, 8), 8).image(np.full((8, 8), np.nan))


def test_a_constant_picture_has_a_deviation_to_divide_by() -> None:
    assert standard(np.full((4, 4), 51, np.uint8)) == (0.2, 0.001)

"""Made pictures with landmarks: the same for the same seed, points where they belong."""

import numpy as np
import pytest

from acetate.samples import landmark_shapes


def test_the_same_seed_gives_the_same_and_the_first_of_few_are_the_first_of_many():
    few, many = landmark_shapes(4, seed=3, size=64), landmark_shapes(9, seed=3, size=64)
    assert np.array_equal(few.images, many.images[:4])
    assert np.array_equal(few.points, many.points[:4])
    other = landmark_shapes(4, seed=4, size=64)
    assert np.all(np.any(few.images != other.images, axis=(1, 2)))
    assert len(few) == 4


def test_gray_and_colour_show_the_same_moths():
    gray, colour = landmark_shapes(3, size=64), landmark_shapes(3, size=64, colour=True)
    assert gray.images.shape == (3, 64, 64)
    assert colour.images.shape == (3, 64, 64, 3)
    assert gray.images.dtype == colour.images.dtype == np.uint8
    assert np.array_equal(gray.points, colour.points)
    luma = colour.images @ [0.299, 0.587, 0.114]
    for one, other in zip(gray.images, luma, strict=True):
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.7


@pytest.mark.parametrize("rotation", [0, 40, 180])
@pytest.mark.parametrize("size", [32, 128])
def test_landmarks_lie_inside_and_scale_with_the_size(size, rotation):
    points = landmark_shapes(60, size=size, rotation=rotation).points
    assert points.shape == (60, 5, 2)
    assert np.all((points > 0) & (points < size))
    length = np.linalg.norm(points[:, 0] - points[:, 3], axis=1)
    assert np.all((length > 0.3 * size) & (length < 0.7 * size))


def test_angles_are_those_asked_for_and_left_is_left():
    moths = landmark_shapes(200, size=32, rotation=50)
    names = {name: k for k, name in enumerate(moths.names)}
    up = moths.points[:, names["head"]] - moths.points[:, names["spot"]]
    angles = np.degrees(np.arctan2(up[:, 0], -up[:, 1]))
    assert np.all(np.abs(angles) < 51)
    assert angles.std() > 20
    right = moths.points[:, names["right wing"]] - moths.points[:, names["left wing"]]
    turned = np.stack([-up[:, 1], up[:, 0]], axis=1)
    assert np.all((right * turned).sum(axis=1) > 0)
    assert moths.mirror == {"left wing": "right wing", "right wing": "left wing"}


def test_a_spot_is_where_it_is_said_to_be():
    """It differs from the body around it, more than noise does, in most pictures."""
    moths = landmark_shapes(80, size=128)
    y, x = np.mgrid[:128, :128] + 0.5
    differs = []
    for image, points in zip(moths.images.astype(float), moths.points, strict=True):
        away = np.hypot(x - points[4, 0], y - points[4, 1])
        spine = points[0] - points[3]
        along = np.abs((x - points[4, 0]) * spine[0] + (y - points[4, 1]) * spine[1])
        body = (away > 4.5) & (away < 7.5) & (along > 0.95 * away * np.linalg.norm(spine))
        differs.append(abs(image[away < 2].mean() - image[body].mean()))
    assert np.median(differs) > 40


def test_pictures_differ_in_place_light_and_contrast():
    moths = landmark_shapes(60, size=64)
    assert moths.points[:, 4].std(axis=0).min() > 5
    assert moths.images.mean(axis=(1, 2)).std() > 10
    # Bright wings on dark ground as often as dark ones on bright.
    assert len(np.unique(moths.images)) > 200


def test_no_pictures():
    none = landmark_shapes(0, size=64)
    assert none.images.shape == (0, 64, 64)
    assert none.points.shape == (0, 5, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": -1}, r"count must lie in \[0, 1000000\], got -1"),
        ({"count": 1, "size": 31}, r"size must lie in \[32, 2048\], got 31"),
        ({"count": 1, "rotation": 181}, "rotation must lie in"),
        ({"count": 1, "seed": -1}, "seed must be a whole number from 0, got -1"),
    ],
)
def test_what_cannot_be_made_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        landmark_shapes(**options)

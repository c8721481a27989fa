"""From a picture to the network's square, to heatmaps, and back: points stay where they were."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from acetate.augmenters import Fliplr
from acetate.landmarks import decode, heatmap_targets
from acetate.landmarks.letterbox import Letterbox
from acetate.samples import landmark_shapes

SIDES = st.integers(20, 3000)
SHARES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5)
SIZES = st.sampled_from([64, 128, 256])
STRIDES = st.sampled_from([1, 2, 4])
ZOOMS = st.floats(0.5, 3.0)


def there_and_back(points, box, stride, sigma):
    """Points of the picture that are seen in the square, and what comes back of them."""
    inside = box.to_square(points)
    seen = np.all((inside >= 0) & (inside <= box.size), axis=1)
    maps = heatmap_targets(inside / stride, (box.size // stride,) * 2, sigma)
    return points[seen], box.to_picture(decode(maps, sigma=sigma).points * stride)[seen]


@given(SIDES, SIDES, SHARES, SIZES, STRIDES, ZOOMS, st.floats(1, 4))
def test_points_come_back_to_a_fiftieth_of_a_pixel(
    height, width, shares, size, stride, zoom, sigma
):
    assume(max(height, width) < 20 * min(height, width))
    box = Letterbox((height, width), size, zoom)
    points = np.array(shares) * (width, height)
    before, after = there_and_back(points, box, stride, sigma)
    assert np.abs(after - before).max(initial=0) < 0.02


@given(
    st.integers(48, 180),
    st.integers(48, 180),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from([64, 96, 160]),
    st.sampled_from([0.8, 1.0, 1.25]),
)
def test_a_blob_in_the_pixels_of_a_picture_is_found_where_it_is(
    height, width, across, down, size, zoom
):
    """The pixels themselves take the way that the points take."""
    sigma, margin = 4.0, 14.0  # nearer to the picture's border its bars would cut the blob off
    box = Letterbox((height, width), size, zoom)
    point = margin + np.array([[across, down]]) * (width - 2 * margin, height - 2 * margin)
    assume(np.all(np.abs(box.to_square(point) - size / 2) < 0.45 * size))
    picture = heatmap_targets(point, (height, width), sigma)[0]
    square = box.image(picture, fill=0.0)
    scale = box.content[1] / width
    found = box.to_picture(decode(square[np.newaxis], sigma=sigma * scale).points)
    assert np.abs(found - point).max() < 0.02


@given(st.integers(20, 400), st.integers(20, 400), SHARES, SIZES, STRIDES)
def test_a_mirrored_picture_gives_mirrored_points(height, width, shares, size, stride):
    assume(max(height, width) < 20 * min(height, width))
    box = Letterbox((height, width), size)
    points = np.array(shares) * (width, height)
    mirrored = points * [-1, 1] + [width, 0]
    _, plain = there_and_back(points, box, stride, 2.0)
    _, after = there_and_back(mirrored, box, stride, 2.0)
    assert np.abs(after - (plain * [-1, 1] + [width, 0])).max() < 0.02


def test_mirrored_pixels_give_mirrored_points():
    points = np.array([[31.7, 40.2]])
    picture = heatmap_targets(points, (90, 121), 5.0)[0]
    box = Letterbox(picture.shape, 64)
    sigma = 5.0 * 64 / 121
    found = [
        box.to_picture(decode(box.image(each, fill=0.0)[np.newaxis], sigma=sigma).points)
        for each in (picture, Fliplr(1.0)(image=picture))
    ]
    assert np.abs(found[1] - (found[0] * [-1, 1] + [121, 0])).max() < 0.02


def test_the_landmarks_of_made_pictures_survive_the_way():
    moths = landmark_shapes(4, size=96)
    box = Letterbox(moths.images.shape[1:], 64)
    for points in moths.points:
        before, after = there_and_back(points, box, 2, 1.5)
        assert len(before) == 5
        assert np.abs(after - before).max() < 0.02

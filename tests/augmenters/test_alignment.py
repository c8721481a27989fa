"""Pictures, heatmaps, labels, landmarks and boxes stay in register under every geometric map."""

import numpy as np
import pytest
from contract import GEOMETRIC
from hypothesis import given
from hypothesis import strategies as st

import acetate.augmenters as iaa
from acetate.augmenters.steps import Warp
from acetate.geometry import Projective
from acetate.heat import heat_kernel
from acetate.sheets import (
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    Keypoint,
    KeypointsOnImage,
    SegmentationMapsOnImage,
)

FRAME = (96, 120)
SHEETS = {"full": (96, 120), "half": (48, 60), "quarter": (24, 30), "odd": (37, 53)}
NAMES = sorted(GEOMETRIC)
SEEDS = st.integers(0, 2**32)


def blob(shape, point, frame=FRAME, sigma=1.3):
    """Draw a Gaussian dot at a landmark (x, y) of the frame on a sheet of another size."""
    x, y = point
    on_sheet = np.array([[x * shape[1] / frame[1], y * shape[0] / frame[0]]])
    return heat_kernel(shape, on_sheet, sigma)[:, :, 0]


def centre(array, frame):
    """Return the centre of mass (x, y) of a sheet in the frame's coordinates."""
    rows, columns = np.indices(array.shape) + 0.5
    total = array.sum(dtype=np.float64)
    x, y = (columns * array).sum() / total, (rows * array).sum() / total
    return np.array([x * frame[1] / array.shape[1], y * frame[0] / array.shape[0]])


def border_distance(array, reach=1e-3):
    """Return whether the dot stays clear of the sheet's borders."""
    ring = np.concatenate(
        [array[:2].ravel(), array[-2:].ravel(), array[:, :2].ravel(), array[:, -2:].ravel()]
    )
    return ring.max(initial=0) < reach * array.max(initial=1e-9)


def inner_point(rng, frame=FRAME):
    return rng.uniform(0.25, 0.75, 2) * (frame[1], frame[0])


@pytest.mark.parametrize("name", NAMES)
@given(seed=SEEDS)
def test_a_dot_at_a_landmark_follows_it(name, seed):
    rng = np.random.default_rng(seed)
    point = inner_point(rng)
    recipe = GEOMETRIC[name]().draw(FRAME, seed)
    image = recipe.image(blob(FRAME, point, sigma=1.3))
    moved = recipe.keypoints(KeypointsOnImage.from_xy_array(point[np.newaxis], FRAME))
    assert moved.shape[:2] == image.shape == recipe.output_shape
    if border_distance(image) and image.max() > 0.1:
        off = np.abs(centre(image, image.shape) - moved.to_xy_array()[0]).max()
        assert off < 0.25


@pytest.mark.parametrize("size", sorted(SHEETS))
@pytest.mark.parametrize("name", NAMES)
@given(seed=SEEDS)
def test_every_heatmap_pixel_says_where_it_came_from(name, size, seed):
    """Heatmaps that hold their own x and y arrive where those coordinates are seen."""
    h, w = SHEETS[size]
    rows, columns = np.indices((h, w)) + 0.5
    ramps = np.stack([columns / w, rows / h, np.ones((h, w))], axis=-1).astype(np.float32)
    recipe = GEOMETRIC[name]().draw(FRAME, seed)
    sheet = recipe.heatmaps(HeatmapsOnImage(ramps, FRAME))
    assert sheet.shape[:2] == recipe.output_shape
    got = sheet.get_arr()
    # Beside the frame, fill is mixed in; ramps that were interpolated at a border are flat.
    whole = got[..., 2] > 0.9999
    margin = np.array([1.0 / w, 1.0 / h])
    inner = whole & (np.abs(got[..., :2] - 0.5) < 0.5 - margin).all(axis=-1)
    if not inner.any():
        return
    out_h, out_w = got.shape[:2]
    places = np.argwhere(inner)[:: max(1, inner.sum() // 60)]
    seen = got[tuple(places.T)][:, :2] * (FRAME[1], FRAME[0])
    there = (places[:, ::-1] + 0.5) * (sheet.shape[1] / out_w, sheet.shape[0] / out_h)
    moved = recipe.keypoints(KeypointsOnImage.from_xy_array(seen, FRAME)).to_xy_array()
    assert np.abs(moved - there).max() < 0.25


@pytest.mark.parametrize("size", sorted(SHEETS))
@pytest.mark.parametrize("name", NAMES)
@given(seed=SEEDS)
def test_labels_follow_landmarks(name, size, seed):
    rng = np.random.default_rng(seed)
    point = inner_point(rng)
    shape = SHEETS[size]
    disc = (blob(shape, point, sigma=2.0) > 0.2).astype(np.int32) * 7
    recipe = GEOMETRIC[name]().draw(FRAME, seed)
    sheet = recipe.segmentation_maps(SegmentationMapsOnImage(disc, FRAME))
    got = sheet.get_arr()
    assert set(np.unique(got)) <= {0, 7}
    moved = recipe.keypoints(KeypointsOnImage.from_xy_array(point[np.newaxis], FRAME))
    if (got > 0).sum() >= 8 and border_distance(got / 7):
        pitch = max(sheet.shape[0] / got.shape[0], sheet.shape[1] / got.shape[1])
        off = np.abs(centre(got, sheet.shape[:2]) - moved.to_xy_array()[0]).max()
        assert off < 0.75 * pitch + 0.25


@pytest.mark.parametrize("name", NAMES)
@given(seed=SEEDS)
def test_boxes_hold_what_they_held(name, seed):
    rng = np.random.default_rng(seed)
    low = inner_point(rng)
    box = np.concatenate([low, low + rng.uniform(4, 20, 2)])
    inside = low + rng.uniform(0, 1, (20, 2)) * (box[2:] - box[:2])
    recipe = GEOMETRIC[name]().draw(FRAME, seed)
    x1, y1, x2, y2 = recipe.bounding_boxes(
        BoundingBoxesOnImage.from_xyxy_array(box[np.newaxis], FRAME)
    ).to_xyxy_array()[0]
    moved = recipe.keypoints(KeypointsOnImage.from_xy_array(inside, FRAME)).to_xy_array()
    tolerance = 0.6  # an outline is followed at points: a bend between two of them may stand out
    assert (moved >= np.array([x1, y1]) - tolerance).all()
    assert (moved <= np.array([x2, y2]) + tolerance).all()


@pytest.mark.parametrize("size", sorted(SHEETS))
@pytest.mark.parametrize("name", NAMES)
@given(seed=SEEDS)
def test_heatmaps_stay_in_range_and_in_proportion(name, size, seed):
    rng = np.random.default_rng(seed)
    shape = SHEETS[size]
    sheet = HeatmapsOnImage(rng.random(shape, dtype=np.float32) * 5 - 2, FRAME, -2, 3)
    cubic = GEOMETRIC[name]()
    for part in getattr(cubic, "children", [cubic]):
        part.heatmaps = iaa.Resampling("cubic")
    recipe = cubic.draw(FRAME, seed)
    out = recipe.heatmaps(sheet)
    assert out.get_arr().min() >= -2
    assert out.get_arr().max() <= 3
    for axis in (0, 1):
        wanted = recipe.output_shape[axis] * shape[axis] / FRAME[axis]
        assert abs(out.get_arr().shape[axis] - wanted) <= 0.5 + 1e-9
    step_by_step = cubic.draw(FRAME, seed, fuse=False).heatmaps(sheet)
    assert step_by_step.get_arr().shape == out.get_arr().shape


@pytest.mark.parametrize("turn", [iaa.Fliplr(1), iaa.Flipud(1), iaa.Rot90(2)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_flips_and_half_turns_undo_themselves(turn, dtype):
    rng = np.random.default_rng(0)
    image = (rng.random((31, 42, 3)) * (1 if dtype == "float32" else 255)).astype(dtype)
    assert np.array_equal(turn(image=turn(image=image)), image)


def test_four_quarter_turns_are_none_bit_for_bit():
    image = np.random.default_rng(0).integers(0, 256, (31, 42, 3), np.uint8)
    heat = np.random.default_rng(1).random((8, 11), dtype=np.float32)
    quarter = iaa.Rot90(1, keep_size=False)
    turned, warm = image, HeatmapsOnImage(heat, image.shape)
    for _ in range(4):
        turned, warm = quarter(image=turned, heatmaps=warm)
    assert np.array_equal(turned, image)
    assert np.array_equal(warm.get_arr(), heat)


@given(seed=SEEDS)
def test_maps_that_do_nothing_change_no_bit(seed):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (20, 33, 3), np.uint8)
    heat = HeatmapsOnImage(rng.random((7, 9), dtype=np.float32), image.shape)
    still = iaa.Sequential(
        [
            iaa.Affine(rotate=0, scale=1.0),
            iaa.Resize("keep"),
            iaa.CropAndPad(px=0),
            iaa.Rot90(4),
            iaa.ElasticTransformation(0, 5),
            iaa.PiecewiseAffine(0),
            iaa.PerspectiveTransform(0),
        ]
    )
    same, warm = still(image=image, heatmaps=heat)
    assert np.array_equal(same, image)
    assert np.array_equal(warm.get_arr(), heat.get_arr())


@given(seed=SEEDS)
def test_landmarks_meet_the_true_inverse_of_bends(seed):
    """Within 0.05 px of the point that the picture's own map sends to the landmark."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 1, (30, 2)) * (FRAME[1], FRAME[0])
    sheet = KeypointsOnImage.from_xy_array(points, FRAME)
    for bend in (iaa.ElasticTransformation(50, 5), iaa.PiecewiseAffine((0.01, 0.04))):
        recipe = bend.draw(FRAME, seed)
        if recipe.steps:
            back = recipe.steps[0].map(recipe.keypoints(sheet).to_xy_array())
            assert np.abs(back - points).max() < 0.05


@given(seed=SEEDS)
def test_left_and_right_change_names_only_in_mirror_images(seed):
    points = KeypointsOnImage.from_xy_array(np.array([[10.0, 20.0], [90.0, 20.0]]), FRAME)
    named = KeypointsOnImage(
        [Keypoint(10, 20, name="left eye"), Keypoint(90, 20, name="right eye")],
        FRAME,
        mirror={"left eye": "right eye", "right eye": "left eye"},
    )
    flips = iaa.Sequential([iaa.Fliplr(0.5), iaa.Flipud(0.5), iaa.Rotate((-30, 30))])
    recipe = flips.draw(FRAME, seed)
    mirrored = (
        sum(
            isinstance(s, Warp) and isinstance(s.map, Projective) and s.map.mirrors
            for s in recipe.steps
        )
        == 1
    )
    moved = recipe.keypoints(named)
    plain = recipe.keypoints(points).to_xy_array()
    expected = plain[::-1] if mirrored else plain
    assert [k.name for k in moved.keypoints] == ["left eye", "right eye"]
    assert np.allclose(moved.to_xy_array(), expected)

"""What HeatCut makes of boxes and strokes, and of what is none."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate import images, samples
from acetate.measure import iou
from acetate.segment import HeatCut, disc_mask, polygon_mask
from acetate.segment.cut.colors import in_bytes
from acetate.segment.cut.levels import box_levels, box_start, descend, scribble_levels
from acetate.segment.prompts import Box
from acetate.sheets import BoundingBox

DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")

BOX = (22, 24, 76, 74)


def disc_in_noise(channels=3, side=100, seed=0, sigma=20):
    """Return a disc that differs in colour, under noise, and its truth."""
    truth = disc_mask((side, side), side * 0.22, (side * 0.49, side * 0.49))
    rng = np.random.default_rng(seed)
    inside, outside = np.array([150, 60, 90])[:channels], np.array([60, 110, 100])[:channels]
    values = np.where(truth[..., np.newaxis], inside, outside) + rng.normal(
        0, sigma, (side, side, 1)
    )
    image = np.clip(values, 0, 255).astype(np.uint8)
    return (image[:, :, 0] if channels == 1 else image), truth


def strokes_on(truth):
    scribbles = np.zeros(truth.shape, np.uint8)
    middle = truth.shape[0] // 2
    scribbles[3:6, 5:-5] = 1
    scribbles[middle - 1 : middle + 2, middle - 8 : middle + 8] = 2
    return scribbles


def prompts():
    return {"box": BOX, "scribbles": strokes_on(np.zeros((100, 100)))}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["box", "scribbles"])
def test_a_disc_in_noise_is_found(channels, kind):
    image, truth = disc_in_noise(channels)
    found = HeatCut().segment(image, prompts()[kind])
    assert found.labels.dtype == np.uint8
    assert iou(found.mask, truth) > 0.96
    assert found.facts.dead == ()
    assert found.facts.pixels == (int((~found.mask).sum()), int(found.mask.sum()))
    assert np.allclose(found.facts.values[1], image[found.mask].mean(axis=0))


@pytest.mark.parametrize("kind", ["box", "scribbles"])
def test_a_dark_object_is_found_as_well(kind):
    image, truth = disc_in_noise(1)
    assert iou(HeatCut().segment(255 - image, prompts()[kind]).mask, truth) > 0.96


@pytest.mark.parametrize("kind", ["box", "scribbles"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", ["uint16", "float32", "float64"])
def test_all_dtypes_give_about_the_same_mask(dtype, channels, kind):
    image, _ = disc_in_noise(channels)
    given = image.astype(np.uint16) * 257 if dtype == "uint16" else (image / 255).astype(dtype)
    expected = HeatCut().segment(image, prompts()[kind]).mask
    assert iou(HeatCut().segment(given, prompts()[kind]).mask, expected) > 0.98


@pytest.mark.parametrize("kind", ["box", "scribbles"])
def test_a_flip_of_picture_and_prompt_flips_the_labels(kind):
    image, _ = disc_in_noise()
    labels = HeatCut().segment(image, prompts()[kind]).labels
    x1, y1, x2, y2 = BOX
    boxes = (100 - x2, y1, 100 - x1, y2), (x1, 100 - y2, x2, 100 - y1)
    for way, box in zip((np.s_[:, ::-1], np.s_[::-1]), boxes, strict=True):
        prompt = box if kind == "box" else prompts()[kind][way]
        flipped = HeatCut().segment(image[way], prompt).labels[way]
        assert np.mean(flipped != labels) < 0.002


@pytest.mark.parametrize("kind", ["box", "scribbles"])
def test_the_same_again_is_the_same_and_nothing_given_is_changed(kind):
    image, _ = disc_in_noise()
    prompt = prompts()[kind]
    before = image.copy(), np.array(prompt)
    first, second = (HeatCut().segment(image, prompt) for _ in range(2))
    assert np.array_equal(first.labels, second.labels)
    assert first.facts == second.facts
    assert np.array_equal(image, before[0])
    assert np.array_equal(np.array(prompt), before[1])


def test_marks_are_kept_whatever_the_colours_say():
    image, truth = disc_in_noise()
    wrong = np.where(strokes_on(truth) > 0, 3 - strokes_on(truth), 0)
    labels = HeatCut(connected=False).segment(image, wrong).labels
    assert np.all(labels[wrong == 1] == 0)
    assert np.all(labels[wrong == 2] == 1)


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(["box", "scribbles"]))
@settings(max_examples=25, deadline=None)
def test_marks_are_kept_and_energies_fall_on_any_picture(seed, kind):
    rng = np.random.default_rng(seed)
    height, width = (int(n) for n in rng.integers(1, 60, 2))
    shape = (height, width) if seed % 2 else (height, width, 3)
    image = rng.integers(0, 256, shape, np.uint8)
    if kind == "box":
        x, y = rng.integers(width), rng.integers(height)
        prompt = x, y, x + rng.integers(1, 40), y + rng.integers(1, 40)
        labels, facts = _segmented(image, prompt)
        assert not labels[~Box(*map(float, prompt)).inside((height, width))].any()
    elif height * width > 1:
        prompt = np.zeros((height, width), np.uint8)
        prompt.ravel()[rng.permutation(height * width)[:2]] = 1, 2
        labels, facts = _segmented(image, prompt)
        assert np.array_equal(labels[prompt > 0], prompt[prompt > 0] - 1)
    else:
        return
    assert np.all(np.diff(facts.energies) < 0)
    assert np.isfinite(facts.energies).all()


def _segmented(image, prompt):
    found = HeatCut(longest=16.0).segment(image, prompt)
    return found.labels, found.facts


@pytest.mark.parametrize("kind", ["box", "scribbles"])
def test_the_energy_falls_in_every_stage_of_every_level(kind):
    image = in_bytes(samples.coffee(0.5))
    if kind == "box":
        box = Box(80.0, 5.0, 210.0, 110.0)
        levels = box_levels(image, box, 80)
        start = box_start(levels[-1], box.moved(0, 0, 0.5 ** (len(levels) - 1)))
    else:
        marks = np.zeros(image.shape[:2], np.uint8)
        marks[5, 5:90], marks[40:70, 140:150] = 1, 2
        levels = scribble_levels(image, marks, 80)
        start = np.zeros(levels[-1].space, np.uint8)
    _, flows = descend(levels, start)
    assert [len(stages) for stages in flows] == [2] + [1] * (len(levels) - 1)
    for stage in (stage for stages in flows for stage in stages):
        assert np.all(np.diff(stage.energies) < 0)


def test_any_number_of_objects_is_found_by_their_strokes():
    image = np.full((60, 90, 3), 60, np.uint8)
    image[10:50, 10:40], image[10:50, 50:80] = (200, 60, 60), (60, 60, 200)
    noisy = np.clip(image + np.random.default_rng(0).normal(0, 10, image.shape), 0, 255)
    scribbles = np.zeros((60, 90), np.uint8)
    scribbles[2:5, 5:80], scribbles[30:32, 20:30], scribbles[30:32, 60:70] = 1, 2, 3
    found = HeatCut().segment(noisy.astype(np.uint8), scribbles)
    assert iou(found.labels == 1, image[:, :, 0] == 200) > 0.96
    assert iou(found.labels == 2, image[:, :, 2] == 200) > 0.96
    assert len(found.facts.values) == 3


def test_what_does_not_hang_together_with_a_stroke_is_left_out_unless_wanted():
    image = np.full((60, 180), 50, np.uint8)
    for x in (15, 75, 135):
        image[15:45, x : x + 30] = 200
    scribbles = np.zeros((60, 180), np.uint8)
    scribbles[2:5, 5:175], scribbles[25:35, 20:40], scribbles[25:35, 80:100] = 1, 2, 2
    method = HeatCut(length=0.5, distance=0.0)
    marked = (image == 200) & (np.arange(180) < 120)
    assert np.array_equal(method.segment(image, scribbles).mask, marked)
    every = replace(method, connected=False).segment(image, scribbles)
    assert np.array_equal(every.mask, image == 200)


@pytest.mark.parametrize("seed", range(3))
def test_all_that_is_found_hangs_together_with_a_stroke_even_in_noise(seed):
    image = np.random.default_rng(seed).integers(0, 256, (90, 120, 3), np.uint8)
    scribbles = np.zeros((90, 120), np.uint8)
    scribbles[5, 10:100], scribbles[50, 20:50], scribbles[50, 70:100] = 1, 2, 3
    labels = HeatCut(length=0.0, distance=0.0, longest=64.0).segment(image, scribbles).labels
    for k in (1, 2):
        count, parts = cv2.connectedComponents((labels == k).astype(np.uint8), connectivity=8)
        assert set(range(1, count)) == set(parts[scribbles == k + 1].tolist())


def test_strokes_decide_between_parts_of_the_same_colour():
    image = np.full((60, 120), 50, np.uint8)
    image[15:45, 15:45], image[15:45, 75:105] = 200, 200
    scribbles = np.zeros((60, 120), np.uint8)
    scribbles[2:5, 5:115], scribbles[28:32, 85:95], scribbles[28:32, 25:35] = 1, 1, 2
    found = HeatCut().segment(image, scribbles)
    assert iou(found.mask, (image == 200) & (np.arange(120) < 60)) > 0.99


def test_more_length_makes_shorter_borders():
    image, _ = disc_in_noise(1, sigma=45)

    def border(length):
        labels = HeatCut(length=length).segment(image, BOX).labels.astype(int)
        return np.abs(np.diff(labels, axis=0)).sum() + np.abs(np.diff(labels, axis=1)).sum()

    assert border(0.0) > border(2.0) >= border(8.0)


def test_pictures_larger_than_the_longest_side_go_through_levels():
    image, truth = disc_in_noise(side=400)
    found = HeatCut().segment(image, (88, 88, 304, 304))
    assert len(found.facts.levels) == 3
    assert iou(found.mask, truth) > 0.98


def test_boxes_may_be_those_of_sheets_and_reach_beyond_the_picture():
    image, _ = disc_in_noise()
    expected = HeatCut().segment(image, BOX).labels
    assert np.array_equal(HeatCut().segment(image, BoundingBox(*BOX)).labels, expected)
    corner, half = image[30:, 30:], HeatCut().segment(image[30:, 30:], (-9, -9, 46, 44))
    assert half.labels.shape == corner.shape[:2]
    assert iou(half.mask, disc_in_noise()[1][30:, 30:]) > 0.9


def test_a_box_around_the_whole_picture_takes_its_corners_for_background():
    image, truth = disc_in_noise()
    found = HeatCut().segment(image[20:80, 20:80], (0, 0, 60, 60))
    assert iou(found.mask, truth[20:80, 20:80]) > 0.95


@pytest.mark.parametrize("value", [0, 7, 255])
@pytest.mark.parametrize("kind", ["box", "scribbles"])
def test_a_constant_picture_is_divided_by_its_prompt_alone(value, kind):
    found = HeatCut().segment(np.full((100, 100), value, np.uint8), prompts()[kind])
    assert np.all(np.diff(found.facts.energies) < 0)
    if kind == "scribbles":
        assert found.mask[50, 50]
        assert not found.mask[4, 50]
    else:
        assert not found.mask[:24].any()


@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (1, 400)])
def test_thin_pictures_are_divided(shape):
    image = np.full(shape, 30, np.uint8)
    line = image.ravel()
    line[10:20] = 200
    box = (8, 0, 22, 1) if shape[0] == 1 else (0, 8, 1, 22)
    assert np.array_equal(HeatCut().segment(image, box).mask, image == 200)
    scribbles = np.zeros(shape, np.int64)
    scribbles.ravel()[[2, 30, 14]] = 1, 1, 2
    assert np.array_equal(HeatCut().segment(image, scribbles).mask, image == 200)


def test_one_pixel_is_all_there_is():
    assert HeatCut().segment(np.zeros((1, 1), np.uint8), (0, 0, 1, 1)).labels.shape == (1, 1)


@pytest.mark.parametrize(
    ("image", "prompt", "error", "words"),
    [
        (np.zeros((9, 9)), None, ValueError, "needs a prompt"),
        (np.zeros((9, 9)), (20, 0, 30, 5), ValueError, "no pixel of the picture"),
        (np.zeros((9, 9)), (5, 5, 5, 8), ValueError, "x1 < x2"),
        (np.zeros((9, 9)), np.ones((9, 9), int), ValueError, "nothing is marked 2"),
        (np.zeros((9, 9)), np.ones((8, 9), int), ValueError, "shape of the picture"),
        (np.zeros((9, 9)), np.ones((9, 9)), TypeError, "integers, got float64"),
        (np.full((9, 9), np.nan), (1, 1, 5, 5), ValueError, "NaN"),
        (np.zeros((9, 9, 5)), (1, 1, 5, 5), ValueError, "up to 4 channels"),
        (np.zeros((0, 9)), (1, 1, 5, 5), ValueError, "empty"),
        (np.zeros((9, 9), int), (1, 1, 5, 5), ValueError, "int64"),
        ([[0]], (1, 1, 5, 5), TypeError, "list"),
    ],
)
def test_bad_input_is_refused(image, prompt, error, words):
    with pytest.raises(error, match=words):
        HeatCut().segment(image, prompt)


@pytest.mark.parametrize("parameters", [{"length": -1.0}, {"tau": 0.0}, {"max_iter": 0}])
def test_parameters_out_of_range_are_refused(parameters):
    with pytest.raises(ValueError, match="must lie in"):
        HeatCut(**parameters)


def test_the_dahlia_is_found_in_its_box_and_by_strokes():
    image = samples.flower()
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    corners = np.stack([308 + 136 * np.cos(angles), 222 + 136 * np.sin(angles)], axis=1)
    truth = polygon_mask(image, corners)
    assert iou(HeatCut().segment(image, (158, 72, 458, 372)).mask, truth) > 0.94
    scribbles = np.zeros(image.shape[:2], np.uint8)
    cv2.line(scribbles, (60, 60), (150, 380), 1, 3)
    cv2.line(scribbles, (500, 100), (560, 400), 1, 3)
    cv2.line(scribbles, (250, 180), (370, 290), 2, 3)
    assert iou(HeatCut().segment(image, scribbles).mask, truth) > 0.9


@needs_data
def test_single_nuclei_are_found_in_their_boxes():
    scores = []
    for file in sorted((DATA / "nuclei" / "images").glob("*.png"))[:10]:
        labels = images.read_labels(DATA / "nuclei" / "labels" / file.name)
        truth = labels == np.bincount(labels[labels > 0]).argmax()
        rows, columns = np.flatnonzero(truth.any(axis=1)), np.flatnonzero(truth.any(axis=0))
        box = columns[0] - 2, rows[0] - 2, columns[-1] + 3, rows[-1] + 3
        scores.append(iou(HeatCut().segment(images.read(file), box).mask, truth))
    assert np.mean(scores) > 0.85

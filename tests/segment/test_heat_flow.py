"""What HeatFlow makes of pictures, volumes and prompts, and of what is none."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from acetate import images, samples
from acetate.measure import iou, iou_per_label
from acetate.segment import HeatFlow, disc_mask, square_mask

DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def noisy_disc(side=96, radius=24, low=60, high=120, sigma=12, seed=0):
    truth = disc_mask((side, side), radius)
    noise = np.random.default_rng(seed).normal(0, sigma, truth.shape)
    return np.clip(np.where(truth, high, low) + noise, 0, 255).astype(np.uint8), truth


def test_a_noisy_disc_is_found_without_any_parameter():
    image, truth = noisy_disc()
    found = HeatFlow().segment(image)
    assert found.labels.dtype == np.uint8
    assert iou(found.mask, truth) > 0.98
    assert found.facts.converged
    assert found.facts.dead == ()
    assert [round(v) for (v,) in found.facts.values] == [60, 120]


@pytest.mark.parametrize("convert", ["uint8", "uint16", "float32", "float64"])
def test_all_dtypes_give_the_same_mask(convert):
    image, _ = noisy_disc()
    expected = HeatFlow(still=0.0).segment(image).mask
    scaled = {"uint8": image, "uint16": image.astype(np.uint16) * 257}
    given = scaled.get(convert, (image / 255).astype("float64" if "u" in convert else convert))
    found = HeatFlow(still=0.0).segment(given)
    assert iou(found.mask, expected) > 0.995
    assert found.facts.values[1][0] == pytest.approx(given[expected].mean(dtype=float), rel=0.01)


def test_foreground_is_bright_unless_told_otherwise():
    image, truth = noisy_disc(low=120, high=60)
    assert iou(HeatFlow().segment(image).mask, ~truth) > 0.98
    assert iou(HeatFlow(bright=False).segment(image).mask, truth) > 0.98


def test_a_flip_of_the_picture_flips_the_labels():
    image, _ = noisy_disc(64)
    labels = HeatFlow().segment(image).labels
    mirrored = HeatFlow().segment(image[:, ::-1]).labels[:, ::-1]
    turned = HeatFlow().segment(image.T.copy()).labels.T
    assert np.mean(mirrored != labels) < 0.002
    assert np.mean(turned != labels) < 0.002


def test_the_picture_is_left_as_it_was():
    image, _ = noisy_disc()
    prompt = square_mask(image)
    before = image.copy(), prompt.copy()
    HeatFlow().segment(image, prompt)
    assert np.array_equal(image, before[0])
    assert np.array_equal(prompt, before[1])


def test_three_gray_phases_are_numbered_by_brightness():
    bands = np.repeat(np.array([[200, 20, 90]], np.uint8), 20, axis=1).repeat(30, axis=0)
    assert np.unique(HeatFlow(phases=3).segment(bands).labels[0]).tolist() == [0, 1, 2]
    assert HeatFlow(phases=3).segment(bands).labels[0, ::20].tolist() == [2, 0, 1]
    assert HeatFlow(phases=3, bright=False).segment(bands).labels[0, ::20].tolist() == [0, 2, 1]


def test_colours_of_one_brightness_are_told_apart():
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, :20, 0] = image[:, 20:40, 1] = image[:, 40:, 2] = 180
    noise = np.random.default_rng(0).integers(0, 40, image.shape, dtype=np.uint8)
    found = HeatFlow(phases=3).segment(image + noise)
    assert sorted(found.labels[20, 10::20].tolist()) == [0, 1, 2]
    assert found.facts.pixels == (800, 800, 800)


def test_a_volume_is_segmented_as_one():
    z, y, x = np.mgrid[:24, :24, :24]
    truth = (z - 12) ** 2 + (y - 12) ** 2 + (x - 12) ** 2 < 64
    noise = np.random.default_rng(0).normal(0, 25, truth.shape)
    image = np.clip(np.where(truth, 130, 60) + noise, 0, 255).astype(np.uint8)
    found = HeatFlow(dimensions=3, coarsest=8).segment(image)
    assert found.labels.shape == image.shape
    assert iou(found.mask, truth) > 0.93
    single = [HeatFlow().segment(plane).mask for plane in image]
    assert iou(np.stack(single), truth) < 0.9
    colours = HeatFlow(dimensions=3).segment(np.stack([image, image], axis=-1))
    assert iou(colours.mask, truth) > 0.93


def test_distant_slices_keep_each_other_less_together():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 2, (9, 16, 16), dtype=np.uint8) * 255
    image[4] = 255
    near, far = (
        HeatFlow(dimensions=3, slice_spacing=spacing, length=0.4, stabilise="none").segment(image)
        for spacing in (1.0, 8.0)
    )
    assert far.mask[4].all()
    assert not far.mask[3].all()
    assert near.facts.energies[0] != far.facts.energies[0]


def test_uneven_light_is_no_matter_for_local_values():
    spots = np.zeros((128, 128), np.float32)
    spots[8::16, 8::16] = 1
    truth = cv2.dilate(spots, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))) > 0
    light = np.exp(np.linspace(-1.5, 1.5, 128))[:, np.newaxis]
    image = np.clip(np.where(truth, 50, 25) * light, 0, 255).astype(np.uint8)
    assert iou(HeatFlow(fidelity="local", scale=12).segment(image).mask, truth) > 0.9
    assert iou(HeatFlow().segment(image).mask, truth) < 0.5


@pytest.mark.parametrize("added", [lambda x, y: 0.2 * (x**2 + y**2), lambda x, y: 0.3 * (x + 1)])
def test_a_background_that_adds_to_the_picture_is_found(added):
    truth = disc_mask((128, 128), 30, (60, 70))
    y, x = np.mgrid[-1:1:128j, -1:1:128j]
    image = (added(x, y) + 0.3 * truth).astype(np.float32)
    method = HeatFlow(fidelity="background", stabilise="none")
    assert iou(method.segment(image).mask, truth) > 0.98
    assert iou(HeatFlow(stabilise="none").segment(image).mask, truth) < 0.7


def test_mixtures_tell_spread_from_spread():
    rng = np.random.default_rng(0)
    truth = disc_mask((64, 64), 20)
    image = np.clip(128 + rng.normal(0, np.where(truth, 50, 5)), 0, 255).astype(np.uint8)
    rough = disc_mask((64, 64), 26)
    method = HeatFlow(fidelity="mixture", components=1, length=1.0, stabilise="none")
    assert iou(method.segment(image, rough).mask, truth) > 0.9
    assert iou(HeatFlow(stabilise="none").segment(image, rough).mask, truth) < 0.6


def test_mixtures_take_colours():
    image = samples.cat((60, 90))
    found = HeatFlow(fidelity="mixture").segment(image)
    assert found.facts.dead == ()
    assert np.isfinite(found.facts.energies).all()


def test_what_the_coarse_levels_lose_is_found_at_the_finest():
    image = np.full((512, 512), 20, np.uint8)
    image += np.random.default_rng(0).integers(0, 5, image.shape, dtype=np.uint8)
    image[10::40, 10::40] = image[11::40, 10::40] = image[10::40, 11::40] = 200
    found = HeatFlow(length=1e-4, coarsest=16).segment(image)
    assert np.array_equal(found.mask, image == 200)


def test_coarser_levels_are_there_for_noise_or_when_asked_for():
    calm, _ = noisy_disc(256, 60, sigma=2)
    noisy, truth = noisy_disc(256, 60, sigma=70)
    assert len(HeatFlow().segment(calm).facts.levels) == 1
    assert len(HeatFlow(coarsest=64).segment(calm).facts.levels) == 3
    assert len(HeatFlow(phases=3).segment(calm).facts.levels) == 3
    assert len(HeatFlow().segment(noisy).facts.levels) == 3
    assert iou(HeatFlow().segment(noisy).mask, truth) > 0.93


def test_a_longer_border_has_to_be_worth_more():
    image, _ = noisy_disc(sigma=30)
    lengths = [HeatFlow(smoothness=s).segment(image).facts.length for s in (0.0, 1.0, 9.0)]
    assert lengths[0] == 0
    assert lengths[2] == pytest.approx(9 * lengths[1])
    rough, smooth = (HeatFlow(smoothness=s).segment(image).mask for s in (0.1, 9.0))
    edges = [np.count_nonzero(m[:, 1:] != m[:, :-1]) for m in (rough, smooth)]
    assert edges[1] < edges[0] / 2


@pytest.mark.parametrize(("radius", "stays"), [(2.5, False), (16.0, True)])
def test_lambda_is_a_radius_times_a_contrast_squared_over_four(radius, stays):
    """A spot is worth its border above 4 lambda / D^2, here 8 pixels, and withers below 4."""
    image = np.where(disc_mask((96, 96), radius), 0.7, 0.3)
    prompt = disc_mask((96, 96), radius)
    method = HeatFlow(length=8 * 0.4**2 / 4, stabilise="none", coarsest=96, still=0.0)
    # Both phases keep their values only while both are there: fix them with two patches.
    image[:20], image[-20:], prompt[:20], prompt[-20:] = 0.7, 0.3, True, False
    found = method.segment(image, prompt)
    assert found.mask[40:56, 40:56].any() == stays


def test_a_prompt_is_where_the_flow_begins_and_keeps_its_numbers():
    image, truth = noisy_disc(low=120, high=60)
    found = HeatFlow().segment(image, square_mask(image, 20))
    assert iou(found.mask, truth) > 0.98
    labels = np.zeros(image.shape, int)
    labels[:, 40:], labels[:, 60:] = 2, 1
    three = HeatFlow(phases=3, length=0.0).segment(image, labels)
    assert set(np.unique(three.labels)) <= {0, 1, 2}


def test_a_small_prompt_is_not_lost_on_coarser_levels():
    image, truth = noisy_disc(256, 60)
    dot = np.zeros(image.shape, bool)
    dot[128, 128] = True
    found = HeatFlow(coarsest=16).segment(image, dot)
    assert len(found.facts.levels) == 1
    assert iou(found.mask, truth) > 0.98


@pytest.mark.parametrize("fidelity", ["constant", "local", "background", "mixture"])
@pytest.mark.parametrize("shape", [(12, 9), (1, 1), (1, 40), (12, 9, 3)])
@pytest.mark.parametrize("value", [0, 7, 255])
def test_a_constant_picture_is_all_background(fidelity, shape, value):
    found = HeatFlow(phases=3, fidelity=fidelity).segment(np.full(shape, value, np.uint8))
    assert not found.mask.any()
    assert found.facts.dead == (1, 2)
    assert found.facts.values[1:] == (None, None)
    assert found.facts.values[0][0] == pytest.approx(value)


@pytest.mark.parametrize("fidelity", ["constant", "local", "background", "mixture"])
@pytest.mark.parametrize("shape", [(1, 50), (50, 1), (1, 50, 3), (2, 2)])
def test_thin_pictures_are_pictures(fidelity, shape):
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    found = HeatFlow(fidelity=fidelity, smoothness=0.1).segment(image)
    assert found.labels.shape == shape[:2]
    assert found.facts.dead == ()


def test_phases_beyond_the_colours_are_dead():
    colours = np.array([[10, 200, 90]], np.uint8).repeat(4, axis=0)
    for image in (colours, np.dstack([colours] * 3), colours / 255):
        found = HeatFlow(phases=8).segment(image)
        assert found.labels[0].tolist() == [0, 2, 1]
        assert found.facts.dead == (3, 4, 5, 6, 7)


def test_a_phase_not_worth_its_border_dies_and_is_named():
    image, _ = noisy_disc(32, 3)
    found = HeatFlow(length=1.0).segment(image)
    assert not found.mask.any()
    assert found.facts.dead == (1,)
    assert found.facts.values[1] is None
    assert np.isfinite(found.facts.energies).all()


@pytest.mark.parametrize(
    ("image", "error", "message"),
    [
        ([[1]], TypeError, "image must be a NumPy array, got list"),
        (np.array([[0.1, np.nan]]), ValueError, r"1 NaN or infinite value of 2, the first at"),
        (np.array([[0.1, 7.0]]), ValueError, r"image values must lie in \[0, 1\], got \[0.1, 7\]"),
        (np.zeros((0, 4)), ValueError, "image is empty"),
        (np.zeros((2, 3, 4, 5)), ValueError, r"shape \(H, W\) or \(H, W, C\)"),
        (np.zeros((3, 4), int), ValueError, "must be uint8, uint16, float32 or float64"),
    ],
)
def test_what_is_no_picture_is_refused(image, error, message):
    with pytest.raises(error, match=message):
        HeatFlow().segment(image)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((3, 4)), r"\(Z, Y, X\) or \(Z, Y, X, C\) and not be empty, got \(3, 4\)"),
        (np.zeros((3, 0, 4)), "not be empty"),
        (
            np.full((2, 3, 4), np.nan),
            r"24 NaN or infinite values of 24, the first at .*\(0, 0, 0\)",
        ),
        (np.full((2, 3, 4), 2.0), r"volume values must lie in \[0, 1\]"),
    ],
)
def test_what_is_no_volume_is_refused(image, message):
    with pytest.raises(ValueError, match=message):
        HeatFlow(dimensions=3).segment(image)


@pytest.mark.parametrize(
    ("prompt", "phases", "error", "message"),
    [
        ([[True]], 2, TypeError, "prompt must be a NumPy array, got list"),
        (np.zeros((4, 5)), 2, TypeError, "booleans or integers, got float64"),
        (np.zeros((5, 4), bool), 2, ValueError, r"\(4, 5\), got \(5, 4\)"),
        (np.zeros((4, 5), bool), 2, ValueError, "inside and outside, got 0 of 20 inside"),
        (np.ones((4, 5), bool), 2, ValueError, "inside and outside, got 20 of 20 inside"),
        (np.zeros((4, 5), int), 3, ValueError, "every label from 0 to 2 and no other, got 0"),
        (np.arange(20).reshape(4, 5), 3, ValueError, r"0, 1, 2, 3, .* 9 \.\.\."),
    ],
)
def test_prompts_that_fit_no_picture_are_refused(prompt, phases, error, message):
    with pytest.raises(error, match=message):
        HeatFlow(phases).segment(np.zeros((4, 5), np.uint8), prompt)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"phases": 1}, ValueError, r"phases must lie in \[2, 64\], got 1"),
        ({"phases": 2.5}, TypeError, "phases must be a whole number"),
        ({"tau": 0.0}, ValueError, "tau must lie in"),
        ({"length": -1.0}, ValueError, "length must lie in"),
        ({"fidelity": "locl"}, ValueError, "fidelity is one of constant, .* nearest is 'local'"),
        ({"stabilise": "root"}, ValueError, "stabilise is one of none, sqrt, anscombe"),
        ({"bright": 1}, TypeError, "bright must be True or False"),
    ],
)
def test_parameters_out_of_range_are_refused(parameters, error, message):
    with pytest.raises(error, match=message):
        HeatFlow(**parameters)


def test_anscombe_needs_counts_and_mixtures_few_channels():
    with pytest.raises(ValueError, match="needs counts, uint8 or uint16, got float64"):
        HeatFlow(stabilise="anscombe").segment(np.zeros((4, 5)))
    with pytest.raises(ValueError, match="a mixture takes up to 4 channels, got 5"):
        HeatFlow(fidelity="mixture").segment(np.zeros((4, 5, 5)))


def test_anscombe_is_the_root_with_three_eighths():
    image, truth = noisy_disc(low=2, high=12, sigma=1)
    assert iou(HeatFlow(stabilise="anscombe").segment(image).mask, truth) > 0.95
    whole = image.astype(np.uint16) * 100
    assert iou(HeatFlow(stabilise="anscombe").segment(whole).mask, truth) > 0.95


def nuclei(count):
    for file in sorted((DATA / "nuclei/images").glob("*.png"))[:: 40 // count]:
        labels = images.read_labels(DATA / "nuclei/labels" / file.name)
        yield images.read(file), labels > 0


@needs_data
def test_nuclei_are_found_with_the_defaults():
    scores = [iou(HeatFlow().segment(image).mask, truth) for image, truth in nuclei(40)]
    assert np.mean(scores) > 0.83


@needs_data
@pytest.mark.parametrize("strength", [1.0, 2.0])
def test_nuclei_in_uneven_light_are_found_by_local_values(strength):
    slope = np.linspace(-strength, strength, 256, dtype=np.float32)
    light = np.exp(np.minimum.outer(slope, slope[::-1]) - strength)
    scores = [
        iou(HeatFlow(fidelity="local").segment(image / np.float32(255) * light).mask, truth)
        for image, truth in nuclei(10)
    ]
    assert np.mean(scores) > 0.8


@needs_data
@pytest.mark.parametrize(
    ("name", "fidelity", "least"),
    [
        ("art", "constant", 0.97),
        ("cupped", "background", 0.98),
        ("wgn", "constant", 0.85),
        ("wgn_smooth", "constant", 0.92),
    ],
)
def test_two_discs_are_found_where_a_threshold_fails(name, fidelity, least):
    image = images.read(DATA / f"qbi/class_{name}_in.png")[:, :, 0]
    truth = disc_mask(image, 51, (166, 90)) | disc_mask(image, 51, (90, 166))
    found = HeatFlow(fidelity=fidelity, stabilise="none").segment(image)
    assert iou(found.mask, truth) > least
    assert max(iou(image > value, truth) for value in range(0, 255, 5)) < least - 0.05


@needs_data
def test_three_phases_of_tissue_are_found_with_the_defaults():
    scores = []
    for file in sorted((DATA / "phases").glob("*_img.png")):
        truth = images.read_labels(str(file).replace("_img", "_gt"))
        labels = HeatFlow(phases=3, bright=False).segment(images.read(file)).labels
        scores.append(iou_per_label(labels, truth).mean())
    assert np.mean(scores) > 0.74

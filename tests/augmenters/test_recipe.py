"""Recipes: the same bytes from JSON, in any process, order or batch; fused or step by step."""

import json
import multiprocessing
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from contract import GEOMETRIC
from hypothesis import given
from hypothesis import strategies as st

import acetate
import acetate.augmenters as iaa
from acetate import samples
from acetate.augmenters.steps import Curve, Path, Pixels, Warp
from acetate.sheets import (
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    KeypointsOnImage,
    SegmentationMapsOnImage,
)

SEEDS = st.integers(0, 2**32)
IMAGE = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
HEAT = HeatmapsOnImage(np.random.default_rng(1).random((15, 20), dtype=np.float32), IMAGE.shape)


def busy():
    """Return a pipeline with every kind of step."""
    return iaa.Sequential(
        [
            iaa.Dropout((0.05, 0.2), per_channel=0.5),
            iaa.Sharpen((0.0, 1.0)),
            iaa.Affine(rotate=(-45, 45)),
            iaa.ElasticTransformation(alpha=30, sigma=5),
            iaa.Sometimes(0.5, iaa.Add((-20, 20), per_channel=0.5), iaa.GammaContrast((0.5, 2))),
            iaa.WithChannels([0, 2], iaa.Multiply((0.8, 1.2))),
            iaa.PiecewiseAffine((0.01, 0.03)),
            iaa.AdditiveGaussianNoise(scale=(0, 20), per_channel=True),
            iaa.Resize((0.8, 1.2)),
        ],
        random_order=True,
    )


def digest(recipe):
    """Return what the recipe makes of a picture and its heatmap, as bytes."""
    image, heat = recipe(image=IMAGE, heatmaps=HEAT)
    return image.tobytes() + heat.get_arr().tobytes()


@given(seed=SEEDS)
def test_json_replays_the_same_bytes(seed):
    recipe = busy().draw(IMAGE, seed)
    text = recipe.to_json()
    assert "\n" not in text
    again = acetate.Recipe.from_json(text)
    assert again == recipe
    assert digest(again) == digest(recipe)


@pytest.mark.parametrize("name", sorted(GEOMETRIC))
@given(seed=SEEDS)
def test_every_geometric_recipe_has_json(name, seed):
    recipe = GEOMETRIC[name]().draw(IMAGE, seed)
    assert acetate.Recipe.from_json(recipe.to_json()) == recipe


@given(seed=SEEDS)
def test_same_seed_same_bytes(seed):
    assert digest(busy().draw(IMAGE, seed)) == digest(busy().draw(IMAGE, seed))


def draw_in_process(seed):
    return digest(busy().draw(IMAGE, seed))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_same_seed_same_bytes_in_other_processes(method):
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        assert pool.map(draw_in_process, [3, 4]) == [draw_in_process(3), draw_in_process(4)]


def draw_unseeded(_index):
    return draw_next(iaa.Affine(rotate=(-180, 180)))


def draw_next(pipeline):
    return pipeline.draw((8, 8)).to_json()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_an_unseeded_pipeline_draw_different_samples(method):
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    workers = [context.Process(target=put_one, args=(queue,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    drawn = [queue.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert len(set(drawn)) == 4
    assert draw_unseeded(0) not in drawn


def put_one(queue):
    queue.put(draw_unseeded(0))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_a_seeded_pipeline_draw_the_same_sample(method):
    pipeline = iaa.Affine(rotate=(-180, 180), seed=5)
    context = multiprocessing.get_context(method)
    with context.Pool(4) as pool:
        drawn = pool.map(draw_next, [pipeline] * 4, chunksize=1)
    assert set(drawn) == {draw_next(iaa.Affine(rotate=(-180, 180), seed=5))}


def test_a_batch_is_a_loop():
    images = [np.roll(IMAGE, i, axis=0) for i in range(4)]
    batch = iaa.Sequential(busy().children, seed=9)(images=images)
    one_by_one = iaa.Sequential(busy().children, seed=9)
    for out, image in zip(batch, images, strict=True):
        assert np.array_equal(out, one_by_one(image=image))


def test_default_seed_repeats():
    acetate.seed(3)
    first = [draw_unseeded(0) for _ in range(3)]
    acetate.seed(3)
    assert [draw_unseeded(0) for _ in range(3)] == first
    assert len(set(first)) == 3
    acetate.seed(None)
    assert draw_unseeded(0) not in first


def test_to_deterministic_repeats_a_batch_for_each_kind():
    pipeline = iaa.Sequential(
        [iaa.Add((-50, 50), per_channel=True), iaa.Rotate((-180, 180)), iaa.Dropout(0.1)]
    )
    fixed = pipeline.to_deterministic()
    assert np.array_equal(fixed.augment_images([IMAGE, IMAGE]), fixed.augment_images([IMAGE] * 2))
    together = fixed(images=[IMAGE, IMAGE], heatmaps=[HEAT, HEAT])
    flat = HeatmapsOnImage(HEAT.get_arr(), IMAGE.shape[:2])  # knows nothing of channels
    alone = fixed.augment_heatmaps([flat, flat])
    for a, b in zip(together[1], alone, strict=True):
        assert np.array_equal(a.get_arr(), b.get_arr())
    assert not np.array_equal(together[0][0], together[0][1])


def test_sheets_are_resampled_once_and_pictures_between_noise():
    steps = [iaa.Rotate(10), iaa.Add(5), iaa.Multiply(1.1), iaa.Rotate(20), iaa.Rotate(5)]
    recipe = iaa.Sequential(steps).draw(IMAGE, 1)
    assert [type(s).__name__ for s in recipe.fused().steps] == ["Warp", "Lookup", "Path"]
    once = recipe.heatmaps(HEAT).get_arr()
    direct = iaa.Rotate(35).draw(IMAGE, 1).heatmaps(HEAT).get_arr()
    inside = np.s_[4:-4, 6:-6]
    assert np.abs(once - direct)[inside].max() < 1e-3


def test_fused_lookups_equal_lookups_one_by_one():
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    steps = [iaa.Add(7), iaa.Multiply(1.3), iaa.GammaContrast(0.7), iaa.Invert(1.0)]
    for dtype in (np.uint8, np.uint16):
        image = values.astype(dtype)
        fused = iaa.Sequential(steps).draw(image, 1)
        apart = iaa.Sequential(steps).draw(image, 1, fuse=False)
        assert np.array_equal(fused(image=image), apart(image=image))


@given(seed=SEEDS)
def test_fused_pictures_look_like_step_by_step(seed):
    """On a smooth picture, one resampling and several differ by little, fill included."""
    rows, columns = np.indices((90, 120))
    smooth = (127 + 100 * np.sin(rows / 14) * np.cos(columns / 17)).astype(np.uint8)
    pipeline = iaa.Sequential(
        [
            # Not "edge": it would spread border pixels that are part picture, part fill.
            iaa.Rotate((-40, 40), mode=["constant", "reflect"]),
            iaa.CropAndPad(px=(-15, 15), keep_size=False, pad_mode=["constant", "wrap"]),
            iaa.ElasticTransformation(30, 6, order=1, cval=200),
            iaa.ScaleX((0.7, 1.3), mode=["constant", "symmetric"]),
        ],
        random_order=True,
    )
    once = pipeline.draw(smooth, seed)(image=smooth).astype(int)
    each = pipeline.draw(smooth, seed, fuse=False)(image=smooth).astype(int)
    assert once.shape == each.shape
    # Borders of fill are blended once or several times: a few pixels along them differ.
    assert np.mean(np.abs(once - each) > 12) < 0.06
    assert np.median(np.abs(once - each)) <= 2


def test_cropped_content_does_not_come_back():
    cut = iaa.Sequential(
        [
            iaa.Crop(px=10, keep_size=False),
            iaa.Rotate(0.001),
            iaa.Pad(px=10, keep_size=False),
        ]
    )
    image = np.full((60, 60), 255, np.uint8)
    heat = HeatmapsOnImage(np.ones((60, 60), np.float32), image.shape)
    out, warm = cut(image=image, heatmaps=heat)
    for array in (out, warm.get_arr()):
        assert array[:9].max() == array[-9:].max() == array[:, :9].max() == 0
        assert array[12:-12, 12:-12].min() > 0


def test_recipes_are_for_their_size():
    recipe = iaa.Fliplr(1.0).draw((60, 80), 1)
    with pytest.raises(ValueError, match=r"drawn for pictures of \(60, 80\).*\(60, 81\)"):
        recipe(image=np.zeros((60, 81), np.uint8))
    other = KeypointsOnImage.from_xy_array(np.zeros((1, 2)), (80, 60))
    with pytest.raises(ValueError, match=r"keypoints belongs to one of \(80, 60\)"):
        recipe(keypoints=other)


def test_nothing_given_is_touched_or_shared():
    still = iaa.Identity().draw(IMAGE, 1)
    before = IMAGE.copy()
    out, warm = still(image=IMAGE, heatmaps=HEAT)
    assert np.array_equal(out, IMAGE)
    assert not np.may_share_memory(out, IMAGE)
    assert not np.may_share_memory(warm.arr_0to1, HEAT.arr_0to1)
    flipped, warm = iaa.Fliplr(1.0)(image=IMAGE, heatmaps=HEAT)
    assert not np.may_share_memory(flipped, IMAGE)
    assert not np.may_share_memory(warm.arr_0to1, HEAT.arr_0to1)
    assert np.array_equal(IMAGE, before)


def test_kinds_come_back_as_given_and_in_order():
    labels = SegmentationMapsOnImage(np.zeros((60, 80), np.int32), IMAGE.shape)
    points = np.array([[1.0, 2.0]])
    boxes = np.array([[1.0, 2.0, 5.0, 6.0]])
    flip = iaa.Fliplr(1.0)
    a, b, c, d, e = flip(
        bounding_boxes=boxes,
        segmentation_maps=labels,
        image=IMAGE,
        keypoints=points,
        heatmaps=HEAT.get_arr(),
    )
    assert np.array_equal(a, [[75.0, 2.0, 79.0, 6.0]])
    assert isinstance(b, SegmentationMapsOnImage)
    assert np.array_equal(c, IMAGE[:, ::-1])
    assert np.array_equal(d, [[79.0, 2.0]])
    assert np.array_equal(e, HEAT.get_arr()[:, ::-1])
    stack = flip(images=np.stack([IMAGE] * 3))
    assert isinstance(stack, np.ndarray)
    assert stack.shape == (3, *IMAGE.shape)
    assert isinstance(iaa.Resize((0.5, 1.5), seed=1)(images=np.stack([IMAGE] * 3)), list)
    images, warms = flip(images=[IMAGE], heatmaps=[HEAT])
    assert isinstance(images, list)
    assert isinstance(warms, list)
    assert isinstance(flip(heatmaps=HEAT), HeatmapsOnImage)
    assert isinstance(flip(heatmaps=[HEAT])[0], HeatmapsOnImage)
    assert flip(images=[]) == []


@pytest.mark.parametrize(
    ("given_sheets", "error", "text"),
    [
        ({}, TypeError, "nothing to augment"),
        ({"heatmap": HEAT}, TypeError, "no kind of sheet 'heatmap'; the nearest is 'heatmaps'"),
        ({"image": IMAGE, "images": [IMAGE]}, TypeError, "either image or images"),
        ({"images": [IMAGE], "heatmaps": [HEAT] * 2}, ValueError, "as many of each kind"),
        ({"images": 3}, TypeError, "images of a batch must be a list or an array, got int"),
        ({"image": IMAGE, "heatmaps": "hot"}, TypeError, "heatmaps must be HeatmapsOnImage or"),
        ({"heatmaps": [HEAT.get_arr()]}, TypeError, "knows its image's shape"),
        ({"image": IMAGE[..., :0]}, ValueError, "image is empty"),
        ({"image": IMAGE.astype(float)}, ValueError, r"must lie in \[0, 1\]"),
        ({"image": np.full((2, 2), np.nan)}, ValueError, "4 NaN or infinite values of 4"),
        ({"image": IMAGE > 3}, ValueError, "got bool"),
        ({"image": [[1, 2]]}, TypeError, "must be a NumPy array, got list"),
        ({"image": IMAGE[np.newaxis]}, ValueError, r"\(H, W\) or \(H, W, C\)"),
    ],
)
def test_what_cannot_be_augmented_is_said(given_sheets, error, text):
    with pytest.raises(error, match=text):
        iaa.Fliplr(1.0)(**given_sheets)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda d: "{", "one line of JSON"),
        (lambda d: "[1]", "format None"),
        (lambda d: json.dumps(d | {"acetate": 99}), "format 99"),
        (lambda d: json.dumps({k: v for k, v in d.items() if k != "steps"}), "lacks a part"),
        (lambda d: json.dumps(d | {"steps": [{"type": "Evil"}]}), "no part of type 'Evil'"),
        (lambda d: json.dumps(d | {"steps": [{"type": "Warp", "x": 1}]}), "lacks a part"),
        (
            lambda d: json.dumps(d | {"steps": [{"type": "Pixels", "function": "os.system"}]}),
            "no function on pictures is called 'os.system'",
        ),
        (
            lambda d: json.dumps(
                d | {"steps": [{"type": "Lookup", "curves": [{"type": "Curve", "name": "eval"}]}]}
            ),
            "no curve is called 'eval'",
        ),
        (
            lambda d: json.dumps(
                d | {"steps": [{"type": "array", "dtype": "O", "shape": [1], "base64": ""}]}
            ),
            "an array in a recipe holds numbers",
        ),
    ],
)
def test_strange_json_is_refused(change, text):
    document = json.loads(iaa.Fliplr(1.0).draw((4, 4), 1).to_json())
    with pytest.raises(ValueError, match=text):
        acetate.Recipe.from_json(change(document))


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ([3], "a recipe is made of steps, got 3"),
        ([{"type": "Resampling"}], "a recipe is made of steps, got Resampling"),
        (
            [{"type": "Pixels", "function": "convolve", "arguments": {"type": "dict", "x": 1}}],
            "convolve does not take what the recipe gives it",
        ),
    ],
)
def test_json_of_other_things_is_refused(steps, text):
    document = json.loads(iaa.Fliplr(1.0).draw((4, 4), 1).to_json())
    with pytest.raises(ValueError, match=text):
        acetate.Recipe.from_json(json.dumps(document | {"steps": steps}))
    with pytest.raises(ValueError, match="a shape is"):
        acetate.Recipe.from_json(json.dumps(document | {"shape": [1, 2, 3, 4]}))


def test_pictures_in_the_byte_order_of_another_machine():
    image = np.random.default_rng(0).integers(0, 65536, (20, 20, 3), np.uint16)
    blur = iaa.GaussianBlur(2.0)
    assert np.array_equal(blur(image=image.astype(">u2")), blur(image=image))


def test_calls_by_kind():
    labels = SegmentationMapsOnImage(np.eye(6, 8, dtype=np.int32), (6, 8))
    points = KeypointsOnImage.from_xy_array([[1.0, 2.0]], (6, 8))
    boxes = BoundingBoxesOnImage.from_xyxy_array([[1.0, 2.0, 3.0, 4.0]], (6, 8))
    flip = iaa.Fliplr(1.0)
    image = np.arange(48, dtype=np.uint8).reshape(6, 8)
    assert np.array_equal(flip.augment_image(image), image[:, ::-1])
    flipped = flip.augment_segmentation_maps(labels)
    assert np.array_equal(flipped.get_arr(), labels.get_arr()[:, ::-1])
    assert flip.augment_keypoints(points).xy.tolist() == [[7.0, 2.0]]
    assert flip.augment_bounding_boxes([boxes])[0].xyxy.tolist() == [[5.0, 2.0, 7.0, 4.0]]


def test_a_deterministic_copy_draws_the_same_recipe_again():
    fixed = iaa.Rotate((-90, 90)).to_deterministic()
    assert fixed.draw((8, 8)) == fixed.draw((8, 8))


def test_lambdas_have_no_json():
    recipe = iaa.Lambda(func_images=lambda image, rng: image).draw(IMAGE, 1)
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        recipe.to_json()


def test_a_gigantic_pipeline_is_a_short_line():
    """Noise and elastic fields stand in the JSON as a key each."""
    recipe = busy().draw((2000, 3000, 3), 1)
    assert len(recipe.to_json()) < 6000


PEAK = """
import sys, numpy as np, cv2
cv2.setNumThreads(1)
import acetate.augmenters as iaa
from acetate.sheets import HeatmapsOnImage

def memory(what):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))

def call(size):
    image = np.ones((size, size, 3), np.uint8)
    heat = HeatmapsOnImage(np.zeros((size // 4, size // 4), np.float32), image.shape)
    open("/proc/self/clear_refs", "w").write("5")  # forget the peak so far
    before = memory("VmRSS")
    pipeline(image=image, heatmaps=heat)
    return (memory("VmHWM") - before) / image.nbytes

pipeline = eval(sys.argv[1])
call(64)
print(call(1024))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="asks Linux for the peak")
@pytest.mark.parametrize(
    "pipeline",
    [
        "iaa.Sequential([iaa.Affine(rotate=20), iaa.ElasticTransformation(50, 5, order=1)])",
        "iaa.Sequential([iaa.ElasticTransformation(50, 5, order=1), iaa.Affine(rotate=20)])",
        "iaa.PiecewiseAffine(0.03)",
        "iaa.Sequential([iaa.Affine(rotate=20), iaa.ElasticTransformation(50, 5, order=1), "
        "iaa.PiecewiseAffine(0.03)])",
    ],
)
def test_peak_memory_of_a_geometric_call(pipeline):
    """One call at 1024² takes less than 12 times the picture's bytes beside it."""
    command = [sys.executable, "-c", PEAK, pipeline]
    out = subprocess.run(command, capture_output=True, text=True, check=True)
    assert 1 < float(out.stdout) < 12


def test_one_resampling_keeps_more_than_two():
    cat = samples.cat((128, 128))
    recipe = iaa.Sequential([iaa.Rotate(25), iaa.Rotate(-25)]).draw(cat, 1)
    apart = iaa.Sequential([iaa.Rotate(25), iaa.Rotate(-25)]).draw(cat, 1, fuse=False)
    middle = np.s_[32:-32, 32:-32]
    once = np.abs(recipe(image=cat).astype(float) - cat)[middle].mean()
    twice = np.abs(apart(image=cat).astype(float) - cat)[middle].mean()
    assert once < 0.05 < 1 < twice


def test_steps_are_plain_data():
    steps = busy().draw(IMAGE, 1).fused().steps
    assert {type(s) for s in steps} >= {Pixels}
    assert any(isinstance(s, Warp | Path) for s in steps)
    assert busy().draw(IMAGE, 1).steps != busy().draw(IMAGE, 2).steps


@pytest.mark.parametrize("make", [Pixels, Curve])
class TestArguments:
    def test_do_not_change(self, make):
        given = {"p": 0.5}
        step = make("drop", given)
        given["p"] = 1
        for change in (
            lambda: step.arguments.update(p=1),
            lambda: step.arguments.pop("p"),
            lambda: step.arguments.__setitem__("p", 1),
            lambda: step.arguments.__delitem__("p"),
        ):
            with pytest.raises(TypeError, match="arguments of a step do not change; make another"):
                change()
        assert step.arguments == {"p": 0.5}

    def test_equal_steps_are_found_again(self, make):
        known = {make("drop", {"p": 0.5, "kernel": ((1, 2), (3, 4))}): "known"}
        assert known[make("drop", {"kernel": ((1, 2), (3, 4)), "p": 0.5})] == "known"
        assert make("drop", {"p": 0.25}) not in known

    def test_travel_to_other_processes(self, make):
        step = make("drop", {"p": 0.5})
        again = pickle.loads(pickle.dumps(step))
        assert again == step
        assert type(again.arguments) is type(step.arguments)

"""The contract of every method: any picture gives labels of its shape, or the documented error."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from acetate.segment import METHODS, Segmentation, method_named

NO_ROOM = "no region of the least size lies off the edges"
# What a method says of a kind of picture instead of returning labels.
DOCUMENTED = {
    ("guarded-bands", "row"): NO_ROOM,
    ("guarded-bands", "column"): NO_ROOM,
    ("heat-cut", "five channels"): "heat-cut takes up to 4 channels, got 5",
}


def spots(dtype="uint8", shape=(24, 30)):
    """Two bright rectangles on a dark ground, with a little noise: something for every method."""
    rng = np.random.default_rng(0)
    values = np.full(shape, 0.2)
    values[:, 3:9] = values[..., shape[1] - 8 : shape[1] - 2] = 0.8
    values += rng.normal(0, 0.03, shape)
    white = np.iinfo(dtype).max if np.dtype(dtype).kind == "u" else 1
    return (np.clip(values, 0, 1) * white).astype(dtype)


def segmented(name, image):
    """Segment with the defaults; methods that need a prompt get a box around the middle."""
    needs = getattr(METHODS[name], "NEEDS_PROMPT", False)
    height, width = np.shape(image)[:2] if np.ndim(image) > 1 else (1, 1)
    box = (0.2 * width, 0.2 * height, 0.8 * width, 0.8 * height)
    return method_named(name).segment(image, box if needs else None)


PICTURES = {
    "uint8": spots(),
    "uint16": spots("uint16"),
    "float32": spots("float32"),
    "float64": spots("float64"),
    "constant": np.full((12, 9), 7, np.uint8),
    "black": np.zeros((5, 6)),
    "white colours": np.full((5, 6, 3), 65535, np.uint16),
    "two values": np.repeat([[0, 255]], 6, axis=0).astype(np.uint8).repeat(8, axis=1),
    "row": spots(shape=(1, 40)),
    "column": np.ascontiguousarray(spots(shape=(1, 40)).T),
    "one channel": spots()[..., np.newaxis],
    "colours": np.dstack([spots(), spots()[::-1], spots()]),
    "five channels": np.dstack([spots("float32")] * 5),
    "mirrored": spots()[:, ::-1],
    "every other": spots(shape=(48, 60))[::2, ::2],
    "columns first": np.asfortranarray(spots("float32")),
}


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("name", METHODS)
def test_every_picture_gives_labels_or_the_documented_error(name, kind):
    image = PICTURES[kind]
    before = image.copy()
    if (name, kind) in DOCUMENTED:
        with pytest.raises(ValueError, match=DOCUMENTED[name, kind]):
            segmented(name, image)
        return
    found = segmented(name, image)
    assert isinstance(found, Segmentation)
    assert found.labels.shape == image.shape[:2]
    assert found.labels.dtype.kind in "iu"
    assert found.labels.min() >= 0
    assert np.array_equal(image, before)
    assert np.array_equal(segmented(name, image).labels, found.labels)


@pytest.mark.parametrize("name", METHODS)
def test_facts_are_plain(name):
    found = segmented(name, PICTURES["uint8"])
    assert json.loads(json.dumps(asdict(found.facts)))


@pytest.mark.parametrize("kind", ["mirrored", "every other", "columns first", "one channel"])
@pytest.mark.parametrize("name", METHODS)
def test_the_layout_in_memory_is_no_matter(name, kind):
    image = PICTURES[kind]
    plain = np.ascontiguousarray(image.reshape(image.shape[:2]))
    expected = segmented(name, plain).labels
    assert np.array_equal(segmented(name, image).labels, expected)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(
    ("image", "error", "message"),
    [
        ([[1, 2]], TypeError, "NumPy array, got list"),
        (np.array([[0.1, np.nan]]), ValueError, "1 NaN or infinite value of 2, the first at"),
        (np.array([[0.1, np.inf]]), ValueError, "1 NaN or infinite value of 2"),
        (np.array([[0.1, 7.0]]), ValueError, r"must lie in \[0, 1\], got \[0.1, 7\]"),
        (np.zeros((0, 4)), ValueError, "is empty"),
        (np.zeros((4, 4, 0)), ValueError, "is empty"),
        (np.zeros(4), ValueError, r"must have shape \(H, W\) or \(H, W, C\)"),
        (np.zeros((3, 4), int), ValueError, "must be uint8, uint16, float32 or float64"),
        (np.zeros((3, 4), bool), ValueError, "must be uint8, uint16, float32 or float64"),
    ],
)
def test_what_is_no_picture_is_refused(name, image, error, message):
    with pytest.raises(error, match=message):
        segmented(name, image)


@pytest.mark.parametrize("name", [n for n in METHODS if not METHODS[n].PROMPTS])
def test_methods_without_prompts_refuse_them(name):
    with pytest.raises(ValueError, match=f"{name} takes no prompt, got ndarray; leave it out"):
        method_named(name).segment(spots(), np.zeros((24, 30), bool))


MASK = np.arange(24 * 30).reshape(24, 30) % 30 < 12


@pytest.mark.parametrize("inside", [np.uint8(255), -3, 0.5])
@pytest.mark.parametrize("name", [n for n in METHODS if "mask" in METHODS[n].PROMPTS])
def test_nothing_and_one_other_number_are_a_mask(name, inside):
    expected = method_named(name).segment(spots(), MASK).labels
    assert np.array_equal(method_named(name).segment(spots(), MASK * inside).labels, expected)


@pytest.mark.parametrize("name", [n for n in METHODS if "mask" in METHODS[n].PROMPTS])
def test_a_full_or_empty_mask_is_refused(name):
    for mask in (np.ones((24, 30), bool), np.zeros((24, 30), bool)):
        with pytest.raises(ValueError, match="must have pixels inside and outside"):
            method_named(name).segment(spots(), mask)


@pytest.mark.parametrize("name", [n for n in METHODS if n != "heat-cut"])
def test_a_picture_of_one_pixel_has_one_label(name):
    assert method_named(name).segment(np.array([[7]], np.uint8)).labels.shape == (1, 1)

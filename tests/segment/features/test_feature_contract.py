"""What every image transformer promises: forms of pictures, refitting, copies, tiles, bad input."""

import json

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from acetate.segment.features import (
    Coordinates,
    FeatureBank,
    Filters,
    Neighbourhood,
    PixelFlatten,
    PolynomialTerms,
)

TRANSFORMERS = {
    "flatten": PixelFlatten(),
    "xy": Coordinates(),
    "polar": Coordinates("polar", keep=False, relative=True),
    "filters": Filters(),
    "neighbours": Neighbourhood(1),
    "terms": PolynomialTerms(2),
    "bank": FeatureBank(scales=(1, 4), features=("gaussian", "dog", "ring", "histogram")),
    "strong bank": FeatureBank(),
}
OTHER = {
    "flatten": {"scale": False},
    "xy": {"system": "polar"},
    "polar": {"keep": True},
    "filters": {"filters": (1.0,)},
    "neighbours": {"size": (0, 2)},
    "terms": {"degree": 3},
    "bank": {"features": ("hessian",)},
    "strong bank": {"features": ("median",), "bins": 4},
}
rng = np.random.default_rng(3)
ONE, TWO = (rng.random(shape).astype(np.float32) for shape in ((21, 30, 2), (16, 19, 2)))
each = pytest.mark.parametrize("name", TRANSFORMERS)


def made(name, **parameters):
    return clone(TRANSFORMERS[name]).set_params(**parameters)


@each
def test_fit_twice_is_fit_once_and_a_clone_does_the_same(name):
    step = made(name).fit(ONE)
    first = step.transform(ONE)
    assert np.array_equal(first, step.fit(ONE).transform(ONE))
    assert np.array_equal(first, clone(step).fit_transform(ONE))


@each
def test_parameters_that_are_set_count(name):
    changed = made(name, **OTHER[name])
    assert OTHER[name].items() <= changed.get_params().items()
    before, after = made(name).fit_transform(ONE * 255), changed.fit_transform(ONE * 255)
    bytes_of_ours = (ONE * 255).astype(np.uint8)
    if name == "flatten":
        before = made(name).fit_transform(bytes_of_ours)
        after = changed.fit_transform(bytes_of_ours)
    assert before.shape != after.shape or not np.array_equal(before, after)


@each
def test_a_list_an_array_and_a_stack_agree_in_any_order(name):
    step = made(name).fit([ONE, TWO])
    alone = [step.transform(picture) for picture in (ONE, TWO)]
    listed, turned = step.transform([ONE, TWO]), step.transform([TWO, ONE])
    stacked = step.transform(np.stack([ONE, ONE]))
    if name == "flatten":
        assert np.array_equal(listed, np.concatenate(alone))
        assert np.array_equal(turned, np.concatenate(alone[::-1]))
        assert np.array_equal(stacked, np.concatenate([alone[0], alone[0]]))
        return
    for found, expected in zip([*listed, *turned], [*alone, *alone[::-1]], strict=True):
        assert np.array_equal(found, expected)
    assert stacked.shape == (2, *alone[0].shape)
    assert np.array_equal(stacked[1], alone[0])


# How far each sees; coordinates see the whole picture's size.
REACHES = {"flatten": 0, "filters": 32, "neighbours": 1, "terms": 0, "bank": 40, "strong bank": 200}


@pytest.mark.parametrize("name", REACHES)
def test_a_tile_has_the_features_of_the_whole_inside_the_halo(name):
    """Tiles begin at multiples of 8, as the pyramid of the bank needs."""
    picture = np.random.default_rng(1).random((560, 120, 1)).astype(np.float32)
    step, halo = made(name).fit(picture), REACHES[name]
    assert getattr(step, "halo", halo) <= halo
    whole = np.reshape(step.transform(picture), (560, 120, -1))
    tile = picture[24:]
    part = np.reshape(step.transform(tile), (536, 120, -1))
    inside = np.s_[halo : part.shape[0] - 1]
    assert part[inside].shape[0] > 100
    assert np.allclose(part[inside], whole[24:][inside], atol=2e-6)


@each
def test_parameters_that_went_through_json_make_the_same_step(name):
    step = made(name)
    text = json.dumps(step.get_params())
    again = type(step)(**json.loads(text))
    if name == "filters":  # JSON has lists for tuples
        again.set_params(
            filters=tuple(tuple(f) if isinstance(f, list) else f for f in again.filters)
        )
    assert np.array_equal(again.fit_transform(ONE), step.fit_transform(ONE))
    assert list(again.get_feature_names_out()) == list(step.get_feature_names_out())


@each
def test_names_stand_for_channels(name):
    step = made(name).fit(ONE)
    names = step.get_feature_names_out()
    assert len(set(names)) == len(names) == step.transform(ONE).shape[-1]
    assert step.get_feature_names_out(["red", "blue"])[0].startswith(("red", "1", "dist"))
    with pytest.raises(ValueError, match=r"2 channel\(s\), got 3"):
        step.get_feature_names_out(["a", "b", "c"])


@each
@pytest.mark.parametrize("shape", [(1, 9), (9, 1), (1, 1), (3, 40, 2)])
def test_thin_pictures_have_features(name, shape):
    found = made(name).fit_transform(rng.random(shape))
    assert np.isfinite(found).all()
    assert found.size % (shape[0] * shape[1]) == 0


@each
def test_bytes_floats_and_a_single_channel_axis_agree_and_nothing_is_changed(name):
    picture = rng.integers(0, 256, (12, 17), np.uint8)
    picture.flags.writeable = False
    step = made(name).fit(picture)
    expected = step.transform(picture[:, :, np.newaxis])
    assert np.array_equal(step.transform(picture), expected)
    if name != "flatten" or step.scale:
        floats = picture.astype(np.float32) * np.float32(1 / 255)
        assert np.array_equal(step.transform(floats), expected)


@each
def test_bad_pictures_say_what_is_wrong(name):
    step = made(name)
    with pytest.raises(NotFittedError):
        step.transform(ONE)
    step.fit(ONE)
    with pytest.raises(ValueError, match=r"fitted on pictures of 2 channel\(s\), got 1"):
        step.transform(ONE[:, :, 0])
    holed = ONE.copy()
    holed[3, 4, 1] = np.nan
    with pytest.raises(ValueError, match=r"1 NaN or infinite value .* index \(3, 4, 1\)"):
        step.transform(holed)
    for bad, error, text in (
        ([], ValueError, "there is no picture"),
        ("picture.png", TypeError, "one NumPy array or a list of them, got str"),
        (["picture.png"], TypeError, "a NumPy array, got str"),
        (np.zeros((0, 4)), ValueError, r"none of them 0, got \(0, 4\)"),
        (np.zeros(4), ValueError, r"shape \(H, W\) or \(H, W, C\)"),
        (np.zeros((2, 2), np.int64), TypeError, "int64"),
        ([np.zeros((2, 2)), np.zeros((2, 2, 3))], ValueError, r"as many channels, got \[1, 3\]"),
    ):
        with pytest.raises(error, match=text):
            step.fit(bad)


@pytest.mark.parametrize(
    ("step", "error", "text"),
    [
        (Coordinates("spherical"), ValueError, "'xy' or 'polar', got 'spherical'"),
        (Filters(()), ValueError, "there must be a filter"),
        (Filters((2.0, -1.0)), ValueError, "got -1.0"),
        (Neighbourhood(-1), ValueError, "from 0 to 50: -1"),
        (Neighbourhood(1, "zero"), ValueError, "'mirror' or 'wrap', got 'zero'"),
        (PolynomialTerms(0), ValueError, "from 1 to 5, got 0"),
        (FeatureBank(("gausian",)), ValueError, "no feature 'gausian'; the nearest is 'gaussian'"),
        (FeatureBank("gaussian"), TypeError, "got the text 'gaussian'"),
        (FeatureBank(("ring",), scales=(0.5,)), ValueError, "there are no features"),
        (FeatureBank(scales=(0,)).set_params(features=("gaussian",)), ValueError, "got 0"),
        (FeatureBank(bins=1), ValueError, "from 2 to 64, got 1"),
    ],
    ids=lambda value: None,
)
def test_bad_parameters_say_what_is_wrong(step, error, text):
    with pytest.raises(error, match=text):
        step.fit(ONE)

"""Pipelines from TOML: every augmenter by name, and errors that say where and what is near."""

import inspect
import tomllib

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.augmenters.config import augmenter_names, from_config

IMAGE = np.random.default_rng(0).integers(0, 256, (20, 24, 3), np.uint8)
TEXT = """
seed = 3
random_order = true

[[augmenters]]
name = "Affine"
rotate = [-20, 20]
scale = { x = [0.8, 1.2], y = 1.0 }
mode = ["edge", "reflect"]
heatmaps = { order = "cubic", mode = "edge" }

[[augmenters]]
name = "Sometimes"
p = 0.5
then_list = { name = "Fliplr" }
else_list = [
  { name = "Add", value = { choice = [10, 30] } },
  { name = "Multiply", mul = { distribution = "Normal", loc = 1.0, scale = 0.05 } },
]
"""


def test_the_text_is_the_pipeline():
    written = iaa.Sequential(
        [
            iaa.Affine(
                rotate=(-20, 20),
                scale={"x": (0.8, 1.2), "y": 1.0},
                mode=["edge", "reflect"],
                heatmaps=iaa.Resampling("cubic", "edge"),
            ),
            iaa.Sometimes(
                0.5,
                iaa.Fliplr(),
                [iaa.Add([10, 30]), iaa.Multiply(acetate_normal())],
            ),
        ],
        random_order=True,
        seed=3,
    )
    read = from_config(tomllib.loads(TEXT))
    for _ in range(6):
        assert np.array_equal(read(image=IMAGE), written(image=IMAGE))


def acetate_normal():
    from acetate.parameters import Normal

    return Normal(1.0, 0.05)


@pytest.mark.parametrize("name", augmenter_names())
def test_every_augmenter_can_be_named(name):
    needed = {
        "size": 8,
        "width": 8,
        "height": 8,
        "width_multiple": 4,
        "height_multiple": 4,
        "aspect_ratio": 1.0,
        "children": [{"name": "Identity"}],
    }
    takes = inspect.signature(getattr(iaa, name)).parameters.values()
    required = {
        p.name: needed[p.name]
        for p in takes
        if p.default is p.empty and p.kind is not p.VAR_KEYWORD
    }
    either_or = {
        "AddToHueAndSaturation": {"value": 10},
        "MultiplyHueAndSaturation": {"mul": 1.1},
        "CoarseDropout": {"size_percent": 0.1},
    }
    table = {"name": name, **required, **either_or.get(name, {})}
    pipeline = from_config({"augmenters": [table], "seed": 1})
    assert pipeline(image=IMAGE).ndim == 3


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({}, "at least one table"),
        ({"augmenter": []}, "random_order and seed, got 'augmenter'"),
        (
            {"augmenters": [{"name": "FlipLR"}]},
            r"augmenters\[0\]: there is no augmenter 'FlipLR'; "
            "the nearest is 'Fliplr'",
        ),
        ({"augmenters": [{"name": "Lambda"}]}, "no augmenter 'Lambda'"),
        ({"augmenters": [{"p": 1}]}, "with the name of an augmenter"),
        ({"augmenters": 3}, "augmenters must be a list of tables, got 3"),
        (
            {"augmenters": [{"name": "Rotate", "angle": 3}]},
            r"augmenters\[0\] \(Rotate\): there is no argument 'angle'; the nearest is",
        ),
        ({"augmenters": [{"name": "Rotate", "seed": 3}]}, "no argument 'seed'"),
        (
            {"augmenters": [{"name": "Fliplr"}, {"name": "Affine", "scale": -2}]},
            r"augmenters\[1\] \(Affine\): scale",
        ),
        (
            {"augmenters": [{"name": "Sometimes", "then_list": [{"name": "Rotat"}]}]},
            r"augmenters\[0\] \(Sometimes\).then_list\[0\]: there is no augmenter 'Rotat'",
        ),
        ({"augmenters": [{"name": "Identity"}], "random_order": "no"}, "true or false, got 'no'"),
        (
            {"augmenters": [{"name": "Rotate", "heatmaps": "cubic"}]},
            "heatmaps must be a table with order, mode and cval, got 'cubic'",
        ),
        (
            {"augmenters": [{"name": "Rotate", "heatmaps": {"ordr": "cubic"}}]},
            "no argument 'ordr'; the nearest is 'order'",
        ),
        ({"augmenters": [{"name": "Rot90", "mode": "edge"}]}, "no argument 'mode'"),
        ({"augmenters": [{"name": "Resize"}]}, r"\(Resize\): .*size"),
    ],
)
def test_errors_say_where(config, text):
    with pytest.raises(ValueError, match=text):
        from_config(config)

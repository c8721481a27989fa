"""The contract tables hold every augmenter, so that none escapes the tests that run over them."""

import pytest
from contract import GEOMETRIC
from test_pixel_contract import ALL as PIXELS

import acetate.augmenters as iaa
from acetate.augmenters.config import augmenter_names, parameters_of

META = {"Sequential", "SomeOf", "OneOf", "Sometimes", "WithChannels", "Identity", "Noop"}
ALIASES = {"HorizontalFlip", "VerticalFlip"}


def test_every_geometric_augmenter_is_in_its_table():
    rows = {name.split()[0] for name in GEOMETRIC}
    every = {n for n in augmenter_names() if issubclass(getattr(iaa, n), iaa.Geometric)}
    assert every - rows == ALIASES


def test_every_pixel_augmenter_is_in_its_table():
    rows = {name.split()[0] for name in PIXELS}
    every = {n for n in augmenter_names() if not issubclass(getattr(iaa, n), iaa.Geometric)}
    assert every - rows == META


@pytest.mark.parametrize("name", augmenter_names())
def test_what_a_class_decides_itself_cannot_be_given(name):
    kind = getattr(iaa, name)
    takes = parameters_of(kind)
    assert not set(kind.fixes) & set(takes)
    for fixed in kind.fixes:
        needed = {
            "size": 8,
            "width": 8,
            "height": 8,
            "width_multiple": 4,
            "height_multiple": 4,
            "aspect_ratio": 1.0,
        }
        given = {k: v for k, v in needed.items() if k in takes}
        with pytest.raises(TypeError, match=f"'{fixed}'"):
            kind(**given, **{fixed: 1})

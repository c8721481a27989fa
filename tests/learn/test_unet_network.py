"""The U-Net: the lecture's parameter counts, sizes, reach, and what it says no to."""

import pytest
import torch

from acetate.learn.randomness import seeded
from acetate.learn.unet import UNet

LECTURE = [320, 9248, 18496, 36928, 73856, 147584, 110656, 36928, 27680, 9248, 33]


def count(network):
    return sum(each.numel() for each in network.parameters())


def test_the_lectures_parameter_counts():
    assert count(UNet()) == 470_977
    assert [row.parameters for row in UNet().layer_table() if row.parameters] == LECTURE


@pytest.mark.parametrize("norm", ["none", "batch", "group"])
@pytest.mark.parametrize(("base", "depth"), [(8, 0), (8, 1), (16, 3)])
def test_width_and_depth_are_free(norm, base, depth):
    network = UNet(3, 2, base, depth, norm)
    assert network(torch.rand(2, 3, 16, 24)).shape == (2, 2, 16, 24)
    assert sum(row.parameters for row in network.layer_table()) == count(network)
    assert count(UNet(**network.config)) == count(network)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_nothing_beyond_the_halo_counts(depth):
    network = UNet(1, 1, 4, depth).double()
    for each in network.parameters():
        each.data.abs_()  # else all that is seen may be below 0, and nothing counts
    side = 2 * network.halo + 3 * network.reduction
    at = side // 2
    generator = torch.Generator().manual_seed(1)
    image = torch.rand(1, 1, side, side, dtype=torch.double, generator=generator)
    network(image.requires_grad_())[0, 0, at, at].backward()
    seen = image.grad[0, 0].abs().sum(0).nonzero()
    reach = int((seen - at).abs().max())
    assert reach <= network.halo
    assert network.halo - reach < 4 * network.reduction + 4  # and the halo is not much too large


def test_the_layer_table_follows_the_maps():
    rows = UNet(base=8, depth=1).layer_table()
    assert [(row.name, row.kind, row.channels, row.level) for row in rows] == [
        ("input", "input", 1, 0),
        ("down 1", "conv 3×3", 8, 0),
        ("down 1", "conv 3×3", 8, 0),
        ("bottom", "max pool", 8, 1),
        ("bottom", "conv 3×3", 16, 1),
        ("bottom", "conv 3×3", 16, 1),
        ("up 1", "upsample", 16, 0),
        ("up 1", "concatenate", 24, 0),
        ("up 1", "conv 3×3", 8, 0),
        ("up 1", "conv 3×3", 8, 0),
        ("out", "conv 1×1", 1, 0),
    ]


def test_the_same_seed_gives_the_same_weights():
    with seeded(4):
        first = UNet(base=4).state_dict()
    with seeded(4):
        second = UNet(base=4).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"base": 0}, "base must be a whole number from 1, got 0"),
        ({"depth": -1}, "depth must be a whole number from 0, got -1"),
        ({"in_channels": 1.5}, "in_channels must be"),
        ({"norm": "layer"}, "norm is one of none, batch, group, got 'layer'"),
        ({"norm": "group", "base": 28}, "multiple of 8, got 28"),
    ],
)
def test_bad_parameters(given, words):
    with pytest.raises(ValueError, match=words):
        UNet(**given)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 3, 16, 16), r"takes pictures \(N, 1, H, W\), got \(1, 3, 16, 16\)"),
        ((1, 16, 16), "takes pictures"),
        ((1, 1, 16, 18), r"multiples of 4, got \(16, 18\); pad the picture"),
        ((1, 1, 0, 16), "multiples of 4"),
    ],
)
def test_bad_pictures(shape, words):
    with pytest.raises(ValueError, match=words):
        UNet()(torch.zeros(shape))

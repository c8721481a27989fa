"""HRNet is timm's: same names, same shapes, same numbers out of same numbers in."""

import json
from pathlib import Path

import pytest
import torch
from waves import digest, fill, picture

from acetate.landmarks.network.head import HighResolutionHead, RegressionHead
from acetate.landmarks.network.hrnet import VARIANTS, HRNet

# What timm 1.0.31's networks say; see `waves` for the weights and the picture.
TIMM = json.loads((Path(__file__).parent / "timm_hrnet.json").read_text())["networks"]


def test_the_networks_are_those_compared() -> None:
    assert set(VARIANTS) == set(TIMM)


@pytest.mark.parametrize("name", VARIANTS)
def test_names_and_shapes_are_timms(name: str) -> None:
    with torch.device("meta"):
        body = HRNet(VARIANTS[name])
    state = body.state_dict()
    assert len(state) == TIMM[name]["names"]
    assert digest(state) == TIMM[name]["digest"]
    assert sum(each.numel() for each in body.parameters()) == TIMM[name]["parameters"]


@pytest.mark.parametrize("name", ["hrnet_w18_small", "hrnet_w18_small_v2", "hrnet_w18"])
def test_maps_are_timms(name: str) -> None:
    body = HRNet(VARIANTS[name]).double().eval()
    with torch.no_grad():
        fill(body.state_dict())
        maps = body(picture())
    for ours, theirs in zip(maps, TIMM[name]["maps"], strict=True):
        assert list(ours.shape) == theirs["shape"]
        found = [ours.mean(), (ours**2).mean(), ours[0, 0, 0, 0]]
        wanted = [theirs["mean"], theirs["square"], theirs["corner"]]
        assert [each.item() for each in found] == pytest.approx(wanted, rel=1e-9)


def test_one_channel_and_long_pictures() -> None:
    body = HRNet(VARIANTS["hrnet_w18_small"], in_channels=1).eval()
    with torch.no_grad():
        shapes = [tuple(each.shape[-2:]) for each in body(torch.zeros(1, 1, 32, 128))]
    assert shapes == [(8, 32), (4, 16), (2, 8), (1, 4)]


def test_head_is_a_convolution_of_joined_maps() -> None:
    """The head does at each resolution what its paper does after joining: the same function."""
    head = HighResolutionHead((3, 5), 2, width=8).eval()
    torch.nn.init.normal_(head.final.weight)
    maps = [torch.rand(1, 3, 12, 8), torch.rand(1, 5, 6, 4)]
    with torch.no_grad():
        joined = torch.cat(
            [maps[0], torch.nn.functional.interpolate(maps[1], (12, 8), mode="bilinear")], 1
        )
        weight = torch.cat([each.weight for each in head.project], 1)  # type: ignore[misc]
        middle = torch.relu(head.norm(torch.nn.functional.conv2d(joined, weight)))
        wanted = head.final(middle)
        assert torch.allclose(head(maps), wanted, atol=1e-6)


@pytest.mark.parametrize("upsample", [1, 2, 4])
def test_head_enlarges_without_moving(upsample: int) -> None:
    """A picture that is the same from both sides has a map that is: nothing shifts."""
    head = HighResolutionHead((1, 1), 1, width=16, upsample=upsample).eval()
    for each in head.modules():
        if isinstance(each, torch.nn.Conv2d):
            torch.nn.init.normal_(each.weight)
            with torch.no_grad():
                each.weight.add_(each.weight.flip(-1)).add_(each.weight.flip(-2))
    x = torch.arange(8.0)
    spot = torch.exp(-((x - 3.5) ** 2))
    maps = [(spot[:, None] * spot)[None, None], (spot[::2, None] + spot[::2])[None, None] * 0]
    with torch.no_grad():
        found = head(maps)
    assert found.shape[-2:] == (8 * upsample, 8 * upsample)
    assert torch.allclose(found, found.flip(-1), atol=1e-4)
    assert torch.allclose(found, found.flip(-2), atol=1e-4)


@pytest.mark.parametrize("upsample", [0, 3, 8])
def test_head_refuses_other_factors(upsample: int) -> None:
    with pytest.raises(ValueError, match=f"upsample is 1, 2 or 4, got {upsample}"):
        HighResolutionHead((16,), 1, upsample=upsample)


def test_regression_knows_where() -> None:
    """The maps are averaged over fields, not over all: the same spot elsewhere says otherwise."""
    head = RegressionHead((1,), 2)
    torch.nn.init.normal_(head.final.weight, std=0.1)
    here, there = torch.zeros(1, 1, 8, 8), torch.zeros(1, 1, 8, 8)
    here[..., 1, 1] = there[..., 6, 5] = 16.0
    with torch.no_grad():
        assert not torch.allclose(head([here]), head([there]), atol=1e-3)

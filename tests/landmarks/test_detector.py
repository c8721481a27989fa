"""Detectors: what they give, what they refuse, and how they are built again."""

import json
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from acetate.landmarks.detector import (
    HeatmapDetector,
    HRNetP1P2HeatmapDetector,
    RegressionDetector,
    build_detector,
)
from acetate.landmarks.network.build import build_body
from acetate.landmarks.tensors import heatmap_targets

LIGHT: dict[str, Any] = {"backbone": "light", "in_channels": 1}


def run(detector: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        found: Tensor = detector.eval()(images)
    return found


def test_as_the_readme_shows_it() -> None:
    model = HRNetP1P2HeatmapDetector(num_landmarks=2, output_size=192)
    checkpoint = {"model_state_dict": HeatmapDetector(2).state_dict()}
    model.load_state_dict(checkpoint["model_state_dict"])
    heatmaps = run(model, torch.rand(1, 3, 768, 768))
    assert heatmaps.shape == (1, 2, 192, 192)
    assert model.extract_coordinates(heatmaps).shape == (1, 4)


@pytest.mark.parametrize(("output_size", "upsample"), [(192, 1), (384, 2), (768, 4)])
def test_output_size_is_a_choice(output_size: int, upsample: int) -> None:
    model = HRNetP1P2HeatmapDetector(output_size=output_size)
    assert model.config["upsample"] == upsample
    assert model.stride == 768 // output_size


def test_other_output_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="quarter, half or all of image_size 768, got 200"):
        HRNetP1P2HeatmapDetector(output_size=200)


@pytest.mark.parametrize("backbone", ["light", "hrnet_w18_small"])
@pytest.mark.parametrize(("upsample", "stride"), [(1, 4), (2, 2), (4, 1)])
def test_sizes_of_heatmaps(backbone: str, upsample: int, stride: int) -> None:
    detector = HeatmapDetector(3, backbone, upsample, 1)
    assert detector.stride == stride
    assert run(detector, torch.rand(2, 1, 64, 96)).shape == (2, 3, 64 // stride, 96 // stride)


def test_coordinates_are_parts_of_width_and_height() -> None:
    detector = HeatmapDetector(2, **LIGHT)
    points = torch.tensor([[[8.3, 20.6], [30.1, 5.5]]])
    found = detector.extract_coordinates(heatmap_targets(points, (24, 48), 3.0))
    wanted = (points / torch.tensor([48.0, 24.0])).flatten(1)
    assert found.dtype == torch.float32
    assert torch.allclose(found, wanted, atol=1e-4)


def test_softmax_maps_are_decoded_as_kernels() -> None:
    """A map of logits whose softmax is a heat kernel: its peak is 1, its place exact."""
    detector = HeatmapDetector(1, activation="softmax", sigma=2.0, **LIGHT)
    raw = heatmap_targets(torch.tensor([[[15.3, 10.9]]]), (24, 32), 2.0).clamp(min=1e-30).log() + 7
    heatmaps = detector.activated(raw)
    assert heatmaps.amax().item() == pytest.approx(1, abs=0.03)
    found = detector.extract_coordinates(raw) * torch.tensor([32.0, 24.0])
    assert torch.allclose(found, torch.tensor([[15.3, 10.9]]), atol=1e-3)


def test_nothing_found_is_nan() -> None:
    assert HeatmapDetector(1, **LIGHT).extract_coordinates(torch.zeros(1, 1, 9, 9)).isnan().all()


def test_regression_gives_points_in_the_unit_square() -> None:
    detector = RegressionDetector(4, "hrnet_w18_small")
    torch.nn.init.normal_(detector.head.final.weight, std=10)
    found = run(detector, torch.rand(2, 3, 64, 64))
    assert found.shape == (2, 4, 2)
    assert found.min() >= 0
    assert found.max() <= 1


@pytest.mark.parametrize("backbone", ["light", "hrnet_w18_small"])
@pytest.mark.parametrize("kind", [HeatmapDetector, RegressionDetector])
def test_every_parameter_learns(backbone: str, kind: Any) -> None:
    """None is idle: devices that train together would wait for it."""
    detector = kind(2, backbone, in_channels=1)
    torch.nn.init.normal_(detector.head.final.weight)
    detector(torch.rand(2, 1, 64, 64)).square().sum().backward()
    assert all(each.grad is not None for each in detector.parameters())


def test_pictures_are_normalised_inside() -> None:
    plain = HeatmapDetector(1, "light", mean=(0.0,), std=(1.0,))
    usual = HeatmapDetector(1, "light")
    usual.load_state_dict(plain.state_dict() | {"mean": usual.mean, "std": usual.std})
    image = torch.rand(1, 3, 64, 64)
    mean = torch.tensor((0.485, 0.456, 0.406)).reshape(1, 3, 1, 1)
    std = torch.tensor((0.229, 0.224, 0.225)).reshape(1, 3, 1, 1)
    assert torch.allclose(run(usual, image), run(plain, (image - mean) / std), atol=1e-6)


@pytest.mark.parametrize(
    "detector",
    [
        HeatmapDetector(3, "light", 2, 1, width=32, activation="softmax", sigma=1.5),
        HeatmapDetector(1, "hrnet_w18_small", decoder="dark", mean=(0.1, 0.2, 0.3)),
        RegressionDetector(2, "light", hidden=16, grid=2, std=(0.3,)),
        HRNetP1P2HeatmapDetector(output_size=384),
    ],
    ids=lambda each: type(each).__name__,
)
def test_built_again_from_json(detector: HeatmapDetector) -> None:
    again = build_detector(json.loads(json.dumps(detector.config)))
    again.load_state_dict(detector.state_dict())
    image = torch.rand(1, detector.in_channels, 64, 64)
    assert torch.equal(run(again, image), run(detector, image))
    assert again.config == detector.config


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"kind": "HeatmapDetecter", "num_landmarks": 2}, "the nearest is 'HeatmapDetector'"),
        ({"num_landmarks": 2}, "no kind of detector None"),
        ({"kind": "RegressionDetector", "num_landmarks": 2, "sigma": 3.0}, "'sigma'"),
        ({"kind": "HeatmapDetector"}, "num_landmarks"),
    ],
)
def test_other_configs_are_refused(config: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build_detector(config)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"num_landmarks": 0}, "num_landmarks must be a whole number from 1, got 0"),
        ({"num_landmarks": 2.0}, "num_landmarks must be a whole number from 1, got 2.0"),
        ({"num_landmarks": True}, "num_landmarks must be"),
        ({"in_channels": 0}, "in_channels must be"),
        ({"backbone": "hrnet_w18_smal"}, "the nearest is 'hrnet_w18_small'"),
        ({"upsample": 3}, "upsample is 1, 2 or 4, got 3"),
        ({"backbone": "light", "upsample": 8}, "upsample is 1, 2 or 4, got 8"),
        ({"activation": "sigmoid"}, "activation is one of none, softmax, got 'sigmoid'"),
        ({"decoder": "argmax"}, "the nearest is 'arg-max'"),
        ({"sigma": -1.0}, "sigma must lie in"),
        ({"mean": (0.1, 0.2)}, "mean and std have 1 or 3 numbers, got 2"),
        ({"std": (0.0,)}, "std must be positive"),
        ({"width": 0}, "width must be a whole number from 1, got 0"),
    ],
)
def test_other_parameters_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        HeatmapDetector(**{"num_landmarks": 2, **options})


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 1, 64, 64), r"must be \(N, 3, H, W\), got \(1, 1, 64, 64\).*in_channels=3"),
        ((3, 64, 64), r"must be \(N, 3, H, W\), got \(3, 64, 64\)"),
        ((1, 3, 1, 64), "1 × 64 px are smaller than hrnet_w18_small takes, 32 × 32"),
        ((1, 3, 0, 64), "smaller than"),
        ((1, 3, 100, 64), "must be multiples of 32 for hrnet_w18_small, got 100 × 64"),
    ],
)
def test_other_pictures_are_refused(shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        HeatmapDetector(2)(torch.zeros(shape))


def test_whole_numbers_are_no_pictures() -> None:
    with pytest.raises(TypeError, match=r"must be floats, white at 1\.0, got torch\.uint8"):
        HeatmapDetector(2, "light")(torch.zeros(1, 3, 64, 64, dtype=torch.uint8))


@pytest.mark.parametrize("shape", [(2, 9, 9), (1, 3, 9, 9)])
def test_other_heatmaps_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"heatmaps must be \(N, 2, h, w\)"):
        HeatmapDetector(2, "light").extract_coordinates(torch.zeros(shape))


@pytest.mark.parametrize("kind", [HeatmapDetector, RegressionDetector])
def test_weights_of_other_landmarks_are_refused(kind: Any) -> None:
    with pytest.raises(ValueError, match=r"of 3 landmarks, this one has 2; .*num_landmarks=3"):
        kind(2, "light").load_state_dict(kind(3, "light").state_dict())


def test_weights_of_another_network_are_refused() -> None:
    state = HeatmapDetector(2, **LIGHT).state_dict()
    colour = HeatmapDetector(2, "light")
    norms = {"mean": colour.mean, "std": colour.std}
    with pytest.raises(ValueError, match=r"body\.unet\S+ has shape .* but HeatmapDetector needs"):
        colour.load_state_dict(state | norms)


def test_weights_too_few_or_too_many_are_refused() -> None:
    detector = HeatmapDetector(2, **LIGHT)
    state = detector.state_dict()
    with pytest.raises(ValueError, match=r"unknown to it, spare$"):
        detector.load_state_dict(state | {"spare": torch.zeros(1)})
    del state["head.norm.weight"], state["head.norm.bias"]
    with pytest.raises(ValueError, match=r"lack head\.norm\.weight and 1 more$"):
        detector.load_state_dict(state)
    assert detector.load_state_dict(state, strict=False).missing_keys


class _Features(nn.Module):
    """What timm's networks look like from outside: features with strides and channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 6, 2, 2)
        self.feature_info = SimpleNamespace(reduction=lambda: [2, 4, 8], channels=lambda: [6, 6, 6])

    def forward(self, x: Tensor) -> list[Tensor]:
        first = self.conv(x)
        return [first, first[..., ::2, ::2], first[..., ::4, ::4]]


def _create(name: str, *, pretrained: bool, features_only: bool, in_chans: int) -> nn.Module:
    assert features_only
    assert not pretrained
    if name != "small_net":
        raise RuntimeError(f"Unknown model ({name})")
    return _Features(in_chans)


@pytest.fixture
def timm(monkeypatch: pytest.MonkeyPatch) -> None:
    stub = ModuleType("timm")
    stub.create_model = _create  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "timm", stub)


def test_a_network_of_timms(timm: None) -> None:
    """Features finer than a quarter are left; the rest is treated as HRNet's."""
    detector = HeatmapDetector(2, "timm:small_net", upsample=2, in_channels=1)
    assert detector.body.strides == (4, 8)
    assert run(detector, torch.rand(1, 1, 32, 48)).shape == (1, 2, 16, 24)
    assert build_detector(detector.config).config == detector.config


def test_timm_does_not_know_it(timm: None) -> None:
    with pytest.raises(ValueError, match=r"no features with 'big_net': Unknown model \(big_net\)"):
        build_body("timm:big_net")


def test_timm_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(ImportError, match=r"timm:resnet18 needs timm.*pip install timm"):
        HeatmapDetector(2, "timm:resnet18")

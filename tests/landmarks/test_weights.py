"""Weights from files and from the hub: what goes in, what is left, what is refused and how."""

import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from acetate.landmarks.detector import HeatmapDetector
from acetate.landmarks.network import hub
from acetate.landmarks.network.hrnet import VARIANTS, HRNet
from acetate.landmarks.network.weights import HUB, load_weights

NAME = "hrnet_w18_small"
# Names as timm's file has them above the body.
ABOVE = (
    "incre_modules.0.0.conv1.weight",
    "downsamp_modules.2.1.running_mean",
    "final_layer.0.bias",
    "classifier.weight",
)


@pytest.fixture(scope="module")
def body() -> dict[str, Tensor]:
    """Return the weights of a body, none of them as a new one begins."""
    state = HRNet(VARIANTS[NAME]).state_dict()
    return {k: v + 0.01 if v.is_floating_point() else v for k, v in state.items()}


def timms(body: dict[str, Tensor], prefix: str = "") -> dict[str, Tensor]:
    return {f"{prefix}{key}": value for key, value in body.items()} | {
        f"{prefix}{key}": torch.zeros(3) for key in ABOVE
    }


def check_filled(detector: HeatmapDetector, body: dict[str, Tensor]) -> None:
    state = detector.body.state_dict()
    assert set(state) == set(body)
    assert all(torch.equal(state[key], body[key]) for key in body)


def test_timms_file(tmp_path: Path, body: dict[str, Tensor]) -> None:
    save_file(timms(body), tmp_path / "model.safetensors")
    detector = HeatmapDetector(2, NAME)
    head = {key: value.clone() for key, value in detector.head.state_dict().items()}
    loaded = load_weights(detector, tmp_path / "model.safetensors")
    check_filled(detector, body)
    assert sorted(loaded.left) == sorted(ABOVE)
    assert (loaded.taken, loaded.summed) == (len(body), False)
    assert all(torch.equal(value, head[k]) for k, value in detector.head.state_dict().items())


@pytest.mark.parametrize(
    ("inside", "prefix"),
    [
        (None, ""),
        ("state_dict", "module."),
        ("model_state_dict", "backbone."),
        ("model", "network.body."),
    ],
)
def test_pytorchs_files(
    tmp_path: Path, body: dict[str, Tensor], inside: str | None, prefix: str
) -> None:
    state = timms(body, prefix)
    torch.save(state if inside is None else {"epoch": 3, inside: state}, tmp_path / "a.pth")
    detector = HeatmapDetector(2, NAME)
    loaded = load_weights(detector, tmp_path / "a.pth")
    check_filled(detector, body)
    assert sorted(loaded.left) == sorted(f"{prefix}{key}" for key in ABOVE)


def test_files_that_count_no_batches(tmp_path: Path, body: dict[str, Tensor]) -> None:
    old = {k: v for k, v in body.items() if not k.endswith("num_batches_tracked")}
    torch.save(old, tmp_path / "old.pth")
    detector = HeatmapDetector(2, NAME)
    assert load_weights(detector, tmp_path / "old.pth").taken == len(old)
    assert torch.equal(detector.body.state_dict()["bn1.weight"], body["bn1.weight"])


@pytest.mark.parametrize("backbone", [NAME, "light"])
def test_from_a_detector_of_other_landmarks(tmp_path: Path, backbone: str) -> None:
    first = HeatmapDetector(19, backbone)
    save_file(
        {k: v.contiguous() for k, v in first.state_dict().items()}, tmp_path / "a.safetensors"
    )
    second = HeatmapDetector(4, backbone)
    loaded = load_weights(second, tmp_path / "a.safetensors")
    check_filled(second, first.body.state_dict())
    assert {name.split(".")[0] for name in loaded.left} == {"head", "mean", "std"}


def test_one_channel_sums_the_colours(tmp_path: Path, body: dict[str, Tensor]) -> None:
    """On a gray picture the first layer says what it says on three equal channels."""
    torch.save(body, tmp_path / "a.pth")
    gray = HeatmapDetector(2, NAME, in_channels=1)
    assert load_weights(gray, tmp_path / "a.pth").summed
    image = torch.rand(1, 1, 16, 16)
    wanted = torch.nn.functional.conv2d(
        image.expand(1, 3, 16, 16), body["conv1.weight"], stride=2, padding=1
    )
    assert torch.allclose(gray.body.conv1(image), wanted, atol=1e-5)
    check_filled(gray, body | {"conv1.weight": body["conv1.weight"].sum(1, keepdim=True)})


def test_none_changes_nothing() -> None:
    detector = HeatmapDetector(2, "light")
    before = {key: value.clone() for key, value in detector.state_dict().items()}
    assert load_weights(detector, "none").taken == 0
    assert all(torch.equal(value, before[k]) for k, value in detector.state_dict().items())


def test_another_networks_shapes(tmp_path: Path, body: dict[str, Tensor]) -> None:
    torch.save(body, tmp_path / "a.pth")
    with pytest.raises(
        ValueError, match=r"\S+ has shape \(.*\) in the weights, but the body hrnet_w18_small_v2"
    ):
        load_weights(HeatmapDetector(2, "hrnet_w18_small_v2"), tmp_path / "a.pth")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.pop("stage2.0.branches.0.0.bn1.bias"), "lack stage2.0.branches.0.0.bn1.bias$"),
        (lambda s: s.update({"stage9.w": torch.zeros(1)}), "unknown to it, stage9.w$"),
        (lambda s: s.update({"conv1.weight": torch.zeros(64, 5, 3, 3)}), r"\(64, 5, 3, 3\)"),
    ],
)
def test_other_names(tmp_path: Path, body: dict[str, Tensor], change: Any, words: str) -> None:
    state = dict(body)
    change(state)
    torch.save(state, tmp_path / "a.pth")
    with pytest.raises(ValueError, match=words):
        load_weights(HeatmapDetector(2, NAME), tmp_path / "a.pth")


def test_nothing_of_a_body(tmp_path: Path) -> None:
    torch.save({"fc.weight": torch.zeros(2)}, tmp_path / "a.pth")
    with pytest.raises(ValueError, match=r"needs a tensor 'conv1\.weight', and there is none in"):
        load_weights(HeatmapDetector(2, NAME), tmp_path / "a.pth")


def test_a_value_that_is_no_tensor(tmp_path: Path, body: dict[str, Tensor]) -> None:
    torch.save(body | {"bn1.bias": [0.0]}, tmp_path / "a.pth")
    with pytest.raises(TypeError, match=r"bn1\.bias in the weights must be a tensor, got list"):
        load_weights(HeatmapDetector(2, NAME), tmp_path / "a.pth")


class _Trap:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.makedirs, ("sprung",)


def test_no_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"state_dict": _Trap()}, "a.pth")
    with pytest.raises(ValueError, match="no file of tensors alone, and acetate runs no code"):
        load_weights(HeatmapDetector(2, "light"), "a.pth")
    assert not Path("sprung").exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.safetensors", b"", "no safetensors file, or a damaged one"),
        ("a.safetensors", b"\xff" * 64, "no safetensors file, or a damaged one"),
        ("a.pth", b"", "no file of PyTorch's, or a damaged one"),
        ("a.pth", b"PK\x03\x04 and no more", "no file of PyTorch's, or a damaged one"),
        ("a.pth", b"words", "a.pth is no file"),
        ("a.pth", pickle.dumps([1, 2]), "a.pth "),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ValueError, match=words):
        load_weights(HeatmapDetector(2, "light"), tmp_path / name)


def test_a_list_is_no_state(tmp_path: Path) -> None:
    torch.save([torch.zeros(1)], tmp_path / "a.pth")
    with pytest.raises(ValueError, match="must hold tensors by name, got list"):
        load_weights(HeatmapDetector(2, "light"), tmp_path / "a.pth")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no file of weights: .*gone\.pth"):
        load_weights(HeatmapDetector(2, "light"), tmp_path / "gone.pth")


def test_the_hub_has_every_hrnet() -> None:
    assert set(HUB) == set(VARIANTS)


def test_the_hub_has_no_light_one() -> None:
    with pytest.raises(ValueError, match="no published weights of 'light'; there are of hrnet_w18"):
        load_weights(HeatmapDetector(2, "light"), "hub")


def test_offline_it_says_what_to_fetch(tmp_path: Path) -> None:
    """In a process of its own, as the hub's loader reads its environment once."""
    script = f"from acetate.landmarks.network.hub import fetch; fetch({HUB[NAME]!r})"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    start = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert time.monotonic() - start < 60
    last = run.stderr.splitlines()[-1]
    assert last.startswith("OSError: the weights timm/hrnet_w18_small.gluon_in1k are not in the")
    assert str(tmp_path) in last
    assert f"/{HUB[NAME]}/resolve/main/model.safetensors" in last
    assert "--weights FILE" in last


def test_no_network_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub import constants

    calls = list[str]()

    def head(url: str, timeout: float) -> None:
        calls.append(url)
        raise ConnectionError("no route to host")

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(huggingface_hub, "get_session", lambda: SimpleNamespace(head=head))
    with pytest.raises(OSError, match=r"could not be fetched: no route to host\. Fetch https"):
        hub.fetch(HUB[NAME])
    assert len(calls) == 1


def test_the_hubs_cache_needs_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: dict[str, Tensor]
) -> None:
    import huggingface_hub
    from huggingface_hub import constants

    def nobody() -> None:
        raise AssertionError("the network was asked")

    kept = tmp_path / f"models--{HUB[NAME].replace('/', '--')}"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("0" * 40)
    (kept / "snapshots" / ("0" * 40)).mkdir(parents=True)
    save_file(timms(body), kept / "snapshots" / ("0" * 40) / "model.safetensors")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(huggingface_hub, "get_session", nobody)
    detector = HeatmapDetector(2, NAME)
    assert load_weights(detector, "hub").taken == len(body)
    check_filled(detector, body)


def test_without_the_hubs_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ImportError, match=r"weights from the hub.*pip install 'acetate\[learn\]'"):
        hub.fetch(HUB[NAME])


class _Timms(torch.nn.Module):
    """A network as timm gives it."""

    def __init__(self, source: str | None, hub_id: str | None) -> None:
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 4, 4)
        self.feature_info = SimpleNamespace(reduction=lambda: [4], channels=lambda: [4])
        self.pretrained_cfg = {"hf_hub_id": hub_id}
        if source is not None:
            torch.nn.init.constant_(self.conv.weight, 7.0)

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.conv(x)]


def _stub(hub_id: str | None) -> ModuleType:
    stub = ModuleType("timm")
    stub.create_model = lambda name, **options: _Timms(  # type: ignore[attr-defined]
        options.get("pretrained_cfg_overlay", {}).get("file"), hub_id
    )
    return stub


def test_timm_puts_weights_into_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "timm", _stub("timm/net"))
    file = tmp_path / "model.safetensors"
    save_file({"w": torch.zeros(1)}, file)
    detector = HeatmapDetector(2, "timm:net")
    assert load_weights(detector, file).taken == 2
    assert detector.body.state_dict()["model.conv.weight"].unique().tolist() == [7.0]
    asked = list[str]()
    monkeypatch.setattr(
        "acetate.landmarks.network.weights.fetch", lambda name: (asked.append(name), file)[1]
    )
    load_weights(detector, "hub")
    assert asked == ["timm/net"]


def test_timms_weights_are_safetensors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "timm", _stub(None))
    detector = HeatmapDetector(2, "timm:net")
    with pytest.raises(ValueError, match="for timm:net are a safetensors file, got"):
        load_weights(detector, tmp_path / "a.pth")
    with pytest.raises(ValueError, match="no published weights of 'net'"):
        load_weights(detector, "hub")

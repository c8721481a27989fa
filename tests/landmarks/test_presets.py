"""Presets: the readme's numbers under a name, and names that the registers know."""

import json
import subprocess
import sys
from dataclasses import asdict, fields, replace
from typing import Any

import pytest

from acetate.landmarks.losses import LOSSES, Readme
from acetate.landmarks.network import NETWORKS
from acetate.landmarks.network.hrnet import VARIANTS
from acetate.landmarks.presets import PRESETS, Preset
from acetate.landmarks.tasks import loss_of, new_detector, task_of
from acetate.learn import TrainOptions


def test_the_readmes_numbers() -> None:
    preset = PRESETS["cephalometric"]
    assert preset.network.startswith("hrnet")
    assert (preset.input_size, preset.heatmap_size, preset.sigma) == (768, 192, 3.0)
    assert loss_of(preset) == Readme(sigma=3.0, heatmap_weight=1.0, coordinate_weight=0.5)
    assert preset.patience > 0


def test_names_are_those_of_the_registers() -> None:
    losses = next(each for each in fields(Preset) if each.name == "loss").metadata["choices"]
    assert losses == tuple(LOSSES)
    assert set(NETWORKS) == {*VARIANTS, "light", "timm:NAME"}


def test_weights_are_the_losses_own_unless_given() -> None:
    assert loss_of(Preset(loss="readme")) == Readme(sigma=2.0)
    assert loss_of(Preset(loss="readme", coordinate_weight=0.7)).coordinate_weight == 0.7  # type: ignore[attr-defined]
    for loss in ("dsnt", "heatmap-mse", "wing"):
        with pytest.raises(ValueError, match=rf"'{loss}' has no coordinate_weight, got 2; leave"):
            loss_of(Preset(loss=loss, coordinate_weight=2.0))
    with pytest.raises(ValueError, match="'cross-entropy-l1' has no heatmap_weight"):
        loss_of(Preset(heatmap_weight=1.0, loss="cross-entropy-l1"))
    wing = Preset(kind="regression", loss="wing", heatmap_weight=1.0)
    with pytest.raises(ValueError, match="'wing' has no heatmap_weight"):
        task_of(new_detector(wing, 2), wing)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_go_through_json(name: str) -> None:
    preset = PRESETS[name]
    assert Preset(**json.loads(json.dumps(asdict(preset)))) == preset


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_how_to_train(name: str) -> None:
    assert isinstance(PRESETS[name], TrainOptions)
    assert all(each.metadata["help"] for each in fields(Preset))
    assert replace(PRESETS[name], epochs=3).epochs == 3


@pytest.mark.parametrize(("stride", "size", "upsample"), [(1, 256, 4), (2, 128, 2), (4, 64, 1)])
def test_sizes_of_heatmaps(stride: int, size: int, upsample: int) -> None:
    preset = Preset(input_size=256, stride=stride)
    assert (preset.heatmap_size, preset.upsample) == (size, upsample)


def test_any_network_of_timms() -> None:
    assert Preset(network="timm:resnet18").network == "timm:resnet18"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"stride": 3}, "stride is 1, 2 or 4, got 3"),
        ({"channels": 2}, "channels is 1 for gray pictures or 3 for colour, got 2"),
        ({"input_size": 100}, "input_size must be a multiple of 32, got 100"),
        ({"input_size": 0}, r"input_size must lie in \[32, 8192\], got 0"),
        ({"network": "hrnet"}, "network is one of .*timm:NAME, got 'hrnet'; the nearest is"),
        ({"loss": "heatmap_mse"}, "the nearest is 'heatmap-mse'"),
        ({"kind": "regresion"}, "the nearest is 'regression'"),
        ({"decoder": "argmax"}, "the nearest is 'arg-max'"),
        ({"epochs": 0}, "epochs must lie in"),
        ({"sigma": float("nan")}, "sigma must lie in"),
    ],
)
def test_other_values_are_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Preset(**values)


def test_presets_need_no_torch() -> None:
    script = "import sys, acetate.landmarks.presets; print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"

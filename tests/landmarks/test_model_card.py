"""Cards of strangers: every value is checked, and no file makes acetate ask for much memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acetate.landmarks.detector import HeatmapDetector, RegressionDetector
from acetate.landmarks.model_card import ModelCard
from acetate.landmarks.prediction import LandmarkModel
from acetate.learn.model_file import save_model

MIRROR = {"left": "right", "right": "left"}
MAKERS: dict[str, Callable[[], Any]] = {
    "heatmaps": lambda: HeatmapDetector(2, "light", in_channels=1),
    "regression": lambda: RegressionDetector(2, "light", 1),
}


def loaded(path: Path, kind: str = "heatmaps", **changes: Any) -> LandmarkModel:
    """Return a model whose card was changed; ``detector_x`` is x of the detector's config."""
    detector = MAKERS[kind]()
    card = ModelCard(("left", "right"), MIRROR, detector.config, 64).to_dict()
    config = dict(detector.config)
    for name, value in changes.items():
        if name.startswith("detector_"):
            config[name.removeprefix("detector_")] = value
    others = {k: v for k, v in changes.items() if not k.startswith("detector_")}
    save_model(path, detector.state_dict(), {**card, "detector": config, **others})
    return LandmarkModel.load(path)


def test_a_card_that_is_whole(tmp_path: Path) -> None:
    assert loaded(tmp_path / "a.safetensors", covariance_scale=2).card.covariance_scale == 2
    assert loaded(tmp_path / "a.safetensors", "regression").card.names == ("left", "right")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"input_size": "x"}, "input_size must be a whole number from 32 to 8192, got 'x'"),
        ({"input_size": 10**7}, "input_size must be a whole number"),
        ({"input_size": True}, "input_size must be a whole number"),
        ({"input_size": 33}, "input_size must be a multiple of 32"),
        ({"covariance_scale": "a"}, "covariance_scale must be a number from 0, got 'a'"),
        ({"covariance_scale": -1}, "covariance_scale must be a number from 0"),
        ({"mirror": [1]}, r"mirror is no table, got \[1\]"),
        ({"mirror": {"left": 3}}, "mirror has 'left' and 3"),
        ({"mirror": {"left": "nose"}}, "mirror has 'left' and 'nose'"),
        ({"detector": [1]}, r"detector is no table, got \[1\]"),
        ({"scores": "good"}, "scores is no table"),
        ({"names": "ab"}, "names are no list of texts"),
        ({"names": ["left", 1]}, "names are no list of texts"),
        ({"names": ["left", "left"]}, "each once, got left, left"),
        ({"names": []}, "got none"),
        ({"names": ["left"], "mirror": {}}, "the detector has 2 landmarks, the names are 1"),
        ({"detector_kind": ["HeatmapDetector"]}, "the detector's kind must be a name"),
        ({"detector_kind": "Heatmaps"}, "no kind of detector 'Heatmaps'"),
        ({"detector_backbone": 5}, "the detector's backbone must be a name, got 5"),
        ({"detector_num_landmarks": 10**9}, r"num_landmarks must lie in \[1, 65536\]"),
        ({"detector_num_landmarks": 3}, "the detector has 3 landmarks, the names are 2"),
        ({"detector_width": 10**18}, r"width must lie in \[1, 65536\]"),
        ({"detector_width": 65536}, "has shape .* in the weights, but HeatmapDetector needs"),
        ({"detector_in_channels": 4}, "in_channels is 1 or 3, got 4"),
        ({"detector_sigma": "a"}, "sigma must be a number, got 'a'"),
        ({"detector_more": 1}, "no HeatmapDetector has this config"),
    ],
)
def test_values_of_other_kinds_are_refused(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=rf"bad\.safetensors.*{says}"):
        loaded(tmp_path / "bad.safetensors", **changes)


def test_a_file_that_would_need_terabytes_is_refused_at_once(tmp_path: Path) -> None:
    sizes = {"detector_hidden": 65536, "detector_grid": 2000}  # 12.6 million million numbers
    with pytest.raises(ValueError, match=r"bad\.safetensors: head.* but RegressionDetector needs"):
        loaded(tmp_path / "bad.safetensors", "regression", **sizes)


def test_more_landmarks_than_weights(tmp_path: Path) -> None:
    names = [f"p{k}" for k in range(60_000)]
    changes = {"names": names, "mirror": {}, "detector_num_landmarks": len(names)}
    with pytest.raises(ValueError, match="of a detector of 2 landmarks, this one has 60000"):
        loaded(tmp_path / "bad.safetensors", **changes)


def test_devices_are_those_of_training(tmp_path: Path) -> None:
    loaded(tmp_path / "a.safetensors")
    assert LandmarkModel.load(tmp_path / "a.safetensors", "auto").card.names == ("left", "right")
    with pytest.raises(ValueError, match="device is one of auto, cpu, gpu, got 'cuda'"):
        LandmarkModel.load(tmp_path / "a.safetensors", "cuda")

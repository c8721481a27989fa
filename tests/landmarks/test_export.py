"""Exported detectors say what the detector says, for batches of any size, without acetate."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from acetate.landmarks.detector import HeatmapDetector, RegressionDetector
from acetate.landmarks.export import CARD, export_detector

KINDS: dict[str, Any] = {
    "light": lambda: HeatmapDetector(2, "light", 2, 1),
    "hrnet": lambda: HeatmapDetector(3, "hrnet_w18_small"),
    "regression": lambda: RegressionDetector(2, "light", 1),
}


def lived(detector: Any) -> Any:
    """Return the detector with statistics and a last layer as after a training."""
    torch.manual_seed(1)
    nn.init.normal_(detector.head.final.weight)
    for each in detector.modules():
        if isinstance(each, nn.BatchNorm2d):
            nn.init.uniform_(each.running_var, 1, 2)
            nn.init.normal_(each.running_mean, std=0.1)
    return detector.eval()


def said(detector: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        found: Tensor = detector(images)
    return found


@pytest.mark.parametrize("kind", ["hrnet", "regression"])
def test_pytorchs_program_is_equal(tmp_path: Path, kind: str) -> None:
    detector = lived(KINDS[kind]())
    export_detector(detector, tmp_path / "a.pt2", (64, 96))
    program = torch.export.load(tmp_path / "a.pt2").module()
    for count in (1, 2, 3):
        images = torch.rand(count, detector.in_channels, 64, 96)
        wanted = said(detector, images)
        assert wanted.std() > 0
        assert torch.allclose(said(program, images), wanted, rtol=1e-4, atol=1e-5)


def test_the_file_runs_without_acetate(tmp_path: Path) -> None:
    detector = HeatmapDetector(2, "light").train()
    before = {key: value.clone() for key, value in detector.state_dict().items()}
    export_detector(detector, tmp_path / "a.pt2", 64, {"names": ["a", "ä"]})
    assert detector.training
    assert all(torch.equal(value, before[k]) for k, value in detector.state_dict().items())
    script = (
        "import sys, torch; extra = {'acetate.json': ''}; "
        "program = torch.export.load(sys.argv[1], extra_files=extra).module(); "
        "print(extra['acetate.json']); print(*program(torch.zeros(4, 3, 64, 64)).shape); "
        "print('acetate' in sys.modules)"
    )
    card, shape, ours = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "a.pt2"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert json.loads(card)["names"] == ["a", "ä"]
    assert json.loads(card)["detector"]["backbone"] == "light"
    assert (shape, ours) == ("4 2 16 16", "False")


@pytest.mark.skipif(find_spec("onnxscript") is not None, reason="onnxscript is there")
def test_onnx_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ImportError, match=r"ONNX needs onnx\w*: pip install onnx onnxscript"):
        export_detector(HeatmapDetector(2, "light"), tmp_path / "a.onnx", 64)
    assert not (tmp_path / "a.onnx").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_onnx_is_equal(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("onnxscript")
    runtime = pytest.importorskip("onnxruntime")
    detector = lived(KINDS[kind]())
    export_detector(detector, tmp_path / "a.onnx", 64, {"names": ["a"]})
    session = runtime.InferenceSession(tmp_path / "a.onnx")
    assert json.loads(session.get_modelmeta().custom_metadata_map[CARD])["names"] == ["a"]
    for count in (1, 3):
        images = torch.rand(count, detector.in_channels, 64, 64)
        (found,) = session.run(None, {"images": images.numpy()})
        np.testing.assert_allclose(found, said(detector, images).numpy(), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "size", "card", "words"),
    [
        ("a.pt", 64, None, r"path must end in \.pt2 or \.onnx, got 'a\.pt'"),
        ("a.pt2", 60, None, "multiples of 32"),
        ("a.pt2", 0, None, "smaller than light takes"),
        ("a.pt2", 64, {"spacing": float("nan")}, "JSON"),
    ],
)
def test_other_values_are_refused(name: str, size: int, card: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        export_detector(HeatmapDetector(2, "light"), name, size, card)
    assert not Path(name).exists()

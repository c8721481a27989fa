"""The face of `acetate.landmarks`: light to import, with torch only where it is asked for."""

import builtins
import subprocess
import sys

import pytest

import acetate.landmarks as landmarks


def test_importing_it_loads_nothing_heavy():
    script = "import sys, acetate.landmarks; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"torch", "lightning", "scipy", "skimage", "sklearn", "numba"} & set(loaded)


def test_every_name_is_there():
    for name in landmarks.__all__:
        assert getattr(landmarks, name) is not None


def test_without_torch_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without_torch(name, *rest):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
        return real(name, *rest)

    for name in [n for n in sys.modules if n.startswith("acetate.landmarks.detector")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without_torch)
    with pytest.raises(ImportError, match=r"needs torch: pip install 'acetate\[learn\]'"):
        _ = landmarks.HeatmapDetector


def test_names_that_do_not_exist_are_attribute_errors():
    with pytest.raises(AttributeError, match=r"'acetate\.landmarks' has no attribute 'Nothing'"):
        _ = landmarks.Nothing

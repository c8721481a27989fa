"""The register: methods by name, their parameters described, their results alike."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from acetate.segment import METHODS, HeatFlow, Segmentation, method_named


@pytest.mark.parametrize("name", METHODS)
def test_every_parameter_is_described(name):
    for parameter in fields(METHODS[name]):
        about = parameter.metadata
        assert about["help"].endswith(".")
        if about["choices"]:
            assert parameter.default in about["choices"]
        elif isinstance(parameter.default, tuple):
            assert about["low"] < about["high"]
        elif parameter.default is not None and not isinstance(parameter.default, bool):
            assert about["low"] <= parameter.default <= about["high"]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_segments_with_its_defaults(name):
    image = np.full((30, 30), 20, np.uint8)
    image[8:20, 8:20] = 200
    box = (6, 6, 22, 22) if getattr(METHODS[name], "NEEDS_PROMPT", False) else None
    found = method_named(name).segment(image, box)
    assert isinstance(found, Segmentation)
    # What grows onto edges from both sides may round a corner off.
    corners = 4 if name == "guarded-bands" else 0
    assert np.count_nonzero(found.mask != (image == 200)) <= corners


def test_methods_are_values():
    method = method_named("heat-flow", phases=3)
    assert method == HeatFlow(phases=3)
    assert replace(method, tau=4.0).tau == 4
    with pytest.raises(FrozenInstanceError):
        method.phases = 4


def test_unknown_methods_and_parameters_are_refused():
    with pytest.raises(ValueError, match="no method 'jacobi'; the nearest is 'jacobi-theta'"):
        method_named("jacobi")
    with pytest.raises(TypeError, match="speed"):
        method_named("heat-flow", speed=3)


def test_the_room_loads_nothing_heavy():
    import subprocess
    import sys

    script = "import sys, acetate.segment; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"scipy", "sklearn", "skimage", "numba", "torch", "matplotlib"} & set(loaded)

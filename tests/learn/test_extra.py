"""Without the extra `learn`, everything else works, and what needs it says what to install."""

import subprocess
import sys

import pytest


def run(script: str) -> subprocess.CompletedProcess[str]:
    start = "import sys; sys.modules['torch'] = None; sys.modules['lightning'] = None; "
    return subprocess.run([sys.executable, "-c", start + script], capture_output=True, text=True)


@pytest.mark.parametrize(
    "script",
    [
        "import acetate.learn.training",
        "import acetate.learn.unet",
        "import acetate.learn.task",
        "from acetate.segment.unet import UNetSegmenter",
    ],
)
def test_what_needs_torch_says_what_to_install(script):
    assert "pip install 'acetate[learn]'" in run(script).stderr.splitlines()[-1]


def test_options_and_history_need_nothing():
    script = "from acetate.learn import History, TrainOptions; TrainOptions(); History((), 0)"
    assert run(script + "; import acetate.segment.unet").returncode == 0

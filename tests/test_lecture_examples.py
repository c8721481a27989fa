"""The lecture's examples print what was measured before; docs/segment.md shows their figures."""

import re
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from acetate.images import read
from acetate.segment import METHODS

EXAMPLES = Path(__file__).parent.parent / "examples/lecture"
DATA = Path(__file__).parent.parent / "../shared/data"
DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "segment.md").read_text(encoding="utf-8")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")

# What each writes, and lines that it prints.
FIGURES = {
    "thresholds": ("try_all", "bands", "robustness", "colony"),
    "hysteresis": ("steps", "goldilocks"),
    "several_classes": ("",),
    "clusters": ("", "pairs", "table"),
    "quad_tree": ("",),
    "superpixels": ("",),
    "page_roc": ("", "steps", "histogram"),
    "random_field": ("",),
    "neighbours": ("",),
    "lines": ("",),
    "trees": ("drawn", "forest"),
    "digits": ("pictures", "steps", "spread", "table"),
    "steps": (
        "scaled",
        "scaled_h",
        "quantiles",
        "quantiles_h",
        "terms",
        "terms_h",
        "places",
    ),
    "pixel_ladder": (
        "tree",
        "tree-xy",
        "tree-xy_drawn",
        "k-means",
        "polynomial",
        "filters",
        "linear",
        "kernel",
        "linear_steps",
        "nearest",
        "PixelClassifier",
        "roc",
    ),
    "overfitting": ("",),
    "best_filter": ("", "roc"),
}
PRINTED = {
    "thresholds": (
        "bone, otsu: threshold 83,",
        "bone, isodata: threshold 84.18,",
        "bone, intermodes: threshold 65.5,",
        "bone, minimum: threshold 24,",
        "bone, triangle: threshold 165,",
        "colony, below 0.6: 1.49 24.84 1.38 7.77 4.99 3.38 1.72 2.55 %, the largest 18.0 times",
        "colony, below Otsu's threshold: 6.63 6.63 6.63 6.63 6.63 6.63 6.63 6.63 %",
    ),
    "hysteresis": (
        "strict: 3563 pixels",
        "loose: 15484 pixels",
        "without small objects: 3144 pixels",
        "connected: 5143 pixels",
        "after 10 dilations only: 4900 pixels",
    ),
    "several_classes": ("bands: 6479 pixels falsely gray", "profile: 3 of 41 values are gray"),
    "clusters": ("x/10, y/10: 4 clusters: 3279 4060 11402 4614 pixels",),
    "quad_tree": ("std > 20, sides from 128: 6 squares", "std > 20, sides from 64: 24 squares"),
    "superpixels": (),
    "page_roc": (
        "intensity: area 0.8405",
        "the same with scikit-image's Gaussians: area 0.9438",
    ),
    "random_field": (),
    "neighbours": ("1.5: am\n100: dog", "1 neighbour(s): A is 1, B is 0, C is 1;"),
    "lines": (
        "slope 10, intercept 10",
        "at -100: -990\nat 500: 5010",
        "two blobs: 0.04813137, 0.20391973, 1.34692971",
    ),
    "trees": ("Gini at the root: 0.6666 = 1 - sum P² = 0.6666",),
    "digits": (
        "training: 1.000 right\nvalidation: 0.671 right\nthe drawn 9 is a 7",
        "1 neighbour(s), training: MSE 0.00, MAE 0.00",
        "1 neighbour(s), validation: MSE 7.71, MAE 1.41",
        "5 neighbour(s), training: MSE 4.02, MAE 1.56",
        "5 neighbour(s), validation: MSE 6.48, MAE 2.04",
    ),
    "steps": (
        "quantiles: 1 column(s), 0.000 to 1.000",
        "places: em, em_gaussian2, em_gaussian5-2, em_gaussian8-5, x, y, distance, angle",
    ),
    "pixel_ladder": (
        "correlation and model differ by less than 1e-6: True",
        "lower right: -0.1501, -0.05296, -0.1412, -0.02355, 0.06657, -0.04512, -0.1015, -0.03607, "
        "-0.1819; 0.4213",
    ),
    "overfitting": ("depth 30: training 1.000,",),
    "best_filter": ("dark is object: area 0.7914 in training, 0.7874 beyond",),
}
NEED_DATA = ("thresholds", "hysteresis", "clusters", "quad_tree", "superpixels")
NEED_DATA += ("steps", "pixel_ladder", "overfitting", "best_filter")
SLOW = ("pixel_ladder", "overfitting")


def numbers(pattern: str, text: str) -> list[float]:
    found = re.search(pattern, text)
    assert found, f"{pattern!r} is not in {text!r}"
    return [float(group.replace(",", "")) for group in found.groups()]


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Return a function that runs an example once, and returns what it wrote and printed."""

    @cache
    def run(name):
        folder, printed = tmp_path_factory.mktemp(name), StringIO()
        with redirect_stdout(printed):
            paths = main_of(name)(folder, *([DATA] if name in NEED_DATA else []))
        return folder, paths, printed.getvalue()

    return run


def main_of(name):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES))
        return runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"]


def test_every_example_is_tested():
    # The U-Net's needs torch: test_the_example_with_a_network.
    assert {path.stem for path in EXAMPLES.glob("*.py")} - {"unet"} == {"lecture", *FIGURES}


@needs_data
@pytest.mark.slow
def test_the_example_with_a_network(tmp_path, capsys):
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    paths = main_of("unet")(tmp_path, DATA, {"bad": 1, "sound": 1, "corner": 1})
    names = ["network", "masks", "bad", "sound", "overfitted"]
    assert [path.name for path in paths] == [f"unet_{name}.png" for name in names]
    assert all(read(path)[..., :3].std() > 10 for path in paths)
    printed = capsys.readouterr().out
    for name in ("very bad way", "sound", "one corner only"):
        assert f"{name}: Dice " in printed


def marks_of(name):
    return [needs_data] * (name in NEED_DATA) + [pytest.mark.slow] * (name in SLOW)


@pytest.mark.parametrize("name", [pytest.param(n, marks=marks_of(n)) for n in FIGURES])
def test_writes_its_figures_and_prints_what_was_measured(name, make):
    folder, paths, printed = make(name)
    base = name.removesuffix("_roc")
    expected = [f"{base}_{part}.png" if part else f"{name}.png" for part in FIGURES[name]]
    assert [path.name for path in paths] == expected
    assert sorted(path.name for path in folder.iterdir()) == sorted(expected)
    for path in paths:
        figure = read(path)
        assert min(figure.shape[:2]) > 250
        # Something is drawn, and not on the outermost pixels, where it might be cut off.
        assert figure[..., :3].std() > 10
        assert all((edge == 255).all() for edge in (figure[0], figure[-1], figure[:, 0]))
    for line in PRINTED[name]:
        assert line in printed


def test_the_guard_removes_the_skin(make):
    *_, printed = make("several_classes")
    false, dice = numbers(r"guarded: (\d+) pixels falsely gray, Dice of gray ([\d.]+)", printed)
    assert false < 200
    assert dice > 0.98


@needs_data
def test_superpixels_leave_fewer_parts_than_pixels(make):
    *_, printed = make("superpixels")
    (count,) = numbers(r"(\d+) superpixels of", printed)
    assert count == pytest.approx(100, abs=20)
    (pixels,) = numbers(r"5 bands of pixels: (\d+) parts", printed)
    (regions,) = numbers(r"5 bands of superpixels: (\d+) parts", printed)
    assert regions < pixels / 10


def test_edges_add_to_what_intensity_tells_of_the_page(make):
    *_, printed = make("page_roc")
    (ours,) = numbers(r"intensity/1000 \+ DoG\(0.5, 10\): area ([\d.]+)", printed)
    assert ours > 0.9438


def test_the_exact_minimum_has_the_least_energy_and_neighbours_tell_more_than_values(make):
    *_, printed = make("random_field")
    names = ("threshold", "max-flow", "icm", "heat", "mean-field", "blurred", "fitted", "truth")
    table = {name: numbers(rf"{name} +([\d,]+) +([\d.]+)", printed) for name in names}
    assert min(table, key=lambda name: table[name][0]) == "max-flow"
    assert table["threshold"][1] < 0.3 < 0.75 < table["icm"][1]
    for name in ("max-flow", "heat", "mean-field", "blurred", "fitted"):
        assert table[name][1] > 0.93
    assert table["truth"][1] == 1


def test_one_neighbour_is_always_right_of_itself(make):
    *_, printed = make("neighbours")
    one, four = (numbers(rf"{n} neighbour\(s\).*points ([\d.]+)", printed)[0] for n in (1, 4))
    assert one == 1 > four > 0.85


@needs_data
@pytest.mark.slow
def test_the_ladder_that_learns_rises(make):
    *_, printed = make("pixel_ladder")
    rows = "accuracy ([\\d.]+), MAE ([\\d.]+), Dice ([\\d.]+), IoU ([\\d.]+), area ([\\d.]+)"
    table = {
        name: numbers(rf"{name} +{rows}", printed)
        for name in ("tree", "linear", "nearest", "filters", "PixelClassifier")
    }
    # A tenth is object: who says 'nothing' is right of nine tenths.
    assert table["linear"][0] > 0.89
    assert table["linear"][2] == 0
    assert table["filters"][2] == pytest.approx(0.49, abs=0.03)
    assert table["PixelClassifier"][2] > 0.78
    areas = [table[name][4] for name in ("nearest", "tree", "linear", "filters", "PixelClassifier")]
    assert areas == sorted(areas)


@needs_data
@pytest.mark.slow
def test_pixels_held_out_at_random_praise_what_only_remembers(make):
    *_, printed = make("overfitting")
    ways = "training ([\\d.]+), held out at random ([\\d.]+), held out in bands ([\\d.]+)"
    remembered, beside, apart = numbers(f"depth 30: {ways}", printed)
    assert remembered == 1
    assert beside > 0.95
    assert apart < 0.15


@needs_data
def test_weights_of_channels_tell_more_than_the_picture(make):
    *_, printed = make("best_filter")
    areas = {
        name: numbers(rf"{name}[^:]*: area ([\d.]+) in training, ([\d.]+) beyond", printed)
        for name in ("dark", "mean", "weighted channels", "9 x 9 kernel, discriminant")
    }
    assert areas["weighted channels"][1] > 0.93 > areas["mean"][1] > areas["dark"][1]
    assert areas["9 x 9 kernel, discriminant"][1] > 0.9


def test_says_where_it_looked_for_the_pictures(tmp_path):
    with pytest.raises(SystemExit) as stopped:
        main_of("quad_tree")(tmp_path, tmp_path)
    assert str(stopped.value) == (
        f"{tmp_path / 'qbi/bonegfiltslice.png'} is not there: pass --data with the folder that "
        "holds qbi/bonegfiltslice.png"
    )


def test_runs_as_a_script_that_takes_a_folder(tmp_path):
    command = [sys.executable, str(EXAMPLES / "several_classes.py"), "--out", str(tmp_path / "new")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.splitlines()[-1] == str(tmp_path / "new/several_classes.png")
    assert (tmp_path / "new/several_classes.png").is_file()


def test_the_page_lists_every_method_with_its_class():
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| `(\w+)` \|", PAGE, re.MULTILINE))
    assert rows == {name: method.__name__ for name, method in METHODS.items()}


def test_the_page_shows_small_pictures_of_examples_that_are_there():
    pictures = re.findall(r"\]\((images/[^)]+)\)", PAGE)
    assert len(pictures) >= 4
    assert all(1_000 < (DOCS / picture).stat().st_size < 100_000 for picture in pictures)
    examples = re.findall(r"`(examples/lecture/\w+\.py)`", PAGE)
    assert len(examples) >= len(pictures)
    assert all((DOCS.parent / example).is_file() for example in examples)


def test_the_page_quotes_what_the_random_field_prints(make):
    *_, printed = make("random_field")
    rows = re.findall(r"^\| ([a-z-]+)[a-z ()]* \| ([\d,]+) \| ([\d.]+) \|", PAGE, re.MULTILINE)
    assert [name for name, *_ in rows[:-1]] == [
        "threshold", "icm", "mean-field", "heat", "max-flow"
    ]  # fmt: skip
    for name, energy, dice in rows[:-1]:
        assert re.search(rf"{name} +{energy} +{dice}", printed)


def test_all_python_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        exec(compile(block, "segment.md", "exec"), names)
    written = {path.name for path in tmp_path.iterdir()}
    assert written >= {"rules.png", "roc.png", "superpixels.png", "squares.png", "coins.csv"}

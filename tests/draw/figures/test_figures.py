"""Figures: what they show, told by their artists, and that they leave matplotlib's state alone."""

import subprocess
import sys
from collections import namedtuple

import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.metrics import classification_report
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

from acetate.draw import figures
from acetate.draw.figures import (
    decision_map,
    draw_confusion,
    draw_cumulative_errors,
    draw_energies,
    draw_feature_pairs,
    draw_feature_table,
    draw_goldilocks,
    draw_histogram,
    draw_history,
    draw_kernel,
    draw_labels,
    draw_learning,
    draw_masks,
    draw_network,
    draw_precision_recall,
    draw_predictions,
    draw_profiles,
    draw_report,
    draw_robustness,
    draw_roc,
    draw_steps,
    draw_tree,
    draw_trials,
    draw_worst_landmarks,
    show_pipe,
)
from acetate.draw.figures.overlays import borders
from acetate.measure import landmark_errors, precision_recall_curve, roc_curve
from acetate.segment import line_profile, robustness, try_all

RNG = np.random.default_rng(0)
IMAGE = RNG.integers(0, 256, (12, 17), np.uint8)
LABELS = np.digitize(IMAGE, [90, 170])
CURVE = roc_curve(IMAGE, LABELS > 0)
TABLE = {"x": np.arange(50), "intensity": RNG.random(50), "edges": RNG.normal(0, 1, 50)}
POINTS = RNG.normal(0, 1, (40, 2))
SIDES = (POINTS[:, 0] > 0).astype(int)
TREE = DecisionTreeClassifier(max_depth=2).fit(POINTS, SIDES)
PIPELINE = make_pipeline(FunctionTransformer(np.sqrt)).fit(IMAGE)
REPORT = classification_report(SIDES, SIDES, output_dict=True)
MARKS = RNG.uniform(2, 10, (2, 3, 2))
ERRORS = landmark_errors(MARKS + 1, MARKS)
Layer = namedtuple("Layer", "name kind channels level parameters")
LAYERS = [Layer("enc1", "convolution", 8, 0, 80), Layer("out", "sigmoid", 1, 0, 9)]
CALLS = {
    "decision_map": lambda **o: decision_map(TREE, POINTS, SIDES, grid=20, **o),
    "draw_confusion": lambda **o: draw_confusion(np.array([[5, 1], [0, 4]]), **o),
    "draw_cumulative_errors": lambda **o: draw_cumulative_errors(ERRORS, **o),
    "draw_energies": lambda **o: draw_energies({"a": [3.0, 2.0], "b": [5.0, 4.0, 3.9]}, **o),
    "draw_feature_pairs": lambda: draw_feature_pairs(TABLE, np.arange(50) % 3),
    "draw_feature_table": lambda **o: draw_feature_table(TABLE, rows=5, **o),
    "draw_goldilocks": lambda **o: draw_goldilocks([(10, 20, 5), (90, 60, 9)], (30, 40), **o),
    "draw_histogram": lambda **o: draw_histogram(IMAGE, [90, 170], LABELS, log=True, **o),
    "draw_history": lambda: draw_history(
        [{"epoch": 1, "train_loss": 0.5, "dice": 0.1}, {"epoch": 2, "train_loss": 0.4, "dice": 0.2}]
    ),
    "draw_kernel": lambda **o: draw_kernel(RNG.normal(0, 1, (3, 3)), 0.5, **o),
    "draw_labels": lambda **o: draw_labels(IMAGE, LABELS, fill=0.4, **o),
    "draw_learning": lambda: draw_learning({"training": (IMAGE, IMAGE > 90, IMAGE / 255)}),
    "draw_masks": lambda: draw_masks(IMAGE, {"a": IMAGE > 90, "b": LABELS}),
    "draw_network": lambda: draw_network(LAYERS),
    "draw_precision_recall": lambda **o: draw_precision_recall(
        {"a": precision_recall_curve(IMAGE, LABELS > 0)}, **o
    ),
    "draw_predictions": lambda **o: draw_predictions({"a": (SIDES, POINTS[:, 0])}, **o),
    "draw_profiles": lambda **o: draw_profiles(
        {"a": line_profile(IMAGE, (1, 2), (9, 8))}, [9], **o
    ),
    "draw_report": lambda **o: draw_report(REPORT, **o),
    "draw_robustness": lambda **o: draw_robustness({"otsu": robustness(IMAGE, "otsu")}, **o),
    "draw_roc": lambda **o: draw_roc({"a": CURVE, "b": CURVE}, **o),
    "draw_steps": lambda: draw_steps({"picture": IMAGE, "mask": IMAGE > 90, "labels": LABELS}),
    "draw_tree": lambda **o: draw_tree(TREE, ["x", "y"], **o),
    "draw_trials": lambda: draw_trials(IMAGE, try_all(IMAGE, LABELS > 0)),
    "draw_worst_landmarks": lambda: draw_worst_landmarks(
        ERRORS, MARKS + 1, MARKS, ["a", "b"], lambda _: IMAGE, count=3
    ),
    "show_pipe": lambda: show_pipe(PIPELINE, IMAGE),
}
# Those that are figures of several axes.
OF_SEVERAL = (
    "draw_feature_pairs",
    "draw_history",
    "draw_learning",
    "draw_masks",
    "draw_network",
    "draw_steps",
    "draw_trials",
    "draw_worst_landmarks",
    "show_pipe",
)


def test_every_figure_is_tried_here():
    # `plot_history` is `draw_history` as a picture.
    assert set(CALLS) == set(figures.__all__) - {"plot_history"}


@pytest.mark.parametrize("name", CALLS)
def test_every_figure_can_be_saved(name, tmp_path):
    figure = CALLS[name]()
    assert type(figure) is Figure
    figure.savefig(tmp_path / "figure.png", dpi=60)
    assert (tmp_path / "figure.png").stat().st_size > 1000


@pytest.mark.parametrize(
    "name",
    [n for n in CALLS if n not in OF_SEVERAL],
)
def test_axes_may_be_given_also_those_of_a_part_of_a_figure(name):
    figure = Figure(figsize=(6, 3))
    left, right = figure.subfigures(1, 2)
    ax = right.add_subplot()
    assert CALLS[name](ax=ax) is figure
    assert ax.has_data()
    assert not left.axes


def test_nothing_is_loaded_before_it_is_needed():
    script = (
        "import sys; from acetate.draw import figures; assert 'matplotlib' not in sys.modules;"
        "figures.draw_energies([2.0, 1.0]);"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for name, call in CALLS.items():
        with pytest.raises(ImportError, match=r"pip install 'acetate\[figures\]'"):
            call()
        assert name


def test_histograms_count_every_pixel_once():
    ax = draw_histogram(IMAGE, [90.5], LABELS, ["low", "mid", "high"]).axes[0]
    counts = [patch.get_data() for patch in ax.patches]
    assert sum(c.values.sum() for c in counts) == IMAGE.size
    assert [int(c.values.sum()) for c in counts] == np.bincount(LABELS.ravel()).tolist()
    assert np.array_equal(counts[0].edges, np.arange(IMAGE.min(), IMAGE.max() + 2) - 0.5)
    named = [text.get_text() for text in ax.get_legend().get_texts()]
    assert named == ["low", "mid", "high", "threshold 90.5"]
    assert ax.lines[0].get_xdata()[0] == 90.5
    floats = draw_histogram(IMAGE / 255, bins=10, log=True).axes[0]
    assert floats.get_yscale() == "log"
    assert floats.patches[0].get_data().values.sum() == IMAGE.size
    wide = draw_histogram(IMAGE.astype(np.uint16) * 257, bins=64).axes[0].patches[0].get_data()
    assert wide.values.sum() == IMAGE.size
    assert len(wide.values) <= 64


def test_constant_pictures_have_a_histogram():
    for image in (np.full((4, 4), 7, np.uint8), np.full((1, 4), 0.5)):
        values = draw_histogram(image).axes[0].patches[0].get_data().values
        assert values.sum() == image.size


def test_goldilocks_draws_the_gaussians_of_the_lecture():
    classes = [(5e4, 20, 30), (4.5e5, 128, 16)]
    ax = draw_goldilocks(classes, (70, 110), (-100, 255), ["wanted", "rest"]).axes[0]
    x, y = ax.lines[1].get_data()
    assert np.trapezoid(y, x) == pytest.approx(4.5e5, rel=1e-6)
    assert x[np.argmax(y)] == pytest.approx(128, abs=1)
    assert {line.get_xdata()[0] for line in ax.lines[2:]} == {70, 110}


def test_roc_lines_are_the_curve():
    ax = draw_roc({"a": CURVE}).axes[0]
    assert np.array_equal(ax.lines[0].get_xdata(), CURVE.false_positive_rate)
    assert np.array_equal(ax.lines[0].get_ydata(), CURVE.true_positive_rate)
    assert f"{CURVE.area:.4f}" in ax.get_legend().get_texts()[0].get_text()


def test_trials_that_failed_say_why():
    ramp = np.tile(np.arange(64, dtype=np.uint8), (8, 1))
    trials = try_all(ramp)
    failed = [trial for trial in trials if trial.reason]
    assert failed
    figure = draw_trials(ramp, trials)
    assert len(figure.axes) >= 1 + len(trials)
    said = {
        ax.get_title(): " ".join(ax.texts[0].get_text().split()) for ax in figure.axes if ax.texts
    }
    assert said == {trial.method: trial.reason for trial in failed}


def test_profiles_draw_every_channel_and_robustness_every_realisation():
    colours = np.dstack([IMAGE, IMAGE // 2, IMAGE // 3])
    line = line_profile(colours, (1, 2), (9, 8))
    ax = draw_profiles({"rgb": line}, [90]).axes[0]
    assert len(ax.lines) == 4
    assert np.array_equal(ax.lines[1].get_ydata(), line.values[:, 1])
    dashes = [
        str(line._dash_pattern) for line in draw_profiles({"a": line}, [1, 2, 3]).axes[0].lines[3:]
    ]
    assert len(set(dashes)) == 3
    found = robustness(IMAGE, 128.0)
    (points,) = (
        line for line in draw_robustness({"128": found}).axes[0].lines if len(line.get_xdata()) > 2
    )
    assert tuple(points.get_ydata()) == found.fractions
    assert points.get_label().endswith(f"to {found.quartiles[2] * 100:.1f} %")


def test_borders_of_noisy_masks_are_thin():
    noise = RNG.random((300, 400)) > 0.5
    calm = np.zeros((300, 400), bool)
    calm[50:200, 50:200] = True
    figure = draw_masks(np.zeros((300, 400)), {"calm": calm, "noise": noise, "none": calm & ~calm})
    widths = [ax.collections[0].get_linewidths()[0] for ax in figure.axes[1:]]
    assert widths[0] == widths[2] == 0.8
    assert 0.05 <= widths[1] < 0.2


def test_tables_show_whole_numbers_in_full():
    table = {"x": np.array([17712, 65535], np.uint16), "y": np.array([0.123456, 17712.4])}
    shown = [text.get_text() for text in draw_feature_table(table, 2).axes[0].texts]
    assert shown == ["17712", "65535", "0.1235", "17712"]


def test_borders_are_all_sides_between_labels_and_only_those():
    lines = borders(LABELS)
    length = np.abs(np.diff(lines, axis=1)).sum()
    differ = np.count_nonzero(np.diff(LABELS, axis=0)) + np.count_nonzero(np.diff(LABELS))
    assert length == differ
    for (x0, y0), (x1, y1) in lines.astype(int):
        if x0 == x1:
            assert (LABELS[y0:y1, x0 - 1] != LABELS[y0:y1, x0]).all()
        else:
            assert (LABELS[y0 - 1, x0:x1] != LABELS[y0, x0:x1]).all()
    assert borders(np.zeros((3, 4), int)).shape == (0, 2, 2)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((1, 9), "uint8"),
        ((9, 1), "bool"),
        ((5, 6, 1), "float32"),
        ((5, 6, 3), "uint8"),
        ((5, 6, 3), "uint16"),
    ],
)
def test_pictures_of_every_kind_are_shown(shape, dtype):
    top = {"uint8": 255, "uint16": 65535}.get(dtype, 1)
    image = (RNG.random(shape) * top).astype(dtype)
    labels = (np.arange(shape[0] * shape[1]) % 3).reshape(shape[:2])
    draw_labels(image[:, ::-1], labels, fill=0.5).draw_without_rendering()
    draw_masks(image, {"mask": labels > 1}).draw_without_rendering()
    draw_steps({"picture": image}).draw_without_rendering()


def test_features_are_drawn_by_name_and_by_chance_of_a_seed():
    rows = np.zeros(5000, [("x", float), ("intensity", np.uint8), ("name", "U3")])
    rows["x"] = np.arange(5000)
    figure = draw_feature_pairs(rows, most=100)
    assert len(figure.axes) == 4
    drawn = [
        draw_feature_pairs(rows, most=100, seed=seed).axes[1].collections[0].get_offsets()
        for seed in (1, 1, 2)
    ]
    assert len(drawn[0]) == 100
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])
    chosen = draw_feature_table(rows, 4, names=["x"], seed=1).axes[0]
    shown = [float(text.get_text()) for text in chosen.texts]
    assert shown == sorted(shown)
    assert len(shown) == 4


def test_arguments_are_left_as_they_were():
    image, labels = IMAGE.copy(), LABELS.copy()
    draw_labels(image, labels, fill=0.5)
    draw_masks(image, {"a": labels})
    draw_histogram(image, classes=labels)
    assert np.array_equal(image, IMAGE)
    assert np.array_equal(labels, LABELS)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw_histogram(np.array([])), r"values must be numbers, got float64 of shape"),
        (lambda: draw_histogram(np.array(["a"])), r"values must be numbers, got <U1"),
        (lambda: draw_histogram(np.array([np.nan])), r"values has 1 NaN"),
        (lambda: draw_histogram(IMAGE, bins=0), r"bins must be at least 1, got 0"),
        (lambda: draw_histogram(IMAGE, classes=LABELS.T), r"classes must have the values' shape"),
        (lambda: draw_histogram(IMAGE, classes=LABELS, names=["a"]), r"3 classes need as many"),
        (lambda: draw_goldilocks([], (1, 2)), r"classes are \(pixels, mean, sigma above 0\)"),
        (lambda: draw_goldilocks([(1, 2, 0)], (1, 2)), r"sigma above 0"),
        (lambda: draw_goldilocks([(1, 2, 3)], (1, 1)), r"must differ, got \(1, 1\)"),
        (lambda: draw_profiles({}), r"no profiles to draw"),
        (lambda: draw_robustness({}), r"no results to draw"),
        (lambda: draw_trials(IMAGE, []), r"no masks to draw"),
        (lambda: draw_roc({}), r"no curves to draw"),
        (lambda: draw_energies([]), r"no energies to draw"),
        (lambda: draw_energies({"a": []}), r"no energies to draw"),
        (lambda: draw_labels(IMAGE, LABELS.T), r"as large as the picture, \(12, 17\), got"),
        (lambda: draw_labels(IMAGE, LABELS, fill=2), r"fill must lie in \[0, 1\], got 2"),
        (lambda: draw_masks(IMAGE, {}), r"no masks to draw"),
        (lambda: draw_masks(IMAGE, {"a": LABELS[:3]}), r"as large as the picture"),
        (lambda: draw_steps({}), r"nothing to draw"),
        (lambda: draw_steps({"a": IMAGE}, columns=0), r"columns must be at least 1, got 0"),
        (lambda: draw_feature_pairs({}), r"got 0 features"),
        (lambda: draw_feature_pairs(TABLE, names=["z"]), r"no feature 'z'; there are x,"),
        (lambda: draw_feature_pairs({"a": np.arange(3), "b": np.arange(4)}), r"lengths \[3, 4\]"),
        (lambda: draw_feature_pairs(TABLE, np.arange(3)), r"50 rows need as many classes, got 3"),
        (lambda: draw_feature_pairs(TABLE, most=0), r"most must be at least 1"),
        (lambda: draw_feature_table({"a": np.array([np.inf])}), r"a has 1 NaN or infinite"),
        (lambda: draw_feature_table(TABLE, rows=0), r"rows must be at least 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()

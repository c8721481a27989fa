"""Figures of what is learned: pipelines, trees, decision maps, predictions, kernels, scores."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.metrics import classification_report
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from acetate.draw.figures import (
    decision_map,
    draw_confusion,
    draw_kernel,
    draw_learning,
    draw_predictions,
    draw_report,
    draw_tree,
    show_pipe,
)
from acetate.segment.features import Filters, PixelFlatten
from acetate.segment.pixels import pipeline_named

RNG = np.random.default_rng(4)
IMAGE = RNG.random((12, 17))
POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
LABELS = np.array(["low", "low", "high", "high"])


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def panels(figure):
    return {part.get_suptitle(): part for part in figure.subfigs if part.axes}


def shown(part, number=0):
    return np.asarray(part.axes[number].get_images()[0].get_array())


def test_every_step_of_a_pipeline_is_a_panel_with_what_it_made():
    pipeline = pipeline_named("filters").fit(IMAGE, (IMAGE > 0.5).ravel())
    parts = panels(show_pipe(pipeline, IMAGE, panels_in_row=2))
    assert list(parts) == ["input", "filters", "flatten", "forest"]
    expected = Filters().fit_transform(IMAGE)
    for number in range(4):
        assert np.array_equal(shown(parts["filters"], number), expected[:, :, number])
        assert np.array_equal(shown(parts["flatten"], number), expected[:, :, number])
    assert parts["flatten"].axes[1].get_title() == "c0_gaussian2"
    assert np.allclose(shown(parts["forest"]).ravel(), pipeline.predict(IMAGE))
    assert parts["input"].axes[0].get_title() == f"{IMAGE.min():.3g} to {IMAGE.max():.3g}"


def test_panels_are_histograms_where_that_is_wanted():
    pipeline = make_pipeline(PixelFlatten(), PolynomialFeatures(2)).fit(IMAGE)
    parts = panels(show_pipe(pipeline, IMAGE, show_hist=["polynomialfeatures"]))
    assert not parts["polynomialfeatures"].axes[0].get_images()
    assert legend(parts["polynomialfeatures"].axes[0]) == ["1", "c0", "c0^2"]
    assert parts["input"].axes[0].get_images()
    every = panels(show_pipe(pipeline, IMAGE, show_hist=True, show_legend=False))
    assert not any(part.axes[0].get_images() for part in every.values())
    assert every["polynomialfeatures"].axes[0].get_legend() is None


def test_rows_of_whole_pictures_are_a_table_and_of_several_the_first_is_shown():
    stack = RNG.random((70, 8, 8, 1))
    flat = FunctionTransformer(lambda pictures: np.reshape(pictures, (len(pictures), -1)))
    parts = panels(show_pipe(make_pipeline(flat).fit(stack), stack))
    assert np.array_equal(shown(parts["input"]), stack[0, :, :, 0])
    assert shown(parts["functiontransformer"]).shape == (70, 64)
    pictures = [IMAGE, IMAGE[:5]]
    parts = panels(show_pipe(make_pipeline(PixelFlatten()).fit(pictures), pictures))
    assert np.allclose(shown(parts["pixelflatten"]), IMAGE)


def test_many_channels_are_counted_and_steps_that_pass_are_left_out():
    many = FunctionTransformer(lambda picture: np.stack([picture] * 12, axis=-1))
    pipeline = Pipeline([("none", "passthrough"), ("many", many)]).fit(IMAGE)
    parts = panels(show_pipe(pipeline, IMAGE))
    assert list(parts) == ["input", "many"]
    assert parts["many"].get_supxlabel() == "9 of 12 channels"


def test_a_pipeline_that_cannot_be_shown_is_named():
    words = FunctionTransformer(lambda picture: picture.astype(str))
    pipeline = Pipeline([("words", words)]).fit(IMAGE)
    with pytest.raises(ValueError, match=r"step 'words' gives <U32 of shape .* no picture"):
        show_pipe(pipeline, IMAGE)
    good = make_pipeline(PixelFlatten()).fit(IMAGE)
    with pytest.raises(ValueError, match="there is no step 'flaten'; there are"):
        show_pipe(good, IMAGE, show_hist=["flaten"])
    with pytest.raises(ValueError, match="panels_in_row must be at least 1, got 0"):
        show_pipe(good, IMAGE, panels_in_row=0)


def test_a_tree_says_its_questions_and_answers():
    tree = DecisionTreeClassifier(random_state=0).fit(POINTS, LABELS)
    ax = draw_tree(tree, ["width", "height"]).axes[0]
    texts = [text.get_text() for text in ax.texts]
    assert texts[0].splitlines() == ["height ≤ 0.5", "gini 0.5", "4 samples", "high: 50 %"]
    leaves = [text.splitlines()[-1] for text in texts if text.startswith("gini 0\n")]
    assert sorted(leaves) == ["high: 100 %", "low: 100 %"]
    assert {"yes", "no"} < set(texts)
    yes = next(text for text in ax.texts if text.get_text() == "yes")
    assert yes.get_position()[0] < ax.texts[0].get_position()[0], "yes goes left"


def test_deep_trees_are_cut_and_regressors_say_means():
    x = np.linspace(0, 1, 64)[:, np.newaxis]
    tree = DecisionTreeRegressor().fit(x, np.sin(9 * x[:, 0]))
    texts = [t.get_text() for t in draw_tree(tree, max_depth=2).axes[0].texts]
    nodes = [text for text in texts if "samples" in text]
    assert len(nodes) == 7
    assert sum(text.endswith("…") for text in nodes) == 4
    assert nodes[0].startswith("x[0] ≤ ")
    assert f"mean {np.sin(9 * x).mean():.4g}" in nodes[0]
    assert "MSE" in nodes[0]
    alone = DecisionTreeRegressor().fit(x, np.zeros(64))
    assert len(draw_tree(alone).axes[0].texts) == 1


def test_trees_that_cannot_be_drawn_are_named():
    tree = DecisionTreeClassifier().fit(POINTS, LABELS)
    with pytest.raises(ValueError, match="the tree has 2 features, got 1 names"):
        draw_tree(tree, ["width"])
    with pytest.raises(ValueError, match="the tree has 2 classes, got 3 names"):
        draw_tree(tree, class_names="abc")
    with pytest.raises(ValueError, match="max_depth must be at least 0, got -1"):
        draw_tree(tree, max_depth=-1)
    with pytest.raises(TypeError, match="a fitted decision tree is needed, got Decision"):
        draw_tree(DecisionTreeClassifier())


def test_the_map_has_the_class_of_every_place():
    tree = DecisionTreeClassifier(random_state=0).fit(POINTS, LABELS)
    ax = decision_map(tree, POINTS, LABELS, grid=21, marked={"A": (0.5, 0.9)}).axes[0]
    colours = np.asarray(ax.get_images()[0].get_array())
    assert legend(ax) == ["high", "low"]
    assert len(np.unique(colours[:, 0], axis=0)) == 2
    assert (colours[:10] == colours[0, 0]).all()
    assert (colours[11:] == colours[-1, 0]).all()
    assert [text.get_text() for text in ax.texts] == ["A"]
    forest = RandomForestClassifier(3, random_state=0).fit(POINTS, [0, 0, 1, 1])
    alone = decision_map(forest[0], POINTS, np.array([0, 0, 1, 1]), grid=9)
    assert legend(alone.axes[0]) == ["0", "1"]


def test_a_regressor_is_cut_at_the_threshold():
    numbers = np.array([0, 0, 1, 1])
    line = LinearRegression().fit(POINTS, numbers)
    shares = []
    for threshold in (0.25, 0.5, 0.75):
        figure = decision_map(line, POINTS, numbers, grid=41, threshold=threshold)
        colours = np.asarray(figure.axes[0].get_images()[0].get_array())
        shares.append((colours == colours[-1, 0]).all(axis=-1).mean())
    assert shares == sorted(shares, reverse=True)
    assert shares[1] == pytest.approx(0.5, abs=0.03)


def test_maps_that_make_no_sense_are_named():
    line = LinearRegression().fit(POINTS, [0, 1, 2, 2])
    with pytest.raises(ValueError, match="which are no labels; there are \\[0, 1, 2\\]"):
        decision_map(line, POINTS, np.array([0, 1, 2, 2]))
    with pytest.raises(ValueError, match=r"shape \(n, 2\), got \(4, 3\)"):
        decision_map(line, np.zeros((4, 3)), LABELS)
    with pytest.raises(ValueError, match=r"4 points need as many labels, got \(3,\)"):
        decision_map(line, POINTS, LABELS[:3])
    with pytest.raises(ValueError, match="grid must be at least 2, got 1"):
        decision_map(line, POINTS, LABELS, grid=1)
    with pytest.raises(ValueError, match="NaN or infinite"):
        decision_map(line, POINTS * np.nan, LABELS)


def test_points_move_a_little_and_errors_do_not():
    true, found = np.repeat([1, 5], 50), np.repeat([2, 5], 50)
    ax = draw_predictions({"validation": (true, found)}, jitter=0.25, seed=1).axes[0]
    assert legend(ax) == ["validation: MSE 0.50, MAE 0.50", "right"]
    moved = np.asarray(ax.collections[0].get_offsets()) - np.stack([true, found], axis=1)
    assert 0.2 < np.abs(moved).max() <= 0.25
    again = draw_predictions({"validation": (true, found)}, jitter=0.25, seed=1).axes[0]
    assert np.array_equal(again.collections[0].get_offsets(), ax.collections[0].get_offsets())
    still = draw_predictions({"validation": (true, found)}, jitter=0).axes[0]
    assert len(np.unique(still.collections[0].get_offsets(), axis=0)) == 2
    with pytest.raises(ValueError, match="'a': 2 true values and 1 predicted ones"):
        draw_predictions({"a": (np.zeros(2), np.zeros(1))})
    with pytest.raises(ValueError, match="got 1 and -1"):
        draw_predictions({"a": (true, found)}, jitter=-1)
    with pytest.raises(ValueError, match="a, predicted"):
        draw_predictions({"a": (np.zeros(2), np.array([0, np.nan]))})


def test_rows_are_picture_mask_and_prediction_in_the_limits():
    rows = {"training": (IMAGE[:, :8], IMAGE[:, :8] > 0.5, IMAGE[:, :8])}
    rows["all"] = (IMAGE, IMAGE > 0.5, IMAGE)
    figure = draw_learning(rows, limits=(0.0, 0.3))
    assert len(figure.axes) == 6
    prediction = figure.axes[5].get_images()[0]
    assert prediction.get_clim() == (0.0, 0.3)
    assert np.array_equal(prediction.get_array(), IMAGE)
    assert figure.axes[3].get_title() == "all: picture"
    with pytest.raises(ValueError, match="sizes differ in 'a'"):
        draw_learning({"a": (IMAGE, IMAGE[:3] > 0, IMAGE)})
    with pytest.raises(ValueError, match=r"rising limits are needed, got 1 rows and \(1, 0\)"):
        draw_learning({"a": (IMAGE, IMAGE, IMAGE)}, limits=(1, 0))


def test_a_kernel_shows_its_numbers_upright():
    kernel = np.arange(6.0).reshape(2, 3)
    ax = draw_kernel(kernel, 0.4213).axes[0]
    assert [text.get_text() for text in ax.texts] == ["0", "1", "2", "3", "4", "5"]
    assert np.array_equal(ax.get_images()[0].get_array(), kernel)
    assert ax.get_title() == "intercept 0.4213"
    assert not draw_kernel(np.ones((11, 11))).axes[0].texts
    with pytest.raises(ValueError, match="a kernel has rows and columns"):
        draw_kernel(np.ones(9))


def test_the_confusion_matrix_is_shaded_by_the_part_of_the_true_class():
    ax = draw_confusion(np.array([[8, 2], [0, 0]]), ["cell", "other"]).axes[0]
    assert np.array_equal(ax.get_images()[0].get_array(), [[0.8, 0.2], [0, 0]])
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true", "predicted")
    for bad, text in (
        (np.ones((2, 3), int), r"is square, got \(2, 3\)"),
        (np.eye(2), "holds counts from 0, got float64"),
        (np.array([[-1]]), "holds counts from 0"),
    ):
        with pytest.raises(ValueError, match=text):
            draw_confusion(bad)
    with pytest.raises(ValueError, match="2 classes need as many names, got 1"):
        draw_confusion(np.eye(2, dtype=int), ["cell"])


def test_the_report_has_the_numbers_of_scikit_learn():
    report = classification_report([0, 1, 1, 2], [0, 1, 0, 2], output_dict=True)
    ax = draw_report(report).axes[0]
    cells = {(round(t.get_position()[1]), round(t.get_position()[0])): t for t in ax.texts}
    assert cells[0, 0].get_text() == "0.50"  # precision of class 0
    assert cells[1, 3].get_text() == "2"  # support of class 1
    assert cells[3, 2].get_text() == "0.75"  # accuracy
    assert (3, 0) not in cells
    with pytest.raises(ValueError, match="'precision' is no row of a classification report"):
        draw_report(report["0"])
    with pytest.raises(ValueError, match="the report is empty"):
        draw_report({})

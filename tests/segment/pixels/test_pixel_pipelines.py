"""Pipelines on pictures, and the lecture's ladder with its learned kernel."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from acetate import images
from acetate.segment.features import FeatureBank, Neighbourhood, PixelFlatten
from acetate.segment.pixels import PIPELINES, fit_image_pipeline, learned_kernel, pipeline_named

DATA = Path(__file__).parents[3] / "../shared/data/qbi"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")
LECTURE = (-0.1501, -0.05296, -0.1412, -0.02355, 0.06657, -0.04512, -0.1015, -0.03607, -0.1819)

rng = np.random.default_rng(4)
MASK = np.zeros((40, 50), bool)
MASK[10:30, 15:40] = True
IMAGE = np.clip(np.where(MASK, 0.65, 0.35) + rng.normal(0, 0.08, MASK.shape), 0, 1)


@pytest.mark.parametrize("name", PIPELINES)
def test_every_rung_learns_its_picture_and_repeats_itself(name):
    predict = fit_image_pipeline(pipeline_named(name, seed=1), IMAGE, MASK)
    found = predict(IMAGE)
    assert found.shape == MASK.shape
    assert np.mean((found > 0.5) == MASK) > 0.9
    again = fit_image_pipeline(pipeline_named(name, seed=1), IMAGE, MASK)
    assert np.array_equal(again(IMAGE), found)


def test_the_ladder_has_the_lectures_parameters():
    assert pipeline_named("tree-xy")[-1].min_samples_split == 1000
    assert [pipeline_named(n)[-1].n_estimators for n in ("k-means", "polynomial", "filters")] == [
        25
    ] * 3
    assert pipeline_named("k-means")["clusters"].n_clusters == 4
    assert pipeline_named("nearest")[-1].n_neighbors == 1
    with pytest.raises(ValueError, match="no pipeline 'filter'; the nearest is 'filters'"):
        pipeline_named("filter")


@needs_data
def test_the_learned_kernel_is_the_lectures():
    picture = images.read(DATA / "em_image.png")[::2, ::2]
    truth = images.read(DATA / "em_image_seg.png")[::2, ::2] > 0
    pipeline = pipeline_named("linear").set_params(neighbours__mode="wrap")
    predict = fit_image_pipeline(pipeline, picture[:, :256], truth[:, :256])
    linear = predict.pipeline[-1]
    # The lecture lists its neighbours from the lower right: its shifts move the picture.
    kernel = learned_kernel(linear, (3, 3))
    for ours, theirs in zip(kernel[::-1, ::-1].ravel(), LECTURE, strict=True):
        assert float(f"{ours:.4g}") == theirs
    assert round(float(linear.intercept_), 4) == 0.4213


def test_predicting_by_neighbours_is_one_correlation():
    predict = fit_image_pipeline(pipeline_named("linear"), IMAGE, MASK)
    linear = predict.pipeline[-1]
    kernel = learned_kernel(linear, (3, 3))
    other = rng.random((25, 36))
    found = ndimage.correlate(other, kernel, mode="reflect") + linear.intercept_
    inside = np.s_[1:-1, 1:-1]
    assert np.abs(found - predict(other))[inside].max() < 1e-6
    transposed = ndimage.correlate(other, kernel.T, mode="reflect") + linear.intercept_
    assert np.abs(transposed - predict(other))[inside].max() > 1e-3
    with pytest.raises(ValueError, match=r"a kernel \(3, 5\) has 15 values: 9"):
        learned_kernel(linear, (3, 5))


def test_classifiers_lists_and_stacks_go_the_same_way():
    pipeline = make_pipeline(
        FeatureBank(("gaussian",), (1,)), PixelFlatten(), DecisionTreeClassifier()
    )
    predict = fit_image_pipeline(pipeline, [IMAGE, IMAGE[:20, :30]], [MASK, MASK[:20, :30]])
    one = predict(IMAGE)
    assert one.dtype == np.uint8
    assert np.array_equal(predict([IMAGE, IMAGE[:7]])[0], one)
    assert predict([IMAGE, IMAGE[:7]])[1].shape == (7, 50)
    stack = np.stack([IMAGE, IMAGE])[..., np.newaxis]
    assert np.array_equal(predict(stack), np.stack([one, one]))
    assert not hasattr(pipeline[-1], "tree_"), "the pipeline itself stays as it was"


def test_masks_and_pipelines_that_do_not_fit_are_named():
    pipeline = pipeline_named("linear")
    with pytest.raises(ValueError, match=r"height and width \(40, 50\): \(40, 49\)"):
        fit_image_pipeline(pipeline, IMAGE, MASK[:, :-1])
    with pytest.raises(ValueError, match="one mask a picture: 2, got 1"):
        fit_image_pipeline(pipeline, [IMAGE, IMAGE], [MASK])
    with pytest.raises(TypeError, match="booleans or integers, got float64"):
        fit_image_pipeline(pipeline, IMAGE, MASK.astype(float))
    with pytest.raises(TypeError, match="a NumPy array, got str"):
        fit_image_pipeline(pipeline, [IMAGE], ["mask.png"])
    fitted = fit_image_pipeline(pipeline, IMAGE, MASK)
    fitted.pipeline.steps = make_pipeline(LinearRegression()).fit(IMAGE, MASK[:, 0]).steps
    with pytest.raises(ValueError, match="makes 40 rows of 2000 pixels; end its picture steps"):
        fitted(IMAGE)
    colour = np.zeros((8, 8, 3))
    with pytest.raises(ValueError, match=r"of 1 channel\(s\), got 3"):
        fit_image_pipeline(pipeline, IMAGE, MASK)(colour)
    assert Neighbourhood(1).shape == (3, 3)

import numpy as np
import pytest
from matplotlib.figure import Figure

from acetate.draw.figures import draw_cumulative_errors, draw_worst_landmarks
from acetate.measure import landmark_errors

NAN = float("nan")


@pytest.fixture
def case():
    truth = np.array([[[10.0, 10], [20, 20]], [[10, 10], [NAN, NAN]], [[2, 2], [30, 30]]])
    apart = [[[1, 0], [0, 5]], [[3, 4], [0, 0]], [[0, 0.5], [NAN, NAN]]]
    found = np.add(truth, apart)
    return found, truth, landmark_errors(found, truth, names=["nose", "tail"])


def heights(line, x):
    """The share that a curve shows at x."""
    return line.get_ydata()[np.searchsorted(line.get_xdata(), x, side="right") - 1]


def test_curves_are_the_shares_within_each_error(case):
    _, _, errors = case
    figure = draw_cumulative_errors(errors, limit=6)
    axes = figure.axes[0]
    lines = {line.get_label().split()[0]: line for line in axes.lines}
    for x in (0.2, 0.5, 1, 2, 4.9, 5, 5.5):
        assert heights(lines["all"], x) == np.mean(np.array([1, 5, 5, 0.5]) <= x)
        assert heights(lines["nose"], x) == np.mean(np.array([1, 5, 0.5]) <= x)
    assert heights(lines["tail"], 5) == 1
    assert axes.get_xlim() == (0, 6)
    assert axes.get_xlabel() == "error (px)"
    alone = draw_cumulative_errors(errors, per_landmark=False, thresholds=())
    assert len(alone.axes[0].lines) == 1


def test_a_landmark_that_was_never_found_has_a_line_at_zero(case):
    found, truth, _ = case
    found[:, 1] = NAN
    figure = draw_cumulative_errors(landmark_errors(found, truth))
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels[1] == "2 (nothing found)"


def test_a_curve_goes_on_axes_that_are_given(case):
    ax = Figure().add_subplot()
    assert draw_cumulative_errors(case[2], ax=ax) is ax.figure


def test_worst_cases_come_first_and_only_their_pictures_are_read(case):
    found, truth, errors = case
    read = []

    def picture(i):
        read.append(i)
        return np.full((40, 50, 3), 90, np.uint8)

    figure = draw_worst_landmarks(errors, found, truth, ["a", "b", "c"], picture, count=3)
    assert [ax.get_title() for ax in figure.axes] == [
        "tail: 5 px\na",
        "nose: 5 px\nb",
        "nose: 1 px\na",
    ]
    assert read == [0, 1, 0]
    assert len(draw_worst_landmarks(errors, found, truth, "abc", picture, columns=None).axes) == 4


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_pictures_keep_their_black_and_white(case, dtype):
    found, truth, errors = case
    white = np.iinfo(dtype).max if np.issubdtype(dtype, np.integer) else 1
    picture = np.zeros((40, 50, 1), dtype)
    picture[:, 25:] = white // 2 if white > 1 else 0.5
    figure = draw_worst_landmarks(errors, found, truth, "abc", lambda i: picture, count=1)
    shown = figure.axes[0].images[0].get_array()
    assert shown.max() == pytest.approx(0.5, abs=0.01)
    assert shown.shape[2] == 3


def test_points_outside_the_picture_can_be_shown(case):
    found, truth, errors = case
    tiny = np.zeros((1, 3), np.uint8)
    assert draw_worst_landmarks(errors, found, truth, "abc", lambda i: tiny).axes


def test_nothing_to_draw_is_an_error(case):
    found, truth, errors = case
    none = landmark_errors(np.full((1, 1, 2), NAN), np.zeros((1, 1, 2)))
    with pytest.raises(ValueError, match="there are no errors to draw"):
        draw_cumulative_errors(none)
    with pytest.raises(ValueError, match="there are no errors to draw"):
        draw_worst_landmarks(none, np.zeros((1, 1, 2)), np.zeros((1, 1, 2)), ["a"], lambda i: 0)
    with pytest.raises(ValueError, match=r"errors are \(3, 2\), points \(1, 2, 2\)"):
        draw_worst_landmarks(errors, found[:1], truth, "abc", lambda i: 0)

import numpy as np
import pytest

from acetate.landmarks.ruler import ruler_spacing, with_ruler
from acetate.sheets import LandmarkSet

NAN = float("nan")


def test_spacing_is_length_over_distance():
    first, second = [[0, 0], [1, 1], [NAN, NAN], [7, 7]], [[30, 40], [1, 101], [5, 5], [7, 7]]
    ruler = ruler_spacing(first, second)
    np.testing.assert_allclose(ruler.spacing, [0.2, 0.1, NAN, NAN])
    np.testing.assert_allclose(ruler.length, [50, 100, NAN, 0])
    assert np.isnan(ruler.uncertainty).all()
    np.testing.assert_allclose(ruler_spacing([[0, 0]], [[100, 0]], length=50).spacing, [0.5])


def test_uncertainty_is_what_repeated_marking_shows():
    """Marks drawn again and again spread as the propagated uncertainty says, to 3 %."""
    rng = np.random.default_rng(3)
    first, second = np.array([10.0, 20]), np.array([90.0, 80])
    one, two = np.array([[0.5, 0.2], [0.2, 0.3]]), np.array([[0.2, -0.1], [-0.1, 0.9]])
    count = 20_000
    drawn = ruler_spacing(
        rng.multivariate_normal(first, one, count), rng.multivariate_normal(second, two, count)
    )
    lengths = rng.normal(10, 0.02, count)
    seen = np.std(drawn.spacing * lengths / 10)
    said = ruler_spacing(
        first[None],
        second[None],
        first_covariance=one,
        second_covariance=two[None],
        length_uncertainty=0.02,
    )
    assert said.uncertainty[0] == pytest.approx(seen, rel=0.03)


def test_errors_across_the_ruler_do_not_count():
    across = np.array([[0.0, 0], [0, 4]])
    said = ruler_spacing([[0, 0]], [[100, 0]], first_covariance=across, second_covariance=across)
    assert said.uncertainty.tolist() == [0]


def test_a_mark_without_a_covariance_leaves_only_its_picture_unknown():
    covariance = np.array([np.eye(2), np.full((2, 2), NAN)])
    said = ruler_spacing(
        [[0, 0]] * 2, [[100, 0]] * 2, first_covariance=covariance, second_covariance=np.eye(2)
    )
    np.testing.assert_allclose(said.uncertainty, [0.1 * np.sqrt(2) / 100, NAN])


def test_a_set_gets_its_spacing_from_two_of_its_marks():
    marks = LandmarkSet(
        ["ear", "P1", "P2"],
        ["a", "b"],
        [[[5, 5], [0, 0], [0, 50]], [[6, 6], [NAN, NAN], [1, 1]]],
        spacing=[NAN, 0.3],
    )
    ruled = with_ruler(marks)
    assert ruled.spacing.tolist() == [0.2, 0.3]
    assert ruled.names == marks.names
    with pytest.raises(ValueError, match="no landmark 'P3'"):
        with_ruler(marks, "P1", "P3")
    with pytest.raises(ValueError, match="a ruler has two marks, got 'P1' for both"):
        with_ruler(marks, "P1", "P1")
    one = marks.with_points([[[5, 5], [0, 0], [0, 50]], [[6, 6], [7, 8], [7, 8]]])
    with pytest.raises(ValueError, match=r"ruler of 'b', 'P1' and 'P2', lie at \(7, 8\): mend"):
        with_ruler(one)


def test_marks_in_one_place_have_no_uncertainty_either():
    eye = np.eye(2)
    said = ruler_spacing(
        [[7, 7], [0, 0]], [[7, 7], [0, 9]], first_covariance=eye, second_covariance=eye
    )
    assert np.isnan(said.uncertainty).tolist() == [True, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first": [0, 0]}, r"the first marks must be \(N, 2\), x and y, got \(2,\)"),
        ({"second": [[0, 0], [1, 1]]}, r"both marks must be \(N, 2\), got \(1, 2\) and \(2, 2\)"),
        ({"second": [[np.inf, 0]]}, "the second marks hold an infinite place"),
        ({"length": 0}, "a length is above 0 mm"),
        ({"length_uncertainty": -1}, "its uncertainty at least 0"),
        ({"first_covariance": np.eye(3)}, r"the first covariance must be \(2, 2\) or \(1, 2, 2\)"),
        ({"second_covariance": -np.eye(2)}, "the second covariance must be symmetric with no neg"),
        ({"second_covariance": [[1, 0.5], [0, 1]]}, "must be symmetric"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(ValueError, match=message):
        ruler_spacing(**{"first": [[0, 0]], "second": [[1, 0]], **change})

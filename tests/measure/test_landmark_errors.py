import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.measure import landmark_errors

NAN = float("nan")


def test_numbers_worked_out_by_hand():
    """Errors 5, 2, 1 of one landmark, 2.5, 0 and one missing of the other."""
    truth = [[[0, 0], [10, 10]], [[1, 1], [10, 10]], [[2, 2], [NAN, NAN]]]
    found = [[[3, 4], [12.5, 10]], [[1, 3], [10, 10]], [[1, 2], [5, 5]]]
    errors = landmark_errors(found, truth, names=["nose", "tail"])
    nose, tail = errors.landmarks
    np.testing.assert_array_equal(errors.radial, [[5, 2.5], [2, 0], [1, NAN]])
    assert nose.mean == pytest.approx(8 / 3)
    assert nose.sd == pytest.approx(np.sqrt(((5 - 8 / 3) ** 2 + (2 / 3) ** 2 + (5 / 3) ** 2) / 2))
    assert nose.median == 2
    assert nose.p95 == pytest.approx(2 + 0.9 * 3)
    assert dict(nose.sdr) == {2.0: 2 / 3, 2.5: 2 / 3, 3.0: 2 / 3, 4.0: 2 / 3}
    assert (tail.count, tail.mean, tail.no_truth, tail.not_found) == (2, 1.25, 1, 0)
    assert dict(tail.sdr) == {2.0: 0.5, 2.5: 1.0, 3.0: 1.0, 4.0: 1.0}
    assert errors.unit == "px"
    assert errors.mean == pytest.approx((5 + 2 + 1 + 2.5) / 5)
    assert (errors.overall.count, errors.median) == (5, 2)
    assert errors.sdr[4.0] == 0.8


def test_millimetres_have_a_spacing_for_each_picture():
    truth, found = np.zeros((2, 1, 2)), [[[3, 4]], [[6, 8]]]
    errors = landmark_errors(found, truth, spacing=[0.5, 0.1])
    assert errors.radial.tolist() == [[2.5], [1.0]]
    assert (errors.unit, errors.sdr[2.0], errors.sdr[2.5]) == ("mm", 0.5, 1.0)
    assert landmark_errors(found, truth, spacing=2).radial.tolist() == [[10], [20]]


def test_what_was_not_found_is_left_out_and_counted():
    truth = [[[0, 0], [0, 0], [NAN, NAN]]]
    errors = landmark_errors([[[NAN, NAN], [0, 1], [NAN, NAN]]], truth)
    assert (errors.overall.count, errors.overall.not_found, errors.overall.no_truth) == (1, 1, 1)
    assert errors.mean == 1
    first, second, third = errors.landmarks
    assert (first.count, first.not_found, second.not_found, third.no_truth) == (0, 1, 0, 1)
    assert np.isnan([first.mean, first.sd, first.median, first.p95, first.sdr[2.0]]).all()
    assert np.isnan(second.sd)


def test_tables_and_json():
    errors = landmark_errors([[[3, 4], [NAN, NAN]]], np.zeros((1, 2, 2)), thresholds=[2, 7.5])
    assert [row["landmark"] for row in errors.rows()] == ["1", "2", "all"]
    assert errors.rows()[0]["sdr_7.5"] == 1.0
    plain = json.loads(json.dumps(errors.to_dict(), allow_nan=False))
    assert plain["radial"] == [[5.0, None]]
    assert plain["landmarks"][1]["mean"] is None
    assert plain["overall"]["sdr_2"] == 0.0


@given(st.integers(0, 10**6), st.floats(0.01, 10))
def test_errors_do_not_depend_on_where_the_origin_is_and_scale_with_the_spacing(seed, spacing):
    rng = np.random.default_rng(seed)
    truth = rng.uniform(0, 100, (4, 3, 2))
    found = truth + rng.normal(0, 3, truth.shape)
    truth[rng.random((4, 3)) < 0.2] = NAN
    here, there = landmark_errors(found, truth), landmark_errors(found + 7.5, truth + 7.5)
    np.testing.assert_allclose(here.radial, there.radial, atol=1e-9)
    mm = landmark_errors(found, truth, spacing=spacing)
    np.testing.assert_allclose(mm.radial, here.radial * spacing)
    rates = list(here.sdr.values())
    assert rates == sorted(rates) or np.isnan(rates).all()


ZERO = np.zeros((2, 1, 2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((ZERO, ZERO[:1]), r"must both be \(N, K, 2\), got \(2, 1, 2\) and \(1, 1, 2\)"),
        ((ZERO[0], ZERO[0]), r"must both be \(N, K, 2\)"),
        ((ZERO + np.inf, ZERO), r"predicted is infinite at \(0, 0, 0\)"),
        ((ZERO, ZERO, [0.1, NAN]), "it is unknown for 1 of 2 pictures"),
        ((ZERO, ZERO, 0), "spacing must be above 0"),
        ((ZERO, ZERO, [1, 2, 3]), r"one for each of 2, got \(3,\)"),
        ((ZERO, ZERO, None, ["a", "b"]), "1 landmarks need as many names, got 2"),
        ((ZERO, ZERO, None, None, [0.0]), "thresholds must be above 0"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        landmark_errors(*arguments)

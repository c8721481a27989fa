"""Curves: where the line is, what is refused, and that numbers are told apart."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.draw import curve, draw_curve


def ink(picture: Any) -> Any:
    """Return where the line's own colour is."""
    return (picture == curve._LINE).all(axis=2)


def test_a_falling_curve_goes_down_from_left_to_right() -> None:
    rows, columns = np.nonzero(ink(draw_curve([9.0, 5.0, 1.0])))
    left, right = columns < np.quantile(columns, 0.2), columns > np.quantile(columns, 0.8)
    assert rows[left].max() < rows[right].min()


def test_equal_values_lie_level() -> None:
    rows, _ = np.nonzero(ink(draw_curve([3.0] * 50)))
    assert np.ptp(rows) <= 4


def test_values_that_differ_by_rounding_alone_can_be_drawn() -> None:
    assert ink(draw_curve([1e12, np.nextafter(1e12, 2e12)])).any()


def test_title_and_label_are_written() -> None:
    plain = draw_curve([1.0, 2.0])
    titled = draw_curve([1.0, 2.0], "energy", x_label="step")
    changed = (plain != titled).any(axis=2)
    assert changed[:30, :100].any()
    assert changed[-30:, -100:].any()
    assert not changed[40:-30].any()


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60),
    st.integers(120, 400),
    st.integers(160, 600),
)
def test_any_finite_numbers_can_be_drawn(values: list[float], height: int, width: int) -> None:
    picture = draw_curve(values, "title", (height, width))
    assert picture.shape == (height, width, 3)
    assert ink(picture).any()


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_ticks_enclose_the_values_and_read_differently(low: float, span: float) -> None:
    if low + span == low:
        return
    ticks = curve._ticks(low, low + span)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + step * 1e-6
    assert ticks[-1] >= low + span - step * 1e-6
    if step > 1e-9 * max(map(abs, ticks)):
        assert len({curve._written(tick, ticks) for tick in ticks}) == len(ticks)


@pytest.mark.parametrize("values", [[], [1.0, np.nan], [[1.0, 2.0]]])
def test_what_is_no_curve_is_refused(values: Any) -> None:
    with pytest.raises(ValueError, match="at least one finite number"):
        draw_curve(values)


def test_a_small_size_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 120 x 120 pixels, got 100 x 400"):
        draw_curve([1.0], size=(100, 400))

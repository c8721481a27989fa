"""Compiled loops: NumPy's divisions, and a word where the result of compiling cannot be kept."""

import numpy as np
import pytest

from acetate import compiled as room
from acetate.compiled import compiled, compiled_fused


def of_no_file(text):
    """A function that numba cannot keep: it has no file beside which, or for which, it could."""
    made = {}
    exec(text, made)
    return made["function"]


@pytest.mark.parametrize("decorate", [compiled, compiled_fused])
def test_what_cannot_be_kept_is_compiled_all_the_same_and_said_once(decorate):
    room._warn.cache_clear()
    with pytest.warns(RuntimeWarning, match="cannot be kept, .*; set NUMBA_CACHE_DIR") as said:
        halve, third = (decorate(of_no_file(f"def function(x): return x / {n}")) for n in (2, 3))
    assert len(said) == 1
    assert (halve(3.0), third(3.0)) == (1.5, 1.0)


def test_divisions_by_zero_raise_nothing():
    room._warn.cache_clear()
    with pytest.warns(RuntimeWarning):
        inverse = compiled(of_no_file("def function(x): return 1.0 / x"))
    assert inverse(0.0) == np.inf


def test_other_errors_of_numba_are_not_hidden():
    with pytest.raises(TypeError):
        compiled(3)

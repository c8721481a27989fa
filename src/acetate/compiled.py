"""Loops that numba compiles: the same bytes in any process, without Python's lock.

The first call of a function on a machine takes a second or more, the first in a process as long as
it takes to load what is kept; so modules of loops are imported where they are called.
"""

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Compile a function of arrays and numbers when it is first called, and keep the result.

    Divisions are NumPy's: by zero they give infinity or NaN, and no exception.

    Warns
    -----
    RuntimeWarning
        If there is no folder to keep it in.
    """
    return _kept(function, {"nogil": True, "error_model": "numpy"})


def compiled_fused(function: _F) -> _F:
    """Do as `compiled` with arithmetic that may fuse multiply and add, and lose the sign of zero.

    It keeps its order, so bytes repeat on a machine; on another the last bit may differ.
    """
    fused = {"contract", "nsz"}
    return _kept(function, {"nogil": True, "error_model": "numpy", "fastmath": fused})


def _kept(function: _F, options: dict[str, Any]) -> _F:
    try:
        made: _F = njit(cache=True, **options)(function)
    except RuntimeError as error:
        if "no locator" not in str(error):
            raise
        _warn()
        made = njit(**options)(function)
    return made


@cache
def _warn() -> None:
    """Say once that every process must compile anew."""
    warnings.warn(
        "compiled loops cannot be kept, for neither acetate's folder nor the user's cache can be "
        "written to: each process compiles them anew, which takes seconds; set NUMBA_CACHE_DIR",
        RuntimeWarning,
        stacklevel=4,
    )

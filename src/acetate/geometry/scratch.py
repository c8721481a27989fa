"""Memory for what lies between: arrays that are used again, as fresh pages cost more than sums."""

import threading
from typing import Any

import numpy as np

from acetate.arrays import Array

_MOST = 2**25  # bytes; what is larger is not kept


class _Scratch(threading.local):
    def __init__(self) -> None:
        self.kept: dict[str, Array] = {}
        self.last: dict[str, Array] = {}


_scratch = _Scratch()


def scratch(name: str, shape: tuple[int, ...], dtype: Any) -> Array:
    """Return an array of this thread's, with any content, that the next call of the name reuses.

    It must not leave the function that asks for it but to be copied.

    Examples
    --------
    >>> first, second = scratch("rows", (2, 3), np.uint8), scratch("rows", (2, 2), np.uint8)
    >>> np.shares_memory(first, second)
    True
    """
    last = _scratch.last.get(name)
    if last is not None and last.shape == shape and last.dtype == dtype:
        return last
    kind = np.dtype(dtype)
    size = kind.itemsize
    for count in shape:
        size *= count
    kept = _scratch.kept.get(name)
    if kept is None or kept.size < size:
        kept = np.empty(size, np.uint8)
        if size <= _MOST:
            _scratch.kept[name] = kept
    made: Array = kept[:size].view(kind).reshape(shape)
    if size <= _MOST:
        _scratch.last[name] = made
    return made

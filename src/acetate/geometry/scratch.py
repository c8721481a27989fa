"""Memory for what lies between: arrays that are used again, as fresh pages cost more than sums."""

import math
import threading
from typing import Any

import numpy as np

from acetate.arrays import Array

_MOST = 2**25  # bytes; what is larger is not kept
_MOST_VIEWS = 64


class _Scratch(threading.local):
    def __init__(self) -> None:
        self.kept: dict[str, Array] = {}
        self.views: dict[tuple[str, tuple[int, ...], Any], Array] = {}


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
    views = _scratch.views
    view = views.get((name, shape, dtype))
    if view is not None:
        return view
    kind = np.dtype(dtype)
    size = kind.itemsize * math.prod(shape)
    if size > _MOST:
        return np.empty(shape, kind)
    kept = _scratch.kept.get(name)
    if kept is None or kept.size < size:
        kept = _scratch.kept[name] = np.empty(size, np.uint8)
        views.clear()
    if len(views) >= _MOST_VIEWS:
        views.clear()
    view = views[name, shape, dtype] = kept[:size].view(kind).reshape(shape)
    return view

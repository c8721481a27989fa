"""Scratch memory: used again by name, never by two threads, and not hoarded."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np

from acetate.geometry import scratch as room
from acetate.geometry.scratch import scratch


def test_a_name_has_one_piece_of_memory_of_any_shape_and_dtype():
    first = scratch("test", (10, 20, 4), np.float32)
    again = scratch("test", (5, 7), np.uint8)
    other = scratch("test other", (5, 7), np.uint8)
    assert (first.shape, first.dtype) == ((10, 20, 4), np.float32)
    assert np.shares_memory(first, again)
    assert not np.shares_memory(again, other)
    assert first.flags.c_contiguous
    assert scratch("test", (100, 100), np.float64).shape == (100, 100)


def test_large_arrays_are_not_kept():
    huge = (room._MOST + 1,)
    assert not np.shares_memory(scratch("huge", huge, np.uint8), scratch("huge", huge, np.uint8))


def test_threads_have_their_own():
    barrier = Barrier(2)

    def ask(_):
        barrier.wait(timeout=30)
        return scratch("thread", (50,), np.uint8)

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(ask, range(2))
    assert not np.shares_memory(one, two)

"""torch's random state, borrowed: seeded inside, given back as it was."""

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

from acetate.seeds import stream


@contextlib.contextmanager
def seeded(seed: int, *key: int) -> Iterator[None]:
    """Draw from the stream of (seed, key) with torch's own functions; the caller's go on after.

    Parameters
    ----------
    seed : int
        A whole number from 0.
    *key : int
        Which of its streams.

    Examples
    --------
    >>> with seeded(3): a = torch.rand(2)
    >>> with seeded(3): b = torch.rand(2)
    >>> bool((a == b).all())
    True
    """
    cuda: Any = torch.cuda
    devices = range(cuda.device_count()) if cuda.is_initialized() else ()
    with torch.random.fork_rng(devices):
        reseed(seed, *key)
        yield


def reseed(seed: int, *key: int) -> None:
    """Set torch's random state to the beginning of the stream of (seed, key)."""
    torch.manual_seed(int(stream(seed, *key).integers(2**63)))

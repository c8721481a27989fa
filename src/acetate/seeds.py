"""Seeds and generators: one stream per (seed, key), the same in any order and any process."""

import multiprocessing
import os
import secrets
from typing import Any
from zlib import crc32

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

Seed = int | np.random.Generator | None


def stream(seed: int, *key: int) -> np.random.Generator:
    """Return the generator that belongs to `seed` and `key`; the same every time it is asked.

    Parameters
    ----------
    seed : int
        A whole number from 0; how large is free.
    *key : int
        Which of the seed's streams: ``(epoch, index)``, say. Whole numbers from 0.

    Raises
    ------
    ValueError
        If one is negative, or no whole number.

    Notes
    -----
    Streams of different keys are independent: NumPy's ``SeedSequence`` hashes seed and key.

    Examples
    --------
    >>> stream(7, 3).random() == stream(7, 3).random()
    True
    """
    for name, number in (("seed", seed), *(("key", k) for k in key)):
        if not isinstance(number, int | np.integer) or number < 0:
            raise ValueError(f"{name} must be a whole number from 0, got {number!r}")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def generator(seed: Seed = None) -> np.random.Generator:
    """Return a generator: `seed` itself if it is one, the seed's stream, or the default.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> generator(rng) is rng
    True
    """
    if isinstance(seed, np.random.Generator):
        return seed
    return next_default() if seed is None else stream(seed)


def draw_key(rng: np.random.Generator) -> int:
    """Draw the number that stands for a whole field of noise in a recipe.

    It has 53 bits: as many as every reader of JSON keeps.

    Examples
    --------
    >>> 0 <= draw_key(stream(1)) < 2**53
    True
    """
    return int(rng.random() * 2.0**53)


def bits_of(key: int) -> np.random.SFC64:
    """Return the source of the raw bits that a key stands for; from its beginning.

    Parameters
    ----------
    key : int
        From `draw_key`; from 0 to 2**64 - 1.

    Raises
    ------
    ValueError
        If it is another number.

    Notes
    -----
    The key is all three words of the seed, as Doty-Humphrey, whose generator SFC64 is, seeds it in
    PractRand: it mixes them itself. Through NumPy's ``SeedSequence`` it would take five times as
    long, as long as the noise of a small picture.

    Examples
    --------
    >>> bool(bits_of(3).random_raw() == bits_of(3).random_raw())
    True
    """
    if not 0 <= key < 2**64:
        raise ValueError(f"the key of noise is a whole number from 0 to 2**64 - 1, got {key}")
    return np.random.SFC64(_Key(key))  # type: ignore[arg-type]


class _Key(ISeedSequence):
    """A seed that is used as it is."""

    def __init__(self, key: int) -> None:
        self.key = key

    def generate_state(self, n_words: int, dtype: Any = np.uint64) -> NDArray[Any]:
        return np.array([self.key] * n_words, dtype)


def seed(value: int | None) -> None:
    """Set the default stream, from which everything without a seed of its own draws.

    Parameters
    ----------
    value : int or None
        A whole number from 0; None takes fresh entropy from the operating system.

    Raises
    ------
    ValueError
        If the number is negative.

    Notes
    -----
    A worker process never repeats its parent's default stream: after a fork the stream is keyed
    by the worker's name, and a spawned process starts from fresh entropy.

    Examples
    --------
    >>> seed(5); a = generator().random()
    >>> seed(5); a == generator().random()
    True
    >>> seed(None)
    """
    if value is not None and value < 0:
        raise ValueError(f"a seed is a whole number from 0, got {value}")
    global _default
    _default = _DefaultStream(None if value is None else (value,))


def next_default() -> np.random.Generator:
    """Return the default generator; what draws from it moves it on.

    Examples
    --------
    >>> next_default().random() != next_default().random()
    True
    """
    return _default.generator()


class _DefaultStream:
    """What draws without a seed: a root, and the generator made of it at the first draw."""

    def __init__(self, root: tuple[int, ...] | None, parent: str | None = None) -> None:
        self.root = root
        self.parent = parent
        self.made: np.random.Generator | None = None

    def generator(self) -> np.random.Generator:
        if self.made is None:
            if self.root is None:
                self.root = (secrets.randbits(128),)
            elif self.parent is not None:
                self._rekey(multiprocessing.current_process().name)
            self.made = stream(*self.root)
        return self.made

    def _rekey(self, name: str) -> None:
        """Key a forked process's stream at its first draw: only by then has it been named."""
        assert self.root is not None
        # A bare os.fork() keeps the parent's name: the process number is all that differs.
        self.root = (*self.root, crc32(name.encode()) if name != self.parent else os.getpid())

    def in_child(self) -> "_DefaultStream":
        """Return the stream that a forked child of this process draws from."""
        return _DefaultStream(self.root, multiprocessing.current_process().name)


def _after_fork() -> None:
    global _default
    _default = _default.in_child()


_default = _DefaultStream(None)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

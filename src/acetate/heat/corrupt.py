"""Corruption by heat and noise in graded levels, and the way back, given the score."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_image, convert
from acetate.heat.checks import check_picture
from acetate.heat.semigroup import decay_rates, from_cosines, to_cosines
from acetate.options import check_options, option
from acetate.seeds import Seed, generator

Score = Callable[[Array, float], Array]
Floats = NDArray[np.floating]


@dataclass(frozen=True)
class HeatCorruption:
    """The heat equation with noise, ``du = Laplacian(u) dt + noise dW``, as a ladder of levels.

    Heat takes detail away, noise hides what is left of it. Level 0 is the picture; the times of
    the others grow by a constant factor from `smallest_t` to `largest_t`.

    Parameters
    ----------
    levels : int
        How many levels above 0.
    smallest_t, largest_t : float
        Times of the first and the last level, in squared pixels: a blur by
        ``sqrt(2 t)`` pixels.
    noise : float
        Standard deviation that the noise reaches in a time of 1 without heat, of white = 1. Heat
        smooths the noise as well: from a time of ``1 / rate`` on, a cosine's stops growing.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Notes
    -----
    In the cosine basis the equation falls apart into one Ornstein-Uhlenbeck process for each
    coefficient: after time t its mean has decayed by ``exp(-rate t)`` and its variance is
    ``noise^2 (1 - exp(-2 rate t)) / (2 rate)``. So every level is drawn exactly and at once.

    Going back needs the score, the gradient of the logarithm of the density of corrupted
    pictures (Anderson 1982; Song and others 2021). Nothing here learns one: a network can be
    passed in, or `score_of` gives the exact score of a set of known pictures. With that, the way
    back ends at one of the known pictures, whatever was corrupted: detail that heat has taken
    comes from the score, not from the corrupted picture.

    Examples
    --------
    >>> HeatCorruption(levels=4).times.round(2)
    array([0.  , 0.1 , 0.43, 1.86, 8.  ])
    """

    levels: int = option(10, "How many levels.", 1, 1000)
    smallest_t: float = option(0.1, "Time of the first level.", 1e-6, 1e6, "px^2")
    largest_t: float = option(8.0, "Time of the last level.", 1e-6, 1e6, "px^2")
    noise: float = option(0.05, "Noise of a unit of time, of white = 1.", 0.0, 1e3)

    def __post_init__(self) -> None:
        check_options(self)
        if self.smallest_t > self.largest_t:
            raise ValueError(
                f"smallest_t must not be above largest_t, got {self.smallest_t} and "
                f"{self.largest_t}"
            )

    @property
    def times(self) -> NDArray[np.float64]:
        """The time of every level, 0 first."""
        return np.concatenate([[0.0], np.geomspace(self.smallest_t, self.largest_t, self.levels)])

    def corrupt(self, image: Array, level: int, seed: Seed = None) -> Floats:
        """Draw a corrupted picture of one level.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or floats in [0, 1].
        level : int
            From 0 (the picture itself) to `levels`.
        seed : int, numpy.random.Generator or None
            Of the noise.

        Returns
        -------
        numpy.ndarray
            Of the same shape, float32 (float64 for float64); white is 1. Noise may leave [0, 1]:
            clip to look at it.

        Raises
        ------
        TypeError, ValueError
            If it is no picture, or there is no such level.
        """
        time = float(self.times[self._level(level)])
        return self._moved(_floats(image), time, generator(seed))

    def path(self, image: Array, seed: Seed = None) -> Iterator[Floats]:
        """Draw all levels from 0 on, each from the one before: one picture falling apart.

        Parameters
        ----------
        image : numpy.ndarray
            As in `corrupt`.
        seed : int, numpy.random.Generator or None
            Of the noise.

        Yields
        ------
        numpy.ndarray
            As from `corrupt`, ``levels + 1`` times.

        Raises
        ------
        TypeError, ValueError
            If it is no picture.
        """
        rng, picture = generator(seed), _floats(image)
        for time in np.diff(self.times, prepend=0.0):
            picture = self._moved(picture, float(time), rng)
            yield picture

    def score_of(self, pictures: Sequence[Array]) -> Score:
        """Return the exact score of these pictures' corruption, each as likely as the others.

        Parameters
        ----------
        pictures : sequence of numpy.ndarray
            All of one shape, as in `corrupt`.

        Returns
        -------
        callable
            ``score(corrupted, t)``: the gradient by the pixels of the logarithm of the density.

        Raises
        ------
        TypeError, ValueError
            If there are none, they differ in shape, or there is no noise.
        """
        self._check_noise()
        shapes = {picture.shape for picture in pictures}
        if len(shapes) != 1:
            raise ValueError(f"score_of needs pictures of one shape, got {sorted(shapes)}")
        known = np.stack([to_cosines(_floats(picture)) for picture in pictures])

        def score(corrupted: Array, t: float) -> Array:
            rates = _rates(corrupted)
            away = np.exp(-rates * t).astype(known.dtype) * known - to_cosines(corrupted)
            pull = away / _variance(rates, t, self.noise).astype(known.dtype)
            chances = _softmax(
                -np.sum(away * pull, axis=tuple(range(1, pull.ndim)), dtype=float) / 2
            )
            return from_cosines(np.tensordot(chances.astype(known.dtype), pull, axes=1))

        return score

    def restore(
        self,
        corrupted: Array,
        level: int,
        score: Score,
        *,
        steps: int | None = None,
        seed: Seed = None,
    ) -> Floats:
        """Walk back from a level to 0 by Euler-Maruyama steps of the reversed equation.

        Parameters
        ----------
        corrupted : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``, floats of any range, as from `corrupt`.
        level : int
            Where it stands, from 0 to `levels`.
        score : callable
            ``score(picture, t)`` as from `score_of`, or a learned one.
        steps : int or None
            How many; they shrink towards time 0. None takes as few as are stable, about 40 times
            the level's t; more come nearer to the equation.
        seed : int, numpy.random.Generator or None
            Of the noise on the way.

        Returns
        -------
        numpy.ndarray
            A picture of level 0, float32 (float64 for float64), not clipped.

        Raises
        ------
        TypeError, ValueError
            If it is no picture, there is no such level, there is no noise, or the steps are too
            few to be stable.
        """
        self._check_noise()
        floats = check_picture(corrupted)
        state = to_cosines(floats)
        rates, rng = _rates(floats), generator(seed)
        times = _way_back(float(self.times[self._level(level)]), float(rates.max()), steps)
        for now, then in pairwise(times):
            step = now - then
            pull = to_cosines(np.asarray(score(from_cosines(state), float(now)), state.dtype))
            drift = rates.astype(state.dtype) * state + state.dtype.type(self.noise**2) * pull
            state = state + state.dtype.type(step) * drift
            # Noise in the last step would only stay.
            if then > 0:
                state += self._noise(state, self.noise * np.sqrt(step), rng)
        return from_cosines(state)

    def _moved(self, picture: Floats, time: float, rng: np.random.Generator) -> Floats:
        """Draw what the picture is after a time."""
        if time == 0:
            return picture.copy()
        cosines, rates = to_cosines(picture), _rates(picture)
        cosines *= np.exp(-rates * time).astype(cosines.dtype)
        spread = np.sqrt(_variance(rates, time, self.noise)).astype(cosines.dtype)
        return from_cosines(cosines + self._noise(cosines, spread, rng))

    @staticmethod
    def _noise(like: Array, spread: Array | float, rng: np.random.Generator) -> Array:
        return rng.standard_normal(like.shape, dtype=like.dtype) * np.asarray(spread, like.dtype)

    def _level(self, level: int) -> int:
        if isinstance(level, bool) or not isinstance(level, Integral):
            raise TypeError(f"level must be a whole number, got {level!r}")
        if not 0 <= level <= self.levels:
            raise ValueError(f"level must lie in [0, {self.levels}], got {level}")
        return int(level)

    def _check_noise(self) -> None:
        if self.noise == 0:
            raise ValueError("there is no way back without noise: got noise = 0, pass more")


def _floats(image: Array) -> Floats:
    check_image(image)
    return convert(image, np.float64 if image.dtype == np.float64 else np.float32)


def _rates(picture: Array) -> NDArray[np.float64]:
    """Return how fast every cosine decays, of a shape that broadcasts to the picture's."""
    down, across = decay_rates(picture.shape[:2], (1.0, 1.0))
    return np.add.outer(down, across).reshape(*picture.shape[:2], *(1,) * (picture.ndim - 2))


def _variance(rates: NDArray[np.float64], t: float, noise: float) -> NDArray[np.float64]:
    """Return the variance of every cosine after time t."""
    safe = np.where(rates > 0, rates, 1.0)
    return noise**2 * np.where(rates > 0, -np.expm1(-2 * safe * t) / (2 * safe), t)


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


def _way_back(t: float, fastest: float, steps: int | None) -> NDArray[np.float64]:
    """Return times from t to 0, denser and denser; the first, longest step is stable."""
    needed = max(int(np.ceil(2 * t * fastest)), 10) if t else 0
    if steps is not None and steps < needed:
        raise ValueError(f"steps must be at least {needed} from t = {t:g}, got {steps}")
    count = needed if steps is None or t == 0 else steps
    return t * np.linspace(1.0, 0.0, count + 1) ** 2

"""How far landmarks that were found are from where they are: radial errors and detection rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

THRESHOLDS = (2.0, 2.5, 3.0, 4.0)
ALL = "all"


@dataclass(frozen=True)
class ErrorSummary:
    """What is said about the errors of a landmark, or of all.

    Parameters
    ----------
    landmark : str
        Its name, or "all".
    count : int
        Points that were compared.
    not_found : int
        Points that have a truth and were not found.
    no_truth : int
        Points without a truth, found or not.
    mean : float
        The mean radial error.
    sd : float
        Its standard deviation with one degree of freedom less than points; NaN of fewer than 2.
    median, p95 : float
        What half and 95 % of the errors do not exceed.
    sdr : mapping of float to float
        The success detection rate at each threshold: the share of the compared points, in [0, 1],
        whose error does not exceed it.

    Examples
    --------
    >>> landmark_errors([[[3, 4]]], [[[0, 0]]]).overall.mean
    5.0
    """

    landmark: str
    count: int
    not_found: int
    no_truth: int
    mean: float
    sd: float
    median: float
    p95: float
    sdr: Mapping[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the values by name, the detection rates as ``sdr_2`` and so on.

        Examples
        --------
        >>> landmark_errors([[[3, 4]]], [[[0, 0]]]).overall.to_dict()["sdr_2.5"]
        0.0
        """
        names = ("landmark", "count", "not_found", "no_truth", "mean", "sd", "median", "p95")
        rates = {f"sdr_{threshold:g}": rate for threshold, rate in self.sdr.items()}
        return {**{name: getattr(self, name) for name in names}, **rates}


@dataclass(frozen=True)
class LandmarkErrors:
    """The radial errors of landmarks that were found, and what is said about them.

    Parameters
    ----------
    radial : numpy.ndarray
        ``(N, K)`` distances from the truth; NaN where there is no truth or nothing was found.
    names : tuple of str
        The K landmarks.
    unit : {"px", "mm"}
        Of the errors and thresholds.
    overall : ErrorSummary
        Of all points.
    landmarks : tuple of ErrorSummary
        Of each landmark.

    Examples
    --------
    >>> errors = landmark_errors([[[3, 4], [1, 1]]], [[[0, 0], [1, 1]]], names=["nose", "tail"])
    >>> errors.radial.tolist(), errors.mean, errors.sdr[2.0]
    ([[5.0, 0.0]], 2.5, 0.5)
    """

    radial: Floats
    names: tuple[str, ...]
    unit: str
    overall: ErrorSummary
    landmarks: tuple[ErrorSummary, ...]

    @property
    def mean(self) -> float:
        """The mean radial error of all points."""
        return self.overall.mean

    @property
    def sd(self) -> float:
        """The standard deviation of all errors."""
        return self.overall.sd

    @property
    def median(self) -> float:
        """The median of all errors."""
        return self.overall.median

    @property
    def p95(self) -> float:
        """What 95 % of all errors do not exceed."""
        return self.overall.p95

    @property
    def sdr(self) -> Mapping[float, float]:
        """The success detection rates of all points by threshold."""
        return self.overall.sdr

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each landmark, and a last one for all.

        Examples
        --------
        >>> [row["landmark"] for row in landmark_errors([[[3, 4]]], [[[0, 0]]]).rows()]
        ['1', 'all']
        """
        return [one.to_dict() for one in (*self.landmarks, self.overall)]

    def to_dict(self) -> dict[str, Any]:
        """Return everything in plain values, NaN as None, as JSON has it.

        Examples
        --------
        >>> landmark_errors([[[3, 4]]], [[[0, 0]]]).to_dict()["radial"]
        [[5.0]]
        """
        return {
            "unit": self.unit,
            "overall": _plain(self.overall.to_dict()),
            "landmarks": [_plain(one.to_dict()) for one in self.landmarks],
            "radial": [[_number(value) for value in row] for row in self.radial.tolist()],
        }


def landmark_errors(
    predicted: ArrayLike,
    truth: ArrayLike,
    spacing: float | ArrayLike | None = None,
    names: Sequence[str] | None = None,
    thresholds: Sequence[float] = THRESHOLDS,
) -> LandmarkErrors:
    """Compare landmarks that were found with where they are.

    Parameters
    ----------
    predicted, truth : array_like
        ``(N, K, 2)`` x and y in pixels; NaN where nothing was found, or there is no truth.
    spacing : float or array_like, optional
        mm per pixel, of all pictures or ``(N,)``; errors and thresholds are in mm then, else in
        pixels.
    names : sequence of str, optional
        The K landmarks; "1" and so on by default.
    thresholds : sequence of float
        Of the success detection rate, in the unit of the errors.

    Returns
    -------
    LandmarkErrors
        Points that lack a truth or were not found are left out of every mean and rate, and
        counted; with nothing left these are NaN.

    Raises
    ------
    ValueError
        If shapes disagree, a place is infinite, a spacing is not known or not above 0, or a
        threshold is not above 0.

    References
    ----------
    Wang and others, "A benchmark for comparison of dental radiography analysis algorithms", Medical
    Image Analysis 31, 2016: mean radial error, its standard deviation and success detection rate.

    Examples
    --------
    >>> errors = landmark_errors([[[3, 4], [2, 0]]], [[[0, 0], [0, 0]]], spacing=0.5)
    >>> errors.unit, errors.mean, errors.sdr[2.0]
    ('mm', 1.75, 0.5)
    """
    found, true = _checked(predicted, truth)
    called = tuple(names or (str(k + 1) for k in range(true.shape[1])))
    if len(called) != true.shape[1]:
        raise ValueError(f"{true.shape[1]} landmarks need as many names, got {len(called)}")
    if any(not threshold > 0 for threshold in thresholds):
        raise ValueError(f"thresholds must be above 0, got {list(thresholds)}")
    radial = np.linalg.norm(found - true, axis=-1) * _scale(spacing, len(true))
    known = np.asarray(~np.isnan(true).any(axis=-1))
    summaries = [
        _summary(name, radial[:, k], known[:, k], thresholds) for k, name in enumerate(called)
    ]
    return LandmarkErrors(
        radial,
        called,
        "px" if spacing is None else "mm",
        _summary(ALL, radial, known, thresholds),
        tuple(summaries),
    )


def _summary(
    landmark: str, radial: Floats, known: NDArray[np.bool_], thresholds: Sequence[float]
) -> ErrorSummary:
    errors = radial[np.isfinite(radial)]
    count = len(errors)
    median, p95 = np.percentile(errors, (50, 95)).tolist() if count else (np.nan, np.nan)
    return ErrorSummary(
        landmark,
        count,
        int(np.count_nonzero(known)) - count,
        int(np.count_nonzero(~known)),
        float(errors.mean()) if count else np.nan,
        float(errors.std(ddof=1)) if count > 1 else np.nan,
        median,
        p95,
        {float(t): float((errors <= t).mean()) if count else np.nan for t in thresholds},
    )


def _checked(predicted: ArrayLike, truth: ArrayLike) -> tuple[Floats, Floats]:
    found, true = np.asarray(predicted, np.float64), np.asarray(truth, np.float64)
    if found.shape != true.shape or found.ndim != 3 or found.shape[2] != 2:
        raise ValueError(
            f"predicted and truth must both be (N, K, 2), got {found.shape} and {true.shape}"
        )
    for name, points in (("predicted", found), ("truth", true)):
        if np.isinf(points).any():
            place = tuple(int(i) for i in np.argwhere(np.isinf(points))[0])
            raise ValueError(f"{name} is infinite at {place}; NaN stands for missing points")
    return found, true


def _scale(spacing: float | ArrayLike | None, count: int) -> Floats:
    """Return what to multiply pixels with, ``(N, 1)`` or ``(1, 1)``."""
    values = np.asarray(1.0 if spacing is None else spacing, np.float64)
    if values.shape not in ((), (count,)):
        raise ValueError(f"spacing must be a number or one for each of {count}, got {values.shape}")
    if not (np.isfinite(values) & (values > 0)).all():
        unknown = int(np.count_nonzero(np.isnan(values)))
        raise ValueError(
            f"spacing must be above 0 mm per pixel; it is unknown for {unknown} of {values.size} "
            "pictures: leave those out, or compare in pixels"
        )
    return values.reshape(-1, 1)


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _number(value) for name, value in row.items()}

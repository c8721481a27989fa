"""Measures: milliseconds beside scikit-learn's and scikit-image's, in the same run.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/measure.py [--side N] [--rounds N]

Prints a table for a picture of N x N pixels, 2048 if not told: about 5,000 objects. Milliseconds
are CPU time of one thread, the median of the rounds, ours and theirs in turn. Results are compared
first: a row is only printed if both agree.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import cv2
import numpy as np
from skimage.measure import label, regionprops_table
from sklearn import metrics

from acetate import measure

cv2.setNumThreads(1)

COLUMNS = {
    "label": "label",
    "area": "area",
    "bbox": None,
    "centroid": None,
    "axis_major_length": "major_axis",
    "axis_minor_length": "minor_axis",
    "eccentricity": "eccentricity",
    "orientation": None,
    "perimeter": "perimeter",
    "intensity_mean": "mean_intensity",
    "intensity_min": "min_intensity",
    "intensity_max": "max_intensity",
}


def blobs(side: int) -> np.ndarray:
    noise = np.random.default_rng(0).random((side, side), np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 4)
    return np.round((smooth - smooth.min()) / np.ptp(smooth) * 255).astype(np.uint8)


def same_tables(ours: Any, theirs: Any) -> bool:
    pairs = [(theirs[name], ours[mine]) for name, mine in COLUMNS.items() if mine]
    return all(np.allclose(one, other, atol=1e-6) for one, other in pairs)


def rows(side: int) -> list[tuple[str, Callable[[], Any], Callable[[], Any], Callable[..., bool]]]:
    image = blobs(side)
    mask, truth = image > 135, (image > 150).astype(np.uint8)
    labels = measure.label_objects(mask)
    noise = np.random.default_rng(1).normal(0, 20, image.shape)
    noisy = (image + noise).clip(0, 255).astype(np.uint8)
    score, found = image + noise, (noisy > 150).astype(np.uint8)
    flat = truth.ravel()
    near = lambda one, other: bool(np.allclose(one, other))  # noqa: E731
    return [
        (
            "label_objects / skimage label",
            lambda: measure.label_objects(mask),
            lambda: label(mask),
            lambda one, other: np.array_equal(one, other),
        ),
        (
            "object_table / skimage regionprops_table",
            lambda: measure.object_table(labels, image),
            lambda: regionprops_table(labels, image, properties=tuple(COLUMNS)),
            same_tables,
        ),
        (
            "roc_auc, uint8 / sklearn roc_auc_score",
            lambda: measure.roc_auc(noisy, truth),
            lambda: metrics.roc_auc_score(flat, noisy.ravel()),
            near,
        ),
        (
            "roc_auc, float64 / sklearn roc_auc_score",
            lambda: measure.roc_auc(score, truth),
            lambda: metrics.roc_auc_score(flat, score.ravel()),
            near,
        ),
        (
            "confusion_matrix / sklearn confusion_matrix",
            lambda: measure.confusion_matrix(found, truth),
            lambda: metrics.confusion_matrix(flat, found.ravel()),
            near,
        ),
    ]


def milliseconds(function: Callable[[], Any]) -> float:
    start = time.process_time()
    function()
    return (time.process_time() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print("| ours / theirs | ours ms | theirs ms | times |\n|---|---|---|---|")
    for name, ours, theirs, same in rows(arguments.side):
        if not same(ours(), theirs()):
            raise SystemExit(f"{name}: the results differ")
        times = [(milliseconds(ours), milliseconds(theirs)) for _ in range(arguments.rounds)]
        one, other = (median(column) for column in zip(*times, strict=True))
        print(f"| {name} | {one:.1f} | {other:.1f} | {other / one:.1f} |")


if __name__ == "__main__":
    main()

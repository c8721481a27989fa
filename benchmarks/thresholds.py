"""Time thresholds, hysteresis, guards and clusters beside scikit-image, SciPy and scikit-learn.

    OMP_NUM_THREADS=1 python benchmarks/thresholds.py [--side N]

Prints a Markdown table: milliseconds of CPU time, one thread, ours and the peer's in turn in the
same run, and how many times as long the peer takes. Peers get what they are best at: masks where
labels are asked for, the same parameters, the same pictures.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from scipy.ndimage import distance_transform_edt
from skimage import filters
from sklearn.cluster import MiniBatchKMeans

from acetate import samples
from acetate.segment import (
    Clusters,
    GuardedBands,
    Hysteresis,
    LocalThreshold,
    MultiOtsu,
    Threshold,
)

cv2.setNumThreads(1)

Call = Callable[[], object]
ROUNDS, MOST_SECONDS = 7, 6.0


def cpu_ms(ours: Call, peer: Call) -> tuple[float, float]:
    """Return the median milliseconds of two calls, taken in turn."""
    taken: list[list[float]] = [[], []]
    begun = time.process_time()
    while len(taken[0]) < ROUNDS and time.process_time() - begun < MOST_SECONDS:
        for call, times in zip((ours, peer), taken, strict=True):
            start = time.process_time()
            call()
            times.append(1000 * (time.process_time() - start))
    return float(np.median(taken[0])), float(np.median(taken[1]))


def row(name: str, kind: str, ours: Call, peer_name: str, peer: Call) -> None:
    mine, theirs = cpu_ms(ours, peer)
    ratio = theirs / mine
    print(f"| {name} | {kind} | {mine:.1f} | {peer_name} | {theirs:.1f} | {ratio:.1f} |")


def by_rule(image: np.ndarray, rule: str) -> np.ndarray:
    return image > getattr(filters, f"threshold_{rule}")(image)


def several(image: np.ndarray, classes: int) -> np.ndarray:
    return np.digitize(image, filters.threshold_multiotsu(image, classes))


def local(image: np.ndarray) -> np.ndarray:
    return image > filters.threshold_local(image, 51)


def exact_growth(labels: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    nearest = distance_transform_edt(~seeds, return_distances=False, return_indices=True)
    return labels[tuple(nearest)]


def batches(image: np.ndarray) -> np.ndarray:
    points = image.reshape(-1, 3).astype(np.float32)
    model = MiniBatchKMeans(4, n_init=1, batch_size=16_384, random_state=0)
    return model.fit(points).labels_.reshape(image.shape[:2])


def table(side: int) -> None:
    print(f"Pictures of {side} x {side}.\n")
    print("| what | picture | ours, ms | peer | peer, ms | times as long |")
    print("|---|---|---|---|---|---|")
    gray = samples.camera(side)
    kinds = {"uint8": gray, "uint16": gray.astype(np.uint16) * 257}
    kinds["float32"] = (gray / 255).astype(np.float32)
    for rule in ("otsu", "isodata", "li", "triangle", "yen", "minimum"):
        for kind, image in kinds.items():
            if kind == "uint16" and rule in ("isodata", "minimum"):
                continue  # the peer needs seconds, or finds no two modes in 65536 bins
            ours = partial(Threshold(rule).segment, image)  # type: ignore[arg-type]
            row(rule, kind, ours, "scikit-image", partial(by_rule, image, rule))
    for classes in (3, 4):
        ours = partial(MultiOtsu(classes).segment, gray)
        row(f"{classes} classes", "uint8", ours, "scikit-image", partial(several, gray, classes))
    ours = partial(LocalThreshold(block=51, offset=0.0).segment, gray)
    row("local, block 51", "uint8", ours, "scikit-image", partial(local, gray))
    ours = partial(Hysteresis(strict=180.0, loose=140.0, opening=0.0, radius=1.0).segment, gray)
    peer = partial(filters.apply_hysteresis_threshold, gray, 140, 180)
    row("hysteresis", "uint8", ours, "scikit-image", peer)
    guards(side)
    clusters(side)


def guards(side: int) -> None:
    image, _ = samples.three_levels(side)
    method = GuardedBands((0.15, 0.55))
    labels = np.digitize(image, (0.15, 0.55)).astype(np.uint8)
    seeds = method.response(image) <= 0.027
    ours = partial(method.segment, image)
    row(
        "guarded bands",
        "float32",
        ours,
        "SciPy's growth alone",
        partial(exact_growth, labels, seeds),
    )


def clusters(side: int) -> None:
    image = samples.cat(side)
    ours = partial(Clusters(4, rescale="none", whole=100_000).segment, image)
    row("4 clusters, mini-batches", "RGB", ours, "MiniBatchKMeans.fit", partial(batches, image))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Thresholds and clusters beside their peers.")
    parser.add_argument("--side", type=int, default=1024, help="of the pictures, in pixels")
    table(parser.parse_args().side)

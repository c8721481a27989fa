"""The feature bank beside scikit-image's ``multiscale_basic_features``, in the same run.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/features.py [--rounds N]

Prints two tables. The first: the same 24 features (Gaussian, Sobel magnitude, Hessian eigenvalues
at 0.5 to 16 pixels) of noise, float32; CPU time of one thread, the best of interleaved rounds, and
the largest difference inside a border of 72 pixels. The second: nanoseconds per feature and pixel
of every kind of the strong bank, and those of copying an array of the same size.
"""

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np
from skimage.feature import multiscale_basic_features

from acetate.segment.features import BASIC, STRONG, FeatureBank

cv2.setNumThreads(1)

Call = Callable[[], np.ndarray]


def best_of(calls: dict[str, Call], rounds: int) -> dict[str, float]:
    """Return the least CPU seconds of each, taken in turn."""
    best = dict.fromkeys(calls, np.inf)
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.process_time()
            call()
            best[name] = min(best[name], time.process_time() - start)
    return best


def noise(side: int) -> np.ndarray:
    return np.random.default_rng(0).random((side, side)).astype(np.float32)


def beside_scikit_image(rounds: int) -> None:
    print(
        "| picture | scikit-image | FeatureBank | ratio | without pyramid | ratio | differences |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for side in (512, 2048):
        picture = noise(side)
        quick = FeatureBank(BASIC).fit(picture)
        exact = FeatureBank(BASIC, pyramid=False).fit(picture)
        calls: dict[str, Call] = {
            "theirs": lambda p=picture: multiscale_basic_features(p, workers=1),
            "quick": lambda p=picture, bank=quick: bank.transform(p),
            "exact": lambda p=picture, bank=exact: bank.transform(p),
        }
        inside = np.s_[72:-72, 72:-72]
        theirs = calls["theirs"]()[inside]
        errors = [np.abs(calls[n]()[inside] - theirs).max() for n in ("quick", "exact")]
        t = best_of(calls, rounds)
        print(
            f"| {side}² | {1e3 * t['theirs']:.0f} ms | {1e3 * t['quick']:.1f} ms "
            f"| **{t['theirs'] / t['quick']:.1f}** | {1e3 * t['exact']:.1f} ms "
            f"| {t['theirs'] / t['exact']:.1f} | {errors[0]:.0e}, {errors[1]:.0e} |"
        )


def by_kind(rounds: int, side: int = 1024) -> None:
    picture = noise(side)
    banks = {kind: FeatureBank({kind: scales}).fit(picture) for kind, scales in STRONG.items()}
    banks["all"] = FeatureBank().fit(picture)
    calls: dict[str, Call] = {n: lambda b=bank: b.transform(picture) for n, bank in banks.items()}
    planes = np.zeros((24, side, side), np.float32)
    calls["copy"] = planes.copy
    t = best_of(calls, rounds)
    counts = {name: len(bank.features_) for name, bank in banks.items()} | {"copy": len(planes)}
    print(
        "\n| kind | features | ns per feature and pixel | of a copy |\n| --- | ---: | ---: | ---: |"
    )
    each = {name: t[name] / counts[name] / side**2 * 1e9 for name in calls}
    for name, nanoseconds in each.items():
        print(f"| {name} | {counts[name]} | {nanoseconds:.2f} | {nanoseconds / each['copy']:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    beside_scikit_image(rounds)
    by_kind(rounds)


if __name__ == "__main__":
    main()

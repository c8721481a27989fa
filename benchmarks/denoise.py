"""Denoising: PSNR and milliseconds beside scikit-image's fast non-local means, in the same run.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/denoise.py [--rounds N] [--color]

Prints a table: the mean over camera, astronaut and coffee (gray, their own sizes, about 512 x 512)
with white noise of sigma 10, 25 and 50 (of 255), float32, not clipped; the noise level is given
unless the row says otherwise. Milliseconds are CPU time, the best of the rounds, of one thread.
"""

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np
from skimage.color import rgb2gray
from skimage.restoration import denoise_nl_means

from acetate import samples
from acetate.heat import CosineShrinkage, Denoiser, LinearHeat, TotalVariation, denoise

cv2.setNumThreads(1)

PICTURES = ("camera", "astronaut", "coffee")
SIGMAS = (10, 25, 50)

Method = Callable[[np.ndarray, float], np.ndarray]


def ours(method: Denoiser) -> Method:
    return lambda noisy, sigma: denoise(noisy, sigma, method)


def non_local_means(patch_size: int, patch_distance: int) -> Method:
    return lambda noisy, sigma: denoise_nl_means(
        noisy,
        patch_size=patch_size,
        patch_distance=patch_distance,
        h=0.8 * sigma,
        sigma=sigma,
        fast_mode=True,
        channel_axis=-1 if noisy.ndim == 3 else None,
    )


METHODS: dict[str, Method] = {
    "non-local means, patch 5, distance 6": non_local_means(5, 6),
    "non-local means, patch 7, distance 11 (default)": non_local_means(7, 11),
    "CosineShrinkage()": ours(CosineShrinkage()),
    "CosineShrinkage(), sigma estimated": lambda noisy, _: denoise(noisy),
    "CosineShrinkage(wiener=False)": ours(CosineShrinkage(wiener=False)),
    "CosineShrinkage(stride=2)": ours(CosineShrinkage(stride=2)),
    "CosineShrinkage(wiener=False, stride=2)": ours(CosineShrinkage(wiener=False, stride=2)),
    "TotalVariation()": ours(TotalVariation()),
    "LinearHeat()": ours(LinearHeat()),
    "nothing": lambda noisy, _: noisy,
}


def pictures(color: bool) -> list[np.ndarray]:
    """Return the clean pictures, floats in [0, 1]; in colour without the camera man."""
    if color:
        return [samples.picture(name) / 255.0 for name in PICTURES[1:]]
    loaded = (samples.picture(name) for name in PICTURES)
    return [rgb2gray(p) if p.ndim == 3 else p / 255.0 for p in loaded]


def noised(clean: np.ndarray, sigma: float) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, sigma, clean.shape)
    return (clean + noise).astype(np.float32)


def measure(method: Method, clean: np.ndarray, sigma: float, rounds: int) -> tuple[float, float]:
    """Return PSNR in dB and the least time in milliseconds."""
    noisy, best = noised(clean, sigma), np.inf
    for _ in range(rounds):
        start = time.process_time()
        result = method(noisy, sigma)
        best = min(best, time.process_time() - start)
    return float(-10 * np.log10(np.mean((result - clean) ** 2))), 1000 * best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="the time is the best of so many")
    parser.add_argument("--color", action="store_true", help="astronaut and coffee in colour")
    options = parser.parse_args()
    clean = pictures(options.color)
    denoise(noised(clean[0], 0.1))  # compiles the loops
    print("| method | " + " | ".join(f"PSNR at {s}" for s in SIGMAS) + " | ms |")
    print("| --- |" + " --- |" * (len(SIGMAS) + 1))
    for name, method in METHODS.items():
        found = [
            [measure(method, picture, s / 255, options.rounds) for picture in clean] for s in SIGMAS
        ]
        table = np.array(found)
        quality = " | ".join(f"{psnr:.2f}" for psnr in table[:, :, 0].mean(axis=1))
        print(f"| {name} | {quality} | {table[:, :, 1].mean():.0f} |", flush=True)


if __name__ == "__main__":
    main()

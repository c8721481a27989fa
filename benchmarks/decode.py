"""Measure decoders of landmark heatmaps beside each other, one thread, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/decode.py [--quick]

Kernels of sigma 3 on 192 x 192 pixels with white noise, inside (12 px and more from the border)
and 1 to 4 px from it; with a background; and stretched and turned. Prints mean errors in pixels of
the heatmap, the scatter of errors divided by the default's own covariance (1 is right), and
milliseconds for 16 pictures of 17 landmarks. --quick takes a tenth of the maps.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np
import torch

from acetate.landmarks import DECODERS, Decoded, decode, heatmap_targets
from acetate.landmarks.tensors import decode_batch

torch.set_num_threads(1)

SIZE, SIGMA, CHUNK = 192, 3.0, 100
NOISES = (0.0, 0.02, 0.05, 0.1)
Case = tuple[str, Callable[[np.ndarray, np.random.Generator], np.ndarray], bool]


def points_of(border: bool, count: int, rng: np.random.Generator) -> np.ndarray:
    points = rng.uniform(12, SIZE - 12, (count, 2))
    if border:
        away = rng.uniform(1, 4, count)
        far, axis = rng.integers(0, 2, (2, count))
        points[np.arange(count), axis] = np.where(far, SIZE - away, away)
    return points


def noisy(noise: float, background: float = 0.0) -> Callable[..., np.ndarray]:
    def make(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        maps = heatmap_targets(points, (SIZE, SIZE), SIGMA) + np.float32(background)
        return maps + np.float32(noise) * rng.standard_normal(maps.shape, np.float32)

    return make


def stretched(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blobs of sigma 4.2 by 2.1 in any direction, noise 0.02."""
    x = np.arange(SIZE) + 0.5 - points[:, 0, None, None]
    y = (np.arange(SIZE) + 0.5 - points[:, 1, None])[:, :, None]
    angle = rng.uniform(0, np.pi, len(points))[:, None, None]
    along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    maps = np.exp(-((along / 4.2) ** 2 + (across / 2.1) ** 2) / 2)
    return (maps + 0.02 * rng.standard_normal(maps.shape)).astype(np.float32)


def cases() -> Iterator[Case]:
    for border in (False, True):
        for noise in NOISES:
            yield f"{'border' if border else 'inside'}, noise {noise:g}", noisy(noise), border
    yield "inside, noise 0.02, background 0.01", noisy(0.02, 0.01), False
    yield "border, noise 0.02, background 0.01", noisy(0.02, 0.01), True
    yield "inside, noise 0.02, 4.2 by 2.1", stretched, False


def accuracy(count: int) -> None:
    print("| maps |", " | ".join(DECODERS), "| errors / covariance | torch differs by |")
    print("|---|" + "---|" * (len(DECODERS) + 2))
    for name, make, border in cases():
        rng = np.random.default_rng(0)
        points = points_of(border, count, rng)
        found: dict[str, list[Decoded[np.ndarray]]] = {each: [] for each in DECODERS}
        twin = []
        for part in np.split(points, count // CHUNK):
            maps = make(part, rng)
            for each in DECODERS:
                found[each].append(decode(maps, each, SIGMA))
            twin.append(decode_batch(torch.from_numpy(maps), sigma=SIGMA).points.numpy())
        every = {each: np.concatenate([d.points for d in found[each]]) for each in DECODERS}
        means = [np.linalg.norm(every[each] - points, axis=1).mean() for each in DECODERS]
        covariance = np.concatenate([d.covariance for d in found["log-quadratic"]])
        off = (every["log-quadratic"] - points)[:, :, None]
        scatter = (off.swapaxes(1, 2) @ np.linalg.solve(covariance, off)).mean() / 2
        differs = np.abs(np.concatenate(twin) - every["log-quadratic"]).max()
        shown = [f"{mean:.4f}" for mean in means]
        # Without noise there is rounding only, which is not white.
        shown += ["" if name.endswith("noise 0") else f"{scatter:.2f}", f"{differs:.0e}"]
        print("|", " | ".join([name, *shown]), "|")


def speed(rounds: int) -> None:
    rng = np.random.default_rng(0)
    maps = noisy(0.02)(points_of(False, 16 * 17, rng), rng).reshape(16, 17, SIZE, SIZE)
    batch = torch.from_numpy(maps)
    times: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for name in DECODERS:
            for library, call in (
                ("NumPy", lambda name=name: decode(maps, name, SIGMA)),
                ("PyTorch", lambda name=name: decode_batch(batch, name, SIGMA)),
            ):
                start = time.process_time()
                call()
                times.setdefault((library, name), []).append(time.process_time() - start)
    print("\n| ms for 16 x 17 maps |", " | ".join(DECODERS), "|")
    print("|---|" + "---|" * len(DECODERS))
    for library in ("NumPy", "PyTorch"):
        shown = (f"{1000 * median(times[library, name]):.1f}" for name in DECODERS)
        print(f"| {library} |", " | ".join(shown), "|")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    accuracy(200 if quick else 2000)
    speed(3 if quick else 15)


if __name__ == "__main__":
    main()

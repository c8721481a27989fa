"""Measure heat-flow segmentation beside its peers, one thread, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/heat.py [--quick]

Prints the tables of benchmarks/README.md: mean IoU as returned (nothing is flipped or matched to
the truth, but the labels of k-means) and median milliseconds on the pictures of ../shared/data;
then times on larger pictures. --quick leaves out what takes minutes.
"""

import argparse
import itertools
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from skimage.filters import threshold_local, threshold_otsu
from skimage.segmentation import chan_vese, morphological_chan_vese
from sklearn.cluster import KMeans

from acetate import images, samples
from acetate.measure import iou, iou_per_label
from acetate.segment import HeatFlow

cv2.setNumThreads(1)

DATA = Path(__file__).parents[2] / "shared" / "data"
# Sixteen random heights on a grid of 4 x 4, from lowest to highest: light that goes from
# exp(-strength) to exp(strength) over a picture.
FIELD = (4, 4)

Pair = tuple[np.ndarray, np.ndarray]
Method = Callable[[np.ndarray], np.ndarray]


def nuclei() -> list[Pair]:
    files = sorted((DATA / "nuclei" / "images").glob("*.png"))
    labels = DATA / "nuclei" / "labels"
    return [(images.read(f), images.read_labels(labels / f.name) > 0) for f in files]


def shaded(pairs: Sequence[Pair], strength: float) -> list[Pair]:
    """Multiply pictures with smooth light; floats, so that nothing is clipped or rounded."""
    return [(shade(image, strength, seed), truth) for seed, (image, truth) in enumerate(pairs)]


def shade(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    heights = np.random.default_rng(seed).normal(size=FIELD)
    field = cv2.resize(heights, image.shape[::-1], interpolation=cv2.INTER_CUBIC)
    field = 2 * (field - field.min()) / (field.max() - field.min()) - 1
    return (image / 255 * np.exp(strength * (field - 1))).astype(np.float32)


def two_discs() -> np.ndarray:
    """Return what the class_*.png pictures show."""
    y, x = np.mgrid[:256, :256]
    centres = ((165.5, 89.5), (89.5, 165.5))
    return np.any([(x - cx) ** 2 + (y - cy) ** 2 < 51**2 for cx, cy in centres], axis=0)


def otsu(image: np.ndarray) -> np.ndarray:
    return image > threshold_otsu(image)


def start(image: np.ndarray) -> np.ndarray:
    """Return where HeatFlow starts: Otsu's threshold of square roots."""
    roots = np.sqrt(image.astype(np.float32))
    return roots > threshold_otsu(roots)


def chan_vese_200(image: np.ndarray, init: Any = "checkerboard") -> np.ndarray:
    return chan_vese(image / image.max(), max_num_iter=200, init_level_set=init)


def chan_vese_from_start(image: np.ndarray) -> np.ndarray:
    return chan_vese_200(image, np.where(start(image), 1.0, -1.0))


def morphological_35(image: np.ndarray, init: Any = "checkerboard") -> np.ndarray:
    return morphological_chan_vese(image / image.max(), 35, init_level_set=init) > 0


def morphological_from_start(image: np.ndarray) -> np.ndarray:
    return morphological_35(image, start(image).astype(np.int8))


def local_threshold(block: int, offset: float) -> Method:
    return lambda image: image > threshold_local(image, block, offset=-offset * image.max())


def heat_flow(**parameters: Any) -> Method:
    method = HeatFlow(**parameters)
    return lambda image: method.segment(image).mask


def judge(methods: dict[str, Method], pairs: Sequence[Pair]) -> dict[str, tuple[float, float]]:
    """Return mean IoU and median milliseconds of each method, after a call to warm up."""
    results = {}
    for name, method in methods.items():
        method(pairs[0][0])
        found = [timed(method, image) for image, _ in pairs]
        scores = [iou(mask, truth) for (mask, _), (_, truth) in zip(found, pairs, strict=True)]
        results[name] = float(np.mean(scores)), float(np.median([ms for _, ms in found]))
    return results


def timed(method: Method, image: np.ndarray) -> tuple[np.ndarray, float]:
    begin = time.perf_counter()
    result = method(image)
    return np.asarray(result), (time.perf_counter() - begin) * 1e3


def table_nuclei() -> None:
    pairs = nuclei()
    results = judge(
        {
            "HeatFlow()": heat_flow(),
            'HeatFlow(fidelity="local")': heat_flow(fidelity="local"),
            "Otsu": otsu,
            "chan_vese, 200": chan_vese_200,
            "chan_vese, 200, our start": chan_vese_from_start,
            "morphological_chan_vese, 35": morphological_35,
            "morphological_chan_vese, 35, our start": morphological_from_start,
        },
        pairs,
    )
    ours = results["HeatFlow()"][1]
    print(f"\n{len(pairs)} pictures of nuclei, 256²\n")
    print("| method | mean IoU | ms | times HeatFlow() |\n|---|---|---|---|")
    for name, (score, ms) in results.items():
        print(f"| {name} | {score:.3f} | {ms:.2f} | {ms / ours:.1f} |")


def table_shaded() -> None:
    tried = itertools.product((51, 101), (0.0, 0.02, 0.05, 0.1))
    local = {f"threshold_local, {b}, {o}": local_threshold(b, o) for b, o in tried}
    methods = {
        'HeatFlow(fidelity="local")': heat_flow(fidelity="local"),
        "HeatFlow()": heat_flow(),
        "Otsu": otsu,
    }
    print("\nThe same pictures in uneven light; of threshold_local the best of eight\n")
    print("| light | method | mean IoU | ms |\n|---|---|---|---|")
    for strength in (1.0, 2.0):
        pairs = shaded(nuclei(), strength)
        results = judge(methods, pairs)
        peers = judge(local, pairs)
        best = max(peers, key=lambda name: peers[name][0])
        for name, (score, ms) in {**results, best: peers[best]}.items():
            print(f"| exp(±{strength:.0f}) | {name} | {score:.3f} | {ms:.2f} |")


DISCS = {
    "art": {"smoothness": 12.0},
    "cupped": {"fidelity": "background", "stabilise": "none"},
    "wgn": {"stabilise": "none"},
    "wgn_smooth": {"stabilise": "none"},
}


def table_discs() -> None:
    truth = two_discs()
    print("\nTwo discs under artefacts, cupping and noise\n")
    print("| picture | HeatFlow | parameters | Otsu | best threshold | ms |")
    print("|---|---|---|---|---|---|")
    for name, parameters in DISCS.items():
        image = images.read(DATA / "qbi" / f"class_{name}_in.png")[:, :, 0]
        method = heat_flow(**parameters)
        method(image)
        mask, ms = timed(method, image)
        best = max(iou(image > value, truth) for value in range(255))
        given = ", ".join(f"{key}={value!r}" for key, value in parameters.items())
        print(
            f"| class_{name}_in.png | {iou(mask, truth):.3f} | {given} | "
            f"{iou(otsu(image), truth):.3f} | {best:.3f} | {ms:.2f} |"
        )


def table_phases() -> None:
    method = HeatFlow(phases=3, bright=False)
    print("\nThree phases, 450 x 600, mean IoU of the phases\n")
    print("| picture | HeatFlow | k-means, best numbering | HeatFlow ms | k-means ms |")
    print("|---|---|---|---|---|")
    rows = []
    for file in sorted((DATA / "phases").glob("*_img.png")):
        image = images.read(file)
        truth = images.read_labels(Path(str(file).replace("_img", "_gt")))
        labels, ours = timed(lambda image: method.segment(image).labels, image)
        clusters, peer = timed(k_means, image)
        row = iou_per_label(labels, truth).mean(), matched(clusters, truth), ours, peer
        rows.append(row)
        print(f"| {file.name} | {row[0]:.3f} | {row[1]:.3f} | {ours:.1f} | {peer:.1f} |")
    mean = np.mean(rows, axis=0)
    print(f"| mean | **{mean[0]:.3f}** | {mean[1]:.3f} | {mean[2]:.1f} | {mean[3]:.1f} |")


def k_means(image: np.ndarray) -> np.ndarray:
    clusters = KMeans(3, n_init=4, random_state=0).fit_predict(image.reshape(-1, 3) / 255)
    return clusters.reshape(image.shape[:2])


def matched(clusters: np.ndarray, truth: np.ndarray) -> float:
    """Return the mean IoU with the numbering that makes it largest."""
    orders = itertools.permutations(range(3))
    return max(float(iou_per_label(np.array(order)[clusters], truth).mean()) for order in orders)


def noisy_volume(side: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    smooth = rng.normal(size=(side,) * 3).astype(np.float32)
    for axis in range(3):
        smooth = np.moveaxis(smooth, axis, 0)
        flat = cv2.blur(cv2.blur(smooth.reshape(side, -1), (1, 9)), (1, 9))
        smooth = np.moveaxis(flat.reshape(smooth.shape), 0, axis)
    noise = rng.normal(0, 15, smooth.shape)
    return np.clip(100 + 40 * smooth / smooth.std() + noise, 0, 255).astype(np.uint8)


def table_times(quick: bool) -> None:
    sides = (512,) if quick else (512, 4096)
    print("\nTimes, median of five\n\n| picture | method | ms | process MB |\n|---|---|---|---|")
    tiles = nuclei()[3][0]
    for side in sides:
        row(f"nuclei {side}²", HeatFlow(), np.tile(tiles, (side // 256, side // 256)))
        row(f"camera {side}²", HeatFlow(), samples.camera(side))
    row("nuclei 512²", HeatFlow(fidelity="local"), np.tile(tiles, (2, 2)))
    row("nuclei 512²", HeatFlow(fidelity="background"), np.tile(tiles, (2, 2)))
    row("astronaut 512², colour", HeatFlow(fidelity="mixture"), samples.astronaut(512))
    for side in sides:
        row(f"astronaut {side}², colour", HeatFlow(phases=8), samples.astronaut(side))
    if not quick:
        row("volume 256³", HeatFlow(dimensions=3), noisy_volume(256))


def row(name: str, method: HeatFlow, image: np.ndarray) -> None:
    method.segment(image)
    taken = [timed(lambda image: method.segment(image).labels, image)[1] for _ in range(5)]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    given = ", ".join(
        f"{key}={getattr(method, key)!r}"
        for key in ("phases", "fidelity", "dimensions")
        if getattr(method, key) != getattr(HeatFlow, key)
    )
    print(f"| {name} | HeatFlow({given}) | {np.median(taken):.1f} | {megabytes:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description="Heat-flow segmentation beside its peers.")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    quick = parser.parse_args().quick
    if not quick:
        table_nuclei()
    table_shaded()
    table_discs()
    table_phases()
    table_times(quick)


if __name__ == "__main__":
    main()

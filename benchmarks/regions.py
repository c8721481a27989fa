"""Measure regions beside their peers, one thread, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/regions.py [--quick]

Prints three Markdown tables: the quad tree beside a plain recursive split with NumPy; superpixels
beside scikit-image's `slic` asked for so many segments that as many come out (boundary recall at 2
px and achievable segmentation accuracy against the marked regions of ../shared/data); means and
merging beside the lecture's loop and scikit-image's region adjacency graph. Times are medians of
process time, ours and the peer's in turn. --quick takes a smaller quad tree and fewer pictures.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.graph
import skimage.segmentation

from acetate import images, samples
from acetate.segment.regions import (
    cut_regions,
    merge_regions,
    quad_split,
    region_adjacency,
    region_means,
    slic,
)

cv2.setNumThreads(1)

DATA = Path(__file__).parents[2] / "shared" / "data"
Pair = tuple[np.ndarray, np.ndarray]


def timed(work: Callable[[], Any]) -> float:
    """Return milliseconds of process time; of what is short, the mean of calls for 10 ms."""
    begin, calls, taken = time.process_time(), 0, 0.0
    while taken < 10:
        work()
        calls, taken = calls + 1, (time.process_time() - begin) * 1e3
    return taken / calls


def in_turn(ours: Callable[[], Any], peer: Callable[[], Any], times: int) -> tuple[float, float]:
    """Return the median milliseconds of both, after a call of ours to warm up."""
    ours()
    pairs = [(timed(ours), timed(peer)) for _ in range(times)]
    return tuple(statistics.median(each) for each in zip(*pairs, strict=True))


def recursive_split(image: np.ndarray, threshold: float, metric: str) -> np.ndarray:
    """Split from the top with NumPy, each square by itself."""
    height, width = image.shape
    found = []

    def uneven(block: np.ndarray) -> bool:
        if metric == "std":
            return block.std() > threshold
        return int(block.max()) - int(block.min()) > threshold

    def visit(row: int, column: int, side: int) -> None:
        if row >= height or column >= width:
            return
        if side > 1 and uneven(image[row : row + side, column : column + side]):
            half = side // 2
            for y, x in ((0, 0), (0, half), (half, 0), (half, half)):
                visit(row + y, column + x, half)
        else:
            found.append((row, column, side))

    visit(0, 0, 1 << (max(height, width) - 1).bit_length())
    return np.array(found)


def quad_trees(side: int, times: int) -> None:
    print(f"\n| quad tree, {side}² | leaves | recursive NumPy ms | acetate ms | times as fast |")
    print("|---|--:|--:|--:|--:|")
    gray = cv2.cvtColor(samples.picture("coffee"), cv2.COLOR_RGB2GRAY)
    image = np.pad(gray, [(0, side - n) for n in gray.shape], mode="symmetric")
    for metric, part in (("range", 0.1), ("range", 0.3), ("std", 0.02), ("std", 0.1)):
        ours, theirs = in_turn(
            lambda m=metric, p=part: quad_split(image, p, m),
            lambda m=metric, p=part: recursive_split(image, p * 255, m),
            times,
        )
        leaves = quad_split(image, part, metric)
        assert np.array_equal(leaves.squares, recursive_split(image, part * 255, metric))
        name = {"range": "max − min", "std": "standard deviation"}[metric]
        print(
            f"| {name} > {part:g} of white | {len(leaves):,} | {theirs:,.0f} | {ours:.1f} | "
            f"{theirs / ours:.0f} |"
        )


def sets(quick: bool) -> dict[str, list[Pair]]:
    phases = sorted((DATA / "phases").glob("*_img.png"))
    nuclei = sorted((DATA / "nuclei" / "images").glob("*.png"))[: 5 if quick else 20]
    marked = DATA / "nuclei" / "labels"
    image = images.read(DATA / "qbi" / "em_image.png")
    truth = images.read_labels(DATA / "qbi" / "em_image_seg.png")
    return {
        "phases, RGB 450 × 600": [
            (images.read(f), images.read_labels(str(f).replace("_img", "_gt"))) for f in phases
        ],
        "nuclei, gray 256²": [
            (images.read(f), images.read_labels(marked / f.name)) for f in nuclei
        ],
        "em_image, gray, 5 crops of 700 × 950": [
            (image[y : y + 700, x : x + 950], truth[y : y + 700, x : x + 950])
            for y, x in ((0, 0), (17, 41), (31, 7), (47, 67), (68, 23))
        ],
    }


def borders(labels: np.ndarray) -> np.ndarray:
    """Return the pixels on both sides of a border."""
    found = np.zeros(labels.shape, np.uint8)
    across, down = labels[:, 1:] != labels[:, :-1], labels[1:] != labels[:-1]
    found[:, 1:] |= across
    found[:, :-1] |= across
    found[1:] |= down
    found[:-1] |= down
    return found


def scores(labels: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Return the boundary recall at 2 px and the achievable segmentation accuracy."""
    near = cv2.dilate(borders(labels), np.ones((5, 5), np.uint8))
    recall = near[borders(truth) > 0].mean()
    _, numbers = np.unique(truth, return_inverse=True)
    count = int(numbers.max()) + 1
    table = np.bincount(labels.ravel().astype(np.int64) * count + numbers.ravel())
    table = np.pad(table, (0, -len(table) % count)).reshape(-1, count)
    return float(recall), float(table.max(axis=1).sum() / labels.size)


def peer_slic(image: np.ndarray, asked: int, sigma: float) -> np.ndarray:
    color = image.ndim == 3
    return skimage.segmentation.slic(
        image,
        n_segments=asked,
        compactness=10 if color else 0.1,
        sigma=sigma,
        channel_axis=-1 if color else None,
        start_label=1,
    )


def asked_for(image: np.ndarray, wanted: int, sigma: float) -> int:
    """Return for how many scikit-image has to be asked so that so many come out."""
    asked = float(wanted)
    for _ in range(5):
        found = int(peer_slic(image, round(asked), sigma).max())
        if abs(found - wanted) <= 0.03 * wanted:
            break
        asked *= wanted / found
    return round(asked)


def superpixels(quick: bool) -> None:
    print(
        "\n| superpixels | segments | recall | accuracy | ms | scikit-image: segments | recall "
        "| accuracy | ms | times as fast |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, pairs in sets(quick).items():
        for wanted in (100, 400, 1000):
            for sigma in (0.0, 1.0):
                rows = [compared(image, truth, wanted, sigma) for image, truth in pairs]
                ours, theirs = np.mean(rows, axis=0)
                figures = [
                    f"{n:.0f} | {r:.3f} | {a:.4f} | {t:.1f}" for n, r, a, t in (ours, theirs)
                ]
                print(
                    f"| {name}, {wanted}, sigma {sigma:g} | {figures[0]} | {figures[1]} | "
                    f"{theirs[3] / ours[3]:.1f} |"
                )


def compared(image: np.ndarray, truth: np.ndarray, wanted: int, sigma: float) -> list[Any]:
    labels = slic(image, wanted, sigma=sigma)
    asked = asked_for(image, int(labels.max()), sigma)
    ours, theirs = in_turn(
        lambda: slic(image, wanted, sigma=sigma), lambda: peer_slic(image, asked, sigma), 3
    )
    other = peer_slic(image, asked, sigma)
    return [
        [labels.max(), *scores(labels, truth), ours],
        [other.max(), *scores(other, truth), theirs],
    ]


def lecture_loop(image: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Write means region by region, as the lecture does."""
    merged = image.copy()
    for k in np.unique(labels):
        merged[labels == k] = np.mean(image[labels == k])
    return merged


def merging() -> None:
    print("\n| regions | peer | peer ms | acetate ms | times as fast |")
    print("|---|---|--:|--:|--:|")
    shale = images.read(DATA / "qbi" / "shale-slice.tiff", profile="ignore")
    for wanted in (100, 1000):
        labels = slic(shale, wanted, 5e-2, sigma=3.0)
        assert np.array_equal(
            region_means(shale, labels).picture.astype(np.uint16), lecture_loop(shale, labels)
        )
        row(
            f"means of {labels.max()} superpixels, shale 250²",
            "the lecture's loop",
            lambda x=labels: region_means(shale, x).picture,
            lambda x=labels: lecture_loop(shale, x),
        )
    image = samples.picture("coffee", (400, 600))
    labels = slic(image, 1000, start_label=0)
    regions = region_means(image, labels)
    graph = skimage.graph.rag_mean_color(image, labels)
    assert len(region_adjacency(labels)) <= graph.number_of_edges()
    row(
        f"graph of {len(regions)} superpixels, RGB 400 × 600",
        "skimage.graph.rag_mean_color",
        lambda: (region_means(image, labels), region_adjacency(labels)),
        lambda: skimage.graph.rag_mean_color(image, labels),
    )
    row(
        "cut at 20, graph included",
        "rag_mean_color, cut_threshold",
        lambda: cut_regions(region_means(image, labels), 20.0).labels,
        lambda: skimage.graph.cut_threshold(
            labels, skimage.graph.rag_mean_color(image, labels), 20.0
        ),
    )
    row(
        "merging of nearest up to 35, graph included",
        "rag_mean_color, merge_hierarchical",
        lambda: merge_regions(region_means(image, labels), 35.0).labels,
        lambda: merged_by_peer(image, labels),
    )


def merged_by_peer(image: np.ndarray, labels: np.ndarray) -> np.ndarray:
    def weight(graph: Any, _: int, other: int, neighbour: int) -> dict[str, float]:
        apart = graph.nodes[other]["mean color"] - graph.nodes[neighbour]["mean color"]
        return {"weight": float(np.linalg.norm(apart))}

    def join(graph: Any, one: int, other: int) -> None:
        kept, gone = graph.nodes[other], graph.nodes[one]
        kept["total color"] += gone["total color"]
        kept["pixel count"] += gone["pixel count"]
        kept["mean color"] = kept["total color"] / kept["pixel count"]

    return skimage.graph.merge_hierarchical(
        labels,
        skimage.graph.rag_mean_color(image, labels),
        thresh=35.0,
        rag_copy=False,
        in_place_merge=True,
        merge_func=join,
        weight_func=weight,
    )


def row(name: str, peer: str, ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    mine, other = in_turn(ours, theirs, 5)
    print(f"| {name} | {peer} | {other:.1f} | {mine:.2f} | {other / mine:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smaller tree, fewer pictures")
    quick = parser.parse_args().quick
    quad_trees(1024 if quick else 4096, 1)
    superpixels(quick)
    merging()


if __name__ == "__main__":
    main()

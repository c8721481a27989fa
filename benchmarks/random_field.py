"""Measure solvers of one random field on a noisy picture of two phases, one thread.

    OMP_NUM_THREADS=1 python benchmarks/random_field.py [--side 512]

Prints two Markdown tables: for every solver its energy, its Dice against the truth and the median
milliseconds of process time; then the exact maximum flow beside PyMaxflow (a peer of developers
only, as it is under the GPL; without it the table is left out) over noise and smoothness.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from acetate.measure import dice
from acetate.segment.random_field import SOLVERS, PottsField, max_flow

cv2.setNumThreads(1)


def blobs(side: int, part: float = 0.1) -> np.ndarray:
    """Return a mask of round shapes that covers a part of the picture."""
    height = cv2.GaussianBlur(np.random.default_rng(1).normal(size=(side, side)), (0, 0), 24)
    return height > np.quantile(height, 1 - part)


def odds(truth: np.ndarray, sigma: float) -> np.ndarray:
    """Return the logarithm of how much likelier phase 1 is, given values 0 or 1 with noise."""
    values = truth + np.random.default_rng(2).normal(0, sigma, truth.shape)
    return (values - 0.5) / sigma**2


def field_of(log_odds: np.ndarray, smoothness: float, connectivity: int) -> PottsField:
    """Return the field, its costs rounded beforehand: solvers are timed alone."""
    field = PottsField(np.stack([np.zeros_like(log_odds), -log_odds]), smoothness, connectivity)
    assert field.units.size
    assert field.weights.size
    return field


def timed(work: Callable[[], Any], times: int = 5) -> tuple[Any, float]:
    """Return what comes of it, and median milliseconds after a call to warm up."""
    work()
    taken = []
    for _ in range(times):
        begin = time.process_time()
        result = work()
        taken.append((time.process_time() - begin) * 1e3)
    return result, statistics.median(taken)


def solvers(side: int) -> None:
    truth = blobs(side)
    for sigma, smoothness, connectivity in ((1.5, 1.0, 4), (1.5, 1.0, 8), (2.0, 1.0, 8)):
        log_odds = odds(truth, sigma)
        field = field_of(log_odds, smoothness, connectivity)
        print(
            f"\n| {side}², noise {sigma:g} of the contrast, smoothness {smoothness:g}, "
            f"{connectivity} neighbours | energy | Dice | ms |"
        )
        print("|---|--:|--:|--:|")
        alone = log_odds > 0
        print(f"| threshold | {field.energy(alone):,.0f} | {dice(alone, truth):.3f} | |")
        for name, solve in SOLVERS.items():
            solved, taken = timed(lambda s=solve, f=field: s(f, None))
            print(
                f"| {name} | {solved.energy:,.0f} | {dice(solved.labels, truth):.3f} | "
                f"{taken:.1f} |"
            )
        print(f"| (the truth) | {field.energy(truth):,.0f} | 1 | |")


def pymaxflow_of(field: PottsField, maxflow: Any) -> tuple[int, float, float]:
    """Return the minimum in whole units, and milliseconds to build the network and to solve it."""
    begin = time.process_time()
    graph = maxflow.Graph[int]()
    nodes = graph.add_grid_nodes(field.space)
    side, corner = field.weights
    later = np.array([[0, 0, 0], [0, 0, side], [corner, side, corner]])
    graph.add_grid_edges(nodes, weights=1, structure=later, symmetric=True)
    graph.add_grid_tedges(nodes, field.units[1], field.units[0])
    built = time.process_time()
    least = graph.maxflow()
    return int(least), (built - begin) * 1e3, (time.process_time() - built) * 1e3


def beside_pymaxflow(side: int) -> None:
    try:
        import maxflow
    except ImportError:
        print("\nPyMaxflow is not installed: pip install PyMaxflow")
        return
    print(
        "\n| maximum flow | acetate ms | PyMaxflow build ms | flow ms | times as fast, all "
        "| flow alone |"
    )
    print("|---|--:|--:|--:|--:|--:|")
    truth = blobs(side)
    for sigma in (0.6, 1.5, 3.0):
        for smoothness in (0.5, 2.0):
            for connectivity in (4, 8):
                field = field_of(odds(truth, sigma), smoothness, connectivity)
                rows = []
                for _ in range(3):
                    solved, ours = timed(lambda f=field: max_flow(f), 1)
                    least, build, flow = pymaxflow_of(field, maxflow)
                    assert least == sum(field.total(solved.labels))
                    rows.append((ours, build, flow))
                ours, build, flow = np.median(rows, axis=0)
                print(
                    f"| noise {sigma:g}, smoothness {smoothness:g}, {connectivity} "
                    f"neighbours | {ours:.0f} | {build:.0f} | {flow:.0f} | "
                    f"{(build + flow) / ours:.1f} | {flow / ours:.1f} |"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=512, help="of the picture in pixels")
    side = parser.parse_args().side
    solvers(side)
    beside_pymaxflow(side)


if __name__ == "__main__":
    main()

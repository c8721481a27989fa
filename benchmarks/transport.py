"""Measure exact transport beside POT and SciPy: CPU seconds and peak memory, one thread.

    OMP_NUM_THREADS=1 python benchmarks/transport.py [--quick]

Every figure is from a child process of its own: CPU seconds of the call alone, and how much the
peak resident memory grew by it. Tiles are mean colours of crops of the sample pictures, points are
pixels of the astronaut. acetate's kernels are called once before on a few points, to load them;
how long their first compilation takes is told as well. The peers get uint8 distances as float64;
their table of distances is theirs. --quick leaves out what takes minutes. Peers:
pip install POT scipy.
"""

import argparse
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

PICTURES = (
    "astronaut",
    "cat",
    "china",
    "coffee",
    "flower",
    "hubble",
    "immunohistochemistry",
    "motorcycle",
    "retina",
    "rocket",
)
MB = 1024  # of the kilobytes that Linux tells


def target(count: int) -> np.ndarray:
    """Return pixels of the astronaut."""
    from acetate import samples

    side = int(np.ceil(count**0.5))
    return samples.picture("astronaut", (side, side)).reshape(-1, 3)[:count].copy()


def tiles(count: int) -> np.ndarray:
    """Return mean colours of random crops of the sample pictures."""
    from acetate import samples

    rng = np.random.default_rng(0)
    integrals = [cv2.integral(samples.picture(name)) for name in PICTURES]
    return np.array([crop_mean(integrals, rng) for _ in range(count)]).round().astype(np.uint8)


def crop_mean(integrals: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    sums = integrals[rng.integers(len(integrals))]
    side = int(rng.integers(12, 64))
    y, x = rng.integers(sums.shape[0] - 1 - side), rng.integers(sums.shape[1] - 1 - side)
    total = sums[y + side, x + side] - sums[y, x + side] - sums[y + side, x] + sums[y, x]
    return np.asarray(total / side**2)


def squared_distances(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    a, b = points.astype(float), others.astype(float)
    return (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T


def by_acetate(points: np.ndarray, others: np.ndarray, capacity: int, method: str) -> Any:
    from acetate.mosaic.transport import assign

    found = assign(points, others, capacity, method)  # type: ignore[arg-type]
    return found.cost, found.gap


def by_pot(points: np.ndarray, others: np.ndarray, capacity: int, _: str) -> Any:
    import ot

    costs = squared_distances(points, np.repeat(others, capacity, axis=0))
    plan = ot.emd([], [], costs, numItermax=10**9)
    return int(costs[np.arange(len(points)), plan.argmax(axis=1)].sum()), None


def by_scipy(points: np.ndarray, others: np.ndarray, capacity: int, _: str) -> Any:
    from scipy.optimize import linear_sum_assignment

    costs = squared_distances(points, np.repeat(others, capacity, axis=0))
    return int(costs[linear_sum_assignment(costs)].sum()), None


SOLVERS: dict[str, Callable[..., Any]] = {"acetate": by_acetate, "emd": by_pot, "lsa": by_scipy}


def memory(what: str) -> float:
    """Return megabytes: VmRSS, what is resident, or VmHWM, the most that was."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(what)) / MB


def forget_peak() -> None:
    """Give back what was freed, so that all that is taken anew counts, and begin a new peak."""
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")


def child(solver: str, m: int, n: int, capacity: int, method: str) -> dict[str, Any]:
    """Solve one problem, after one of 600 points that loads what has to be loaded."""
    solve = SOLVERS[solver]
    started = time.process_time()
    solve(target(600), tiles(600), 1, method)
    solve(target(600), tiles(700), 1, method)
    loading = time.process_time() - started
    points, others = target(m), tiles(n)
    most = memory("VmHWM")
    forget_peak()
    before, started = memory("VmRSS"), time.process_time()
    cost, gap = solve(points, others, capacity, method)
    seconds = time.process_time() - started
    return {
        "seconds": seconds,
        "growth": memory("VmHWM") - before,
        "peak": max(most, memory("VmHWM")),
        "cost": cost,
        "gap": gap,
        "loading": loading,
    }


def measured(*problem: Any, **variables: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", json.dumps(problem)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **variables}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def row(solver: str, m: int, n: int, capacity: int = 1, method: str = "exact") -> dict[str, Any]:
    found = measured(solver, m, n, capacity, method)
    name = {"acetate": f"acetate, {method}", "emd": "POT `ot.emd`", "lsa": "SciPy LSA"}[solver]
    gap = "" if found["gap"] is None else found["gap"]
    print(
        f"| {m:,} | {n:,} | {capacity} | {name} | {found['seconds']:.2f} | {found['growth']:.0f} "
        f"| {found['peak']:.0f} | {found['cost']:,} | {gap} |",
        flush=True,
    )
    return found


def beside(m: int, n: int, capacity: int, peers: tuple[str, ...]) -> None:
    ours = row("acetate", m, n, capacity)
    for peer in peers:
        theirs = row(peer, m, n, capacity)
        faster = theirs["seconds"] / ours["seconds"]
        growth = theirs["growth"] / max(ours["growth"], 1)
        same = "the same cost" if theirs["cost"] == ours["cost"] else "ANOTHER COST"
        print(f"| | | | | × {faster:.0f} | × {growth:.0f} | | {same} | |", flush=True)


def table(quick: bool) -> None:
    print("| points | tiles | capacity | by | CPU s | growth, MB | peak, MB | cost | gap |")
    print("|---:|---:|---:|---|---:|---:|---:|---:|---:|")
    beside(2_000, 2_000, 1, ("emd", "lsa"))
    beside(2_000, 1_000, 3, ("lsa",))
    beside(2_000, 10_000, 1, ("lsa",))
    beside(10_000, 10_000, 1, () if quick else ("emd",))
    row("acetate", 10_000, 10_000, 1, "sliced")
    row("acetate", 10_000, 10_000, 1, "greedy")
    row("acetate", 10_000, 50_000)
    row("acetate", 10_000, 10_000, 3)
    if not quick:
        row("acetate", 50_000, 50_000)
        row("acetate", 100_000, 100_000)


def first_compilation() -> float:
    with tempfile.TemporaryDirectory() as cache:
        return float(measured("acetate", 600, 600, 1, "exact", NUMBA_CACHE_DIR=cache)["loading"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        print(json.dumps(child(*json.loads(chosen.child))))
        return
    table(chosen.quick)
    loading = measured("acetate", 600, 600, 1, "exact")["loading"]
    print(f"\nLoading compiled kernels: {loading:.1f} s; ", end="", flush=True)
    print(f"compiling them, once for an installation: {first_compilation():.1f} s.")


if __name__ == "__main__":
    main()

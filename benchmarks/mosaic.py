"""Measure indexing beside plain Pillow and the lesson's dask.bag, and a whole mosaic by stage.

    OMP_NUM_THREADS=1 python benchmarks/mosaic.py [--full] [--pictures FOLDER]

Indexing is all that `acetate.mosaic.index` does: walk, read, hash, decode, fit, features,
duplicates, commit to disk. Peers: `ImageOps.fit(Image.open(path), size)`, and the lesson's step,
which also writes the small picture as JPEG, mapped over a `dask.bag`. CPU seconds on one core, in
turns on parts of the same files: 2,000 of 500 px, and 200 of 12 Mpx, with the grain that makes
them as large as those of a camera. --full (some minutes) makes a 100 x 100 mosaic of 10,000
generated pictures, and one of 20,000 x 20,000 pixels, in a process of their own each. The pictures
(1.2 GB) are made once, in FOLDER, by default in the folder for temporary files.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import dask.bag
import numpy as np
from PIL import Image, ImageOps

from acetate import samples
from acetate.mosaic import Library, assemble, index, judge, match, random_matches

cv2.setNumThreads(1)

TILE = (50, 50)
PARTS = 10
GRAIN = 3.0  # levels of 255
MB = 1024  # of the kilobytes that Linux tells


def cpu(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def plain(paths: Sequence[Path]) -> None:
    for path in paths:
        with Image.open(path) as picture:
            ImageOps.fit(picture.convert("RGB"), TILE[::-1])


def preprocess(path: Path, folder: Path) -> str:
    """Do the lesson's step for one picture."""
    with Image.open(path) as picture:
        ImageOps.fit(picture.convert("RGB"), TILE[::-1]).save(folder / path.name)
    return path.name


def lesson(paths: Sequence[Path], folder: Path) -> None:
    bag = dask.bag.from_sequence(paths, npartitions=4)
    bag.map(preprocess, folder).compute(scheduler="synchronous")


def with_grain(paths: Sequence[Path]) -> None:
    """Give pictures the noise of a camera, and so the bytes."""
    rng = np.random.default_rng(0)
    for path in paths:
        image = np.asarray(Image.open(path))
        grain = rng.standard_normal((*image.shape[:2], 1), np.float32) * GRAIN
        noisy = np.clip(image + grain, 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(path, quality=92)


def pictures(folder: Path, name: str, count: int, size: int, grain: bool = False) -> Path:
    """Return a folder of pictures, in parts; made if it is not there."""
    done = folder / name
    if not done.exists():
        work = folder / f"{name}.part"
        for part in range(PARTS):
            made = samples.photo_collection(work / str(part), count // PARTS, part, size)
            if grain:
                with_grain(made)
        work.rename(done)
    return done


def index_table(work: Path, sets: dict[str, Path]) -> None:
    print("| pictures | MB | acetate/s | Pillow/s | ratio | lesson/s | ratio |")
    print("|---|---|---|---|---|---|---|")
    (work / "small").mkdir()
    for name, folder in sets.items():
        rows = []
        files = sorted(folder.rglob("*.jpg"))
        index(files[:2], work / f"{name} warm.h5", TILE)
        for part in sorted(folder.iterdir()):
            paths = sorted(part.iterdir())
            library = work / f"{name} {part.name}.h5"
            tasks = (
                lambda p=part, to=library: index(p, to, TILE),
                lambda some=paths: plain(some),
                lambda some=paths: lesson(some, work / "small"),
            )
            rows.append([cpu(task) / len(paths) for task in tasks])
        ours, peer, taught = (statistics.median(column) for column in zip(*rows, strict=True))
        ratios = [statistics.median(row[k] / row[0] for row in rows) for k in (1, 2)]
        size = sum(path.stat().st_size for path in files) / len(files) / 1e6
        print(f"| {len(files)} of {name} | {size:.2f} | {1 / ours:.0f} | {1 / peer:.0f} | ", end="")
        print(f"**{ratios[0]:.2f}** | {1 / taught:.0f} | **{ratios[1]:.2f}** |", flush=True)


def again_table(work: Path, folder: Path) -> None:
    def timed() -> tuple[float, float]:
        start = time.perf_counter()
        used = cpu(lambda: index(folder, work / "again.h5", TILE))
        return time.perf_counter() - start, used

    first = timed()
    runs = [timed() for _ in range(9)]
    again = [statistics.median(each) for each in zip(*runs, strict=True)]
    print("\n| index of 2000 pictures | first s | unchanged s | ratio |")
    print("|---|---|---|---|")
    for name, one, other in zip(("wall", "CPU"), first, again, strict=True):
        print(f"| {name} | {one:.2f} | {other:.4f} | **{one / other:.0f}** |", flush=True)


def stages(folder: Path, work: Path) -> None:
    """Make a mosaic of all pictures, and tell what each stage takes."""
    rows = []

    def stage(name: str, function: Callable[[], object]) -> object:
        start = time.perf_counter(), time.process_time()
        made = function()
        wall, used = time.perf_counter() - start[0], time.process_time() - start[1]
        rows.append((name, wall, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MB))
        return made

    stage("index", lambda: index(folder, work / "tiles.h5", TILE))
    image = samples.astronaut()
    with Library(work / "tiles.h5") as library:
        grid = (100, min(100, len(library) // 100))
        found = stage(f"match {grid[0]} x {grid[1]} unique", lambda: match(image, library, grid))
        out = work / "mosaic.jpg"
        stage("assemble", lambda: assemble(out, library, found))
        stage("assemble with zoom", lambda: assemble(out, library, found, zoom=work / "zoom"))
        stage("judge", lambda: judge(image, library, found))
    print(json.dumps(rows))


def large(folder: Path, work: Path) -> None:
    """Assemble 20,000 x 20,000 pixels of tiles that are there, or are indexed before."""
    index(folder, work / "tiles.h5", TILE)
    with Library(work / "tiles.h5") as library:
        found = random_matches(samples.astronaut(), library, (400, 400))
        start = time.perf_counter(), time.process_time()
        assemble(work / "large.jpg", library, found)
        wall, used = time.perf_counter() - start[0], time.process_time() - start[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MB
    print(json.dumps([("assemble 20,000 x 20,000 px, whole process", wall, used, peak)]))


def full(folder: Path, work: Path) -> None:
    print("\n| stage | wall s | CPU s | peak MB so far |")
    print("|---|---|---|---|")
    for name in ("stages", "large"):
        command = [sys.executable, __file__, "--child", name, str(folder), str(work)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        for what, wall, used, peak in json.loads(done.stdout):
            print(f"| {what} | {wall:.1f} | {used:.1f} | {peak} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="also the long runs")
    kept = Path(tempfile.gettempdir()) / "acetate-benchmark"
    parser.add_argument("--pictures", type=Path, default=kept, help="where they are or go")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        name, folder, work = given.child
        {"stages": stages, "large": large}[name](Path(folder), Path(work))
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        sets = {
            "500 px": pictures(given.pictures, "500", 2000, 500),
            "12 Mpx": pictures(given.pictures, "4000", 200, 4000, grain=True),
        }
        index_table(work, sets)
        again_table(work, sets["500 px"])
        if given.full:
            full(pictures(given.pictures, "10000", 10_000, 500), work)


if __name__ == "__main__":
    main()

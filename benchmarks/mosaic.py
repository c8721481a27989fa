"""Measure indexing beside plain Pillow, and a whole mosaic by stage; one thread.

    OMP_NUM_THREADS=1 python benchmarks/mosaic.py [--full] [--pictures FOLDER]

Indexing is all that `acetate.mosaic.index` does: read, decode, fit, features, duplicates, commit
to disk. Peers: `ImageOps.fit(Image.open(path), size)`, and the lesson's step, which also writes
the small picture as JPEG. CPU seconds, in turns on parts of the same files. --full (some minutes)
makes a 100 x 100 mosaic of 10,000 generated pictures, and one of 20,000 x 20,000 pixels, in a
process of their own each; FOLDER keeps the pictures, or has them already.
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
from PIL import Image, ImageOps

from acetate import samples
from acetate.mosaic import Library, assemble, index, judge, match, random_matches

cv2.setNumThreads(1)

TILE = (50, 50)
PARTS = 5
MB = 1024  # of the kilobytes that Linux tells


def cpu(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def plain(paths: Sequence[Path]) -> None:
    for path in paths:
        with Image.open(path) as picture:
            ImageOps.fit(picture.convert("RGB"), TILE[::-1])


def lesson(paths: Sequence[Path], folder: Path) -> None:
    for path in paths:
        with Image.open(path) as picture:
            ImageOps.fit(picture.convert("RGB"), TILE[::-1]).save(folder / path.name)


def index_table(work: Path, sets: dict[str, list[Path]]) -> None:
    print("| pictures | acetate/s | Pillow/s | ratio | with JPEG encode/s | ratio |")
    print("|---|---|---|---|---|---|")
    (work / "small").mkdir()
    for number, (name, paths) in enumerate(sets.items()):
        step = len(paths) // PARTS
        ours, peer, taught = [], [], []
        for part in range(PARTS):
            some = paths[part * step : (part + 1) * step]
            library = work / f"{number}_{part}.h5"
            ours.append(step / cpu(lambda s=some, to=library: index(s, to, TILE)))
            peer.append(step / cpu(lambda s=some: plain(s)))
            taught.append(step / cpu(lambda s=some: lesson(s, work / "small")))
        a, b, c = (statistics.median(each) for each in (ours, peer, taught))
        print(
            f"| {len(paths)} of {name} | {a:.0f} | {b:.0f} | **{a / b:.1f}** | {c:.0f} | ", end=""
        )
        print(f"**{a / c:.1f}** |", flush=True)


def again_table(work: Path, folder: Path) -> None:
    def timed() -> tuple[float, float]:
        start = time.perf_counter()
        used = cpu(lambda: index(folder, work / "again.h5", TILE))
        return time.perf_counter() - start, used

    first = timed()
    runs = [timed() for _ in range(5)]
    again = [statistics.median(each) for each in zip(*runs, strict=True)]
    print("\n| index of 1000 pictures | first s | unchanged s | ratio |")
    print("|---|---|---|---|")
    for name, one, other in zip(("wall", "CPU"), first, again, strict=True):
        print(f"| {name} | {one:.2f} | {other:.3f} | **{one / other:.0f}** |", flush=True)


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
    parser.add_argument("--pictures", type=Path, help="where the 10,000 pictures are or go")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        name, folder, work = given.child
        {"stages": stages, "large": large}[name](Path(folder), Path(work))
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        sets = {
            "500 px": samples.photo_collection(work / "500", 1000, size=500),
            "12 Mpx": samples.photo_collection(work / "4000", 15, size=4000),
        }
        index_table(work, sets)
        again_table(work, work / "500")
        if given.full:
            folder = given.pictures or work / "10000"
            if not folder.exists():
                samples.photo_collection(folder, 10_000, size=500)
            full(folder, work)


if __name__ == "__main__":
    main()

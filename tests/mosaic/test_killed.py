"""An index run that is killed, whose worker is killed, or that meets another one."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from acetate import samples
from acetate.mosaic import Library, index
from acetate.run import Workplace

TILE = (20, 30)
RUNS = 12

# One process that forks: eleven times less to import.
NURSE = f"""
import json, os, signal, sys, tempfile, time
import cv2
from acetate.mosaic import Library, index
from acetate.mosaic.library import intake

photos, library, whole = sys.argv[1:]
intake._AT_ONCE, intake._TOGETHER = 2, 600

cv2.setNumThreads(1)
with tempfile.TemporaryDirectory() as folder:  # what takes long the first time is done then
    index(os.path.join(photos, "photo_00000.jpg"), folder + "/first.h5", {TILE})

def forked():
    # a process that indexes, and what it writes a byte to with each picture
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        index(photos, library, {TILE}, progress=lambda *_: os.write(write, b"."))
        os._exit(0)
    os.close(write)
    return child, read

index(photos, whole, {TILE})
for run in range({RUNS}):
    child, pipe = forked()
    for _ in range(run):
        os.read(pipe, 1)
    time.sleep(run % 4 / 1000)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(pipe)
    if os.path.exists(library):
        with Library(library) as opened:
            print(json.dumps(len(opened)), flush=True)
    else:
        print("null", flush=True)
"""

SLOW = f"""
import sys, time
from acetate.mosaic import index
found = index(sys.argv[1], sys.argv[2], {TILE}, progress=lambda *_: time.sleep(0.02))
print(found.tiles)
"""


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    samples.photo_collection(folder, 60, size=96)
    return folder


def content(library: Path) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    with Library(library) as opened:
        return opened.paths, opened.pixels(range(len(opened))), opened.features("lab4x4")


def same(one: Path, other: Path) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(content(one), content(other), strict=True))


def test_twelve_kills_lose_nothing_and_double_nothing(photos, tmp_path):
    library, whole = tmp_path / "tiles.h5", tmp_path / "whole.h5"
    command = [sys.executable, "-c", NURSE, *map(str, (photos, library, whole))]
    alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=alone)
    kept = [json.loads(line) or 0 for line in done.stdout.splitlines()]
    assert len(kept) == RUNS  # it opened each time that it was there
    assert kept == sorted(kept)
    assert any(0 < count < 60 for count in kept)
    assert index(photos, library).new == 60 - kept[-1]
    assert same(library, whole)
    assert {path.name for path in tmp_path.iterdir()} == {"tiles.h5", "whole.h5"}


def test_a_killed_worker_process_costs_no_picture(photos, tmp_path):
    killed = []

    def kill(done: int, _total: int | None, _name: str) -> None:
        if done == 10:
            victim = multiprocessing.active_children()[0]
            victim.kill()
            killed.append(victim.pid)

    index(photos, tmp_path / "whole.h5", TILE)
    found = index(
        photos, tmp_path / "tiles.h5", where=Workplace("processes", 2), tile=TILE, progress=kill
    )
    assert killed
    assert (found.tiles, found.new, found.failures) == (60, 60, ())
    assert same(tmp_path / "tiles.h5", tmp_path / "whole.h5")


def test_two_indexers_at_once(photos, tmp_path):
    library = tmp_path / "tiles.h5"
    command = [sys.executable, "-c", SLOW, str(photos), str(library)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        until = time.monotonic() + 30
        while not library.exists() and time.monotonic() < until:
            time.sleep(0.01)
        with pytest.raises(BlockingIOError, match="is being indexed by another process; wait"):
            index(photos, library)
        assert first.communicate()[0].strip() == "60"
    assert index(photos, library).new == 0
    assert not list(tmp_path.glob(".*"))

"""`kill -9` of a worker in the middle of an index: nothing is lost, and nothing there twice."""

import signal

import psutil
import pytest

from acetate import run
from acetate.mosaic import Library
from acetate.mosaic.library import index
from acetate.samples import photo_collection
from dask_processes import DaskProcesses

PICTURES = 60


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    photo_collection(folder, PICTURES, seed=3, size=48)
    return folder


def contents(library):
    """Return what a library holds, whatever the order."""
    with Library(library) as opened:
        tiles = opened.pixels(list(range(len(opened))))
        return sorted(
            (path, tile.tobytes()) for path, tile in zip(opened.paths, tiles, strict=True)
        )


@pytest.fixture(scope="module")
def whole(photos, tmp_path_factory):
    library = tmp_path_factory.mktemp("whole") / "tiles.h5"
    index(photos, library, (8, 8))
    return contents(library)


def indexed(photos, library, where, kill):
    """Index, and kill a worker when a third is done."""

    def progress(done, _total, _name):
        if done == PICTURES // 3:
            kill()

    found = index(photos, library, (8, 8), where=where, progress=progress)
    assert (found.files, found.new, found.failures) == (PICTURES, PICTURES, ())
    return contents(library)


def workers():
    """Return the processes that this one has started to work."""
    mine = psutil.Process().children()
    return [process for process in mine if "spawn_main" in " ".join(process.cmdline())]


def test_a_worker_of_two_of_a_scheduler(photos, whole, tmp_path, capfd):
    with DaskProcesses(tmp_path, tmp_path) as dask:
        victim, _ = dask.start_worker(), dask.start_worker()
        where = run.Workplace("cluster", scheduler=dask.address)
        assert indexed(photos, tmp_path / "tiles.h5", where, victim.kill) == whole
        assert victim.wait() == -signal.SIGKILL
    assert capfd.readouterr() == ("", "")


def test_a_process_of_two(photos, whole, tmp_path, capfd):
    where = run.Workplace("processes", 2)
    assert indexed(photos, tmp_path / "tiles.h5", where, lambda: workers()[0].kill()) == whole
    assert workers() == []
    assert capfd.readouterr() == ("", "")

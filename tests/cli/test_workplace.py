"""-j, --scheduler and --workers: on every command over a folder, with the same files at the end."""

from pathlib import Path

import numpy as np
import pytest
from data_set import DataSet, acetate, tree

from acetate import images
from acetate.mosaic import Library
from acetate.run import cluster
from acetate.segment.features import FeatureBank
from acetate.segment.pixels import PixelClassifier, save_classifier
from dask_processes import DaskProcesses

COMMANDS = {
    "denoise": "denoise pictures",
    "corrupt": "corrupt pictures --levels 3",
    "segment": "segment pictures --mask masks --method jacobi-theta --gray --max-iter 5",
    "predict": "predict some.model pictures --truth masks",
    "compare": "compare pictures --truth masks --method threshold --method edges --no-search",
    "augment": "augment pictures --recipe recipe.toml --masks masks --seed 1 -n 2",
}


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    with DaskProcesses(folder, folder) as processes:
        processes.start_worker()
        processes.start_worker()
        yield processes


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Pictures in the working folder, which is not that of the workers."""
    monkeypatch.chdir(tmp_path)
    return DataSet(tmp_path, ("a", "b", "sub/c", "sub/d"))


def pictures_in(folder: str) -> dict[str, bytes]:
    return {name: content for name, content in tree(Path(folder)).items() if name.endswith(".png")}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_scheduler_makes_the_same(name, data, dask):
    if name == "predict":
        picture, mask = (images.read(f"{folder}/a.png") for folder in ("pictures", "masks"))
        bank = FeatureBank(("gaussian",), (1,))
        save_classifier(PixelClassifier(bank).fit(picture, mask > 0), "some.model")
    command = COMMANDS[name].split()
    for out, where in (("here", ()), ("there", ("--scheduler", dask.address))):
        result = acetate(*command, "--out", out, *where)
        assert (result.exit_code, result.stderr) == (0, "")
    assert pictures_in("there") == pictures_in("here")
    assert len(pictures_in("there")) >= 4
    again = acetate(*command, "--out", "there", "-j", "2")
    assert again.exit_code == 0
    assert name == "compare" or "more were there)" in again.stdout


def test_the_index_of_a_mosaic(data, dask):
    for library, where in (("here.h5", ()), ("there.h5", ("--scheduler", dask.address))):
        result = acetate("mosaic", "index", "masks", "--library", library, "--near", "-1", *where)
        assert (result.exit_code, result.stderr) == (0, "")
    with Library("here.h5") as here, Library("there.h5") as there:
        assert here.paths == there.paths
        every = list(range(len(here)))
        assert np.array_equal(here.pixels(every), there.pixels(every))


def test_a_cluster_of_this_machine_and_a_picture_that_fails(data):
    (data.pictures / "broken.png").write_bytes(b"no picture")
    result = acetate("denoise", "pictures", "--out", "out", "--workers", "1")
    assert result.exit_code == 1
    assert "failed: broken.png: " in result.stderr
    assert result.stderr.count("\n") == 1
    assert "4 of 5 pictures in " in result.stdout


def test_no_scheduler_at_the_address(data, monkeypatch):
    monkeypatch.setattr(cluster, "_ANSWER", 0.5)
    result = acetate("denoise", "pictures", "--out", "out", "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 1
    assert result.stderr.startswith("acetate: error: no scheduler answers at tcp://127.0.0.1:1 (")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scheduler", "tcp://a:1", "--workers", "2"], "pass either --scheduler"),
        (["--workers", "2", "-j", "2"], "-j is about this machine without a cluster"),
        (["--workers", "0"], "0 is not in the range"),
        (["-j", "0"], "0 is not in the range"),
    ],
)
@pytest.mark.parametrize("name", [*COMMANDS, "mosaic index"])
def test_wrong_usage(name, words, said, data):
    Path("some.model").touch()
    more = ["--library", "tiles.h5"] if name == "mosaic index" else ["--out", "out"]
    command = COMMANDS.get(name, "mosaic index pictures").split()
    result = acetate(*command, *more, *words)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
    assert not Path("out").exists()


def test_processes_of_an_index_are_no_cluster(data):
    words = "--library", "tiles.h5", "--processes", "--workers", "1"
    result = acetate("mosaic", "index", "pictures", *words)
    assert (result.exit_code, "without a cluster" in result.stderr) == (2, True)

"""Tiles in memory: the same as those of a library, and a mosaic of them."""

import numpy as np
import pytest

from acetate import images, samples
from acetate.mosaic import Library, Tiles, assemble, index, judge, match

TILE, GRID = (16, 24), (4, 5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("photos")
    for path in samples.photo_collection(made, 24, size=64):  # JPEG is read smaller: not the same
        images.write(path.with_suffix(".png"), images.read(path))
        path.unlink()
    return made


@pytest.fixture(scope="module")
def tiles(folder) -> Tiles:
    return Tiles(map(images.read, sorted(folder.iterdir())), TILE)


def test_they_are_those_of_a_library(folder, tiles, tmp_path):
    index(folder, tmp_path / "tiles.h5", TILE, near=-1)
    with Library(tmp_path / "tiles.h5") as library:
        assert len(tiles) == len(library) == 24
        assert np.array_equal(tiles.pixels([3, 0, 3]), library.pixels([3, 0, 3]))
        for name in ("mean", "lab1x1", "lab4x4"):
            assert tiles.features(name) == pytest.approx(library.features(name), abs=1e-4)
        for kind in ("nearest", "unique"):
            both = [match(samples.cat(), each, GRID, kind).tiles for each in (tiles, library)]
            assert np.array_equal(*both)


def test_a_mosaic_of_them(tiles, tmp_path):
    found = match(samples.cat(), tiles, GRID, "nearest")
    assemble(tmp_path / "mosaic.png", tiles, found, zoom=tmp_path / "viewer")
    assert images.read(tmp_path / "mosaic.png").shape == (64, 120, 3)
    assert judge(samples.cat(), tiles, found).unique == found.unique


def test_what_is_given_back_is_a_copy(tiles):
    tiles.features("mean")[:] = 0
    tiles.pixels([0])[:] = 0
    assert tiles.features("mean").any()
    assert tiles.pixels([0]).any()


def test_names_and_smart_crops():
    image = np.full((40, 120, 3), 90, np.uint8)
    image[10:30, 90:110] = 250, 20, 20
    made = Tiles([image], (20, 20), crop="smart", names=["ball"])
    assert made.paths == ("ball",)
    assert (made.pixels([0])[..., 0] > 200).any()
    assert not (Tiles([image], (20, 20)).pixels([0])[..., 0] > 200).any()


def test_bad_input():
    with pytest.raises(ValueError, match="there are no images to make tiles of"):
        Tiles([])
    with pytest.raises(ValueError, match=r"tiles are \(height, width\) of 4 to 1024 .* got \(0, 5"):
        Tiles([samples.cat(40)], tile=(0, 5))
    with pytest.raises(ValueError, match="got 2 names for 1 images"):
        Tiles([samples.cat(40)], names=["a", "b"])
    with pytest.raises(ValueError, match="gray or RGB, got shape"):
        Tiles([np.zeros((5, 5, 4))])
    with pytest.raises(ValueError, match="crop must be one of centre, smart, got 'left'"):
        Tiles([samples.cat(40)], crop="left")
    with pytest.raises(ValueError, match="the nearest is 'lab3x3'"):
        Tiles([samples.cat(40)]).features("lab3")

"""Matching: nearest against brute force, each once against SciPy, and repeats kept apart."""

import csv
import json

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from acetate import samples
from acetate.mosaic import Library, index, judge, match, random_matches
from acetate.mosaic.library.features import LENGTHS, to_lab
from acetate.mosaic.match import write_json, write_tsv
from acetate.mosaic.match.nearest import nearest_tiles
from acetate.mosaic.match.target import as_target, comparable

TILE, GRID = (16, 24), (5, 6)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    samples.photo_collection(folder, 50, size=64)
    index(folder, folder / "tiles.h5", TILE)
    with Library(folder / "tiles.h5") as opened:
        assert len(opened) == 50
        yield opened


def table(library, features) -> np.ndarray:
    """Return the squared distances of all cells and tiles, per part."""
    target = as_target(samples.coffee(), GRID, TILE)
    parts = LENGTHS[features] / 3
    cells, tiles = target.features(features), library.features(features)
    return cdist(cells, tiles, "sqeuclidean") / parts


@pytest.mark.parametrize("features", LENGTHS)
class TestAgainstBruteForce:
    def test_nearest(self, library, features):
        found = match(samples.coffee(), library, GRID, "nearest", features=features)
        wanted = table(library, features)
        assert found.costs.ravel() == pytest.approx(wanted.min(axis=1), rel=1e-4)
        assert found.gap == 0

    @pytest.mark.parametrize("capacity", [1, 2])
    def test_each_at_most_so_often(self, library, features, capacity):
        kind = "unique" if capacity == 1 else "capped"
        found = match(samples.coffee(), library, GRID, kind, capacity, features)
        wanted = np.repeat(table(library, features), capacity, axis=1)
        least = wanted[linear_sum_assignment(wanted)].sum()
        assert found.cost == pytest.approx(least, rel=1e-4)
        assert found.gap == 0
        assert np.bincount(found.tiles.ravel()).max() <= capacity


@pytest.mark.parametrize("dimensions", [3, 40])
def test_nearest_tiles_in_order(dimensions):
    rng = np.random.default_rng(0)
    cells, tiles = rng.normal(size=(30, dimensions)), rng.normal(size=(200, dimensions))
    found = nearest_tiles(cells, tiles, 7)
    assert np.array_equal(found, np.argsort(cdist(cells, tiles), axis=1)[:, :7])


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_cells_have_the_mean_colours_of_their_parts(k):
    target = as_target(samples.coffee(), (3, 5), (20, 20))
    lab = to_lab(target.pixels)
    side = 12 // k
    means = lab.reshape(3 * k, side, 5 * k, side, 3).mean(axis=(1, 3))
    cells = target.features(f"lab{k}x{k}").reshape(3, 5, k, k, 3)
    for row, column in np.ndindex(3, 5):
        wanted = means[row * k : (row + 1) * k, column * k : (column + 1) * k]
        assert cells[row, column] == pytest.approx(wanted, abs=1e-3)


def test_the_target_is_cropped_to_the_mosaic():
    image = np.zeros((100, 300), np.uint8)
    image[:, 100:200] = 255
    target = as_target(image, (4, 4), (10, 10))
    assert target.pixels.shape == (48, 48, 3)
    assert target.pixels[:, 3:-3].min() > 250


def test_a_mosaic_of_its_own_tiles_is_found(library):
    """A target that is laid out of tiles is matched by these tiles."""
    wanted = np.arange(50)[::-1][:30].reshape(GRID)
    rows = [np.concatenate(list(library.pixels(row)), axis=1) for row in wanted]
    whole = np.concatenate(rows)
    for kind in ("unique", "nearest"):
        assert np.array_equal(match(whole, library, GRID, kind, features="lab4x4").tiles, wanted)


class TestDistance:
    @pytest.mark.parametrize(("kind", "capacity"), [("nearest", 1), ("capped", 3)])
    @pytest.mark.parametrize("distance", [1, 2])
    def test_no_tile_is_used_twice_within_it(self, library, kind, capacity, distance):
        flat = np.full((90, 90, 3), 120, np.uint8)
        found = match(flat, library, (8, 9), kind, capacity, min_distance=distance)
        for tile in np.unique(found.tiles):
            places = np.argwhere(found.tiles == tile)
            assert kind == "nearest" or len(places) <= capacity
            for k, place in enumerate(places):
                apart = np.abs(places[k + 1 :] - place).max(axis=1, initial=0)
                assert (apart > distance).all()
        free = match(flat, library, (8, 9), "nearest")
        assert found.cost - found.gap == pytest.approx(free.cost, rel=1e-5)

    def test_too_few_tiles_for_it(self, library):
        with pytest.raises(ValueError, match="50 tiles are too few for 144 cells with none used"):
            match(samples.cat(), library, (12, 12), "nearest", min_distance=7)


class TestTooFew:
    def test_the_missing_are_counted_and_capped_is_offered(self, library):
        with pytest.raises(ValueError, match=r"64 cells need 64 tiles, 14 more.*or capped:2$"):
            match(samples.cat(), library, (8, 8), "unique")
        assert match(samples.cat(), library, (8, 8), "capped", 2).unique >= 32

    def test_of_capped_too(self, library):
        with pytest.raises(ValueError, match=r"120 cells need 60 tiles, 10 more.*or capped:3$"):
            match(samples.cat(), library, (10, 12), "capped", 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "unik"}, "got 'unik'; the nearest is 'unique'"),
        ({"features": "lab5x5"}, "features are mean, .* got 'lab5x5'"),
        ({"capacity": 0}, "capacity must be at least 1, got 0"),
        ({"min_distance": -1}, "min_distance must be at least 0, got -1"),
        ({"grid": (0, 4)}, r"a grid has 1 to 4,000,000 cells .* got \(0, 4\)"),
        ({"image": np.zeros((9, 9, 2))}, "gray or RGB"),
    ],
)
def test_what_makes_no_sense_is_refused(library, arguments, message):
    given = {"image": samples.cat(), "grid": GRID, **arguments}
    with pytest.raises(ValueError, match=message):
        match(library=library, **given)


def test_the_kinds_are_ranked_as_they_should_be(library):
    image = samples.coffee()
    nearest = match(image, library, GRID, "nearest")
    unique = match(image, library, GRID, "unique")
    random = random_matches(image, library, GRID)
    assert nearest.cost <= unique.cost < random.cost
    assert unique.unique == random.unique == 30
    near, once, chance = (judge(image, library, each) for each in (nearest, unique, random))
    assert near.delta_e < once.delta_e < chance.delta_e
    assert min(near.ssim, once.ssim) > chance.ssim


def test_a_mosaic_of_the_target_itself_is_judged_perfect(library):
    tiles = np.arange(30).reshape(GRID)
    rows = [np.concatenate(list(library.pixels(row)), axis=1) for row in tiles]
    found = match(np.concatenate(rows), library, GRID, "nearest", features="lab4x4")
    judged = judge(np.concatenate(rows), library, found)
    assert judged.delta_e < 2
    assert judged.ssim > 0.97


def test_one_row_has_no_similarity_of_structure(library):
    assert np.isnan(judge(samples.cat(), library, match(samples.cat(), library, (1, 4))).ssim)


def test_tables(library, tmp_path):
    found = match(samples.cat(), library, GRID)
    write_tsv(tmp_path / "m.tsv", found, library.paths)
    write_json(tmp_path / "m.json", found, library.paths)
    with open(tmp_path / "m.tsv", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    facts = json.loads((tmp_path / "m.json").read_text())
    assert len(rows) == len(facts["cells"]) == 30
    assert facts["gap"] == 0
    assert facts["grid"] == list(GRID)
    for row, cell in zip(rows, facts["cells"], strict=True):
        place = int(row["row"]), int(row["column"])
        assert int(row["tile"]) == cell["tile"] == found.tiles[place]
        assert row["path"] == cell["path"] == library.paths[found.tiles[place]]
        assert float(row["cost"]) == pytest.approx(found.costs[place], rel=1e-4)


def test_comparable_scales_alike(library):
    target = as_target(samples.cat(), GRID, TILE)
    coarse = comparable(library, target, "lab1x1")
    fine = comparable(library, target, "lab4x4")
    for one, many in zip(coarse, fine, strict=True):
        assert np.linalg.norm(one) == pytest.approx(np.linalg.norm(many), rel=0.1)

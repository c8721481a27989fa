"""`acetate augment`: what it writes, that the sheets stay in register, and that it repeats."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from data_set import DataSet, acetate, disc, place, tree

from acetate import images
from acetate.cli.journal import Journal
from acetate.cli.lines import SAMPLES, Sample
from acetate.files import atomic
from acetate.sheets import KeypointsOnImage, LandmarkSet
from acetate.sheets.formats import (
    FORMATS,
    read_coco,
    read_csv,
    read_landmarks,
    write_coco,
    write_landmarks,
)

COMMAND = ("augment.json",)


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return DataSet(tmp_path)


def centroid(weights: np.ndarray) -> np.ndarray:
    """Return the centre of mass (x, y), pixel centres at + 0.5."""
    rows, columns = np.indices(weights.shape) + 0.5
    return np.array([(columns * weights).sum(), (rows * weights).sum()]) / weights.sum()


def test_every_sheet_of_every_sample_is_in_register(data: DataSet) -> None:
    result = data.augment("out", *data.sheets, "-n", "5", "--seed", "3")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"15 samples in {data.root / 'out'}, seed 3\n"
    out = data.root / "out"
    points = read_csv(out / "landmarks.csv")
    assert len(points) == 15
    turned = set()
    for name, (point,) in points.items():
        picture = images.read(out / "images" / name)[:, :, 0].astype(float)
        heat = images.read(out / "heatmaps" / name)
        mask = images.read_labels(out / "masks" / name)
        assert heat.dtype == np.uint16
        assert heat.shape == (48, 64)
        assert set(np.unique(mask)) == {0, 7}
        dot = np.maximum(picture - np.median(picture) - 15, 0)
        for where in (centroid(dot), 2 * centroid(heat), centroid(mask == 7)):
            assert np.abs(where - (point.x, point.y)).max() < 0.3
        turned.add((point.x, point.y))
    assert len(turned) == 15, "each sample is another"


def test_files_keep_the_folders_of_their_pictures(data: DataSet) -> None:
    data.augment("out", *data.sheets, "-n", "1", "--seed", "3")
    kinds = ["images", "heatmaps", "masks"]
    expected = {f"{kind}/{stem}_000.png" for kind in kinds for stem in ("a", "sub/bb", "sub/a")}
    others = {"landmarks.csv", "recipes.jsonl", "contact.png", "augment.json"}
    assert set(tree(data.root / "out")) == expected | others


def test_without_sheets_pictures_alone_are_written(data: DataSet) -> None:
    result = data.augment("out", "--seed", "3", "--no-contact-sheet", "--format", "jpg")
    assert result.exit_code == 0
    files = set(tree(data.root / "out"))
    assert files == {"recipes.jsonl", "augment.json"} | {
        f"images/{stem}_00{k}.jpg" for stem in ("a", "sub/bb", "sub/a") for k in range(4)
    }


def test_recipes_say_what_was_done(data: DataSet) -> None:
    data.augment("out", *data.sheets, "-n", "2", "--seed", "3")
    lines = [json.loads(n) for n in (data.root / "out/recipes.jsonl").read_text().splitlines()]
    assert [(line["picture"], line["sample"]) for line in lines] == [
        *(("a.png", 0), ("a.png", 1), ("sub/a.png", 0), ("sub/a.png", 1)),
        *(("sub/bb.png", 0), ("sub/bb.png", 1)),
    ]
    assert lines[0]["seed"] == 3
    assert lines[0]["files"] == {
        "image": "images/a_000.png",
        "heatmaps": "heatmaps/a_000.png",
        "masks": "masks/a_000.png",
    }
    assert lines[0]["recipe"]["steps"]


def test_processes_and_other_pictures_change_nothing(data: DataSet) -> None:
    data.augment("one", *data.sheets, "--seed", "3", "-n", "10")
    assert data.augment("two", *data.sheets, "--seed", "3", "-n", "10", "-j", "2").exit_code == 0
    one = tree(data.root / "one")
    assert tree(data.root / "two") == one
    (data.pictures / "a.png").unlink()
    data.augment("fewer", *data.sheets, "--seed", "3", "-n", "2")
    fewer = tree(data.root / "fewer/images")
    assert len(fewer) == 4
    assert all(one[f"images/{name}"] == content for name, content in fewer.items())


def test_replay_makes_the_same_bytes(data: DataSet) -> None:
    data.augment("first", *data.sheets, "--seed", "3")
    recipes = str(data.root / "first/recipes.jsonl")
    result = data.augment("again", *data.sheets, "--replay", recipes)
    assert result.stdout == f"12 samples in {data.root / 'again'}\n"
    assert tree(data.root / "again", COMMAND) == tree(data.root / "first", COMMAND)


def test_replay_without_a_picture_is_a_failure(data: DataSet) -> None:
    data.augment("first", "--seed", "3", "-n", "1")
    (data.pictures / "a.png").unlink()
    result = data.augment("again", "--replay", str(data.root / "first/recipes.jsonl"))
    assert result.exit_code == 1
    assert "failed: a.png: there are recipes for it, but no picture" in result.stderr
    assert set(tree(data.root / "again/images")) == {"sub/a_000.png", "sub/bb_000.png"}


def test_a_seed_is_drawn_said_and_kept(data: DataSet) -> None:
    first = data.augment("out", "-n", "1").stdout
    seed = int(first.rpartition("seed ")[2])
    assert json.loads((data.root / "out/augment.json").read_text())["seed"] == seed
    again = data.augment("out", "-n", "1").stdout
    assert again == f"0 samples in {data.root / 'out'} (3 more were there), seed {seed}\n"
    other = data.augment("other", "-n", "1").stdout
    assert int(other.rpartition("seed ")[2]) != seed
    data.augment("same", "-n", "1", "--seed", str(seed))
    assert tree(data.root / "same") == tree(data.root / "out")


def test_the_recipe_may_hold_the_seed(data: DataSet) -> None:
    data.recipe.write_text("seed = 8\n" + data.recipe.read_text())
    assert data.augment("out").stdout.endswith("seed 8\n")
    assert data.augment("other", "--seed", "9").stdout.endswith("seed 9\n")


def test_landmarks_change_names_in_mirror_images(data: DataSet) -> None:
    data.recipe.write_text('[[augmenters]]\nname = "Fliplr"\n')
    rows = "".join(f"{stem}.png,left,20,30\n{stem}.png,right,90,31\n" for stem in ("a", "sub/a"))
    data.landmarks.write_text(f"image,name,x,y\n{rows}sub/bb.png,left,10,11\n")
    result = data.augment("out", "--landmarks", str(data.landmarks), "--swap", "left:right")
    assert result.exit_code == 0
    points = read_csv(data.root / "out/landmarks.csv")
    assert [(p.name, p.x, p.y) for p in points["a_000.png"]] == [
        ("left", 128 - 90, 31),
        ("right", 128 - 20, 30),
    ]
    left, right = points["sub/bb_000.png"]
    assert left.missing
    assert (right.x, right.y) == (118, 11)


def test_coco_landmarks_stay_coco(data: DataSet) -> None:
    data.recipe.write_text('[[augmenters]]\nname = "Fliplr"\n')
    file = data.root / "points.json"
    point = KeypointsOnImage.from_xy_array([[20.5, 30.5], [90, 31]], (96, 128), ["l", "r"])
    write_coco(file, {"a.png": point, "sub/a.png": point, "sub/bb.png": point})
    result = data.augment("out", "--landmarks", str(file), "--swap", "l:r", "-n", "1")
    assert result.exit_code == 0
    sheets = read_coco(data.root / "out/landmarks.json")
    assert set(sheets) == {"a_000.png", "sub/a_000.png", "sub/bb_000.png"}
    np.testing.assert_allclose(sheets["a_000.png"].xy, [[38, 31], [107.5, 30.5]])
    assert sheets["a_000.png"].shape == (96, 128)


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in ("slicer", "aariz")])
def test_landmarks_of_every_format_come_and_go(data: DataSet, format: str) -> None:
    data.recipe.write_text('[[augmenters]]\nname = "Fliplr"\n')
    pictures, points = ["a.png", "sub/a.png", "sub/bb.png"], [[[20, 30.5]], [[9, 8]], [[5, 6]]]
    marks = LandmarkSet(["dot"], pictures, points, spacing=[0.1] * 3, shapes=[(96, 128)] * 3)
    chosen = FORMATS[format]
    file = data.root / ("marks" if chosen.per_picture else f"marks{chosen.suffix}")
    write_landmarks(file, marks, format)
    result = data.augment("out", "--landmarks", str(file), "-n", "1", "--no-contact-sheet")
    out = data.root / "out" / ("landmarks" if chosen.per_picture else f"landmarks{chosen.suffix}")
    found = read_landmarks(out, format, pictures=data.root / "out/images")
    assert found.pictures == ("a_000.png", "sub/a_000.png", "sub/bb_000.png")
    np.testing.assert_allclose(found.points, [[[108, 30.5]], [[119, 8]], [[123, 6]]], atol=1e-9)
    assert np.isnan(found.spacing).all()
    assert result.exit_code == 0


def test_landmarks_in_millimetres_are_wrong_usage(data: DataSet) -> None:
    marks = LandmarkSet(["dot"], ["a.png"], [[[20, 30.5]]], spacing=[0.1])
    write_landmarks(data.root / "marks", marks, "slicer")
    result = data.augment("out", "--landmarks", str(data.root / "marks"))
    assert result.exit_code == 2
    assert "3D Slicer markups has millimetres, which samples of other sizes do not" in result.stderr


def test_coco_landmarks_on_a_picture_of_another_size_are_a_failure(data: DataSet) -> None:
    file = data.root / "points.json"
    point = KeypointsOnImage.from_xy_array([[20.5, 30.5]], (128, 96), ["l"])
    write_coco(file, {"a.png": point, "sub/a.png": point.on((96, 128))})
    result = data.augment("out", "--landmarks", str(file), "-n", "1")
    assert result.exit_code == 1
    assert "a.png: its landmarks lie on a picture of 128 x 96, it is 96 x 128" in result.stderr
    assert f"sub/bb.png: it has no landmarks in {file}" in result.stderr
    assert set(read_coco(data.root / "out/landmarks.json")) == {"sub/a_000.png"}


def test_heatmaps_keep_their_kind_of_file(data: DataSet) -> None:
    data.recipe.write_text('[[augmenters]]\nname = "Fliplr"\n')
    rng = np.random.default_rng(1)
    depth = rng.random((24, 32)).astype(np.float32)
    layers = rng.integers(0, 255, (24, 32, 3), dtype=np.uint8)
    many = rng.integers(0, 255, (24, 32, 6), dtype=np.uint8)
    for stem in ("a", "sub/a", "sub/bb"):
        (data.heatmaps / f"{stem}.png").unlink()
    images.write(data.heatmaps / "a.tif", depth)
    images.write(data.heatmaps / "sub/a.png", layers)
    images.write(data.heatmaps / "sub/bb.tif", many)
    result = data.augment("out", "--heatmaps", str(data.heatmaps), "-n", "1")
    assert result.exit_code == 0
    out = data.root / "out/heatmaps"
    np.testing.assert_array_equal(images.read(out / "a_000.tif"), depth[:, ::-1])
    np.testing.assert_array_equal(images.read(out / "sub/a_000.png"), layers[:, ::-1])
    np.testing.assert_array_equal(images.read(out / "sub/bb_000.tif"), many[:, ::-1])


def test_pages_of_heatmaps_become_channels(data: DataSet) -> None:
    import tifffile

    data.recipe.write_text('[[augmenters]]\nname = "Fliplr"\n')
    pages = np.random.default_rng(1).integers(0, 255, (5, 24, 32), dtype=np.uint8)
    (data.heatmaps / "a.png").unlink()
    with tifffile.TiffWriter(data.heatmaps / "a.tif") as file:
        for page in pages:
            file.write(page, contiguous=False)
    assert data.augment("out", "--heatmaps", str(data.heatmaps), "-n", "1").exit_code == 0
    moved = images.read(data.root / "out/heatmaps/a_000.tif")
    np.testing.assert_array_equal(moved, np.moveaxis(pages, 0, 2)[:, ::-1])


def test_large_labels_go_into_tiff(data: DataSet) -> None:
    labels = disc((96, 128), 60, 40, 9) * 70000
    (data.masks / "a.png").unlink()
    images.write_labels(data.masks / "a.tif", labels)
    assert data.augment("out", "--masks", str(data.masks), "-n", "1").exit_code == 0
    moved = images.read_labels(data.root / "out/masks/a_000.tif")
    assert set(np.unique(moved)) == {0, 70000}


def test_contact_sheet_shows_every_panel(data: DataSet) -> None:
    data.augment("out", *data.sheets, "-n", "9", "--seed", "3")
    sheet = images.read(data.root / "out/contact.png")
    assert sheet.ndim == 3
    # 24 of the 27 samples, two in a row: picture, heatmaps, mask and landmarks of 150 x 200 each.
    assert 12 * 150 < sheet.shape[0] < 12 * (150 + 50)
    assert 2 * 4 * 200 < sheet.shape[1] < 2 * 4 * 200 + 100


@pytest.mark.parametrize("channels", [2, 4, 5])
def test_contact_sheet_takes_pictures_with_opacity_and_bands(tmp_path: Path, channels: int) -> None:
    (tmp_path / "in").mkdir()
    image = np.random.default_rng(1).integers(0, 255, (20, 30, channels), dtype=np.uint8)
    images.write(tmp_path / "in/a.tif", image)
    (tmp_path / "r.toml").write_text('[[augmenters]]\nname = "Fliplr"\n')
    arguments = ["augment", str(tmp_path / "in"), "--recipe", str(tmp_path / "r.toml")]
    result = acetate(*arguments, "--out", str(tmp_path / "out"), "--format", "tif", "-n", "1")
    assert result.exit_code == 0, result.stderr
    moved = images.read(tmp_path / "out/images/a_000.tif")
    np.testing.assert_array_equal(moved, image[:, ::-1])
    assert (tmp_path / "out/contact.png").exists()


def test_sheets_inside_the_folder_of_pictures_are_no_pictures(tmp_path: Path) -> None:
    data = DataSet(tmp_path, ("a",))
    moved = data.pictures / "sheets"
    data.heatmaps.rename(moved)
    data.heatmaps = moved
    result = data.augment("pictures/out", "--heatmaps", str(moved), "-n", "1")
    assert result.exit_code == 0
    again = data.augment("pictures/out", "--heatmaps", str(moved), "-n", "2")
    assert again.exit_code == 0
    assert set(tree(data.pictures / "out/images")) == {"a_000.png", "a_001.png"}


def test_more_samples_cost_only_the_new_ones(data: DataSet) -> None:
    data.augment("out", *data.sheets, "--seed", "3", "-n", "2")
    before = {f.name: f.stat().st_mtime_ns for f in (data.root / "out/images").iterdir()}
    result = data.augment("out", *data.sheets, "--seed", "3", "-n", "4")
    assert result.stdout.startswith("6 samples")
    after = {f.name: f.stat().st_mtime_ns for f in (data.root / "out/images").iterdir()}
    assert before.items() <= after.items() or "sub" in before
    data.augment("whole", *data.sheets, "--seed", "3", "-n", "4")
    assert tree(data.root / "out") == tree(data.root / "whole")


def test_a_sample_whose_file_is_gone_is_made_again(data: DataSet) -> None:
    data.augment("out", *data.sheets, "--seed", "3", "-n", "2")
    before = tree(data.root / "out")
    (data.root / "out/masks/a_001.png").unlink()
    assert data.augment("out", *data.sheets, "-n", "2").stdout.startswith("1 samples")
    assert tree(data.root / "out") == before


def test_a_folder_of_another_command_is_left_alone(data: DataSet) -> None:
    data.augment("out", "--seed", "3", "-n", "1")
    before = tree(data.root / "out")
    result = data.augment("out", "--seed", "4", "-n", "1")
    assert result.exit_code == 2
    assert "was filled with seed 3, not 4; choose another folder, or pass" in result.stderr
    data.recipe.write_text('[[augmenters]]\nname = "Flipud"\n')
    result = data.augment("out", "--seed", "3", "-n", "1")
    assert "was filled with recipe" in result.stderr
    assert tree(data.root / "out") == before


def test_a_folder_of_other_files_is_left_alone(data: DataSet) -> None:
    (data.root / "out").mkdir()
    (data.root / "out/thesis.txt").write_text("ten years")
    result = data.augment("out")
    assert result.exit_code == 2
    assert "holds files of another origin; choose another folder" in result.stderr
    assert set(tree(data.root / "out")) == {"thesis.txt"}


def test_a_run_that_was_killed_at_its_start_leaves_the_folder_free(data: DataSet) -> None:
    with atomic(data.root / "note.txt") as file:
        hidden = Path(file.name).name
    gone = re.sub(r"-\d+-", "-999999999-", hidden)  # the name that another process would give
    (data.root / "out").mkdir()
    (data.root / "out" / gone).touch()
    assert data.augment("out").exit_code == 0
    assert gone not in tree(data.root / "out")


def test_overwrite_removes_the_old_samples_and_nothing_else(data: DataSet) -> None:
    data.augment("out", *data.sheets, "--seed", "3", "-n", "3")
    (data.root / "out/images/mine.png").write_text("keep")
    assert data.augment("out", "--seed", "4", "-n", "1", "--overwrite").exit_code == 0
    data.augment("clean", "--seed", "4", "-n", "1")
    left = tree(data.root / "out")
    assert left.pop("images/mine.png") == b"keep"
    # The old landmarks are of no record; only samples are.
    left.pop("landmarks.csv", None)
    assert left == tree(data.root / "clean")


def test_overwrite_removes_nothing_outside_its_folder(data: DataSet) -> None:
    data.augment("out", "--seed", "3", "-n", "1")
    victim = data.root / "victim.png"
    victim.write_text("keep")
    for path in ("../victim.png", str(victim)):
        line = Sample("a.png", 0, 3, {"image": path}, "{}").to_line()
        (data.root / "out/recipes.jsonl").write_text(line + "\n")
        result = data.augment("out", "--overwrite")
        assert result.exit_code == 1
        assert "names a file outside of its folder" in result.stderr
        assert victim.exists()


def test_a_damaged_record_is_an_error(data: DataSet) -> None:
    data.augment("out", "--seed", "3", "-n", "1")
    record = data.root / "out/augment.json"
    for text in ("{", "[]"):
        record.write_text(text)
        result = data.augment("out", "--seed", "3")
        assert result.exit_code == 2
        assert f"{record} is damaged" in result.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "no line of recipes.jsonl (JSONDecodeError"),
        ("[]", "no line of recipes.jsonl (TypeError"),
        ("{}", "no line of recipes.jsonl (KeyError: 'picture')"),
        (
            '{"picture": "a", "sample": -1, "seed": 0, "files": {}, "recipe": {}}',
            "picture, sample and seed must be a path and whole numbers from 0, got 'a', -1 and 0",
        ),
    ],
)
def test_a_damaged_line_is_named(data: DataSet, line: str, said: str) -> None:
    file = data.root / "recipes.jsonl"
    file.write_text(line + "\n")
    result = data.augment("out", "--replay", str(file))
    assert result.exit_code == 2
    assert f"{file}, line 1: " in result.stderr
    assert said in result.stderr


def test_only_the_unfinished_journal_may_end_in_half_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    lines = [Sample("a.png", k, 1, {"image": "a.png"}, "{}").to_line() for k in (0, 1)]
    for name, kept in ((SAMPLES.unfinished, 1), (SAMPLES.finished, 0)):
        (tmp_path / name).write_text(f"{lines[0]}\n{lines[1][:-4]}")
        if kept:
            assert list(Journal(tmp_path, SAMPLES).entries) == [("a.png", 0)]
        else:
            with pytest.raises(ValueError, match=r"recipes.jsonl, line 2: this is no line"):
                Journal(tmp_path, SAMPLES)


def test_dots_of_the_data_set_are_inside() -> None:
    assert all(40 < place(stem)[0] < 80 for stem in ("a", "sub/bb"))

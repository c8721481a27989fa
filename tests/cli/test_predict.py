"""`acetate predict`: what it writes, scores, resuming, and models that are none."""

import csv
import json
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import tifffile
from click.testing import Result
from data_set import acetate, disc, tree

from acetate import images
from acetate.arrays import Array
from acetate.cli.pictures import stretched
from acetate.cli.predict_scores import ObjectRates, compared, object_rates
from acetate.measure import dice, iou, object_table
from acetate.segment.features import FeatureBank
from acetate.segment.pixels import PixelClassifier, load_classifier, save_classifier

FRAME = (48, 64)
CENTRES = {"a": (24, 20), "b": (40, 26), "sub/c": (32, 24)}
BANK = FeatureBank(("gaussian", "gradient"), (1, 2))


def scene(x: float, y: float) -> Array:
    """Return a bright disc on a dark ground, with a little noise."""
    noise = np.random.default_rng(3).normal(0, 4, FRAME)
    return np.clip(np.where(disc(FRAME, x, y, 11), 170, 60) + noise, 0, 255).astype(np.uint8)


@dataclass
class Predicting:
    """Pictures of discs, their truth, a model, and the command."""

    root: Path

    def __post_init__(self) -> None:
        self.pictures, self.truth, self.out, self.model = (
            self.root / name for name in ("in", "truth", "out", "discs.model")
        )
        for stem, (x, y) in CENTRES.items():
            for folder, array in (
                (self.pictures, scene(x, y)),
                (self.truth, disc(FRAME, x, y, 11) * np.uint8(255)),
            ):
                (folder / stem).parent.mkdir(parents=True, exist_ok=True)
                images.write(folder / f"{stem}.png", array)
        self.fit(scene(20, 20), disc(FRAME, 20, 20, 11))

    def fit(self, image: Array, mask: Array) -> None:
        save_classifier(PixelClassifier(BANK).fit(image, mask), self.model)

    def predict(self, *more: str) -> Result:
        arguments = (str(self.model), str(self.pictures), "--out", str(self.out), *more)
        return acetate("predict", *arguments)

    def mask(self, stem: str) -> Array:
        return images.read_labels(self.out / f"masks/{stem}.png")

    def scores(self) -> list[dict[str, str]]:
        with open(self.out / "scores.csv", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def folder(tmp_path: Path) -> Predicting:
    return Predicting(tmp_path)


def complaint(result: Result) -> str:
    """Return the one line that is said about wrong usage."""
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("acetate: error: ").strip()


def test_every_picture_of_a_folder_gets_its_files(folder: Predicting) -> None:
    result = folder.predict()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"3 of 3 pictures in {folder.out}\n"
    expected = {f"{kind}/{stem}.png" for kind in ("masks", "overlays") for stem in CENTRES}
    expected |= {f"objects/{stem}.csv" for stem in CENTRES}
    expected |= {f"facts/{stem}.json" for stem in CENTRES} | {"predict.json", "predict.jsonl"}
    assert set(tree(folder.out)) == expected
    model = load_classifier(folder.model)
    for stem, centre in CENTRES.items():
        np.testing.assert_array_equal(folder.mask(stem), model.predict(scene(*centre)))
        overlay = images.read(folder.out / f"overlays/{stem}.png")
        painted = (overlay != scene(*centre)[:, :, np.newaxis]).any(axis=2)
        np.testing.assert_array_equal(painted, folder.mask(stem) > 0)


def test_objects_are_a_table(folder: Predicting) -> None:
    folder.predict()
    with open(folder.out / "objects/a.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = object_table(folder.mask("a") > 0, scene(*CENTRES["a"]))
    assert [float(row["area"]) for row in rows] == expected["area"].tolist()
    assert [float(row["mean_intensity"]) for row in rows] == expected["mean_intensity"].tolist()
    largest = max(rows, key=lambda row: float(row["area"]))
    assert (float(largest["x"]), float(largest["y"])) == pytest.approx(CENTRES["a"], abs=0.5)
    assert {row["class"] for row in rows} == {"1"}


def test_probabilities_are_a_page_for_each_class_but_the_background(folder: Predicting) -> None:
    folder.predict("--probabilities")
    found = tifffile.imread(folder.out / "probabilities/a.tif")
    expected = load_classifier(folder.model).predict_proba(scene(*CENTRES["a"]))
    np.testing.assert_array_equal(found, expected[:, :, 1])


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_deep_pictures_get_the_same_labels(folder: Predicting, dtype: type[np.generic]) -> None:
    folder.predict()
    expected = folder.mask("a")
    scale = 257 if dtype == np.uint16 else 1 / 255
    (folder.pictures / "a.png").unlink()
    deep = (scene(*CENTRES["a"]) * np.float64(scale)).astype(dtype)
    images.write(folder.pictures / "a.tif", deep)
    result = folder.predict()
    assert (result.exit_code, result.stderr) == (0, "")
    np.testing.assert_array_equal(folder.mask("a"), expected)


def test_truth_makes_scores_with_their_mean(folder: Predicting) -> None:
    assert folder.predict("--truth", str(folder.truth)).exit_code == 0
    rows = folder.scores()
    assert [row["picture"] for row in rows] == ["a.png", "b.png", "sub/c.png", "mean"]
    for row, (stem, centre) in zip(rows, CENTRES.items(), strict=False):
        truth = disc(FRAME, *centre, 11)
        assert float(row["iou"]) == iou(folder.mask(stem), truth) > 0.9
        assert float(row["dice"]) == dice(folder.mask(stem), truth)
    for name in ("iou", "dice"):
        mean = np.mean([float(row[name]) for row in rows[:-1]])
        assert float(rows[-1][name]) == pytest.approx(mean)


def test_pictures_without_truth_are_not_scored(folder: Predicting) -> None:
    (folder.truth / "b.png").unlink()
    assert folder.predict("--truth", str(folder.truth)).exit_code == 0
    assert [row["picture"] for row in folder.scores()] == ["a.png", "sub/c.png", "mean"]
    assert json.loads((folder.out / "facts/b.json").read_text())["scores"] is None
    assert folder.predict("--overwrite").exit_code == 0
    assert not (folder.out / "scores.csv").exists()


def test_several_classes_are_scored_one_by_one(folder: Predicting) -> None:
    x, y = 32, 24
    dark, bright = disc(FRAME, 16, 24, 9), disc(FRAME, 46, 24, 9)
    labels = dark + np.uint8(4) * bright
    noise = np.random.default_rng(0).normal(0, 3, FRAME)
    image = np.clip(120 + 90.0 * bright - 90.0 * dark + noise, 0, 255).astype(np.uint8)
    folder.fit(image, labels)
    images.write(folder.pictures / "a.png", image)
    images.write(folder.truth / "a.png", labels)
    result = acetate(
        *("predict", str(folder.model), str(folder.pictures / "a.png")),
        *("--out", str(folder.out), "--truth", str(folder.truth)),
    )
    assert result.exit_code == 0
    facts = json.loads((folder.out / "facts/a.json").read_text())
    found = folder.mask("a")
    for value in (1, 4):
        expected = [measure(found == value, labels == value) for measure in (iou, dice)]
        assert facts["scores"]["classes"][str(value)] == expected
    assert set(np.unique(found)) == {0, 1, 4}
    assert float(folder.scores()[0]["iou"]) > 0.9
    assert found[y, x] == 0


def test_the_same_command_keeps_what_is_done(folder: Predicting) -> None:
    folder.predict()
    before = tree(folder.out)
    assert folder.predict().stdout == f"0 of 0 pictures in {folder.out} (3 more were there)\n"
    assert tree(folder.out) == before
    (folder.out / "masks/a.png").unlink()
    assert folder.predict().stdout == f"1 of 1 pictures in {folder.out} (2 more were there)\n"
    assert tree(folder.out) == before


def test_a_model_that_was_trained_again_does_all_anew(folder: Predicting) -> None:
    folder.predict()
    folder.fit(255 - scene(20, 20), disc(FRAME, 20, 20, 11))
    assert folder.predict().stdout == f"3 of 3 pictures in {folder.out}\n"
    assert folder.mask("a")[0, 0] == 1


def test_processes_write_the_same_bytes(folder: Predicting) -> None:
    folder.predict("--truth", str(folder.truth))
    alone = tree(folder.out, without=("predict.jsonl", "predict.json"))
    folder.predict("--truth", str(folder.truth), "--overwrite", "-j", "2")
    assert tree(folder.out, without=("predict.jsonl", "predict.json")) == alone


def test_what_fails_is_a_row_and_the_rest_goes_on(folder: Predicting) -> None:
    images.write(folder.pictures / "a.png", np.dstack([scene(20, 20)] * 3))
    images.write(folder.truth / "b.png", np.zeros((10, 12), np.uint8))
    result = folder.predict("--truth", str(folder.truth))
    assert result.exit_code == 1
    colour, size = result.stderr.splitlines()
    assert colour.startswith("failed: a.png: ")
    assert "fitted on pictures of 1 channel(s), got 3" in colour
    assert size.startswith("failed: b.png: ")
    assert "is 10 x 12, the picture is 48 x 64" in size
    assert [row["picture"] for row in folder.scores()] == ["sub/c.png", "mean"]


def test_a_model_of_colours_refuses_gray(folder: Predicting) -> None:
    folder.fit(np.dstack([scene(20, 20)] * 3), disc(FRAME, 20, 20, 11))
    result = folder.predict()
    assert result.exit_code == 1
    assert result.stderr.count("fitted on pictures of 3 channel(s), got 1") == 3


def test_two_masks_of_one_picture_are_a_row(folder: Predicting) -> None:
    images.write(folder.truth / "a.tif", np.zeros(FRAME, np.uint8))
    result = folder.predict("--truth", str(folder.truth))
    assert result.exit_code == 1
    assert "its labels are in several files" in result.stderr


@pytest.mark.parametrize("value", [0, 1e-30, 0.7])
def test_a_plain_picture_of_floats_is_labelled_in_silence(folder: Predicting, value: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = stretched(np.full(FRAME, value, np.float32))
    assert not shown.any()
    for path in folder.pictures.rglob("*.png"):
        path.unlink()
    tifffile.imwrite(folder.pictures / "plain.tif", np.full(FRAME, value, np.float32))
    result = folder.predict()
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_few_bright_dots_on_black_are_seen() -> None:
    image = np.zeros((64, 64), np.float32)
    image[5, 7] = 1e-3
    assert np.array_equal(stretched(image), np.where(image > 0, 255, 0))


def test_objects_are_matched_where_they_are_numbered() -> None:
    truth = np.repeat([[7, 7, 0, 9, 9, 9, 0, 3]], 4, axis=0)
    objects = np.repeat([[1, 1, 0, 2, 0, 0, 4, 0]], 4, axis=0)
    scores = compared((objects > 0).astype(np.uint8), truth, np.array([0, 1]), objects)
    assert scores.objects == ObjectRates(1 / 3, 1 / 3, pytest.approx(1 / 3))
    nothing = np.zeros((4, 8), np.uint8)
    assert object_rates(nothing, nothing) == ObjectRates(1.0, 1.0, 1.0)
    assert object_rates(nothing, truth) == ObjectRates(0.0, 0.0, 0.0)
    assert object_rates(objects, nothing) == ObjectRates(0.0, 0.0, 0.0)


def test_a_zip_of_something_else_is_told(folder: Predicting) -> None:
    for inside, words in (
        ("archive/data.pkl", "it is a file of torch"),
        ("a.txt", "a zip archive"),
    ):
        with zipfile.ZipFile(folder.model, "w") as archive:
            archive.writestr(inside, b"")
        said = complaint(folder.predict())
        assert words in said
        assert "pass what acetate train wrote" in said


def test_a_file_that_is_no_model_is_one_line(folder: Predicting) -> None:
    folder.model.write_bytes(b"no model")
    assert "is no pixel classifier of acetate" in complaint(folder.predict())
    folder.model.write_bytes((folder.pictures / "a.png").read_bytes())
    assert "is no pixel classifier of acetate" in complaint(folder.predict())
    assert not folder.out.exists()


def test_a_model_of_a_later_version_is_one_line(folder: Predicting) -> None:
    with zipfile.ZipFile(folder.model) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["model.json"] = json.dumps({**json.loads(parts["model.json"]), "version": 99}).encode()
    with zipfile.ZipFile(folder.model, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert "is a pixel classifier of version 99" in complaint(folder.predict())


def test_another_model_needs_another_folder(folder: Predicting) -> None:
    folder.predict()
    other = folder.model.rename(folder.root / "other.model")
    folder.model = other
    assert "was filled with model" in complaint(folder.predict())
    assert folder.predict("--overwrite").exit_code == 0


def test_a_page_of_several_is_labelled(folder: Predicting) -> None:
    pages = np.stack([np.full(FRAME, 7, np.uint8), scene(30, 22)])
    tifffile.imwrite(folder.pictures / "v.tif", pages, photometric="minisblack")
    result = folder.predict()
    assert result.exit_code == 1
    assert "choose one with --page 0 to --page 1" in " ".join(result.stderr.split())
    only = acetate(
        "predict",
        str(folder.model),
        str(folder.pictures / "v.tif"),
        "--out",
        str(folder.out / "page"),
        "--page",
        "1",
        "--profile",
        "ignore",
    )
    assert (only.exit_code, only.stderr) == (0, "")
    found = images.read_labels(folder.out / "page/masks/v.png") == 1
    assert (found == disc(FRAME, 30, 22, 11)).mean() > 0.98
    record = json.loads((folder.out / "page/predict.json").read_text())
    assert record["reading"] == {"page": 1, "profile": "ignore"}
    facts = json.loads((folder.out / "page/facts/v.json").read_text())
    assert facts["read"]["page"] == 1
    assert facts["smoothness"] == 0

"""`acetate landmarks train` and `predict`: what they write, go on with, and refuse."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import Result
from data_set import acetate

from acetate import images
from acetate.samples import landmark_shapes
from acetate.sheets import LandmarkSet
from acetate.sheets.formats import read_landmarks, write_landmarks

torch.set_num_threads(1)

QUICK = ("--epochs", "2", "--input-size", "64", "--batch-size", "4")
WINGS = ("--swap", "left wing", "right wing")


def run(*arguments: object) -> Result:
    return acetate("landmarks", *map(str, arguments))


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with eight pictures, their landmarks, and a model that learned a little."""
    folder = tmp_path_factory.mktemp("landmarks")
    moths = landmark_shapes(8, size=64)
    names = [f"{'ab'[number % 2]}/{number}.png" for number in range(8)]
    for name, image in zip(names, moths.images, strict=True):
        (folder / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
        images.write(folder / "pictures" / name, image)
    marks = LandmarkSet(moths.names, names, moths.points)
    write_landmarks(folder / "marks.csv", marks)
    done = run(
        *("train", folder / "marks.csv", folder / "pictures", *QUICK, *WINGS),
        *("--spacing", 0.1, "--validation", 0.25, "--out", folder / "run"),
    )
    assert done.exit_code == 0, done.output
    (folder / "said.txt").write_text(done.stdout)
    return folder


class TestTrain:
    def test_what_it_says_and_writes(self, place: Path) -> None:
        first, second, about, header, *table, path = (place / "said.txt").read_text().splitlines()
        assert first.startswith("Epoch 1: pixel error ")
        assert second.startswith("Epoch 2: pixel error ")
        assert about == "errors in mm on 2 pictures that it did not see:"
        assert header.split() == ["landmark", "count", "mean", "sd", "median", "p95"]
        assert len(table) == 6
        assert table[-1].startswith("all")
        assert path.endswith("model.safetensors")
        kinds = {each.name for each in (place / "run").iterdir()}
        assert kinds >= {"model.safetensors", "history.csv", "history.json", "history.png"}
        assert kinds >= {"found.csv", "errors.json", "data.json", "last.ckpt"}
        errors = json.loads((place / "run/errors.json").read_text())
        assert errors["pictures"] == list(read_landmarks(place / "run/found.csv").pictures)

    def test_a_folder_with_a_model_is_kept_unless_told_otherwise(self, place: Path) -> None:
        again = ("train", place / "marks.csv", place / "pictures", *QUICK, *WINGS)
        done = run(*again, "--out", place / "run")
        assert (done.exit_code, "pass --resume to go on" in done.stderr) == (2, True)
        before = (place / "run/model.safetensors").read_bytes()
        same = (*again, "--spacing", 0.1, "--validation", 0.25, "--out", place / "run", "--resume")
        assert run(*same).exit_code == 0
        assert (place / "run/model.safetensors").read_bytes() == before

    def test_folds_are_an_ensemble(self, place: Path) -> None:
        out = place / "folds"
        done = run(
            *("train", place / "marks.csv", place / "pictures", *QUICK, "--epochs", "1"),
            *("--folds", 2, "--group-folders", "--out", out),
        )
        assert done.exit_code == 0, done.output
        assert "errors in px on 8 pictures" in done.stdout
        found = read_landmarks(out / "found.csv")
        # The pictures of a folder were judged together.
        assert {name[0] for name in found.pictures[:4]} in ({"a"}, {"b"})
        several = run("predict", out, place / "pictures/a", "--out", place / "by_folds")
        assert several.exit_code == 0, several.output
        facts = json.loads((place / "by_folds/facts/0.json").read_text())
        assert facts["models"] == ["model.safetensors"] * 2

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (("--epochs", "0"), "epochs must lie in [1, inf], got 0"),
            (("--loss", "mse"), "loss is one of"),
            (("--preset", "tiny"), "'tiny' is not one of"),
            (("--weights", "absent.pt"), "absent.pt: No such file"),
            (("--name", "nose"), "there is no landmark 'nose'"),
            (("--swap", "head", "fin"), "there is no landmark 'fin'"),
            (("--folds", "9"), "9 parts need at least 9 pictures, got 8"),
            (("--validation", "0", "--patience", "5"), "nothing tells when to stop"),
            (("--kind", "regression"), "a regression detector learns with"),
        ],
    )
    def test_wrong_usage(self, place: Path, options: tuple[str, ...], says: str) -> None:
        done = run(
            "train", place / "marks.csv", place / "pictures", "--out", place / "no", *options
        )
        assert done.exit_code == 2, done.output
        assert says in done.stderr

    def test_missing_and_broken_pictures(self, place: Path, tmp_path: Path) -> None:
        done = run("train", place / "marks.csv", tmp_path, "--out", tmp_path / "out")
        assert done.exit_code == 2
        assert "8 of 8 annotated pictures are not in" in done.stderr
        (tmp_path / "a.png").write_text("no picture")
        (tmp_path / "b.png").write_text("no picture")
        points = np.ones((2, 1, 2))
        write_landmarks(tmp_path / "marks.csv", LandmarkSet(["p"], ["a.png", "b.png"], points))
        done = run("train", tmp_path / "marks.csv", tmp_path, "--out", tmp_path / "out")
        assert done.exit_code == 2
        assert ".png: is no PNG" in done.stderr

    def test_help_shows_the_numbers_of_the_preset(self) -> None:
        text = run("train", "--preset", "cephalometric", "--help").stdout
        assert "Numbers of the preset cephalometric" in text
        assert "default: 768" in " ".join(text.split())


class TestPredict:
    def test_what_it_writes(self, place: Path) -> None:
        out = place / "found"
        arguments = (
            *("predict", place / "run/model.safetensors", place / "pictures", "--out", out),
            *("--ruler", "head", "tail", 10, "--flip", "--zooms", "1,0.9", "--heatmaps"),
        )
        done = run(*arguments)
        assert (done.exit_code, done.stderr) == (0, "")
        marks = read_landmarks(out / "landmarks.csv")
        assert len(marks) == 8
        assert marks.shapes == ((64, 64),) * 8
        table = rows(out / "points.csv")
        assert len(table) == 8 * 5
        facts = json.loads((out / "facts/a/0.json").read_text())
        head, tail = (marks.points[0, marks.names.index(name)] for name in ("head", "tail"))
        assert facts["mm_per_px"] == pytest.approx(10 / np.linalg.norm(head - tail))
        spread = {one["name"]: one["covariance"][0][0] for one in facts["landmarks"]}
        known = None not in (spread["head"], spread["tail"])
        assert (facts["mm_per_px_uncertainty"] is not None) == known
        x = float(table[0]["x_px"]) * facts["mm_per_px"]
        assert float(table[0]["x_mm"]) == pytest.approx(x, abs=1e-3)
        assert images.info(out / "heatmaps/a/0.tif").pages == 5
        assert images.read(out / "overlays/a/0.png").shape == (384, 384, 3)
        again = run(*arguments)
        assert "0 of 0 pictures" in again.stdout
        assert "(8 more were there)" in again.stdout

    def test_one_bad_picture_does_not_stop_the_others(self, place: Path, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in/bad.png").write_text("no picture")
        images.write(tmp_path / "in/line.png", np.zeros((1, 80), np.uint8))
        images.write(tmp_path / "in/good.png", landmark_shapes(1, size=64).images[0])
        done = run("predict", place / "run", tmp_path / "in", "--out", tmp_path / "out")
        assert done.exit_code == 1
        assert "failed: bad.png: is no PNG" in done.stderr
        assert "failed: line.png: a picture for landmarks has at least 2 pixels" in done.stderr
        assert "1 of 3 pictures" in done.stdout
        assert read_landmarks(tmp_path / "out/landmarks.csv").pictures == ("good.png",)

    @pytest.mark.slow
    def test_two_processes_find_the_same(self, place: Path, tmp_path: Path) -> None:
        for jobs in (1, 2):
            out = tmp_path / str(jobs)
            done = run("predict", place / "run", place / "pictures", "-j", jobs, "--out", out)
            assert done.exit_code == 0, done.output
        one, other = ((tmp_path / name / "landmarks.csv").read_bytes() for name in "12")
        assert one == other

    def test_other_formats(self, place: Path, tmp_path: Path) -> None:
        for format, name in (("coco", "landmarks.json"), ("labelme", "landmarks/a/0.json")):
            out = tmp_path / format
            done = run(
                *("predict", place / "run", place / "pictures", "--format", format, "--out", out)
            )
            assert done.exit_code == 0, done.output
            assert (out / name).is_file()

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (("--ruler", "P1", "tail", "10"), "the model finds no 'P1'"),
            (("--ruler", "head", "tail", "10", "--spacing", "1"), "either --ruler or --spacing"),
            (("--zooms", "0"), "zooms are one or more numbers above 0"),
            (("--with", "marks.csv"), "no network of acetate's"),
        ],
    )
    def test_wrong_usage(
        self, place: Path, options: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(place)
        done = run("predict", "run", "pictures", "--out", "no", *options)
        assert done.exit_code == 2, done.output
        assert says in done.stderr

    def test_a_folder_without_a_model(self, place: Path) -> None:
        done = run("predict", place / "pictures", place / "pictures", "--out", place / "no")
        assert done.exit_code == 2
        assert "holds no model.safetensors" in done.stderr

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
from acetate.landmarks.prediction import LandmarkEnsemble, LandmarkModel
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
    done = run(
        *("train", folder / "marks.csv", folder / "pictures", *QUICK, "--epochs", "1"),
        *("--folds", 2, "--group-folders", "--out", folder / "folds"),
    )
    assert done.exit_code == 0, done.output
    (folder / "folds.txt").write_text(done.stdout)
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
        assert "errors in px on 8 pictures" in (place / "folds.txt").read_text()
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
            (("--heatmap-weight", "2"), "the loss 'heatmap-mse' has no heatmap_weight, got 2"),
            (("--resume", "--overwrite"), "either --resume or --overwrite"),
            (("--validation-marks", "marks.csv"), "8 of 8 pictures to judge by are learned from"),
            (("--out", "run", "--folds", "2", "--resume"), "run holds the training of a single"),
            (("--out", "folds", "--resume"), "folds holds a cross-validation (fold-1, ...), not"),
        ],
    )
    def test_wrong_usage(
        self, place: Path, options: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(place)
        before = (place / "run/model.safetensors").read_bytes()
        done = run("train", "marks.csv", "pictures", "--out", "no", *options)
        assert done.exit_code == 2, done.output
        assert says in done.stderr
        assert (place / "run/model.safetensors").read_bytes() == before

    def test_overwriting_begins_with_the_model_itself_or_leaves_it(
        self, place: Path, tmp_path: Path
    ) -> None:
        again = ("train", place / "marks.csv", place / "pictures", *QUICK, "--out", tmp_path)
        assert run(*again).exit_code == 0
        model = tmp_path / "model.safetensors"
        first = model.read_bytes()
        (tmp_path / "bad").mkdir()
        (tmp_path / "bad/x.png").write_text("no picture")
        write_landmarks(tmp_path / "bad.csv", LandmarkSet(["p"], ["x.png"], np.ones((1, 1, 2))))
        bad = ("train", tmp_path / "bad.csv", tmp_path / "bad", *QUICK, "--out", tmp_path)
        assert run(*bad, "--overwrite").exit_code == 2
        assert model.read_bytes() == first
        done = run(*again, "--overwrite", "--weights", model)
        assert done.exit_code == 0, done.output
        assert model.read_bytes() != first

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
        assert float(table[0]["x_mm"]) == pytest.approx(x, rel=1e-3)
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
            (("--ruler", "head", "head", "10"), "'head' is there twice; pass two landmarks"),
            (("--format", "slicer"), "not known of 8 of 8 pictures ('a/0.png', 'a/2.png', 'a/4"),
            (("--format", "slicer", "--spacing", "mm.csv"), "not known of 7 of 8 pictures"),
            (("--device", "cuda"), "'cuda' is not one of 'auto', 'cpu', 'gpu'"),
            (("--zooms", "0"), "zooms are one or more numbers above 0"),
            (("--with", "marks.csv"), "no network of acetate's"),
        ],
    )
    def test_wrong_usage(
        self, place: Path, options: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(place)
        Path("mm.csv").write_text("picture,mm_per_px\n0,0.5\n")
        done = run("predict", "run", "pictures", "--out", "no", *options)
        assert done.exit_code == 2, done.output
        assert says in done.stderr
        assert not Path("no").exists()

    def test_a_table_of_spacings_names_pictures_as_annotations_do(
        self, place: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "mm.csv").write_text("picture,mm_per_px\n0,0.5\n/x/a/2.png,0.25\n")
        out = tmp_path / "out"
        done = run(
            *("predict", place / "run", place / "pictures/a", "--out", out),
            *("--spacing", tmp_path / "mm.csv"),
        )
        assert done.exit_code == 0, done.output
        for row in rows(out / "points.csv"):
            factor = {"0.png": 0.5, "2.png": 0.25}.get(row["picture"])
            wanted = "" if factor is None else f"{factor * float(row['x_px']):.2f}"
            assert (row["x_mm"] and f"{float(row['x_mm']):.2f}") == pytest.approx(wanted), row

    def test_a_ruler_in_one_place_tells_no_millimetres(
        self, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = LandmarkEnsemble.predict

        def collapsed(self: LandmarkEnsemble, *arguments: object, **options: object) -> object:
            found = whole(self, *arguments, **options)
            if found.shape == (32, 64):
                found.points[:] = 5.0
            return found

        monkeypatch.setattr(LandmarkEnsemble, "predict", collapsed)
        for name, height in (("good.png", 64), ("low.png", 32)):
            picture = landmark_shapes(1, size=64).images[0][:height]
            (tmp_path / "in").mkdir(exist_ok=True)
            images.write(tmp_path / "in" / name, picture)
        out = tmp_path / "out"
        done = run(
            *("predict", place / "run", tmp_path / "in", "--out", out),
            *("--ruler", "head", "tail", 10, "--format", "slicer"),
        )
        assert done.exit_code == 0, done.output
        assert "low.png has no mm per pixel: it is in points.csv, not in slicer" in done.stderr
        table = rows(out / "points.csv")
        assert {row["x_px"] for row in table if row["picture"] == "low.png"} == {"5.000"}
        assert {bool(row["x_mm"]) for row in table if row["picture"] == "low.png"} == {False}
        assert {bool(row["x_mm"]) for row in table if row["picture"] == "good.png"} == {True}
        assert len(list((out / "landmarks").iterdir())) == 1

    def test_a_folder_without_a_model(self, place: Path) -> None:
        done = run("predict", place / "pictures", place / "pictures", "--out", place / "no")
        assert done.exit_code == 2
        assert "holds no model.safetensors" in done.stderr


class TestExport:
    def test_the_program_says_what_the_model_says(self, place: Path, tmp_path: Path) -> None:
        out = tmp_path / "moths.pt2"
        done = run("export", place / "run", "--out", out)
        assert (done.exit_code, done.stdout) == (0, f"{out}\n"), done.output
        extra = {"acetate.json": ""}
        program = torch.export.load(out, extra_files=extra).module()
        model = LandmarkModel.load(place / "run/model.safetensors")
        square = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            torch.testing.assert_close(program(square), model.detector(square), atol=1e-4, rtol=0)
        card = json.loads(extra["acetate.json"])
        assert (card["input_size"], card["names"]) == (64, list(model.card.names))
        again = run("export", place / "run", "--out", out)
        assert (again.exit_code, "pass --overwrite to replace it" in again.stderr) == (2, True)
        assert run("export", place / "run", "--out", out, "--overwrite").exit_code == 0

    def test_wrong_usage(self, place: Path, tmp_path: Path) -> None:
        for model, out, says in (
            (place / "run", "a.pt", "path must end in .pt2 or .onnx"),
            (place / "folds", "a.pt2", "holds 2 models; pass one, such as"),
            (place / "marks.csv", "a.pt2", "no network of acetate's"),
        ):
            done = run("export", model, "--out", tmp_path / out)
            assert (done.exit_code, says in done.stderr) == (2, True), done.output
            assert not (tmp_path / out).exists()

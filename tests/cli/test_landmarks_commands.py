"""`acetate landmarks check`, `convert` and `evaluate`: what they write and say, and trouble."""

import csv
import json

import numpy as np
import pytest
from data_set import acetate

from acetate import images
from acetate.sheets import LandmarkSet
from acetate.sheets.formats import FORMATS, read_landmarks, write_landmarks

NAN = float("nan")
NAMES = ("P1", "P2", "ear_left", "ear_right")


@pytest.fixture
def marks():
    rng = np.random.default_rng(0)
    shape = np.array([[10, 10], [10, 60], [20, 20], [50, 20.0]])
    points = shape + rng.normal(0, 0.3, (6, 4, 2)) + rng.uniform(0, 10, (6, 1, 2))
    pictures = [f"{i}.png" for i in range(6)]
    return LandmarkSet(NAMES, pictures, points, shapes=[(80, 90)] * 6)


@pytest.fixture
def data(tmp_path, marks):
    """A folder with six pictures and their landmarks in a table."""
    rng = np.random.default_rng(1)
    (tmp_path / "pictures").mkdir()
    for name in marks.pictures:
        images.write(tmp_path / "pictures" / name, rng.integers(0, 256, (80, 90), np.uint8))
    write_landmarks(tmp_path / "marks.csv", marks)
    return tmp_path


def run(*arguments):
    return acetate("landmarks", *map(str, arguments))


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class TestCheck:
    def test_good_data_are_fine(self, data):
        done = run("check", data / "marks.csv", data / "pictures", "--out", data / "out")
        assert done.exit_code == 0
        assert done.stdout == "6 pictures, 24 points, 0 missing; nothing suspicious\n"
        assert rows(data / "out/check.csv") == []
        assert images.info(data / "out/contact.png").shape[1] > 1000

    def test_what_has_to_be_mended_is_told_and_written(self, data, marks):
        points = marks.points.copy()
        points[2, 0] = 200, 5
        points[4, [2, 3]] = points[4, [3, 2]]
        write_landmarks(data / "bad.csv", marks.with_points(points))
        (data / "pictures/5.png").unlink()
        done = run("check", data / "bad.csv", data / "pictures", "--out", data / "out")
        assert done.exit_code == 1
        table = rows(data / "out/check.csv")
        assert [(row["kind"], row["picture"], row["landmark"]) for row in table] == [
            ("picture missing", "5.png", ""),
            ("point outside", "2.png", "P1"),
            ("sides swapped", "4.png", "ear_left, ear_right"),
            ("outlier", "2.png", "P1"),
        ]
        facts = json.loads((data / "out/check.json").read_text())
        assert facts["findings"] == table
        assert "lies at (200, 5) outside of 80 x 90" in done.stdout
        assert done.stdout.splitlines()[-1].startswith("6 pictures, 24 points, 0 missing; picture")

    def test_what_training_refuses_is_no_good(self, data):
        (data / "header.csv").write_text("image,name,x,y\n")
        done = run("check", data / "header.csv", data / "pictures")
        assert (done.exit_code, "no pictures" in done.stdout) == (1, True)
        images.write(data / "pictures/0.png", np.zeros((2, 900), np.uint8))
        for given, code in ([], 1), (["--input-size", "768"], 0):
            marks = LandmarkSet(["P1"], ["0.png"], [[[1, 1]]])
            write_landmarks(data / "thin.csv", marks)
            done = run("check", data / "thin.csv", data / "pictures", *given)
            assert (done.exit_code, "picture too small" in done.stdout) == (code, bool(code))

    def test_pictures_that_cannot_be_read_are_found_by_several(self, data, marks):
        plain = LandmarkSet(NAMES, marks.pictures, marks.points)  # no sizes
        write_landmarks(data / "plain.csv", plain)
        (data / "pictures/3.png").write_bytes(b"no")
        for folder in ("x", "y"):
            (data / "pictures" / folder).mkdir()
            (data / "pictures" / folder / "4.jpg").write_bytes(b"no")
        (data / "pictures/4.png").unlink()
        done = run("check", data / "plain.csv", data / "pictures", "--out", data / "alone")
        assert done.exit_code == 1
        table = rows(data / "alone/check.csv")
        assert [(row["kind"], row["picture"]) for row in table] == [
            ("picture ambiguous", "4.png"),
            ("picture unreadable", "3.png"),
            ("picture without points", "x/4.jpg"),
            ("picture without points", "y/4.jpg"),
        ]
        again = run("check", data / "plain.csv", data / "pictures", "-j", "2")
        assert (again.exit_code, again.stdout) == (1, done.stdout)

    def test_a_ruler_without_length_names_the_picture(self, data, marks):
        points = marks.points.copy()
        points[3, 1] = points[3, 0]
        write_landmarks(data / "bad.csv", marks.with_points(points))
        done = run("check", data / "bad.csv", "--ruler", "P1", "P2", "10")
        assert done.exit_code == 2
        assert "both marks of the ruler of '3.png', 'P1' and 'P2', lie at (" in done.stderr

    def test_points_alone_can_be_checked(self, data):
        done = run("check", data / "marks.csv", "--out", data / "out")
        assert done.exit_code == 0
        assert not (data / "out/contact.png").exists()

    def test_pairs_can_be_named(self, data, marks):
        points = marks.points.copy()
        points[1, [0, 1]] = points[1, [1, 0]]
        write_landmarks(data / "bad.csv", marks.with_points(points))
        done = run("check", data / "bad.csv", "--swap", "P1", "P2")
        assert "sides swapped  1.png    P1, P2" in done.stdout

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--swap", "P1", "P3"], "there is no landmark 'P3'; the nearest is"),
            (["--name", "P3"], "there is no landmark 'P3'"),
            (["--spacing", "0"], "'0' is no spacing: mm per pixel are above 0"),
            (["--spacing", "nowhere.csv"], "nowhere.csv: No such file or directory"),
            (["--format", "tps"], "marks.csv, line 1: LM= expected"),
            (["--format", "cocoa"], "'cocoa' is not one of"),
            (["--ruler", "P1", "P3", "10"], "there is no landmark 'P3'"),
            (["--outlier", "0"], "0 is not in the range x>0"),
            (["--outlier", "nan"], "nan is not in the range x>0"),
            (["--outlier", "inf"], "inf is not in the range x>0"),
            (["--ruler", "P1", "P2", "nan"], "nan is not in the range x>0"),
            (["--ruler", "P1", "P1", "10"], "a ruler has two marks, got 'P1' for both"),
            (
                ["--spacing", "MM"],
                "mm.csv is one of these pictures: it has z.png, the pictures are",
            ),
        ],
    )
    def test_wrong_usage_is_one_line(self, data, arguments, message):
        (data / "mm.csv").write_text("picture,mm_per_px\nz.png,0.1\n")
        words = [data / "mm.csv" if word == "MM" else word for word in arguments]
        done = run("check", data / "marks.csv", *words)
        assert done.exit_code == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


class TestConvert:
    @pytest.mark.parametrize("format", FORMATS)
    def test_every_format_can_be_written_and_read(self, data, marks, format):
        out = data / ("folder" if FORMATS[format].per_picture else f"out{FORMATS[format].suffix}")
        given = ["--to", format, "--spacing", "0.5"]
        assert run("convert", data / "marks.csv", out, *given).exit_code == 0
        found = read_landmarks(out, format, pictures=data / "pictures", spacing=0.5)
        assert found.pictures == marks.pictures
        np.testing.assert_allclose(found.points, marks.points, atol=1e-9)

    def test_what_is_lost_is_said(self, data):
        done = run("convert", data / "marks.csv", data / "a.json", "--spacing", "0.5")
        assert done.stderr == "COCO keypoints does not keep the spacing\n"
        assert done.stdout == f"{data}/a.json: 4 landmarks in 6 pictures, 0 missing\n"

    def test_a_ruler_gives_the_spacing(self, data, marks):
        given = ["--ruler", "P1", "P2", "25", "--name", "ear_left", "--name", "P1"]
        done = run("convert", data / "marks.csv", data / "mm.csv", *given)
        assert done.exit_code == 0
        found = read_landmarks(data / "mm.csv")
        assert found.names == ("ear_left", "P1")
        pixels = np.linalg.norm(marks.points[:, 0] - marks.points[:, 1], axis=1)
        np.testing.assert_allclose(found.spacing, 25 / pixels)

    def test_tps_gets_names(self, data):
        (data / "wings.tps").write_text("LM=2\n1 2\n3 4\nIMAGE=0.png\n")
        given = ["--pictures", data / "pictures", "--name", "tip", "--name", "base"]
        assert run("convert", data / "wings.tps", data / "wings.csv", *given).exit_code == 0
        assert read_landmarks(data / "wings.csv").points.tolist() == [[[1, 78], [3, 76]]]

    def test_names_that_a_tps_file_has_are_selected(self, data, marks):
        write_landmarks(data / "ours.tps", marks)
        given = ["--name", "ear_right", "--name", "P1"]
        assert run("convert", data / "ours.tps", data / "some.csv", *given).exit_code == 0
        found = read_landmarks(data / "some.csv")
        assert found.names == ("ear_right", "P1")
        np.testing.assert_allclose(found.points, marks.points[:, [3, 0]])
        done = run("convert", data / "ours.tps", data / "some.csv", "--name", "P3")
        assert "there is no landmark 'P3'" in done.stderr
        (data / "wings.tps").write_text("LM=2\n1 2\n3 4\nIMAGE=0.png\n")
        given = ["--pictures", data / "pictures", "--name", "2"]
        assert run("convert", data / "wings.tps", data / "second.csv", *given).exit_code == 0
        assert read_landmarks(data / "second.csv").names == ("2",)

    def test_a_format_that_needs_sizes_says_how_to_pass_them(self, data, marks):
        write_landmarks(data / "plain.csv", LandmarkSet(NAMES, marks.pictures, marks.points))
        done = run("convert", data / "plain.csv", data / "out.json")
        assert done.exit_code == 2
        assert (
            "COCO needs the size of '0.png': pass the folder of pictures (--pictures" in done.stderr
        )
        given = ["--pictures", data / "pictures"]
        assert run("convert", data / "plain.csv", data / "out.json", *given).exit_code == 0

    def test_origins_can_be_said(self, data, marks):
        given = ["--origin", "centre", "--to-origin", "corner"]
        run("convert", data / "marks.csv", data / "b.csv", *given)
        moved = read_landmarks(data / "b.csv").points
        np.testing.assert_allclose(moved, marks.points + 0.5)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["marks.csv", "marks.csv"], "is what is read; choose another name"),
            (["marks.csv", "out.txt"], "out.txt does not say its format"),
            (["marks.csv", "nowhere/out.csv"], "the folder to write into does not exist"),
            (["marks.csv", "out.mrk.json"], "3D Slicer has millimetres: the spacing of '0.png'"),
            (["marks.csv", "out.json", "--to", "labelme"], "is one file, and there are 6 pictures"),
            (["pictures", "out.csv"], "pictures has no files *.json"),
        ],
    )
    def test_wrong_usage_is_one_line(self, data, monkeypatch, arguments, message):
        monkeypatch.chdir(data)
        done = run("convert", *arguments)
        assert done.exit_code == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


class TestEvaluate:
    @pytest.fixture
    def found(self, data, marks):
        """Points 3-4-5 away, one missing, in another order and with another suffix."""
        points = np.add(marks.points, (3, 4))
        points[0, 0] = NAN
        moved = marks.with_points(points)
        pictures = [f"sub/{name.removesuffix('png')}jpg" for name in marks.pictures]
        renamed = LandmarkSet(NAMES, pictures, moved.points, shapes=marks.shapes)
        some = renamed.select(names=NAMES[::-1]).take([5, 4, 3, 1, 0])
        write_landmarks(data / "found.json", some, "label-studio")
        return data / "found.json"

    def test_tables_and_figures(self, data, found):
        given = ["--pictures", data / "pictures", "--out", data / "out", "--spacing", "0.5"]
        done = run("evaluate", found, data / "marks.csv", *given)
        assert done.exit_code == 0
        assert done.stderr == "1 pictures that nothing was found in: 2.png\n"
        header = " ".join(done.stdout.splitlines()[0].split())
        assert header == (
            "landmark points not found mean (mm) sd median 95 % SDR 2 mm SDR 2.5 mm SDR 3 mm "
            "SDR 4 mm"
        )
        facts = json.loads((data / "out/errors.json").read_text())
        assert facts["unit"] == "mm"
        assert facts["overall"]["count"] == 19
        assert facts["overall"]["not_found"] == 5
        assert facts["overall"]["mean"] == pytest.approx(2.5)
        assert facts["radial"][2] == [None] * 4
        table = rows(data / "out/errors.csv")
        assert [row["landmark"] for row in table] == [*NAMES, "all"]
        assert float(table[0]["mean"]) == pytest.approx(2.5)
        points = rows(data / "out/points.csv")
        assert (len(points), points[0]["error_mm"]) == (24, "")
        assert float(points[1]["x"]) - float(points[1]["true_x"]) == pytest.approx(3)
        for name in ("cumulative.png", "worst.png"):
            assert images.read(data / "out" / name).std() > 5

    def test_pixels_are_taken_where_a_spacing_is_unknown(self, data, found):
        for given in ([], ["--spacing", "0.5", "--unit", "px"]):
            done = run("evaluate", found, data / "marks.csv", *given, "--threshold", "5.5")
            assert "mean (px)" in done.stdout
            assert done.stdout.splitlines()[-1].split()[-2:] == ["100.0", "%"]
        done = run("evaluate", found, data / "marks.csv", "--unit", "mm")
        assert done.exit_code == 2
        assert "the spacing of 5 of 5 pictures is not known; pass --spacing or --rul" in done.stderr

    def test_a_spacing_that_was_found_is_used(self, data, marks):
        write_landmarks(data / "found.csv", marks.with_spacing(0.1))
        assert "mean (mm)" in run("evaluate", data / "found.csv", data / "marks.csv").stdout

    def test_a_picture_that_cannot_be_read_does_not_stop_the_others(self, data, found):
        (data / "pictures/3.png").write_bytes(b"no")
        (data / "pictures/4.png").unlink()
        given = ["--pictures", data / "pictures", "--out", data / "out", "--worst", "20"]
        done = run("evaluate", found, data / "marks.csv", *given)
        assert done.exit_code == 0
        assert "failed: 3.png: " in done.stderr
        assert "failed: 4.png: there is no such picture" in done.stderr
        assert (data / "out/worst.png").exists()

    def test_nothing_found_at_all_is_a_table_of_dashes(self, data, marks):
        write_landmarks(data / "none.csv", marks.with_points(np.full((6, 4, 2), NAN)))
        done = run("evaluate", data / "none.csv", data / "marks.csv", "--out", data / "out")
        assert done.exit_code == 0
        assert done.stdout.splitlines()[-1].split() == ["all", "0", "24", *"-" * 8]
        assert "no figures: no point was found that has a truth" in done.stderr
        assert not (data / "out/cumulative.png").exists()

    def test_landmarks_of_one_file_only_are_left_out(self, data, marks):
        write_landmarks(data / "some.csv", marks.select(names=["P2", "P1"]))
        done = run("evaluate", data / "some.csv", data / "marks.csv")
        assert "2 landmarks that only one of both has, left out: ear_left, ear_right" in done.stderr
        assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == ["P1", "P2", "all"]

    @pytest.mark.parametrize(
        ("found", "truth", "message"),
        [
            (["a.png"], ["p1/a.png", "p2/a.png"], "p1/a.png, p2/a.png in the truth"),
            (["x/a.png", "y/a.png"], ["a.png"], "x/a.png, y/a.png in what was found"),
        ],
    )
    def test_a_picture_is_matched_once(self, data, found, truth, message):
        for name, pictures in (("found", found), ("truth", truth)):
            marks = LandmarkSet(["P"], pictures, [[[1, 2]]] * len(pictures))
            write_landmarks(data / f"{name}.csv", marks)
        done = run("evaluate", data / "found.csv", data / "truth.csv")
        assert done.exit_code == 2
        assert f"'a.png' may be any of {message}; name pictures by their path" in done.stderr

    def test_part_of_the_pictures_is_matched_by_path(self, data):
        truth = LandmarkSet(["P"], ["p1/a.png", "p2/a.png"], [[[1, 2]], [[30, 40]]])
        write_landmarks(data / "truth.csv", truth)
        write_landmarks(data / "found.csv", truth.take([1]))
        done = run("evaluate", data / "found.csv", data / "truth.csv")
        assert done.stderr == "1 pictures that nothing was found in: p1/a.png\n"
        assert done.stdout.splitlines()[-1].split()[:4] == ["all", "1", "1", "0.000"]

    def test_the_folder_of_a_prediction_is_taken(self, data, marks):
        (data / "run/facts").mkdir(parents=True)
        (data / "run/facts/0.json").write_text('{"landmarks": [{"name": "P1"}]}')
        (data / "run/predict.json").write_text("{}")
        write_landmarks(data / "run/landmarks.csv", marks)
        assert run("evaluate", data / "run", data / "marks.csv").exit_code == 0
        write_landmarks(data / "run/landmarks.tps", marks)
        done = run("evaluate", data / "run", data / "marks.csv")
        assert "several formats (landmarks.csv, landmarks.tps); pass one of them" in done.stderr

    def test_nothing_in_common_is_wrong_usage(self, data):
        other = LandmarkSet(["Q"], ["x.png"], [[[1, 2]]])
        write_landmarks(data / "other.csv", other)
        done = run("evaluate", data / "other.csv", data / "marks.csv")
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
        assert "no landmark has the same name in both" in done.stderr
        away = LandmarkSet(["P1"], ["x.png"], [[[1, 2]]])
        write_landmarks(data / "away.csv", away)
        done = run("evaluate", data / "away.csv", data / "marks.csv")
        assert "no picture has the same name in both" in done.stderr


def test_the_group_lists_its_commands_without_loading_them():
    done = run()
    assert done.exit_code == 0
    for name in ("check", "convert", "train", "predict", "evaluate"):
        assert f"\n  {name} " in done.stdout
    wrong = run("chek")
    assert (wrong.exit_code, "the nearest is 'check'" in wrong.stderr) == (2, True)

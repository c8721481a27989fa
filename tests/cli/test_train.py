"""`acetate train pixels`: the model and its card, what it learns from, and trouble."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from click.testing import Result
from data_set import acetate, disc

from acetate import images
from acetate.arrays import Array
from acetate.segment.pixels import PixelClassifier, load_classifier

FRAME = (48, 64)
CENTRES = {"a": (24, 20), "b": (40, 26), "sub/c": (32, 24)}


def scene(x: float, y: float) -> Array:
    """Return a bright disc on a dark ground, with a little noise."""
    noise = np.random.default_rng(3).normal(0, 4, FRAME)
    return np.clip(np.where(disc(FRAME, x, y, 11), 170, 60) + noise, 0, 255).astype(np.uint8)


def marks(x: int, y: int) -> Array:
    """Return a stroke through the disc, and two beside it."""
    labels = np.zeros(FRAME, np.uint8)
    labels[2:4, 4:60] = labels[44:46, 4:60] = 1
    labels[y : y + 2, x - 7 : x + 8] = 2
    return labels


@dataclass
class Training:
    """Pictures of discs, masks and strokes of them, and the command."""

    root: Path

    def __post_init__(self) -> None:
        self.pictures, self.masks, self.strokes = (
            self.root / name for name in ("in", "masks", "strokes")
        )
        for stem, (x, y) in CENTRES.items():
            self.write(self.pictures / f"{stem}.png", scene(x, y))
            self.write(self.masks / f"{stem}.png", disc(FRAME, x, y, 11) * np.uint8(255))
        self.write(self.strokes / "a.png", marks(*CENTRES["a"]))

    @property
    def model(self) -> Path:
        return self.root / "discs.model"

    @staticmethod
    def write(path: Path, array: Array) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(path, array)

    def train(self, *more: str) -> Result:
        arguments = (str(self.pictures), "--out", str(self.model), "--scales", "1,2")
        return acetate("train", "pixels", *arguments, "--max-pixels", "2000", *more)

    def by_masks(self, *more: str) -> Result:
        return self.train("--labels", str(self.masks), *more)

    def by_strokes(self, *more: str) -> Result:
        return self.train("--scribbles", str(self.strokes), *more)

    def card(self) -> dict[str, Any]:
        card: dict[str, Any] = json.loads((self.root / "discs.model.json").read_text())
        return card


@pytest.fixture
def training(tmp_path: Path) -> Training:
    return Training(tmp_path)


def complaint(result: Result) -> str:
    """Return the one line that is said about wrong usage."""
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("acetate: error: ").strip()


def test_masks_make_a_model_and_its_card(training: Training) -> None:
    result = training.by_masks()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("learned from 3 pictures; classes 0, 1\nDice ")
    model = load_classifier(training.model)
    found = model.predict(scene(30, 22))
    assert ((found == 1) == disc(FRAME, 30, 22, 11)).mean() > 0.98
    card = training.card()
    assert card["classes"] == [0, 1]
    assert card["channels"] == 1
    assert [Path(each["picture"]).name for each in card["data"]] == ["a.png", "b.png", "c.png"]
    assert card["data"][0]["labels"]["255"] == int(disc(FRAME, *CENTRES["a"], 11).sum())
    assert card["scores"]["dice"] == model.calibration_.dice > 0.9
    assert card["scores"]["threshold"] == model.calibration_.threshold
    assert card["parameters"]["features"]["scales"] == [1, 2]
    assert len(card["features"]) == 10


def test_the_model_is_that_of_python(training: Training) -> None:
    assert training.by_strokes("--max-pixels", "60", "--folds", "4", "--seed", "7").exit_code == 0
    loaded = load_classifier(training.model)
    model = PixelClassifier(
        loaded.features, strokes=True, folds=4, max_pixels=60, random_state=7
    ).fit(scene(*CENTRES["a"]), marks(*CENTRES["a"]))
    image = scene(*CENTRES["b"])
    np.testing.assert_array_equal(loaded.predict_proba(image), model.predict_proba(image))


def test_pictures_without_strokes_are_left_out(training: Training) -> None:
    result = training.by_strokes("--threshold", "0.4", "--blur", "1", "--normalise")
    assert result.stdout.startswith("learned from 1 picture, 2 more have no labels; classes 0, 1\n")
    assert [Path(each["picture"]).name for each in training.card()["data"]] == ["a.png"]
    model = load_classifier(training.model)
    assert (model.calibration_.threshold, model.calibration_.blur) == (0.4, 1.0)
    assert model.features_.normalise


def test_one_file_may_hold_the_labels_of_all(training: Training) -> None:
    path = training.root / "all.png"
    images.write(path, marks(32, 24))
    result = training.train("--scribbles", str(path))
    assert result.stdout.startswith("learned from 3 pictures;")


def test_masks_of_several_values_are_several_classes(training: Training) -> None:
    x, y = CENTRES["b"]
    ring = disc(FRAME, x, y, 11).astype(np.uint8) * 2
    images.write(training.masks / "b.png", ring)
    images.write(training.masks / "a.png", np.uint8(5) * disc(FRAME, *CENTRES["a"], 11))
    (training.masks / "sub/c.png").unlink()
    assert training.by_masks().exit_code == 0
    assert training.card()["classes"] == [0, 2, 5]
    assert training.card()["scores"]["dice"] is None


def test_a_model_is_replaced_and_another_file_is_not(training: Training) -> None:
    training.by_masks()
    before = training.model.read_bytes()
    assert training.by_masks("--seed", "3").exit_code == 0
    assert training.model.read_bytes() != before
    picture = training.pictures / "a.png"
    kept = picture.read_bytes()
    result = training.by_masks("--out", str(picture))
    assert "--out would replace a file" in complaint(result)
    assert picture.read_bytes() == kept


def test_a_mask_of_another_size_is_a_row_and_the_rest_is_learned(training: Training) -> None:
    images.write(training.masks / "b.png", np.zeros((10, 12), np.uint8))
    result = training.by_masks()
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("failed: b.png: ")
    assert "is 10 x 12, the picture is 48 x 64" in result.stderr
    assert [each["picture"] for each in training.card()["left_out"]] == ["b.png"]
    assert load_classifier(training.model).classes_.tolist() == [0, 1]


def test_a_damaged_picture_is_a_row(training: Training) -> None:
    (training.pictures / "b.png").write_bytes(b"no picture")
    result = training.by_masks()
    assert result.exit_code == 1
    assert result.stderr.startswith("failed: b.png: ")


def test_nothing_usable_is_one_line(training: Training) -> None:
    images.write(training.strokes / "a.png", np.zeros((10, 12), np.uint8))
    said = complaint(training.by_strokes())
    assert said.startswith("no picture can be used; a.png: ")
    assert "is 10 x 12, the picture is 48 x 64" in said
    (training.strokes / "a.png").rename(training.strokes / "z.png")
    assert "has a file of the same name" in complaint(training.by_strokes())
    assert not training.model.exists()


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "no pixel is labelled"), (1, "are of one class, 0"), (2, "one class, 1")],
)
def test_strokes_of_no_or_one_class_are_one_line(training: Training, value: int, said: str) -> None:
    labels = marks(*CENTRES["a"])
    images.write(training.strokes / "a.png", np.where(labels == value, labels, 0).astype(np.uint8))
    assert said in complaint(training.by_strokes())
    assert not training.model.exists()


def test_colour_beside_gray_is_one_line(training: Training) -> None:
    images.write(training.pictures / "b.png", np.dstack([scene(*CENTRES["b"])] * 3))
    assert "as many channels, got [1, 3]" in complaint(training.by_masks())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "pass either --labels (dense masks) or --scribbles (strokes)"),
        (("--labels", "{root}", "--scribbles", "{root}"), "pass either --labels"),
        (("--labels", "{root}/masks", "--threshold", "2"), "'--threshold'"),
        (("--labels", "{root}/masks", "--folds", "1"), "'--folds'"),
        (("--labels", "{root}/masks", "--scales", "one"), "numbers with commas between them"),
        (("--labels", "{root}/masks", "--scales", "0.01"), "scales must be numbers from 0.1"),
        (("--labels", "{root}/masks", "--blurr", "1"), "the nearest is '--blur'"),
        (("--labels", "{root}/not-there"), "does not exist"),
    ],
)
def test_wrong_words_are_one_line(training: Training, more: tuple[str, ...], said: str) -> None:
    words = [word.format(root=training.root) for word in more]
    assert said in complaint(training.train(*words))
    assert not training.model.exists()


def test_the_bare_group_says_what_there_is() -> None:
    result = acetate("train")
    assert result.exit_code == 0
    assert "pixels" in result.stdout
    assert "the nearest is 'pixels'" in complaint(acetate("train", "pixles"))


def test_help_says_what_is_chosen_for_two_classes_alone() -> None:
    text = " ".join(acetate("train", "pixels", "--help").stdout.split())
    assert "Of the probability, for two classes" in text
    assert "from 0, 1, 2, 3 for two classes, and it is 0 for more" in text
    assert "from 0, 0.5, 1, 2, 4 for two classes, and it is 1 for more" in text


def test_labels_are_not_taken_for_pictures(training: Training) -> None:
    inside = training.pictures / "strokes"
    training.strokes.rename(inside)
    result = training.train("--scribbles", str(inside))
    assert result.stdout.startswith("learned from 1 picture, 2 more have no labels")


def test_rounds_and_clean_up_are_options(training: Training) -> None:
    words = ("--autocontext", "1", "--folds", "3", "--clean", "random-field", "--smoothness", "2")
    result = training.by_masks(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "cleaned up by random-field at smoothness 2" in result.stdout
    model = load_classifier(training.model)
    assert (model.autocontext, model.clean, model.calibration_.smoothness) == (1, "random-field", 2)
    assert len(model.earlier_) == 1
    card = training.card()
    assert card["parameters"]["autocontext"] == 1
    assert card["scores"]["smoothness"] == 2
    assert model.model_.n_features_in_ > model.earlier_[0].n_features_in_


def test_smoothness_without_a_clean_up_is_refused(training: Training) -> None:
    words = complaint(training.by_masks("--smoothness", "2"))
    assert words.endswith("--smoothness goes with --clean: pass heat-flow or random-field there")
    assert not training.model.exists()


def test_a_page_of_several_is_learned_from(training: Training) -> None:
    training.root.joinpath("in/a.png").unlink()
    pages = np.stack([np.full(FRAME, 7, np.uint8), scene(*CENTRES["a"])])
    tifffile.imwrite(training.pictures / "a.tif", pages, photometric="minisblack")
    result = training.by_strokes()
    assert result.exit_code == 2
    assert "choose one with --page 0 to --page 1" in result.stderr
    assert training.by_strokes("--page", "1").exit_code == 0
    assert training.card()["reading"] == {"page": 1, "profile": "convert"}
    model = load_classifier(training.model)
    plain = PixelClassifier(model.features, strokes=True, max_pixels=2000).fit(
        scene(*CENTRES["a"]), marks(*CENTRES["a"])
    )
    image = scene(*CENTRES["b"])
    assert np.array_equal(model.predict_proba(image), plain.predict_proba(image))

"""`acetate train unet`: the model and its card, predicting with it, going on, and trouble."""

import csv
import inspect
import json
import signal
from dataclasses import fields

import numpy as np
import pytest
from click.testing import Result
from data_set import acetate, disc

from acetate import images
from acetate.arrays import Array
from acetate.cli.predict_scores import object_rates

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

from acetate.learn.loop import Loop  # noqa: E402
from acetate.segment.unet import UNetSegmenter, UNetTraining  # noqa: E402
from acetate.segment.unet.options import UNetOptions  # noqa: E402

FRAME = (48, 64)
CENTRES = [(24, 20), (44, 26), (32, 24)]  # the second reaches into the end that is held out
QUICK = ("--base", "4", "--depth", "1", "--patch", "32", "--patches", "8", "--batch-size", "4")
QUICK += ("--learning-rate", "0.01", "--epochs", "6")


def scene(x: float, y: float) -> Array:
    noise = np.random.default_rng(3).normal(0, 4, FRAME)
    return np.clip(np.where(disc(FRAME, x, y, 11), 170, 60) + noise, 0, 255).astype(np.uint8)


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("in", "masks"):
        (tmp_path / folder).mkdir()
    for number, (x, y) in enumerate(CENTRES):
        images.write(f"in/{number}.png", scene(x, y))
        images.write_labels(f"masks/{number}.png", disc(FRAME, x, y, 11) * np.uint8(255))
    return tmp_path


def train(*more: str) -> Result:
    return acetate("train", "unet", "in", "--labels", "masks", "--out", "a.model", *QUICK, *more)


def test_train_and_predict(place):
    images.write("in/without.png", scene(30, 20))
    result = train("--run", "run")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Epoch 1: train_loss ")
    assert "val_dice" in lines[5]
    assert lines[6] == "learned from 3 pictures, 1 more have no labels; 6 epochs, ended by epochs"
    assert lines[7].startswith("Dice ")
    card = json.loads((place / "a.model.json").read_text())
    assert card["kind"] == "UNetSegmenter"
    assert (card["channels"], card["classes"]) == (1, [0, 1])
    assert card["parameters"]["options"]["learning_rate"] == 0.01
    assert len(card["data"]) == 3
    assert len(card["history"]["rows"]) == 6
    assert card["scores"]["dice"] == max(row["val_dice"] for row in card["history"]["rows"])
    assert card["learned_numbers"] > 1000
    names = {"last.ckpt", "best.safetensors", "history.csv", "history.json"}
    assert {path.name for path in (place / "run").iterdir()} == names

    found = acetate("predict", "a.model", "in", "--truth", "masks", "--out", "found")
    assert (found.exit_code, found.stderr) == (0, "")
    facts = json.loads((place / "found/facts/0.json").read_text())
    assert facts["threshold"] == 0.5
    with open("found/scores.csv", newline="") as file:
        scores = {row["picture"]: float(row["iou"]) for row in csv.DictReader(file)}
    assert set(scores) == {"0.png", "1.png", "2.png", "mean"}
    assert images.read_labels("found/masks/0.png").shape == FRAME


def test_a_training_goes_on(place):
    assert train("--run", "run", "--validation", "0").exit_code == 0
    first = (place / "a.model").read_bytes()
    again = train("--run", "run", "--validation", "0", "--resume")
    assert again.exit_code == 0
    assert not any(line.startswith("Epoch") for line in again.stdout.splitlines())
    assert (place / "a.model").read_bytes() == first


def test_an_earlier_training_is_not_overwritten(place):
    assert train("--run", "run").exit_code == 0
    found = acetate("predict", "run/best.safetensors", "in", "--out", "found")
    assert (found.exit_code, found.stderr) == (0, "")
    result = train("--run", "run")
    assert result.exit_code == 2
    assert "run holds an earlier training (last.ckpt); go on with it" in result.stderr
    images.write("in/0.png", scene(30, 20))
    result = train("--run", "run", "--resume")
    assert result.exit_code == 2
    assert "was trained with data.learned_pictures='sha256:" in result.stderr
    result = train("--run", "run", "--resume", "--base", "2")
    assert result.exit_code == 2
    assert "was trained with network.base=4, got 2" in result.stderr
    assert len(result.stderr) < 400


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_the_best_so_far_is_written_and_the_exit_code_says_so(place, sign, monkeypatch):
    report = Loop._report

    def press(self, done):
        report(self, done)
        if self.epoch == 3:
            signal.raise_signal(sign)

    monkeypatch.setattr(Loop, "_report", press)
    result = train()
    assert result.exit_code == 130
    assert "2 epochs, ended by interrupted" in result.stdout
    assert (place / "a.model").exists()


def test_folders_without_pictures_and_without_masks(place):
    (place / "empty").mkdir()
    result = acetate("train", "unet", "empty", "--labels", "masks", "--out", "a.model")
    assert result.exit_code == 2
    assert "there is no picture in empty" in result.stderr
    result = acetate("train", "unet", "in", "--labels", "empty", "--out", "a.model")
    assert "no picture of in has a file of the same name in empty" in result.stderr


def test_options_are_those_of_the_class(place):
    shown = acetate("train", "unet", "--help").stdout
    for each in [*fields(UNetOptions), *fields(UNetTraining)]:
        assert f"--{each.name.replace('_', '-')}" in shown
    signature = inspect.signature(UNetSegmenter).parameters
    for each in fields(UNetOptions):
        assert signature[each.name].default == each.default
    assert train("--window", "128", "--threshold", "0.4", "--epochs", "1").exit_code == 0
    card = json.loads((place / "a.model.json").read_text())
    assert (card["parameters"]["window"], card["parameters"]["threshold"]) == (128, 0.4)


def test_objects_are_numbered_in_the_masks(place):
    labels = np.zeros(FRAME, np.uint8)
    labels[8:40, 8:30], labels[8:40, 30:56] = 1, 2
    for number in range(3):
        images.write(f"in/{number}.png", np.where(labels > 0, 170, 60).astype(np.uint8))
        images.write_labels(f"masks/{number}.png", labels)
    assert train("--objects", "--base", "8", "--epochs", "12").exit_code == 0
    found = acetate("predict", "a.model", "in", "--truth", "masks", "--out", "found")
    assert (found.exit_code, found.stderr) == (0, "")
    mask = images.read_labels("found/masks/0.png")
    with open("found/scores.csv", newline="") as file:
        scores = list(csv.DictReader(file))
    rates = object_rates(mask, labels)
    assert float(scores[0]["object_f1"]) == rates.f1
    assert {float(scores[0][f"object_{name}"]) for name in ("precision", "recall")} == {
        rates.precision,
        rates.recall,
    }
    facts = json.loads((place / "found/facts/0.json").read_text())
    assert facts["scores"]["objects"]["f1"] == rates.f1
    with open("found/objects/0.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == facts["objects"] == mask.max()


def test_a_model_of_another_kind_is_not_replaced(place):
    assert train("--validation", "0").exit_code == 0
    before = (place / "a.model").read_bytes()
    given = ("in", "--labels", "masks", "--scales", "1,2", "--out")
    done = acetate("train", "pixels", *given, "a.model")
    assert done.exit_code == 2
    assert "would replace a UNetSegmenter by a PixelClassifier; choose another" in done.stderr
    assert (place / "a.model").read_bytes() == before
    assert acetate("train", "pixels", *given, "b.model").exit_code == 0
    done = train("--out", "b.model")
    assert done.exit_code == 2
    assert "would replace a PixelClassifier by a UNetSegmenter; choose another" in done.stderr


def test_a_checkpoint_is_told_from_a_model(place):
    torch.save({"w": torch.ones(2)}, place / "last.ckpt")
    done = acetate("predict", "last.ckpt", "in", "--out", "found")
    assert done.exit_code == 2
    assert "it is a file of torch, such as a checkpoint" in done.stderr


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--resume",), "pass --run too"),
        (("--loss", "dise"), "the nearest is 'dice'"),
        (("--ema", "2"), "ema must lie in [0, 0.99999], got 2"),
        (("--patch", "31"), "patch must be a multiple of 2 with depth=1, got 31"),
        (("--precision", "16-mixed", "--device", "cpu"), "needs a GPU"),
        (("--validation", "0", "--patience", "3"), "patience=3 waits"),
    ],
)
def test_wrong_usage_is_one_line(place, more, words):
    result = train(*more)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert not (place / "a.model").exists()


def test_files_that_are_no_models(place):
    (place / "a.model").write_bytes(b"something else that is dear to someone")
    result = train()
    assert result.exit_code == 2
    assert "--out would replace a file" in result.stderr
    assert (place / "a.model").read_bytes().startswith(b"something")
    result = acetate("predict", "a.model", "in", "--out", "found")
    assert result.exit_code == 2
    assert "and none of its networks" in result.stderr


def test_a_mask_of_one_class_and_one_of_another_size(place):
    images.write_labels("masks/0.png", np.ones((4, 4), np.uint8))
    result = train("--validation", "0", "--epochs", "1")
    assert result.exit_code == 1
    assert "labels and" in result.stderr
    for number in range(3):
        images.write_labels(f"masks/{number}.png", np.zeros(FRAME, np.uint8))
    result = train()
    assert result.exit_code == 2
    assert "all labelled pixels are of one class, 0" in result.stderr

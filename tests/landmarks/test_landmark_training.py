"""Training a detector: it learns, goes on where it was interrupted, and refuses what cannot be."""

import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from spots import NAMES, copies, write_spots

from acetate.landmarks.cross_validation import cross_validate
from acetate.landmarks.folds import Fold
from acetate.landmarks.judging import errors_of, predicted
from acetate.landmarks.model_card import ModelCard
from acetate.landmarks.prediction import LandmarkModel
from acetate.landmarks.presets import PRESETS, named_preset
from acetate.landmarks.run_folder import MODEL
from acetate.landmarks.tasks import loss_of, new_detector, task_of
from acetate.landmarks.training import Training, train_landmarks
from acetate.learn.model_file import save_model
from acetate.sheets.landmark_set import LandmarkSet

TINY = replace(PRESETS["small"], input_size=64, batch_size=4, epochs=3)


def test_a_tiny_network_learns_four_pictures_by_heart(tmp_path: Path) -> None:
    marks = write_spots(tmp_path, 4)
    lines: list[str] = []
    preset = replace(TINY, epochs=70, learning_rate=5e-3)
    trained = train_landmarks(
        marks,
        tmp_path,
        Training(preset, augmentation=None),
        copies(tmp_path, marks),
        say=lines.append,
    )
    assert trained.errors is not None
    assert trained.errors.mean < 1.0
    assert trained.history.best["pixel_error"] == pytest.approx(trained.errors.mean, abs=1e-3)
    assert len(lines) == 70
    best = trained.history.best
    assert lines[trained.history.best_epoch - 1] == (
        f"Epoch {trained.history.best_epoch}: pixel error {best['pixel_error']:.1f} px, "
        f"val loss {best['val_loss']:.4f}"
    )


def test_half_of_the_points_lie_where_half_of_them_should(tmp_path: Path) -> None:
    marks = write_spots(tmp_path, 8)
    preset = replace(TINY, epochs=15)
    judged = copies(tmp_path, marks)
    model = train_landmarks(marks, tmp_path, Training(preset, augmentation=None), judged).model
    assert model.card.covariance_scale != 1.0
    found = predicted(model, marks.pictures, tmp_path)
    away = np.stack([each.points for each in found.values()]) - marks.points
    spread = np.stack([each.covariance for each in found.values()])
    known = np.isfinite(spread).all(axis=(2, 3))
    inverse = np.linalg.inv(spread[known])
    squares = np.einsum("ni,nij,nj->n", away[known], inverse, away[known])
    assert np.median(squares) == pytest.approx(2 * np.log(2), rel=0.05)


@pytest.mark.parametrize("loss", ["l1", "smooth-l1", "wing"])
def test_regression_learns_too(tmp_path: Path, loss: str) -> None:
    marks = write_spots(tmp_path, 4)
    preset = replace(TINY, kind="regression", loss=loss, epochs=25, learning_rate=1e-3)
    judged = copies(tmp_path, marks)
    trained = train_landmarks(marks, tmp_path, Training(preset, augmentation=None), judged)
    assert trained.history.best["pixel_error"] < trained.history.rows[0]["pixel_error"]
    assert trained.errors is not None
    assert trained.errors.mean < 8  # the middle is 9 px away


@pytest.mark.parametrize("loss", ["cross-entropy-l1", "dsnt", "readme", "l1"])
def test_every_loss_trains(tmp_path: Path, loss: str) -> None:
    marks = write_spots(tmp_path, 4)
    preset = replace(TINY, loss=loss)
    trained = train_landmarks(marks, tmp_path, Training(preset), validation=0)
    losses = [row["train_loss"] for row in trained.history.rows]
    assert np.isfinite(losses).all()
    assert trained.found is None
    assert set(trained.model.card.scores) == set()


def test_resume_equals_uninterrupted(tmp_path: Path) -> None:
    marks = write_spots(tmp_path / "pictures")
    preset = replace(TINY, epochs=4, ema=0.9)

    def stop(line: str) -> None:
        if line.startswith("Epoch 3"):
            raise RuntimeError(line)

    arguments = (marks, tmp_path / "pictures", Training(preset), 0.4)
    whole = train_landmarks(*arguments, folder=tmp_path / "whole")
    with pytest.raises(RuntimeError, match="Epoch 3"):
        train_landmarks(*arguments, folder=tmp_path / "parts", say=stop)
    parts = train_landmarks(*arguments, folder=tmp_path / "parts", resume=True)
    one, other = ((tmp_path / name / MODEL).read_bytes() for name in ("whole", "parts"))
    assert one == other
    for row, again in zip(whole.history.rows, parts.history.rows, strict=True):
        assert {**row, "seconds": 0} == {**again, "seconds": 0}


def test_ctrl_c_keeps_what_was_learned(tmp_path: Path) -> None:
    marks = write_spots(tmp_path / "pictures")
    calls = []

    def press(done: int, _total: int | None, text: str) -> None:
        calls.append(text)
        if done == after and text.startswith("epoch"):
            signal.raise_signal(signal.SIGINT)

    preset = replace(TINY, epochs=4, batch_size=1)  # four steps an epoch
    arguments = (marks, tmp_path / "pictures", Training(preset), 0.4)
    after = 1
    with pytest.raises(KeyboardInterrupt):
        train_landmarks(*arguments, folder=tmp_path / "first", progress=press)
    assert not (tmp_path / "first" / MODEL).exists()
    after = 6
    assert {"00.png", "epoch 1"} <= set(calls)  # reading pictures is shown too
    trained = train_landmarks(*arguments, folder=tmp_path / "second", progress=press)
    assert trained.history.stopped == "interrupted"
    assert len(trained.history.rows) == 1
    assert LandmarkModel.load(tmp_path / "second" / MODEL).card.training["epochs"] == 1
    on = train_landmarks(*arguments, folder=tmp_path / "second", resume=True)
    assert [row["epoch"] for row in on.history.rows] == [1, 2, 3, 4]


def test_what_a_folder_gets(tmp_path: Path) -> None:
    marks = write_spots(tmp_path / "pictures").with_spacing(0.5)
    folder = tmp_path / "out"
    trained = train_landmarks(marks, tmp_path / "pictures", Training(TINY), 0.4, folder=folder)
    kinds = {path.name for path in folder.iterdir()}
    assert kinds == {MODEL, "data.json", "last.ckpt", "history.csv", "history.json"}
    card = ModelCard.read(folder / MODEL)
    assert card == ModelCard.from_dict(trained.model.card.to_dict())
    assert card.names == NAMES
    assert card.mirror == {"left": "right", "right": "left"}
    assert card.spacing == {"least": 0.5, "median": 0.5, "most": 0.5}
    assert (card.training["pictures"], card.training["validation_pictures"]) == (4, 2)
    assert card.scores["unit"] == "mm"
    assert trained.errors is not None
    assert card.scores["overall"]["mean"] == pytest.approx(trained.errors.mean)
    assert [each["landmark"] for each in card.scores["landmarks"]] == list(NAMES)


def test_new_weights_are_a_function_of_the_seed() -> None:
    def weights(seed: int) -> torch.Tensor:
        return torch.cat(
            [p.flatten() for p in new_detector(replace(TINY, seed=seed), 2).parameters()]
        )

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))


def test_a_batch_without_a_point_has_loss_zero() -> None:
    for preset in (TINY, replace(TINY, kind="regression", loss="wing")):
        task = task_of(new_detector(preset, 3), preset)
        batch = {"image": torch.rand(2, 1, 64, 64), "points": torch.full((2, 3, 2), torch.nan)}
        loss = task.loss(batch)
        loss.backward()
        assert loss.item() == 0
        assert all(torch.isfinite(p.grad).all() for p in task.parameters() if p.grad is not None)
        batch |= {
            "truth": batch["points"].double(),
            "matrix": torch.eye(2, 3)[None].repeat(2, 1, 1),
        }
        with torch.no_grad():
            assert task.judge(batch)["pixel_error"] == (0.0, 0.0)


def test_pictures_without_points_are_left_out(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    points = marks.points.copy()
    points[[1, 4]] = np.nan
    points[0, 2] = np.nan
    trained = train_landmarks(marks.with_points(points), tmp_path, Training(TINY), 0.25)
    assert trained.model.card.training["pictures"] == 3
    assert trained.found is not None
    assert not {"01.png", "04.png"} & set(trained.found.pictures)


def test_a_trained_model_gives_its_weights(tmp_path: Path) -> None:
    marks = write_spots(tmp_path / "pictures")
    quick = replace(TINY, epochs=2)
    first = train_landmarks(
        marks, tmp_path / "pictures", Training(quick), 0.4, folder=tmp_path / "a"
    )
    still = replace(quick, epochs=1, learning_rate=1e-9, ema=0.0)
    again = Training(still, weights=tmp_path / "a" / MODEL)
    second = train_landmarks(marks, tmp_path / "pictures", again, 0.4)
    one, other = (each.model.detector.head.final.weight for each in (first, second))
    torch.testing.assert_close(one, other, atol=1e-6, rtol=0)


def test_weights_of_other_landmarks_are_refused(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    model = train_landmarks(marks, tmp_path, Training(replace(TINY, epochs=1)), 0.4).model
    model.save(tmp_path / "three.safetensors")
    other = LandmarkSet(["a", "b", "c"], marks.pictures, marks.points)
    training = Training(TINY, weights=tmp_path / "three.safetensors")
    with pytest.raises(ValueError, match="finds left, right, top, not a, b, c"):
        train_landmarks(other, tmp_path, training)
    # A file whose weights are of another count than its card says.
    card = ModelCard.from_dict(model.card.to_dict())
    two = new_detector(TINY, 2)
    save_model(tmp_path / "wrong.safetensors", two.state_dict(), card.to_dict())
    with pytest.raises(ValueError, match=r"wrong.safetensors: the weights are of a detector of 2"):
        LandmarkModel.load(tmp_path / "wrong.safetensors")


def test_cross_validation_judges_every_picture_once(tmp_path: Path) -> None:
    marks = write_spots(tmp_path / "pictures")
    quick = Training(replace(TINY, epochs=1))
    lines: list[str] = []
    done = cross_validate(
        marks, tmp_path / "pictures", quick, 2, folder=tmp_path / "out", say=lines.append
    )
    assert sorted(done.found.pictures) == list(marks.pictures)
    assert done.errors.radial.shape == (6, 3)
    assert [line for line in lines if line.startswith("Fold")] == ["Fold 1 of 2", "Fold 2 of 2"]
    again = cross_validate(
        marks, tmp_path / "pictures", quick, 2, folder=tmp_path / "out", resume=True
    )
    np.testing.assert_array_equal(again.found.points, done.found.points)
    assert all(not each.history.rows for each in again.trained)  # nothing was trained anew


def test_errors_are_in_mm_where_all_spacings_are_known(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    off = marks.with_points(marks.points + np.array([3, 4]))
    assert errors_of(off, marks.with_spacing(0.2)).mean == pytest.approx(1.0)
    partly = marks.with_spacing({"00.png": 0.2})
    assert (errors_of(off, partly).unit, errors_of(off, partly).mean) == ("px", pytest.approx(5.0))


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    none = marks.with_points(np.full(marks.points.shape, np.nan))
    empty = LandmarkSet(NAMES, [], [])
    for nothing in (none, empty):
        for validation in (0.15, 0, marks):
            with pytest.raises(ValueError, match="no picture has a landmark to learn from"):
                train_landmarks(nothing, tmp_path, Training(TINY), validation)
    with pytest.raises(ValueError, match="no picture has a landmark to learn from"):
        train_landmarks(marks, tmp_path, Training(TINY), none)
    points = marks.points.copy()
    points[:, 2] = np.nan
    with pytest.raises(ValueError, match=r"no training picture has 'top'; .* command line --name"):
        train_landmarks(marks.with_points(points), tmp_path, Training(TINY))


def test_other_bad_input(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    with pytest.raises(ValueError, match="'smal'; the nearest is 'small'"):
        named_preset("smal")
    with pytest.raises(ValueError, match=r"the validation has the landmarks left, right"):
        train_landmarks(marks, tmp_path, Training(TINY), marks.select(names=["left", "right"]))
    with pytest.raises(ValueError, match=r"between 0 and 1, got 1\.5"):
        train_landmarks(marks, tmp_path, Training(TINY), 1.5)
    with pytest.raises(ValueError, match="6 pictures need a group each, got 1"):
        train_landmarks(marks, tmp_path, Training(TINY), groups=["a"])
    regression = replace(TINY, kind="regression", loss="dsnt")
    with pytest.raises(ValueError, match="learns with l1, smooth-l1, wing, got 'dsnt'"):
        train_landmarks(marks, tmp_path, Training(regression))
    fold = Fold(np.arange(4), np.arange(4, 6))
    with pytest.raises(FileNotFoundError, match="No such file"):
        train_landmarks(marks, tmp_path, Training(TINY, weights="absent.safetensors"), fold)


def test_a_folder_of_another_training_is_not_gone_on_with(tmp_path: Path) -> None:
    marks = write_spots(tmp_path / "pictures")
    out = tmp_path / "out"
    quick = Training(replace(TINY, epochs=1))
    train_landmarks(marks, tmp_path / "pictures", quick, 0.4, folder=out)
    other = Training(replace(TINY, epochs=1, sigma=2.5))
    with pytest.raises(ValueError, match=r"was trained with sigma=1.0, got 2.5"):
        train_landmarks(marks, tmp_path / "pictures", other, 0.4, folder=out, resume=True)
    fewer = marks.take(range(5))
    with pytest.raises(ValueError, match="other landmarks or pictures"):
        train_landmarks(fewer, tmp_path / "pictures", quick, 0.4, folder=out, resume=True)


def test_losses_take_the_numbers_of_the_preset() -> None:
    loss = loss_of(replace(TINY, loss="readme", sigma=2.0, coordinate_weight=0.7))
    assert (loss.sigma, loss.coordinate_weight) == (2.0, 0.7)  # type: ignore[attr-defined]


@pytest.mark.slow
def test_two_processes_train(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    preset = replace(TINY, epochs=2, batch_size=2, devices=2, device="cpu")
    trained = train_landmarks(marks, tmp_path, Training(preset), 0.4)
    assert len(trained.history.rows) == 2
    assert np.isfinite(trained.history.best["pixel_error"])

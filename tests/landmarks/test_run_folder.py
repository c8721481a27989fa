"""Folders of trainings: begun anew when all is checked, gone on with if it is the same."""

import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spots import write_spots

from acetate.landmarks.cross_validation import cross_validate
from acetate.landmarks.model_card import ModelCard
from acetate.landmarks.presets import PRESETS
from acetate.landmarks.run_folder import CHECKPOINT, MODEL, fold_folders
from acetate.landmarks.training import Training, train_landmarks
from acetate.sheets.landmark_set import LandmarkSet

TINY = replace(PRESETS["small"], input_size=32, batch_size=4, epochs=1)
QUICK = Training(TINY)


@pytest.fixture
def marks(tmp_path: Path) -> LandmarkSet:
    return write_spots(tmp_path / "pictures")


def learn(marks: LandmarkSet, place: Path, how: Training = QUICK, **options: object) -> None:
    train_landmarks(marks, place / "pictures", how, 0.4, folder=place / "out", **options)  # type: ignore[arg-type]


def fold(
    marks: LandmarkSet, place: Path, parts: int = 2, how: Training = QUICK, **options: object
) -> None:
    cross_validate(marks, place / "pictures", how, parts, folder=place / "out", **options)  # type: ignore[arg-type]


def stamps(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob(MODEL))}


def pressing(which: int) -> Callable[[int, int | None, str], None]:
    """Return a progress that presses Ctrl-C in the second epoch of so many trainings."""
    seen = []

    def progress(_done: int, _total: int | None, text: str) -> None:
        if text == "epoch 2":
            seen.append(text)
            if len(seen) == which:
                signal.raise_signal(signal.SIGINT)

    return progress


def test_an_older_model_stays_until_all_is_checked(marks: LandmarkSet, tmp_path: Path) -> None:
    learn(marks, tmp_path)
    before = (tmp_path / "out" / MODEL).read_bytes()
    (tmp_path / "pictures/03.png").write_bytes(b"no picture")
    for folds in (False, True):
        with pytest.raises(ValueError, match=r"03\.png"):
            (fold if folds else learn)(marks, tmp_path)
        assert (tmp_path / "out" / MODEL).read_bytes() == before
        assert (tmp_path / "out" / CHECKPOINT).exists()


def test_a_model_gives_its_weights_to_the_one_that_takes_its_place(
    marks: LandmarkSet, tmp_path: Path
) -> None:
    learn(marks, tmp_path)
    path = tmp_path / "out" / MODEL
    before = path.read_bytes()
    learn(marks, tmp_path, Training(TINY, weights=path))
    assert path.read_bytes() != before
    assert ModelCard.read(path).training["weights"] == str(path)


def test_nothing_goes_on_from_what_is_done_anew(marks: LandmarkSet, tmp_path: Path) -> None:
    learn(marks, tmp_path)
    other = marks.with_points(marks.points + 0.5)

    def stop(_done: int, _total: int | None, text: str) -> None:
        if text == "epoch 1":
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        learn(other, tmp_path, progress=stop)
    assert (tmp_path / "out" / MODEL).exists()
    lines: list[str] = []
    learn(other, tmp_path, resume=True, say=lines.append)
    assert len(lines) == 1  # the epoch was not one of the older training's


def test_an_interrupted_fold_is_not_a_finished_one(marks: LandmarkSet, tmp_path: Path) -> None:
    how = Training(replace(TINY, epochs=3))
    with pytest.raises(KeyboardInterrupt):
        fold(marks, tmp_path, how=how, progress=pressing(2))
    models = [folder / MODEL for folder in fold_folders(tmp_path / "out")]
    assert ModelCard.read(models[1]).training["stopped"] == "interrupted"
    first = models[0].stat().st_mtime_ns
    fold(marks, tmp_path, how=how, resume=True)
    assert models[0].stat().st_mtime_ns == first
    card = ModelCard.read(models[1])
    assert (card.training["epochs"], card.training["stopped"]) == (3, "epochs")
    # The same bytes as without an interruption.
    parts = [path.read_bytes() for path in models]
    fold(marks, tmp_path, how=how)
    assert [path.read_bytes() for path in models] == parts


def test_folds_of_other_data_or_numbers_are_not_gone_on_with(
    marks: LandmarkSet, tmp_path: Path
) -> None:
    fold(marks, tmp_path)
    before = stamps(tmp_path / "out")
    for parts in (3, 2):
        with pytest.raises(ValueError, match="other landmarks or pictures"):
            fold(marks.with_points(marks.points + 1), tmp_path, parts, resume=True)
    with pytest.raises(ValueError, match="other landmarks or pictures"):
        fold(marks, tmp_path, 3, resume=True)
    with pytest.raises(ValueError, match=r"was trained with sigma=1.0, got 2.5"):
        fold(marks, tmp_path, how=Training(replace(TINY, sigma=2.5)), resume=True)
    assert stamps(tmp_path / "out") == before


def test_fewer_folds_leave_none_of_the_older_ones(marks: LandmarkSet, tmp_path: Path) -> None:
    fold(marks, tmp_path, 3)
    with pytest.raises(ValueError, match="a cross-validation of more than 2 folds"):
        fold(marks, tmp_path, 2, resume=True)
    fold(marks, tmp_path, 2)
    assert [path.name for path in fold_folders(tmp_path / "out")] == ["fold-1", "fold-2"]


def test_one_model_and_folds_are_not_mixed(marks: LandmarkSet, tmp_path: Path) -> None:
    learn(marks, tmp_path)
    with pytest.raises(ValueError, match="training of a single model, not a cross-validation"):
        fold(marks, tmp_path, resume=True)
    fold(marks, tmp_path)
    assert not (tmp_path / "out" / MODEL).exists()
    with pytest.raises(ValueError, match=r"a cross-validation \(fold-1, ...\), not a single"):
        learn(marks, tmp_path, resume=True)
    (tmp_path / "out/fold-1/mine.txt").write_text("of the user")
    learn(marks, tmp_path)
    assert [path.name for path in fold_folders(tmp_path / "out")] == ["fold-1"]
    assert [path.name for path in (tmp_path / "out/fold-1").iterdir()] == ["mine.txt"]


def test_weights_of_a_fold_are_not_those_to_begin_folds_with(
    marks: LandmarkSet, tmp_path: Path
) -> None:
    fold(marks, tmp_path)
    weights = tmp_path / "out/fold-1" / MODEL
    with pytest.raises(ValueError, match="is the model of a fold, which has seen"):
        fold(marks, tmp_path, how=Training(TINY, weights=weights))
    assert weights.exists()


def test_more_epochs_go_on(marks: LandmarkSet, tmp_path: Path) -> None:
    still = replace(TINY, schedule="constant", warmup=0.0)
    fold(marks, tmp_path, how=Training(still))
    fold(marks, tmp_path, how=Training(replace(still, epochs=2)), resume=True)
    for folder in fold_folders(tmp_path / "out"):
        assert ModelCard.read(folder / MODEL).training["epochs"] == 2
    assert np.isfinite(ModelCard.read(folder / MODEL).covariance_scale)

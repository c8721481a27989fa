"""The folder of a training: what it is about, what of it is finished, what is in the way."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from acetate.files import PathLike, atomic, printable
from acetate.landmarks.model_card import ModelCard
from acetate.landmarks.prediction import LandmarkModel
from acetate.landmarks.presets import Preset
from acetate.learn.checkpoint import NAME as CHECKPOINT
from acetate.learn.checkpoint import check_options

MODEL, DATA = "model.safetensors", "data.json"
_BEST = "best.safetensors"
# All that training writes, the model last.
_FILES = (CHECKPOINT, DATA, _BEST, "history.csv", "history.json", MODEL)

About = Mapping[str, Any]


def fold_folders(folder: PathLike) -> list[Path]:
    """Return the folders of a cross-validation's models, by number.

    Examples
    --------
    >>> fold_folders("nowhere")
    []
    """
    found = [path for path in Path(folder).glob("fold-*") if path.name[5:].isdecimal()]
    return sorted(found, key=lambda path: int(path.name[5:]))


def is_begun(folder: PathLike) -> bool:
    """Return whether a folder holds a training itself, finished or not.

    Examples
    --------
    >>> is_begun("nowhere")
    False
    """
    return any((Path(folder) / name).is_file() for name in (MODEL, CHECKPOINT))


def digest_of(about: About) -> str:
    """Return what a model's card says of its data: equal for equal ones.

    Examples
    --------
    >>> digest_of({"weights": "none"})[:8]
    '9e482b3a'
    """
    return sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def check_same(folder: Path, about: About) -> None:
    """Raise if a folder's training is about other data.

    Raises
    ------
    ValueError
        With what to do.
    """
    note = folder / DATA
    if note.exists() and json.loads(note.read_bytes()) != about:
        raise ValueError(
            f"{printable(folder)} is a training with other landmarks or pictures, augmentation or "
            "weights; a training goes on with its own only: pass the same, or another folder"
        )


def check_unmixed(folder: Path, parts: int | None) -> None:
    """Raise if a folder holds what would be mixed up with a training that goes on there.

    Parameters
    ----------
    folder : Path
        Of the training.
    parts : int or None
        Folds of a cross-validation; None is a single model.

    Raises
    ------
    ValueError
        If it holds a single model beside folds, or other folds.
    """
    others = [path for path in fold_folders(folder) if is_begun(path)]
    if parts is None and others:
        what = f"a cross-validation ({others[0].name}, ...), not a single model"
    elif parts is not None and is_begun(folder):
        what = "the training of a single model, not a cross-validation"
    elif parts is not None and others and int(others[-1].name[5:]) > parts:
        what = f"a cross-validation of more than {parts} folds"
    else:
        return
    raise ValueError(
        f"{printable(folder)} holds {what}; go on with the same, begin anew, or pass another folder"
    )


def note(folder: Path, about: About, resume: bool) -> None:
    """Write down what a training is about, before it begins.

    A training that does not go on takes away the older one's checkpoint, so that nothing goes on
    from that; its model stays until there is a new one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not resume:
        for name in (CHECKPOINT, _BEST):
            (folder / name).unlink(missing_ok=True)
    with atomic(folder / DATA, "w") as file:
        file.write(json.dumps(about, indent=1) + "\n")


def note_none(folder: Path) -> None:
    """Let no fold of a cross-validation be gone on with; models stay until there are new ones."""
    for path in fold_folders(folder):
        for name in (CHECKPOINT, _BEST, DATA):
            (path / name).unlink(missing_ok=True)


def is_finished(folder: Path, about: About, preset: Preset) -> bool:
    """Return whether a folder holds the finished model of a training.

    Parameters
    ----------
    folder : Path
        Of one model.
    about : mapping
        Its data.
    preset : Preset
        Its numbers.

    Raises
    ------
    OSError
        If the model cannot be read.
    ValueError
        If it is the folder of other data or numbers, or holds something else as its model.
    """
    check_same(folder, about)
    if not (folder / MODEL).is_file():
        return False
    card = ModelCard.read(folder / MODEL)
    told = card.training
    if told.get("data") != digest_of(about) or told.get("stopped") == "interrupted":
        return False
    check_options(folder / MODEL, card.preset, preset)
    # More epochs may be asked for than it had.
    return told.get("stopped") != "epochs" or told.get("epochs", 0) >= preset.epochs


def save(model: LandmarkModel, folder: Path) -> None:
    """Write a finished model into its folder, in place of an older one."""
    model.save(folder / MODEL)
    (folder / _BEST).unlink(missing_ok=True)  # the same weights, without scores


def forget(folder: Path) -> None:
    """Take away what training wrote into a folder, and the folder if nothing else is in it."""
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def forget_others(folder: Path, parts: int | None) -> None:
    """Take away what an older training left that is none of a new one's models.

    Parameters
    ----------
    folder : Path
        Of the training, which is finished.
    parts : int or None
        As for `check_unmixed`.
    """
    for path in fold_folders(folder):
        if int(path.name[5:]) > (parts or 0):
            forget(path)
    if parts is not None:
        forget(folder)

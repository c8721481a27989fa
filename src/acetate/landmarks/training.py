"""Train a detector on a landmark set, judge it by pictures that it did not see, and save it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from acetate import __version__
from acetate.files import PathLike
from acetate.landmarks.augmentation import Augmentation
from acetate.landmarks.data import LandmarkData
from acetate.landmarks.folds import Fold, split
from acetate.landmarks.found import landmark_set
from acetate.landmarks.judging import Trained, covariance_scale, errors_of, predicted
from acetate.landmarks.learnable import annotated, check_apart, check_learnable
from acetate.landmarks.model_card import KIND, ModelCard
from acetate.landmarks.network.weights import load_weights
from acetate.landmarks.pictures import find_files
from acetate.landmarks.prediction import LandmarkModel
from acetate.landmarks.presets import Preset, named_preset
from acetate.landmarks.run_folder import (
    check_same,
    check_unmixed,
    digest_of,
    forget_others,
    note,
    save,
)
from acetate.landmarks.tasks import Detector, new_detector, task_of
from acetate.learn.devices import device_of
from acetate.learn.history import History
from acetate.learn.model_file import load_model, read_card
from acetate.learn.training import train
from acetate.measure.distances import LandmarkErrors
from acetate.sheets.landmark_set import LandmarkSet

Progress = Callable[[int, int | None, str], None]
Say = Callable[[str], None]

_USUAL = Augmentation()


@dataclass(frozen=True)
class Training:
    """How a detector is trained: all but the data.

    Parameters
    ----------
    preset : Preset
        Its numbers; `acetate.landmarks.presets.PRESETS` has some by name.
    augmentation : Augmentation or None
        How pictures vary; None shows them as they are.
    weights : path
        "none", "hub", or a file: what the network begins with. A landmark model of the same
        landmarks gives all of its weights, others those of the body.
    memory : float
        Megabytes of pictures to keep.

    Examples
    --------
    >>> Training(named_preset("small")).weights
    'none'
    """

    preset: Preset
    augmentation: Augmentation | None = _USUAL
    weights: PathLike = "none"
    memory: float = 2048


def train_landmarks(
    landmarks: LandmarkSet,
    pictures: PathLike,
    training: Training | str = "small",
    validation: float | Fold | LandmarkSet = 0.15,
    *,
    groups: Sequence[str] | None = None,
    folder: PathLike | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Trained:
    """Train a detector.

    Parameters
    ----------
    landmarks : LandmarkSet
        What it learns from.
    pictures : path
        The folder of the pictures.
    training : Training or str
        How; the name of a preset stands for it with everything else as usual.
    validation : float, Fold or LandmarkSet
        By what it is judged while it learns: a part of the pictures, drawn with the preset's
        seed; certain ones; or another set, whose pictures lie in the same folder. 0 learns from
        all.
    groups : sequence of str, optional
        What each picture belongs to; groups are not divided.
    folder : path, optional
        Where to write the model (``model.safetensors``), checkpoints and the history, and
        ``data.json``, by which a training is known again.
    resume : bool
        Whether to go on from the folder's last checkpoint: the result is that of a training that
        was not interrupted.
    progress, say : callables, optional
        Told of pictures that are read and of steps, and a line for every epoch.

    Returns
    -------
    Trained
        The model and what became of it.

    Raises
    ------
    OSError
        If a picture is not there or cannot be read.
    ValueError
        If there is nothing to learn from, a picture is none or on both sides, weights are of
        other landmarks, or the folder's checkpoint is of another training. What the folder held
        before is still there then: a new model takes the old one's place when it is finished.
    KeyboardInterrupt
        If it was interrupted in the first epoch; later on what was learned is returned.

    Examples
    --------
    >>> import tempfile
    >>> from dataclasses import replace
    >>> from acetate import images
    >>> marks = LandmarkSet(["nose"], ["a.png", "b.png"], [[[8.0, 4.0]], [[9.0, 5.0]]])
    >>> quick = replace(named_preset("small"), epochs=1, input_size=64)
    >>> with tempfile.TemporaryDirectory() as place:
    ...     for name in marks.pictures:
    ...         images.write(f"{place}/{name}", np.eye(16, dtype=np.uint8))
    ...     trained = train_landmarks(marks, place, Training(quick))
    >>> trained.found.points.shape, len(trained.history.rows)
    ((1, 1, 2), 1)
    """
    how = Training(named_preset(training)) if isinstance(training, str) else training
    learned, judged = _divided(landmarks, validation, how.preset.seed, groups, pictures)
    place = None if folder is None else Path(folder)
    about = about_data(learned, judged, how)
    if place is not None and resume:
        check_unmixed(place, None)
        check_same(place, about)
    device_of(how.preset.device, how.preset.devices)
    detector = new_detector(how.preset, len(landmarks.names))
    _begin(detector, how.weights, landmarks.names)
    card = _card(learned, detector, how, about)
    task = task_of(detector, how.preset, card.to_dict())
    training_data = _data(learned, pictures, how, how.augmentation, progress)
    judged_data = None if judged is None else _data(judged, pictures, how, None, progress)
    if place is not None:
        note(place, about, resume)  # all that can be wrong has been looked at
    history = train(
        task,
        training_data,
        judged_data,
        how.preset,
        folder=place,
        resume=resume,
        progress=progress,
        say=say,
    )
    if not history.rows:
        raise KeyboardInterrupt  # before there was anything to keep
    return _finished(detector, card, history, (judged, pictures), place)


def _divided(
    landmarks: LandmarkSet,
    validation: float | Fold | LandmarkSet,
    seed: int,
    groups: Sequence[str] | None,
    pictures: PathLike,
) -> tuple[LandmarkSet, LandmarkSet | None]:
    """Return what is learned from and what it is judged by, both of it checked."""
    if isinstance(validation, Fold):
        find_files(landmarks.pictures, pictures)
        learned: LandmarkSet = landmarks.take(validation.training)
        judged: LandmarkSet | None = landmarks.take(validation.validation)
    elif isinstance(validation, LandmarkSet):
        _check_names(landmarks, validation)
        learned = annotated(landmarks, pictures)[0]
        judged = annotated(validation, pictures)[0]
    else:
        learned, groups = annotated(landmarks, pictures, groups)
        judged = None
        if validation != 0:
            fold = split(len(learned), validation, seed, groups)
            learned, judged = learned.take(fold.training), learned.take(fold.validation)
    check_learnable(learned, pictures)
    if judged is not None:
        check_apart(learned, judged, pictures)
    return learned, judged


def _check_names(landmarks: LandmarkSet, validation: LandmarkSet) -> None:
    if validation.names != landmarks.names:
        raise ValueError(
            f"the validation has the landmarks {', '.join(validation.names)}, the training "
            f"{', '.join(landmarks.names)}; keep the same of both, in one order (on the command "
            "line --name, in Python LandmarkSet.select)"
        )


def about_data(
    learned: LandmarkSet, judged: LandmarkSet | None, training: Training
) -> dict[str, Any]:
    """Return what tells a training from others, beside its preset, in values of JSON.

    Examples
    --------
    >>> marks = LandmarkSet(["nose"], ["a.png"], [[[8.0, 4.0]]])
    >>> about_data(marks, None, Training(named_preset("small")))["pictures"]
    [['a.png']]
    """
    parts = [learned] if judged is None else [learned, judged]
    digest = sha256()
    for part in parts:
        digest.update(json.dumps([part.names, part.pictures, part.mirror]).encode())
        digest.update(part.points.tobytes())
    return {
        "pictures": [list(part.pictures) for part in parts],
        "landmarks": digest.hexdigest(),
        "augmentation": None if training.augmentation is None else asdict(training.augmentation),
        "weights": str(training.weights),
    }


def _begin(detector: Detector, weights: PathLike, names: Sequence[str]) -> None:
    """Put weights into a detector: all, of a model of the same landmarks, or the body's."""
    if str(weights) not in ("none", "hub") and _is_landmark_model(weights):
        state, values = load_model(weights)
        card = ModelCard.from_dict(values, weights)
        if card.detector == detector.config:
            if card.names != tuple(names):
                raise ValueError(f"{weights} finds {', '.join(card.names)}, not {', '.join(names)}")
            detector.load_state_dict(state)
            return
    load_weights(detector, weights)


def _is_landmark_model(path: PathLike) -> bool:
    try:
        return read_card(path).get("kind") == KIND
    except ValueError:
        return False  # a file of another house


def _card(
    learned: LandmarkSet, detector: Detector, how: Training, about: Mapping[str, Any]
) -> ModelCard:
    known = learned.spacing[np.isfinite(learned.spacing)]
    middle = (
        {"least": known.min(), "median": np.median(known), "most": known.max()}
        if known.size
        else {}
    )
    return ModelCard(
        learned.names,
        dict(learned.mirror),
        detector.config,
        how.preset.input_size,
        asdict(how.preset),
        {
            "pictures": len(learned),
            "augmentation": None if how.augmentation is None else asdict(how.augmentation),
            "weights": str(how.weights),
            "data": digest_of(about),
        },
        spacing={name: float(value) for name, value in middle.items()},
        acetate=__version__,
    )


def _data(
    landmarks: LandmarkSet,
    pictures: PathLike,
    how: Training,
    augmentation: Augmentation | None,
    progress: Progress | None,
) -> LandmarkData:
    preset = how.preset
    return LandmarkData(
        landmarks,
        pictures,
        preset.input_size,
        preset.channels,
        augmentation,
        preset.seed,
        how.memory,
        progress,
    )


def _finished(
    detector: Detector,
    card: ModelCard,
    history: History,
    judged: tuple[LandmarkSet | None, PathLike],
    folder: Path | None,
) -> Trained:
    """Judge the best weights once more as they are used, and save them with their scores."""
    truth, pictures = judged
    told, found, errors = _told(card, history, truth), None, None
    if truth is not None:
        predictions = predicted(LandmarkModel(detector, card), truth.pictures, pictures)
        found = landmark_set(predictions, truth.names)
        errors = errors_of(found, truth)
        told = _scored(told, errors, covariance_scale(predictions, truth))
    model = LandmarkModel(detector, told)
    if folder is not None:
        save(model, folder)
        forget_others(folder, None)
    return Trained(model, history, found, errors)


def _told(card: ModelCard, history: History, truth: LandmarkSet | None) -> ModelCard:
    """Return the card with how the training went."""
    about: dict[str, Any] = {
        **card.training,
        "validation_pictures": 0 if truth is None else len(truth),
        "epochs": len(history.rows),
        "best_epoch": history.best_epoch,
        "stopped": history.stopped,
    }
    return replace(card, training=about)


def _scored(card: ModelCard, errors: LandmarkErrors, scale: float) -> ModelCard:
    """Return the card with how well the model does."""
    scores = errors.to_dict()
    del scores["radial"]  # the card tells of landmarks, not of pictures
    return replace(card, scores=scores, covariance_scale=scale)

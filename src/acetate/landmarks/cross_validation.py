"""Cross-validation: as many models as folds, each judged by pictures that it did not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from acetate.files import PathLike
from acetate.landmarks.folds import folds
from acetate.landmarks.judging import Trained, errors_of, joined, judged_model
from acetate.landmarks.prediction import LandmarkModel
from acetate.landmarks.training import (
    MODEL,
    Progress,
    Say,
    Training,
    annotated,
    named_preset,
    train_landmarks,
)
from acetate.measure.distances import LandmarkErrors
from acetate.sheets.landmark_set import LandmarkSet


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Models of several folds; each picture was judged by the one that had not seen it.

    Parameters
    ----------
    trained : tuple of Trained
        One for each fold. Their models together are an ensemble.
    found : LandmarkSet
        What they say of the pictures, in the order of the folds.
    errors : LandmarkErrors
        How far that is off.
    """

    trained: tuple[Trained, ...]
    found: LandmarkSet
    errors: LandmarkErrors


def cross_validate(
    landmarks: LandmarkSet,
    pictures: PathLike,
    training: Training | str = "small",
    parts: int = 5,
    *,
    groups: Sequence[str] | None = None,
    folder: PathLike | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> CrossValidation:
    """Train as many detectors as there are folds, each judged by the pictures of one.

    Parameters
    ----------
    landmarks, pictures, training, groups, progress, say
        As for `train_landmarks`.
    parts : int
        How many folds.
    folder : path, optional
        Gets a folder ``fold-1``, ... for each.
    resume : bool
        Whether folds that are finished stay, and one that is not goes on.

    Returns
    -------
    CrossValidation
        Large errors of it are worth a look: often it is the annotation that is wrong.

    Raises
    ------
    OSError, ValueError
        As `train_landmarks`; also if there are fewer pictures or groups than folds.
    """
    how = Training(named_preset(training)) if isinstance(training, str) else training
    known, groups = annotated(landmarks, groups)
    every = list[Trained]()
    for number, fold in enumerate(folds(len(known), parts, how.preset.seed, groups), start=1):
        place = None if folder is None else Path(folder) / f"fold-{number}"
        if say is not None:
            say(f"Fold {number} of {parts}")
        done = resume and place is not None and (place / MODEL).is_file()
        every.append(
            judged_model(LandmarkModel.load(place / MODEL), known.take(fold.validation), pictures)
            if done and place is not None
            else train_landmarks(
                known, pictures, how, fold, folder=place, resume=resume, progress=progress, say=say
            )
        )
        if every[-1].history.stopped == "interrupted":
            raise KeyboardInterrupt
    found = joined([each.found for each in every if each.found is not None])
    truth = known.select(pictures=found.pictures)
    return CrossValidation(tuple(every), found, errors_of(found, truth))

"""Cross-validation: as many models as folds, each judged by pictures that it did not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from acetate.files import PathLike
from acetate.landmarks.folds import Fold, folds
from acetate.landmarks.judging import Trained, errors_of, joined, judged_model
from acetate.landmarks.learnable import annotated
from acetate.landmarks.prediction import LandmarkModel
from acetate.landmarks.presets import named_preset
from acetate.landmarks.run_folder import (
    MODEL,
    check_unmixed,
    fold_folders,
    forget_others,
    is_finished,
    note_none,
)
from acetate.landmarks.training import Progress, Say, Training, about_data, train_landmarks
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
        As `train_landmarks`; also if there are fewer pictures or groups than folds, the weights
        to begin with are those of a fold, or the folder that is gone on with has other folds, or
        a single model.
    KeyboardInterrupt
        If it was interrupted; what was learned is in the folder.
    """
    how = Training(named_preset(training)) if isinstance(training, str) else training
    known, groups = annotated(landmarks, pictures, groups)
    divided = folds(len(known), parts, how.preset.seed, groups)
    out = None if folder is None else Path(folder)
    if out is not None:
        _prepare(out, how, parts, resume)
    every = list[Trained]()
    for number, fold in enumerate(divided, start=1):
        place = None if out is None else out / f"fold-{number}"
        if say is not None:
            say(f"Fold {number} of {parts}")
        stands = _standing(known, pictures, how, fold, place) if resume else None
        every.append(
            stands
            or train_landmarks(
                known, pictures, how, fold, folder=place, resume=resume, progress=progress, say=say
            )
        )
        if every[-1].history.stopped == "interrupted":
            raise KeyboardInterrupt
    if out is not None:
        forget_others(out, parts)
    found = joined([each.found for each in every if each.found is not None])
    truth = known.select(pictures=found.pictures)
    return CrossValidation(tuple(every), found, errors_of(found, truth))


def _prepare(out: Path, how: Training, parts: int, resume: bool) -> None:
    """Raise for what must not be mixed, and let nothing go on from folds that are done anew."""
    if resume:
        check_unmixed(out, parts)
    inside = [path.resolve() for path in fold_folders(out)]
    if Path(how.weights).resolve().parent in inside:
        raise ValueError(
            f"{how.weights} is the model of a fold, which has seen pictures that others are judged "
            "by; begin with other weights, or write into another folder"
        )
    if not resume:
        note_none(out)


def _standing(
    known: LandmarkSet, pictures: PathLike, how: Training, fold: Fold, place: Path | None
) -> Trained | None:
    """Return the model of a fold that is finished, judged; None if there is none."""
    learned, judged = known.take(fold.training), known.take(fold.validation)
    if place is None or not is_finished(place, about_data(learned, judged, how), how.preset):
        return None
    return judged_model(LandmarkModel.load(place / MODEL), judged, pictures)

"""`acetate predict`, carried out: labels, overlay, objects, facts and scores of every picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from acetate import images
from acetate.arrays import Array
from acetate.cli.app import wrong_usage
from acetate.cli.facts import plain, write_facts
from acetate.cli.models import decision_of, load, objects_of
from acetate.cli.per_picture import Output, Request, carry_out
from acetate.cli.pictures import PictureFile, for_eyes, stretched
from acetate.cli.predict_scores import Scores, compared, write_scores
from acetate.cli.reading import Reading
from acetate.cli.train_labels import LabelPictures
from acetate.files import atomic
from acetate.measure import label_objects, object_table, write_objects
from acetate.sheets import SegmentationMapsOnImage

_OPACITY = 0.45


@dataclass(frozen=True)
class Predicting:
    """Labelling the pixels of a picture with a model.

    Parameters
    ----------
    path : Path
        The file of the model.
    model : PixelClassifier or UNetSegmenter
        What is in it.
    probabilities : bool
        Whether they are written too.
    truth : LabelPictures or None
        What to compare with.
    reading : Reading
        How pictures are read.
    """

    path: Path
    model: Any
    probabilities: bool
    truth: LabelPictures | None
    reading: Reading

    def record(self) -> Mapping[str, Any]:
        """Return what decides over the labels; what is in the files shows by their stamps."""
        return {
            "model": plain(self.path.resolve()),
            "probabilities": self.probabilities,
            "truth": None if self.truth is None else plain(self.truth.path.resolve()),
            "reading": self.reading.record(),
        }

    def reads(self, source: PictureFile) -> Sequence[Path]:
        """Return the picture, the model and the picture's truth."""
        truth = [] if self.truth is None else self.truth.files_of(source)
        return [source.picture, self.path, *truth]

    def __call__(self, source: PictureFile, output: Output) -> None:
        """Label a picture, and write what was found."""
        image, read = self.reading.read(source.picture)
        truth = None if self.truth is None else self.truth.on(source, image.shape)
        labels = self.model.predict(image)
        objects = objects_of(self.model, image)
        shown = labels if objects is None else objects
        table = table_of(labels, image) if objects is None else object_table(objects, image)
        images.write_labels(output.path("mask", "masks", ".png"), shown)
        _write_overlay(output, image, shown)
        write_objects(output.path("objects", "objects", ".csv"), table)
        if self.probabilities:
            self._write_probabilities(output, image)
        scores = None if truth is None else compared(labels, truth, self.model.classes_, objects)
        facts = {
            **self._facts(source, labels, len(table), scores),
            "read": self.reading.facts(read),
        }
        write_facts(output.path("facts", "facts", ".json"), facts)

    def _write_probabilities(self, output: Output, image: Array) -> None:
        import tifffile  # takes long to import

        found = np.moveaxis(self.model.predict_proba(image), -1, 0)
        with atomic(output.path("probabilities", "probabilities", ".tif")) as file:
            tifffile.imwrite(
                file, found[1:], photometric="minisblack", compression="zlib", metadata=None
            )

    def _facts(
        self, source: PictureFile, labels: Array, objects: int, scores: Scores | None
    ) -> Mapping[str, Any]:
        values, pixels = np.unique(labels, return_counts=True)
        return {
            "picture": source.name,
            "model": self.path.name,
            "shape": labels.shape,
            **decision_of(self.model),
            "pixels": dict(zip(values.tolist(), pixels.tolist(), strict=True)),
            "objects": objects,
            "scores": scores,
        }


def predict_pictures(
    model: Path, probabilities: bool, truth: Path | None, reading: Reading, request: Request
) -> int:
    """Label pictures, score them where there is truth, and return the exit code.

    Raises
    ------
    click.UsageError
        If the file is no model, or as `carry_out`.
    """
    with wrong_usage():
        classifier = load(model)
    masks = None if truth is None else LabelPictures(truth)
    treatment = Predicting(model, classifier, probabilities, masks, reading)
    code = carry_out("predict", request, treatment, [] if truth is None else [truth])
    write_scores(request.out)
    return code


def table_of(labels: Array, image: Array) -> Array:
    """Measure the connected parts of every class.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers from 0, the background.
    image : numpy.ndarray
        The picture.

    Returns
    -------
    numpy.ndarray
        As `acetate.measure.object_table` gives it, with a last column ``class``; objects are
        numbered from 1, those of the first class first.

    Examples
    --------
    >>> table = table_of(np.array([[1, 0, 2], [1, 0, 1]]), np.zeros((2, 3)))
    >>> table[["label", "area", "class"]].tolist()
    [(1, 2.0, 1), (2, 1.0, 1), (3, 1.0, 2)]
    """
    objects = np.zeros(labels.shape, np.int32)
    classes: list[int] = []
    for value in np.unique(labels[labels > 0]).tolist():
        parts = label_objects(labels == value)
        objects[parts > 0] = parts[parts > 0] + len(classes)
        classes += [value] * int(parts.max())
    measured = object_table(objects, image)
    table = np.empty(len(measured), [*measured.dtype.descr, ("class", np.int64)])
    for name in measured.dtype.names or ():
        table[name] = measured[name]
    table["class"] = classes
    return table


def _write_overlay(output: Output, image: Array, labels: Array) -> None:
    maps = SegmentationMapsOnImage(labels, labels.shape)
    overlay = maps.draw_on_image(stretched(for_eyes(image)), alpha=_OPACITY)[0]
    images.write(output.path("overlay", "overlays", ".png"), overlay)

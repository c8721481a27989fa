"""The label pictures of pictures: one file for all of them, or a folder with one for each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from acetate.arrays import Array
from acetate.cli.pictures import PictureFile
from acetate.cli.prompts import Prompts
from acetate.images import read_labels
from acetate.stems import last_names


@dataclass(frozen=True)
class LabelPictures:
    """Where the labels of pictures are.

    Parameters
    ----------
    path : Path
        A file, or a folder.

    Examples
    --------
    >>> LabelPictures(Path("masks.png")).files_of(PictureFile("a.png", Path("in/a.png")))
    [PosixPath('masks.png')]
    """

    path: Path

    def files_of(self, source: PictureFile) -> list[Path]:
        """Return the files for one picture: usually one, none where it has no labels."""
        return Prompts(mask=self.path).files_of(source)

    def on(self, source: PictureFile, shape: tuple[int, ...]) -> Array | None:
        """Return the labels of a picture of a size, as they are stored; None if it has none.

        Raises
        ------
        OSError, ValueError
            If there are several files, or what is there holds no labels, or those of another size.
        """
        files = self.files_of(source)
        if len(files) > 1:
            raise ValueError(f"its labels are in several files: {last_names(files)}; leave one")
        if not files:
            return None
        labels = read_labels(files[0])
        if labels.shape != shape[:2]:
            raise ValueError(
                f"{files[0]} is {_by(labels.shape)}, the picture is {_by(shape)}; labels and "
                "picture must have one size"
            )
        return labels


def as_classes(masks: list[Array]) -> list[Array]:
    """Return masks as they are; if all of them together have one value beside 0, that becomes 1.

    Examples
    --------
    >>> as_classes([np.array([[0, 255]]), np.array([[0, 0]])])[0].tolist()
    [[0, 1]]
    >>> as_classes([np.array([[0, 2]]), np.array([[0, 1]])])[0].tolist()
    [[0, 2]]
    """
    values = np.unique(np.concatenate([np.unique(mask) for mask in masks]))
    if np.count_nonzero(values) > 1:
        return masks
    return [(mask != 0).astype(np.uint8) for mask in masks]


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape[:2]))

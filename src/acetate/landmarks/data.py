"""The data set that a detector learns from: pictures in the network's square, and their points."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from acetate.learn.extra import missing

try:
    import torch
    from torch.utils.data import Dataset
except ImportError as error:
    raise missing("landmarks", error) from error

from acetate.files import PathLike, printable
from acetate.geometry import Frame, imresize_single_image
from acetate.landmarks.augmentation import Augmentation, Varied
from acetate.landmarks.letterbox import Letterbox, mean_of, standard
from acetate.landmarks.pictures import Bytes, find_files, read_picture, scaled
from acetate.sheets.landmark_set import LandmarkSet

Progress = Callable[[int, int | None, str], None]
Sample = dict[str, torch.Tensor]

_MB = 2**20
_ROOM = 2  # sides of the square that a kept picture's longer side has: turns and zooms need some


@dataclass(frozen=True, eq=False)
class Kept:
    """A picture in memory.

    Parameters
    ----------
    layers : numpy.ndarray
        ``(h, w, 1 or 3)`` uint8: the picture, averaged down where it is far larger than the
        square.
    shape : (int, int)
        Of the picture in its file.
    values : (float, float)
        Mean and standard deviation of it there, as shares of white.

    Examples
    --------
    >>> Kept(np.zeros((4, 4, 1), np.uint8), (8, 8), (0.0, 0.1)).shape
    (8, 8)
    """

    layers: Bytes
    shape: Frame
    values: tuple[float, float]


class LandmarkData(Dataset[Sample]):
    """The pictures of a landmark set with their points, one sample each.

    Parameters
    ----------
    landmarks : LandmarkSet
        The points; missing ones are NaN.
    pictures : path
        The folder of their pictures.
    size : int
        Side of the network's square.
    channels : int
        Of the network, 1 or 3.
    augmentation : Augmentation or None
        How samples are varied; None shows them as they are, as at prediction.
    seed : int
        With the epoch and the index it decides everything.
    memory : float
        Megabytes of pictures to keep; those beyond are read again each time.
    progress : callable, optional
        Told how many pictures are read.

    Raises
    ------
    OSError
        If a picture is not there or cannot be read.
    ValueError
        If one is no picture, is too small, or has another size than the landmarks say.

    Notes
    -----
    A sample holds ``image``, ``(channels, size, size)`` float32, standardised; and ``points``,
    ``(K, 2)`` float32 in pixels of the square. Without augmentation also ``truth``, ``(K, 2)``
    float64 in pixels of the picture, and ``matrix``, the ``(2, 3)`` float64 map from the square
    to it. Pictures are resampled once, on the whole way from memory to the varied square; what is
    more than twice as large as the square is averaged down to that before.

    Examples
    --------
    >>> import tempfile
    >>> from acetate import images
    >>> marks = LandmarkSet(["nose"], ["a.png"], [[[8.0, 4.0]]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     images.write(f"{folder}/a.png", np.eye(16, dtype=np.uint8))
    ...     data = LandmarkData(marks, folder, size=32, channels=1)
    >>> data[0]["points"].tolist(), tuple(data[0]["image"].shape)
    ([[16.0, 8.0]], (1, 32, 32))
    """

    def __init__(
        self,
        landmarks: LandmarkSet,
        pictures: PathLike,
        size: int,
        channels: int = 3,
        augmentation: Augmentation | None = None,
        seed: int = 0,
        memory: float = 2048,
        progress: Progress | None = None,
    ) -> None:
        self.landmarks = landmarks
        self.files = find_files(landmarks.pictures, pictures)
        self.size = size
        self.channels = channels
        self.seed = seed
        self.epoch = 0
        pipeline = None if augmentation is None else augmentation.pipeline(bool(landmarks.mirror))
        self.varied = None if augmentation is None else Varied(pipeline, size)
        self.kept = self._fill(memory * _MB, progress)

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.files)

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch begins: each has its own variations."""
        self.epoch = epoch

    def __getitem__(self, index: int) -> Sample:
        """Return a sample as tensors."""
        kept = self.kept.get(index) or self._read(index)
        return self._plain(index, kept) if self.varied is None else self._drawn(index, kept)

    def letterbox(self, index: int) -> Letterbox:
        """Return how a picture lies in the square where it is not varied."""
        kept = self.kept.get(index) or self._read(index)
        return Letterbox(kept.shape, self.size)

    def _plain(self, index: int, kept: Kept) -> Sample:
        """Return a sample as it is; what is kept of it is the square itself."""
        box = Letterbox(kept.shape, self.size)
        truth = self.landmarks.points[index]
        return {
            "image": self._tensor(kept.layers, kept),
            "points": torch.from_numpy(box.to_square(truth).astype(np.float32)),
            "truth": torch.from_numpy(truth.copy()),
            "matrix": torch.from_numpy(box.map.matrix[:2].copy()),
        }

    def _drawn(self, index: int, kept: Kept) -> Sample:
        assert self.varied is not None
        frame = (kept.layers.shape[0], kept.layers.shape[1])
        key = (self.seed, self.epoch, index)
        box = Letterbox(frame, self.size)
        recipe = self.varied.recipe(box, kept.layers.shape[2], mean_of(kept.layers), key)
        points = recipe.keypoints(self.landmarks.keypoints(index, kept.shape).on(frame)).xy
        return {
            "image": self._tensor(recipe.checked_image(kept.layers), kept),
            "points": torch.from_numpy(points.astype(np.float32)),
        }

    def _tensor(self, square: Bytes, kept: Kept) -> torch.Tensor:
        return torch.from_numpy(scaled(square, kept.values, self.channels))

    def _fill(self, room: float, progress: Progress | None) -> dict[int, Kept]:
        """Read all pictures, so that none fails later, and keep the first that find room."""
        kept: dict[int, Kept] = {}
        for index, file in enumerate(self.files):
            picture = self._read(index)
            room -= picture.layers.nbytes
            if room >= 0:
                kept[index] = picture
            if progress is not None:
                progress(index + 1, len(self.files), file.name)
        return kept

    def _read(self, index: int) -> Kept:
        file = self.files[index]
        picture = read_picture(file, self.channels)
        shape = (picture.shape[0], picture.shape[1])
        _check_shape(file, shape, self.landmarks.shapes[index])
        try:
            box = Letterbox(shape, self.size)
        except ValueError as error:
            raise ValueError(f"{printable(file)}: {error}") from error
        layers = box.image(picture) if self.varied is None else _reduced(picture, self.size)
        return Kept(layers, shape, standard(picture))


def _reduced(picture: Bytes, size: int) -> Bytes:
    """Return a picture whose longer side is at most twice the square's."""
    height, width = picture.shape[:2]
    part = _ROOM * size / max(height, width)
    if part >= 1:
        return picture
    frame = (max(2, round(height * part)), max(2, round(width * part)))
    smaller: Bytes = imresize_single_image(picture, frame, "area")
    return smaller


def _check_shape(file: Path, shape: Frame, said: Frame | None) -> None:
    if said is not None and said != shape:
        raise ValueError(
            f"{printable(file)} is {shape[0]} x {shape[1]}, its landmarks are for a picture of "
            f"{said[0]} x {said[1]}; turn or replace it, or read the landmarks anew"
        )

"""Pictures as a detector takes them: their files, bytes, gray or RGB, scaled."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate import images
from acetate.arrays import Array, channels_last, check_image
from acetate.files import PathLike, printable
from acetate.sheets.formats.pictures import match_pictures

Bytes = NDArray[np.uint8]
_NAMED = 3  # as many missing pictures are named in an error
_CUT = (0.1, 99.9)  # percent of the values of a picture of more than 8 bits that go to 0 and 255


def read_picture(path: PathLike, channels: int = 3) -> Bytes:
    """Read a picture for a detector; opacity is laid on white.

    Parameters
    ----------
    path : path
        The file, as `acetate.images.read` takes it.
    channels : int
        1 or 3; see `as_bytes`.

    Raises
    ------
    OSError, ValueError
        If it cannot be read; the text names the file.
    """
    image = images.read(path, alpha="over_white")
    try:
        return as_bytes(image, channels)
    except ValueError as error:
        raise ValueError(f"{printable(path)}: {error}") from error


def as_bytes(image: Array, channels: int = 3) -> Bytes:
    """Return a picture as bytes, gray or RGB.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)``, ``(H, W, 1)`` or ``(H, W, 3)``; see `acetate.arrays.check_image`.
    channels : int
        Of the network: 1 turns RGB into gray; 3 leaves gray pictures gray, whose one channel is
        repeated later.

    Returns
    -------
    numpy.ndarray
        ``(H, W, 1)`` or ``(H, W, 3)`` uint8. Bytes stay as they are; of more bits or floats the
        middle 99.8 % of the values go from 0 to 255, as few such pictures use their whole range.

    Raises
    ------
    ValueError
        If it is no gray or RGB picture.

    Examples
    --------
    >>> as_bytes(np.array([[0, 2048, 4095]], np.uint16))[:, :, 0].tolist()
    [[0, 127, 255]]
    """
    layers = channels_last(check_image(image))
    if layers.shape[2] not in (1, 3):
        raise ValueError(
            f"a picture for landmarks is gray or RGB, got one of shape {image.shape}; "
            "choose its channels first"
        )
    if layers.dtype != np.uint8:
        layers = _stretched(layers)
    if channels == 1 and layers.shape[2] == 3:
        layers = channels_last(cv2.cvtColor(np.ascontiguousarray(layers), cv2.COLOR_RGB2GRAY))
    return layers


def scaled(square: Bytes, values: tuple[float, float], channels: int) -> NDArray[np.float32]:
    """Return what the network sees: values less a mean, by a standard deviation.

    Parameters
    ----------
    square : numpy.ndarray
        ``(S, S, 1 or 3)`` uint8, the picture in its square.
    values : (float, float)
        Mean and deviation as shares of white, of the picture as it was: so variations of
        brightness and contrast stay what they are, and the bars beside the picture do not count.
    channels : int
        Of the network.

    Returns
    -------
    numpy.ndarray
        ``(channels, S, S)``.

    Examples
    --------
    >>> scaled(np.full((1, 1, 1), 255, np.uint8), (0.5, 0.25), 3).ravel().tolist()
    [2.0, 2.0, 2.0]
    """
    mean, spread = values
    factor = 1 / (255 * spread)
    floats = square.astype(np.float32) * np.float32(factor) - np.float32(mean / spread)
    planes = np.moveaxis(floats, -1, 0)
    return np.ascontiguousarray(planes) if len(planes) == channels else planes.repeat(channels, 0)


def find_files(pictures: Sequence[str], folder: PathLike) -> list[Path]:
    """Find the files of annotated pictures in a folder.

    Parameters
    ----------
    pictures : sequence of str
        Names as the annotation spells them: see `acetate.sheets.formats.pictures`.
    folder : path
        Folders inside it are looked into too.

    Returns
    -------
    list of Path
        One for each name.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist, or a picture is not in it.
    ValueError
        If several files could be the picture, or two names are of one file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     (Path(folder) / "cat.png").touch()
    ...     [file.name for file in find_files(["C:/data/cat.png"], folder)]
    ['cat.png']
    """
    found = match_pictures(pictures, folder)
    missing = [name for name, file in found.items() if file is None]
    if missing:
        raise FileNotFoundError(_none_of(missing, len(pictures), folder))
    files = [file for name in pictures if (file := found[name]) is not None]
    _check_once(pictures, files)
    return files


def _check_once(pictures: Sequence[str], files: Sequence[Path]) -> None:
    names: dict[Path, str] = {}
    for name, file in zip(pictures, files, strict=True):
        if file in names:
            raise ValueError(
                f"{names[file]!r} and {name!r} are one picture, {printable(file)}; name it once"
            )
        names[file] = name


def _none_of(missing: Sequence[str], count: int, folder: PathLike) -> str:
    named = ", ".join(map(repr, missing[:_NAMED])) + (", ..." if len(missing) > _NAMED else "")
    return (
        f"{len(missing)} of {count} annotated pictures are not in {printable(folder)}: {named}; "
        "`acetate landmarks check` lists them"
    )


def _stretched(layers: Array) -> Bytes:
    low, high = np.percentile(layers, _CUT)
    if high <= low:
        return np.zeros(layers.shape, np.uint8)
    shown = (layers.astype(np.float32) - low) * (255 / (high - low))
    return np.clip(shown, 0, 255).astype(np.uint8)

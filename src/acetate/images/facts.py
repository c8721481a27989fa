"""What the header of an image file says, and how stored pixels are turned upright."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

# EXIF orientation: (swap rows and columns, then mirror left-right, then mirror top-bottom)
_TURNS = {
    1: (False, False, False),
    2: (False, True, False),
    3: (False, True, True),
    4: (False, False, True),
    5: (True, False, False),
    6: (True, True, False),
    7: (True, True, True),
    8: (True, False, True),
}
_ORIENTATION_TAG, _PICTURES_TAG = 0x0112, 0xB002
_SHORT = 3


@dataclass(frozen=True)
class ImageFacts:
    """What the header of an image file says.

    Attributes
    ----------
    format : str
        "PNG", "JPEG", "TIFF", "WEBP", "BMP" or "GIF".
    stored_shape : tuple of int
        (height, width) as the pixels lie in the file, before the EXIF orientation.
    mode : str
        What the samples are in the file: "gray", "rgb", "palette", "cmyk", or "bands" where a
        TIFF has more channels than it explains.
    alpha : bool
        Whether the last channel is opacity.
    bits : int
        Bits per stored sample.
    orientation : int
        The EXIF orientation, 1 to 8; 1 where there is none that can be read.
    pages, page : int
        How many pages or frames there are, and which of them (from 0) these facts are about.
    profile : str or None
        The name of the embedded colour profile; "damaged" if it cannot be read.

    Examples
    --------
    >>> facts = ImageFacts("JPEG", (480, 640), "rgb", False, 8, 6, 1, 0, None)
    >>> facts.shape
    (640, 480)
    """

    format: str
    stored_shape: tuple[int, int]
    mode: str
    alpha: bool
    bits: int
    orientation: int
    pages: int
    page: int
    profile: str | None

    @property
    def shape(self) -> tuple[int, int]:
        """The (height, width) of the upright picture, as it is read."""
        height, width = self.stored_shape
        return (width, height) if _TURNS[self.orientation][0] else (height, width)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The 3x3 matrix from stored (x, y, 1) to upright (x, y, 1), pixel corners at integers.

        Examples
        --------
        >>> quarter_turn = ImageFacts("JPEG", (480, 640), "rgb", False, 8, 6, 1, 0, None)
        >>> quarter_turn.matrix @ (0, 480, 1)  # the lower left corner comes to the upper left
        array([0., 0., 1.])
        """
        swap, mirror_x, mirror_y = _TURNS[self.orientation]
        height, width = self.shape
        turned = np.eye(3)[[1, 0, 2] if swap else [0, 1, 2]]
        signs = np.diag([-1.0 if mirror_x else 1.0, -1.0 if mirror_y else 1.0, 1.0])
        signs[:2, 2] = width * mirror_x, height * mirror_y
        return signs @ turned


@dataclass(frozen=True)
class Source:
    """An image file whose header has been read; `decode` reads the pixels.

    `decode` gives ``(H, W)`` or ``(H, W, C)`` as stored: palette indices unexpanded, other samples
    of fewer than 8 bits scaled to 0..255. `palette` gives the colours, ``(n, 3)`` or ``(n, 4)``.

    Examples
    --------
    >>> Source("PNG", (1, 1), "gray", 8, 1, lambda: np.zeros((1, 1), np.uint8)).facts().pages
    1
    """

    format: str
    size: tuple[int, int]
    mode: str
    bits: int
    channels: int
    decode: Callable[[], Array]
    alpha: bool = False
    orientation: int = 1
    pages: int = 1
    page: int = 0
    icc: bytes | None = None
    palette: Callable[[], Array] | None = None

    def facts(self, profile: str | None = None) -> ImageFacts:
        """Return what a user is told."""
        return ImageFacts(
            self.format,
            self.size,
            self.mode,
            self.alpha,
            self.bits,
            self.orientation,
            self.pages,
            self.page,
            profile,
        )


def upright(array: Array, orientation: int) -> Array:
    """Turn and mirror stored pixels as their EXIF orientation asks.

    Examples
    --------
    >>> upright(np.array([[1, 2], [3, 4]]), 6)
    array([[3, 1],
           [4, 2]])
    """
    swap, mirror_x, mirror_y = _TURNS[orientation]
    turned = array.swapaxes(0, 1) if swap else array
    view = turned[:: -1 if mirror_y else 1, :: -1 if mirror_x else 1]
    return np.require(view, requirements=["C_CONTIGUOUS", "WRITEABLE"])


def choose(page: int | None, pages: int) -> int:
    """Return the page to look at, the first if none was asked for.

    Examples
    --------
    >>> choose(4, 3)
    Traceback (most recent call last):
    ValueError: there is no page 4: the pages are 0 to 2
    """
    if page is not None and not 0 <= page < pages:
        raise ValueError(f"there is no page {page}: the pages are 0 to {pages - 1}")
    return page or 0


def exif_orientation(block: bytes | None) -> int:
    """Return the orientation in an EXIF block; 1, as viewers take it, where none can be read.

    Examples
    --------
    >>> exif_orientation(None)
    1
    """
    block = (block or b"").removeprefix(b"Exif\0\0")
    found = [value for tag, _, value in _entries(block) if tag == _ORIENTATION_TAG]
    return found[0] if found and found[0] in _TURNS else 1


def mpf_pictures(block: bytes | None) -> int:
    """Return how many pictures of their own (stereo, panorama) a multi-picture JPEG holds.

    Thumbnails, previews and gain maps are other forms of the one picture, and not counted.

    Examples
    --------
    >>> mpf_pictures(None)
    1
    """
    block = block or b""
    order = "<" if block[:2] == b"II" else ">"
    found = [(size, start) for tag, size, start in _entries(block) if tag == _PICTURES_TAG]
    table = b"".join(block[start : start + size] for size, start in found)
    kinds = [entry[0] for entry in struct.iter_unpack(order + "I12x", table[: len(table) & ~15])]
    return max(1, sum(kind >> 16 & 0xFF == 2 for kind in kinds))


def _entries(block: bytes) -> Iterator[tuple[int, int, int]]:
    """Walk the first directory of a TIFF block: (tag, count, value or where the values lie)."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 8:
        return
    (start,) = struct.unpack_from(order + "I", block, 4)
    (count,) = struct.unpack(order + "H", block[start : start + 2].ljust(2, b"\0"))
    for at in range(start + 2, min(start + 2 + 12 * count, len(block) - 11), 12):
        tag, kind, size = struct.unpack_from(order + "HHI", block, at)
        code = "H" if kind == _SHORT else "I"
        yield tag, size, struct.unpack_from(order + code, block, at + 8)[0]

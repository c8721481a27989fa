"""TIFF files: tifffile reads the structure; here every strip and tile is checked to be whole."""

import logging
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Any

import numpy as np
import tifffile

from acetate.arrays import Array, full_scale
from acetate.images.facts import Source, choose
from acetate.images.segments import COMPRESSIONS, JPEG, Segments

_WHITE_IS_0, _CMYK, _YCBCR = 0, 5, 6
_MODES = {0: "gray", 1: "gray", 2: "rgb", 3: "palette", 5: "cmyk", 6: "rgb"}
_CHANNELS = {"gray": 1, "rgb": 3, "palette": 1, "cmyk": 4}
_PREMULTIPLIED, _OPACITY = (1,), (2,)  # kinds of extra samples
_KINDS = {1: "u", 2: "i", 3: "f"}  # sample formats
_BITS = {"u": (1, 2, 4, 8, 16, 32), "i": (8, 16, 32), "f": (16, 32, 64)}
_ORIENTATION, _PROFILE, _STK_PLANES = 274, 34675, 33629  # tags


def open_tiff(stream: IO[bytes], page: int | None) -> Source:
    """Read the header of a TIFF file and of one of its pages.

    Reduced copies (thumbnails, overviews) are no pages.

    Raises
    ------
    ValueError
        If the file is damaged, or its samples are stored in a way that is not read.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("L", (3, 2)).save(file, "TIFF")
    >>> _ = file.seek(0)
    >>> open_tiff(file, None).size
    (2, 3)
    """
    with _complaints_raised():
        file = tifffile.TiffFile(stream)
        every: Any = file.pages
        pages = [each for each in every if not each.is_reduced]
        if not pages:
            raise ValueError("the TIFF file has no readable page in full size")
        if _planes(file) > len(pages):
            raise ValueError(
                f"the TIFF file keeps {_planes(file)} planes in {len(pages)} page(s); split it"
            )
        index = choose(page, len(pages))
        return _source(stream, pages[index], file.byteorder, len(pages), index)


def _source(stream: IO[bytes], page: Any, order: str, pages: int, index: int) -> Source:
    mode, alpha = _meaning(page)
    segments = _segments(page, order)
    orientation = page.tags.valueof(_ORIENTATION)
    return Source(
        format="TIFF",
        size=(page.imagelength, page.imagewidth),
        mode=mode,
        bits=page.bitspersample,
        channels=page.samplesperpixel,
        decode=partial(_pixels, stream, segments, page, mode),
        alpha=alpha,
        orientation=orientation if orientation in range(1, 9) else 1,
        pages=pages,
        page=index,
        icc=page.tags.valueof(_PROFILE),
        palette=partial(_palette, page.colormap) if mode == "palette" else None,
    )


def _meaning(page: Any) -> tuple[str, bool]:
    """Return what the samples of a page mean: the mode, and whether the last one is opacity."""
    if page.photometric not in _MODES or (page.photometric == _YCBCR and page.compression != JPEG):
        raise ValueError(f"TIFF colours of the kind {page.photometric!s} are not read; convert it")
    if page.photometric == _CMYK and page.bitspersample != 8:
        raise ValueError("TIFF colours of the kind CMYK are read in 8 bits only; convert it")
    mode = _MODES[page.photometric]
    extra = page.samplesperpixel - _CHANNELS[mode]
    if extra == 0:
        return mode, False
    if mode in ("gray", "rgb") and extra > 0:
        alpha = extra == 1 and tuple(page.extrasamples) in (_PREMULTIPLIED, _OPACITY)
        return (mode, True) if alpha else ("bands", False)
    raise ValueError(f"TIFF pixels of {page.samplesperpixel} samples are not read as {mode}")


def _segments(page: Any, order: str) -> Segments:
    """Return how the samples lie in the file; raise where that is of an unread kind."""
    kind, bits = _KINDS.get(page.sampleformat, "?"), page.bitspersample
    _check_known(page, kind)
    tile = (page.tilelength, page.tilewidth)
    strip = (min(page.rowsperstrip, page.imagelength), page.imagewidth)
    return Segments(
        shape=(page.imagelength, page.imagewidth, page.samplesperpixel),
        bits=bits,
        dtype=np.dtype(f"{order}{kind}{max(bits, 8) // 8}"),
        size=tile if page.is_tiled else strip,
        tiled=page.is_tiled,
        together=page.planarconfig == 1,
        places=tuple(zip(page.dataoffsets, page.databytecounts, strict=False)),
        compression=int(page.compression),
        predictor=int(page.predictor),
        reverse_bits=page.fillorder == 2,
        jpeg_tables=page.jpegtables or b"",
        jpeg_is_rgb=page.photometric != _YCBCR,
    )


def _check_known(page: Any, kind: str) -> None:
    """Raise for samples and compressions that are not read here."""
    if page.bitspersample not in _BITS.get(kind, ()) or page.imagedepth != 1:
        raise ValueError(
            f"TIFF samples of {page.bitspersample} bits, format {page.sampleformat!s}, "
            f"{page.imagedepth} deep are not read; convert it"
        )
    if page.compression not in COMPRESSIONS:
        raise ValueError(
            f"TIFF compression {page.compression!s} is not read; "
            "save the file uncompressed, or with Deflate or LZW"
        )


def _pixels(stream: IO[bytes], segments: Segments, page: Any, mode: str) -> Array:
    """Decode the samples, white large, colours not multiplied by their opacity."""
    pixels = segments.read(stream)
    if segments.bits < 8 and mode != "palette":
        pixels *= np.uint8(255 // (2**segments.bits - 1))
    if page.photometric == _WHITE_IS_0:
        pixels = (full_scale(pixels.dtype) - pixels).astype(pixels.dtype)
    if mode != "bands" and tuple(page.extrasamples) == _PREMULTIPLIED:
        _divide_by_opacity(pixels)
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


def _divide_by_opacity(pixels: Array) -> None:
    white = full_scale(pixels.dtype)
    opacity = pixels[:, :, -1:].astype(np.float64)
    scale = np.divide(white, opacity, out=np.zeros_like(opacity), where=opacity > 0)
    colours = np.minimum(pixels[:, :, :-1] * scale, white)
    pixels[:, :, :-1] = colours if pixels.dtype.kind == "f" else np.rint(colours)


def _palette(colours: Array) -> Array:
    """Return the colours, one row each, in 8 bits where they have no more."""
    table = np.asarray(colours, np.uint16).T
    if table.max() < 256:  # some writers put 8 bits where 16 belong
        return table.astype(np.uint8)
    coarse = table >> 8
    exact = np.array_equal(table & 0xFF, np.where(table & 0xFF, coarse, 0))
    return coarse.astype(np.uint8) if exact else table


def _planes(file: Any) -> int:
    """Return how many planes the file says it has, which may lie behind a single page."""
    metamorph = file.pages[0].tags.get(_STK_PLANES)
    if metamorph is not None:
        return int(metamorph.count)
    if file.is_imagej:
        return int(file.imagej_metadata.get("images", 1))
    if file.is_shaped:
        shapes = [series["shape"] for series in file.shaped_metadata or ()]
        return sum(math.prod(shape) for shape in shapes) // file.pages[0].size
    return 1


_under_way = threading.local()


@contextmanager
def _complaints_raised() -> Iterator[None]:
    """Raise what tifffile only logs, and keep its log silent; in this thread alone."""
    _under_way.errors = []
    try:
        yield
    finally:
        errors, _under_way.errors = _under_way.errors, None
    if errors:
        raise ValueError(f"the TIFF file is damaged: {errors[0]}")


def _overhear(record: logging.LogRecord) -> bool:
    """Take a record of tifffile's log out of it while a file is read here."""
    errors = getattr(_under_way, "errors", None)
    if errors is None:
        return True
    if record.levelno >= logging.ERROR:
        errors.append(record.getMessage())
    return False


logging.getLogger("tifffile").addFilter(_overhear)

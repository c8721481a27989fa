"""The files that Pillow reads as they are: JPEG, WebP, BMP and GIF."""

from dataclasses import replace
from functools import partial
from typing import IO

import numpy as np
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.WebPImagePlugin import WebPImageFile

from acetate.arrays import Array
from acetate.images.facts import Source, choose, exif_orientation, mpf_pictures

_MODES = {  # Pillow's mode: (mode, channels, alpha, bits)
    "1": ("gray", 1, False, 1),
    "L": ("gray", 1, False, 8),
    "P": ("palette", 1, False, 8),
    "RGB": ("rgb", 3, False, 8),
    "RGBA": ("rgb", 4, True, 8),
    "CMYK": ("cmyk", 4, False, 8),
}

# Plugins are called by their class, since Image.open() warns of sizes that our limit allows and
# refuses what its own, global limit does not.


class _Whole(ImageFile):
    """A file whose pixels must all be there, even after ``LOAD_TRUNCATED_IMAGES = True``."""

    def load_read(self, size: int) -> bytes:
        """Read more of the pixels for the decoder that wants them."""
        data = self.fp.read(size) if self.fp else b""
        if not data:
            raise ValueError("the file is cut off")
        return data


class Jpeg(_Whole, JpegImageFile):
    """A JPEG file whose EXIF block Pillow leaves alone: it would warn where that is damaged."""

    def _read_dpi_from_exif(self) -> None:
        """Do nothing: a density is not asked for."""


class _Bmp(_Whole, BmpImageFile):
    pass


class _Gif(_Whole, GifImageFile):
    pass


def open_jpeg(stream: IO[bytes], page: int | None) -> Source:
    """Read the header of a JPEG file; of several pictures in one file only the first is read.

    Raises
    ------
    ValueError
        If a picture after the first is asked for.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("L", (3, 2)).save(file, "JPEG")
    >>> _ = file.seek(0)
    >>> open_jpeg(file, None).size
    (2, 3)
    """
    picture = Jpeg(stream)
    pages = mpf_pictures(picture.info.get("mp"))
    if choose(page, pages) > 0:
        raise ValueError(
            f"page {page} is a further picture of a JPEG, of which only page 0 is read"
        )
    return _source(picture, "JPEG", pages, 0)


def open_webp(stream: IO[bytes], page: int | None) -> Source:
    """Read the header of a WebP file, still or animated.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("RGB", (3, 2)).save(file, "WEBP")
    >>> _ = file.seek(0)
    >>> open_webp(file, None).size
    (2, 3)
    """
    picture = WebPImageFile(stream)
    chosen = choose(page, picture.n_frames)
    picture.seek(chosen)
    return _source(picture, "WEBP", picture.n_frames, chosen)


def open_bmp(stream: IO[bytes], page: int | None) -> Source:
    """Read the header of a BMP file.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("L", (3, 2)).save(file, "BMP")
    >>> _ = file.seek(0)
    >>> open_bmp(file, None).size
    (2, 3)
    """
    picture = _Bmp(stream)
    return _source(picture, "BMP", 1, choose(page, 1))


def open_gif(stream: IO[bytes], page: int | None) -> Source:
    """Read the header of a GIF file; frames after the first come as RGBA, drawn on those before.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("L", (3, 2)).save(file, "GIF")
    >>> _ = file.seek(0)
    >>> open_gif(file, None).size
    (2, 3)
    """
    picture = _Gif(stream)
    pages = picture.n_frames
    chosen = choose(page, pages)
    source = _source(picture, "GIF", pages, chosen)
    if chosen == 0:
        return source

    def later_frame() -> Array:
        picture.seek(chosen)
        return np.asarray(picture.convert("RGBA"))

    return replace(source, mode="rgb", channels=4, alpha=True, palette=None, decode=later_frame)


def _source(picture: ImageFile, name: str, pages: int, page: int) -> Source:
    if picture.mode not in _MODES:
        raise ValueError(f"pixels of the kind {picture.mode!r} are not read; convert the file")
    mode, channels, alpha, bits = _MODES[picture.mode]
    see_through = "transparency" in picture.info  # an index into the colours
    return Source(
        format=name,
        size=(picture.height, picture.width),
        mode="palette" if see_through else mode,
        bits=bits,
        channels=channels,
        decode=partial(_pixels, picture),
        alpha=alpha or see_through,
        orientation=exif_orientation(picture.info.get("exif")),
        pages=pages,
        page=page,
        icc=picture.info.get("icc_profile"),
        palette=partial(_palette, picture) if see_through or mode == "palette" else None,
    )


def _pixels(picture: ImageFile) -> Array:
    pixels = np.asarray(picture)
    return pixels.astype(np.uint8) * np.uint8(255) if pixels.dtype == bool else pixels


def _palette(picture: ImageFile) -> Array:
    """Return the colours, one row each: (n, 3), or (n, 4) where one of them is see-through."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8), 3)
    colours = np.array(picture.getpalette() or ramp, np.uint8).reshape(-1, 3)
    if "transparency" not in picture.info:
        return colours
    seen = np.arange(len(colours)) != picture.info["transparency"]
    return np.column_stack([colours, np.where(seen, 255, 0).astype(np.uint8)])

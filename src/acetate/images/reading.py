"""Read image files of any kind: content decides, not the suffix; what cannot be kept is refused."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Literal

import numpy as np

from acetate.arrays import IMAGE_DTYPES, Array, channels_last, check_image, full_scale
from acetate.files import PathLike, printable
from acetate.images.facts import ImageFacts, Source, upright
from acetate.images.pillow import open_bmp, open_gif, open_jpeg, open_webp
from acetate.images.png import SIGNATURE, open_png
from acetate.images.profiles import describe, to_srgb

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif")
"""The endings that image files of the kinds read here usually have."""

MAX_PIXELS = 2**28
MAX_LABEL = 2**31 - 1

Opener = Callable[[IO[bytes], int | None], Source]


def read(
    path: PathLike,
    *,
    page: int | None = None,
    alpha: Literal["keep", "drop", "over_white"] = "keep",
    profile: Literal["to_srgb", "ignore"] = "to_srgb",
    max_pixels: int = MAX_PIXELS,
) -> Array:
    """Read an image as a person would see it.

    PNG, JPEG, TIFF, WebP, BMP and GIF, told apart by their content. The EXIF orientation is
    applied, palettes are expanded, black and white become 0 and 255, CMYK becomes RGB, and 16 bits
    stay 16 bits. What would lose something without a word is refused.

    Parameters
    ----------
    path : path
        The file.
    page : int, optional
        Which page or frame, from 0. Without it a file of several is refused.
    alpha : {"keep", "drop", "over_white"}
        Opacity stays the last channel, is left out, or is used up by laying the picture on white.
    profile : {"to_srgb", "ignore"}
        Colours of an embedded profile that is not sRGB are converted, in 8 bits, or taken as they
        are.
    max_pixels : int
        The largest height x width to read, checked before memory is taken.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` for gray, else ``(H, W, C)``: gray and opacity, RGB, RGBA, or the channels of a
        TIFF that it does not explain. uint8, uint16, or floats in [0, 1] from TIFF.

    Raises
    ------
    OSError
        If the file cannot be opened or read.
    ValueError
        If it is no image, is damaged or cut off, is too large, has several pages, or holds
        numbers that are no image; the message names the file.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.images import write
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/gray.png", np.array([[0, 255]], np.uint8))
    ...     read(f"{folder}/gray.png")
    array([[  0, 255]], dtype=uint8)
    """
    return read_with_facts(path, page=page, alpha=alpha, profile=profile, max_pixels=max_pixels)[0]


def read_with_facts(
    path: PathLike,
    *,
    page: int | None = None,
    alpha: Literal["keep", "drop", "over_white"] = "keep",
    profile: Literal["to_srgb", "ignore"] = "to_srgb",
    max_pixels: int = MAX_PIXELS,
) -> tuple[Array, ImageFacts]:
    """Read an image as `read` does, and what its header says, such as how it was turned.

    Returns
    -------
    numpy.ndarray
        As `read` returns it.
    ImageFacts
        Among them `matrix`, which brings points of annotations to the upright picture.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.images import write
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/gray.png", np.array([[0, 255]], np.uint8))
    ...     read_with_facts(f"{folder}/gray.png")[1].format
    'PNG'
    """
    _check_option("alpha", alpha, ("keep", "drop", "over_white"))
    _check_option("profile", profile, ("to_srgb", "ignore"))
    with _opened(path, page) as source:
        _check_amount(source, page, max_pixels)
        colours, opacity = _shown(source)
        pixels = _with_opacity(_in_srgb(colours, source, profile), opacity, alpha)
        return check_image(upright(pixels, source.orientation)), _facts(source)


def read_labels(path: PathLike, *, page: int | None = None, max_pixels: int = MAX_PIXELS) -> Array:
    """Read a label map: the stored numbers themselves, of a palette image its indices.

    Parameters
    ----------
    path : path
        A PNG, TIFF, BMP or GIF file of one channel.
    page : int, optional
        As in `read`.
    max_pixels : int
        As in `read`.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` int32, upright. A black and white image gives 0 and 1.

    Raises
    ------
    OSError
        If the file cannot be opened or read.
    ValueError
        As `read` does; also for colours, opacity, floats, negative labels, labels above
        2147483647, and JPEG files, which do not keep labels.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.images import write_labels
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_labels(f"{folder}/labels.png", np.array([[0, 1000]]))
    ...     read_labels(f"{folder}/labels.png")
    array([[   0, 1000]], dtype=int32)
    """
    with _opened(path, page) as source:
        _check_amount(source, page, max_pixels)
        if source.format == "JPEG":
            raise ValueError("JPEG does not keep labels; save them as PNG or TIFF")
        if source.mode not in ("gray", "palette") or source.channels != 1:
            raise ValueError(f"labels have one channel, this file has {source.mode} pixels")
        pixels = source.decode()
        if pixels.dtype.kind == "f" or pixels.min() < 0 or pixels.max() > MAX_LABEL:
            raise ValueError(
                f"labels are whole numbers from 0 to {MAX_LABEL}, "
                f"got {pixels.dtype} from {pixels.min()} to {pixels.max()}"
            )
        if source.bits < 8 and source.mode == "gray":
            pixels = pixels // np.uint8(255 // (2**source.bits - 1))
        return upright(pixels.astype(np.int32), source.orientation)


def info(path: PathLike, *, page: int | None = None) -> ImageFacts:
    """Read the header of an image file, however large the picture is.

    Parameters
    ----------
    path : path
        The file.
    page : int, optional
        Which page or frame the facts are to be about; the first without it.

    Raises
    ------
    OSError
        If the file cannot be opened or read.
    ValueError
        If it is no image or its header is damaged.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.images import write
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/gray.png", np.zeros((2, 3), np.uint16))
    ...     facts = info(f"{folder}/gray.png")
    >>> facts.shape, facts.mode, facts.bits
    ((2, 3), 'gray', 16)
    """
    with _opened(path, page) as source:
        return _facts(source)


@contextmanager
def _opened(path: PathLike, page: int | None) -> Iterator[Source]:
    """Open a file and read its header; whatever fails from here on names the file.

    Decoders raise what they stumble over: struct.error, SyntaxError, IndexError, zlib.error, ...
    Out of here come OSError and ValueError alone.
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as stream:
            opener = _opener(stream.read(16))
            stream.seek(0)
            yield opener(stream, page)
    except Exception as error:
        raise _named(error, name) from error


def _named(error: Exception, name: str) -> OSError | ValueError:
    if isinstance(error, OSError) and error.errno is not None:
        return OSError(error.errno, error.strerror, name)
    if isinstance(error, (OSError, ValueError)):
        return ValueError(f"{printable(name)}: {error}")
    return ValueError(f"{printable(name)}: cannot be decoded ({type(error).__name__}: {error})")


def _opener(head: bytes) -> Opener:
    """Tell the kind of a file by its first bytes."""
    for start, opener in _OPENERS.items():
        if head.startswith(start) and (start != b"RIFF" or head[8:12] == b"WEBP"):
            return opener
    raise ValueError(f"is no PNG, JPEG, TIFF, WebP, BMP or GIF file: it begins with {head[:8]!r}")


def _open_tiff(stream: IO[bytes], page: int | None) -> Source:
    from acetate.images.tiff import open_tiff  # tifffile takes long to import

    return open_tiff(stream, page)


_OPENERS: dict[bytes, Opener] = {
    SIGNATURE: open_png,
    b"\xff\xd8\xff": open_jpeg,
    b"II*\0": _open_tiff,
    b"MM\0*": _open_tiff,
    b"II+\0": _open_tiff,
    b"MM\0+": _open_tiff,
    b"RIFF": open_webp,
    b"BM": open_bmp,
    b"GIF8": open_gif,
}


def _check_option(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, got {given!r}")


def _check_amount(source: Source, page: int | None, max_pixels: int) -> None:
    """Raise, before memory is taken, for too many pixels or a choice of pages not made."""
    height, width = source.size
    if min(source.size) < 1 or height * width * max(4, source.channels) > 4 * max_pixels:
        raise ValueError(
            f"{height} x {width} pixels of {source.channels} channel(s) are outside the limit of "
            f"max_pixels={max_pixels}"
        )
    if source.pages > 1 and page is None:
        raise ValueError(
            f"holds {source.pages} pages; choose one with page=0 to page={source.pages - 1}"
        )


def _facts(source: Source) -> ImageFacts:
    return source.facts(describe(source.icc))


def _shown(source: Source) -> tuple[Array, Array | None]:
    """Return the samples that a person sees, and apart from them their opacity."""
    pixels = source.decode()
    if source.palette is not None:
        pixels = _expanded(pixels, source.palette())
    if pixels.dtype == np.float16:
        pixels = pixels.astype(np.float32)
    if pixels.dtype.name not in IMAGE_DTYPES:
        raise ValueError(
            f"holds {pixels.dtype} numbers, images are uint8, uint16 or floats in [0, 1]; "
            "read_labels reads whole numbers"
        )
    if not source.alpha:
        return pixels, None
    colours = pixels[:, :, :-1]
    return colours[:, :, 0] if colours.shape[2] == 1 else colours, pixels[:, :, -1:]


def _expanded(indices: Array, colours: Array) -> Array:
    if indices.max() >= len(colours):
        raise ValueError(
            f"is damaged: a pixel has colour {indices.max()} of a palette of {len(colours)}"
        )
    return colours[indices]


def _in_srgb(colours: Array, source: Source, profile: str) -> Array:
    mode = "rgb" if source.mode == "palette" else source.mode
    return to_srgb(colours, mode, source.icc if profile == "to_srgb" else None)


def _with_opacity(colours: Array, opacity: Array | None, alpha: str) -> Array:
    if opacity is None or alpha == "drop":
        return colours
    if alpha == "keep":
        return np.concatenate([channels_last(colours), opacity], axis=2)
    white = full_scale(colours.dtype)
    share = opacity / white
    mixed = channels_last(colours) * share + white * (1 - share)
    mixed = mixed.reshape(colours.shape)
    return (np.rint(mixed) if colours.dtype.kind == "u" else mixed).astype(colours.dtype)

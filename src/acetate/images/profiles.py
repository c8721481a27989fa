"""Colour profiles: what an embedded one is called, and pixels converted from it to sRGB."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from acetate.arrays import Array

_SPACES = {"gray": ("GRAY", "L"), "rgb": ("RGB", "RGB"), "cmyk": ("CMYK", "CMYK")}
_DAMAGED = "damaged"


def describe(icc: bytes | None) -> str | None:
    """Return the name of a colour profile; "damaged" if it cannot be read, None if there is none.

    Examples
    --------
    >>> describe(b"nonsense")
    'damaged'
    """
    if icc is None:
        return None
    try:
        return str(_open(icc).profile_description or "unnamed")
    except (OSError, ValueError):
        return _DAMAGED


def to_srgb(pixels: Array, mode: str, icc: bytes | None) -> Array:
    """Convert colours, without opacity, from their profile to sRGB; CMYK also without a profile.

    A profile that is sRGB, or of another kind than the pixels (of colours, on a gray picture),
    changes nothing.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(H, W)`` gray, ``(H, W, 3)`` RGB or ``(H, W, 4)`` CMYK.
    mode : str
        What they are: "gray", "rgb" or "cmyk"; anything else is left alone.
    icc : bytes or None
        The embedded profile.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` for gray, ``(H, W, 3)`` for colours.

    Raises
    ------
    ValueError
        If the profile is damaged, or the pixels are finer than the 8 bits that are converted.

    Examples
    --------
    >>> to_srgb(np.zeros((1, 1, 4), np.uint8), "cmyk", None)
    array([[[255, 255, 255]]], dtype=uint8)
    """
    if icc is None or mode not in _SPACES:
        return _without_profile(pixels, mode)
    name = describe(icc)
    if name == _DAMAGED:
        raise ValueError("its colour profile is damaged; pass profile='ignore' to do without it")
    if "srgb" in str(name).lower() or _open(icc).xcolor_space.strip() != _SPACES[mode][0]:
        return _without_profile(pixels, mode)
    if pixels.dtype != np.uint8:
        raise ValueError(
            f"its colour profile {name!r} is converted to sRGB in 8 bits only, and it holds "
            f"{pixels.dtype}; pass profile='ignore' to take the numbers as they are"
        )
    return _converted(pixels, _SPACES[mode][1], icc)


def _without_profile(pixels: Array, mode: str) -> Array:
    """Leave the numbers as they are, but CMYK, which becomes RGB by the plain formula."""
    return np.asarray(_picture(pixels, "CMYK").convert("RGB")) if mode == "cmyk" else pixels


def _open(icc: bytes) -> Any:
    return ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile


def _picture(pixels: Array, mode: str) -> Image.Image:
    height, width = pixels.shape[:2]
    return Image.frombytes(mode, (width, height), pixels.tobytes())


def _converted(pixels: Array, mode: str, icc: bytes) -> Array:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    srgb = ImageCms.createProfile("sRGB")
    picture = _picture(pixels, mode)
    colours = np.asarray(ImageCms.profileToProfile(picture, profile, srgb, outputMode="RGB"))
    return colours[:, :, 0] if mode == "L" else colours

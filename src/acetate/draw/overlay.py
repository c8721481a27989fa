"""Contact sheets: many samples on one page, each with its overlays and a caption."""

from collections.abc import Sequence

import numpy as np

from acetate.colors import RGB
from acetate.draw.grid import draw_grid
from acetate.geometry import pad
from acetate.sheets import Picture
from acetate.sheets.paint import paint_text, text_width

_PAPER, _INK = 255, 40
_GAP = 8  # pixels around each sample
_LETTER = 8  # height of a caption's capitals in pixels


def contact_sheet(
    pictures: Sequence[Picture],
    columns: int = 2,
    cell: int = 160,
    captions: Sequence[str] | None = None,
) -> RGB:
    """Draw samples side by side and row by row: each an image, then every sheet over it.

    Parameters
    ----------
    pictures : sequence of Picture
        Gray or RGB images with whatever sheets they have.
    columns : int
        How many samples there are in a row.
    cell : int
        The longer side of each image in pixels, at least 8; overlays are painted in that size.
    captions : sequence of str, optional
        A line of text below each sample, cut where it is too long.

    Returns
    -------
    numpy.ndarray
        ``(H, W, 3)`` uint8 RGB, on white.

    Raises
    ------
    ValueError
        If there are no pictures, not a caption for each, no columns, or cells below 8 pixels.

    Examples
    --------
    >>> contact_sheet([Picture(np.zeros((30, 20), np.uint8))] * 3, cell=60).shape
    (152, 112, 3)
    """
    if cell < _GAP or columns < 1:
        raise ValueError(
            f"a contact sheet has at least 1 column and cells of {_GAP} pixels, "
            f"got columns={columns}, cell={cell}"
        )
    if captions is not None and len(captions) != len(pictures):
        raise ValueError(f"{len(pictures)} pictures need as many captions, got {len(captions)}")
    strips = [_strip(picture, cell) for picture in pictures]
    if not strips:
        raise ValueError("there are no pictures to draw: pass at least 1")
    height, width = (max(strip.shape[axis] for strip in strips) for axis in (0, 1))
    framed = [_framed(strip, height, width, captions is not None) for strip in strips]
    for sample, caption in zip(framed, captions or (), strict=False):
        _write(sample, caption)
    columns = min(columns, len(framed))
    blank = [np.full_like(framed[0], _PAPER)] * (-len(framed) % columns)
    return draw_grid(framed + blank, cols=columns)


def _strip(picture: Picture, cell: int) -> RGB:
    """Return a picture's panels side by side, the longer side of each `cell` pixels."""
    height, width = picture.image.shape[:2]
    scale = cell / max(height, width)
    panels = picture.resize((max(1, round(height * scale)), max(1, round(width * scale)))).panels()
    first, *others = panels
    return np.concatenate([first, *(pad(p, left=2, cval=_PAPER) for p in others)], axis=1)


def _framed(strip: RGB, height: int, width: int, captioned: bool) -> RGB:
    """Return a strip at the top left of a white frame, with a line's space below it."""
    line = 2 * _LETTER if captioned else 0
    right, bottom = width - strip.shape[1] + _GAP, height - strip.shape[0] + _GAP + line
    return pad(strip, _GAP, right, bottom, _GAP, cval=_PAPER)


def _write(sample: RGB, caption: str) -> None:
    """Write a caption at the bottom of a framed strip."""
    room = sample.shape[1] - 2 * _GAP
    if text_width(caption, _LETTER) > room:
        while caption and text_width(f"{caption}...", _LETTER) > room:
            caption = caption[:-1]
        caption += "..."
    paint_text(sample, caption, _GAP, sample.shape[0] - _GAP, _LETTER, _INK)

"""Contact sheets: many samples on one page, each with its overlays and a caption."""

from collections.abc import Sequence

import numpy as np

from acetate.colors import RGB
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
    width = max(strip.shape[1] for strip in strips)
    texts: Sequence[str | None] = captions or [None] * len(strips)
    samples = [_sample(strip, width, text) for strip, text in zip(strips, texts, strict=True)]
    columns = min(columns, len(samples))
    starts = range(0, len(samples), columns)
    return np.concatenate([_row(samples[k : k + columns], columns) for k in starts])


def _strip(picture: Picture, cell: int) -> RGB:
    """Return a picture's panels side by side, the longer side of each `cell` pixels."""
    height, width = picture.image.shape[:2]
    scale = cell / max(height, width)
    panels = picture.resize((max(1, round(height * scale)), max(1, round(width * scale)))).panels()
    first, *others = panels
    return np.concatenate([first, *(pad(p, left=2, cval=_PAPER) for p in others)], axis=1)


def _sample(strip: RGB, width: int, caption: str | None) -> RGB:
    """Return a strip on white, with its caption below if it has one."""
    line = 0 if caption is None else 2 * _LETTER
    sample = pad(strip, _GAP, width - strip.shape[1] + _GAP, line + _GAP, _GAP, cval=_PAPER)
    if caption is not None:
        text = _cut(caption, width)
        paint_text(sample, text, _GAP, sample.shape[0] - _GAP, _LETTER, _INK)
    return sample


def _cut(text: str, room: int) -> str:
    """Return a text that is no wider than some pixels, with dots where its end is missing."""
    if text_width(text, _LETTER) <= room:
        return text
    while text and text_width(f"{text}...", _LETTER) > room:
        text = text[:-1]
    return f"{text}..."


def _row(samples: Sequence[RGB], columns: int) -> RGB:
    """Return samples of one width side by side, with white below and to the right of them."""
    height = max(sample.shape[0] for sample in samples)
    row = [pad(sample, bottom=height - sample.shape[0], cval=_PAPER) for sample in samples]
    blank = (columns - len(samples)) * samples[0].shape[1]
    return pad(np.concatenate(row, axis=1), right=blank, cval=_PAPER)

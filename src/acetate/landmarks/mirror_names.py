"""Which names of landmarks look like a left and a right one."""

import re
from collections.abc import Sequence

_WORDS = (("left", "right"), ("l", "r"))
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^A-Za-z0-9]+")


def mirror_pairs(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of names that are alike but for left and right, or l and r.

    Parameters
    ----------
    names : sequence of str
        Words in them are divided by capitals, digits and other characters: "leftEye", "eye_l".

    Returns
    -------
    tuple of (str, str)
        The left one first, in the order of the left ones; only where exactly one name fits.

    Examples
    --------
    >>> mirror_pairs(["nose", "left_eye", "right_eye", "earR", "earL", "tail"])
    (('left_eye', 'right_eye'), ('earL', 'earR'))
    """
    pairs = []
    for name in names:
        partners = {other for other in _turned(name) if other in names}
        if len(partners) == 1:
            pairs.append((name, partners.pop()))
    return tuple(pairs)


def _turned(name: str) -> list[str]:
    """Return a name with one of its left words made right."""
    parts = _PARTS.findall(name)
    turned = []
    for k, part in enumerate(parts):
        for left, right in _WORDS:
            if part.lower() == left:
                turned.append("".join([*parts[:k], _as(part, right), *parts[k + 1 :]]))
    return turned


def _as(pattern: str, word: str) -> str:
    """Return a word with the capitals of another."""
    if pattern.isupper():
        return word.upper()
    return word.capitalize() if pattern[0].isupper() else word

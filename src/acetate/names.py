"""Names that were mistyped: the nearest known one."""

from collections.abc import Iterable
from difflib import SequenceMatcher


def nearest(name: object, known: Iterable[str]) -> str:
    """Return the known name that is most like `name`, whatever the case of its letters.

    Examples
    --------
    >>> nearest("norml", ["Uniform", "Normal"])
    'Normal'
    """
    typed = str(name).lower()
    return max(known, key=lambda word: SequenceMatcher(None, typed, word.lower()).ratio())

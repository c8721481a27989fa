"""Names of the landmarks of a picture's second, third, ... object: ``nose#2``, ``nose#3``."""

import re

_LATER = re.compile(r"(?P<name>.*)#(?P<number>[2-9]|[1-9]\d+)")


def numbered(name: str, number: int) -> str:
    """Return what a landmark of a picture's first, second, ... object is called.

    Examples
    --------
    >>> numbered("nose", 1), numbered("nose", 2)
    ('nose', 'nose#2')
    """
    return name if number == 1 else f"{name}#{number}"


def without_number(name: str) -> tuple[str, int]:
    """Return a landmark's name without the number of its object, and that number.

    Examples
    --------
    >>> without_number("nose"), without_number("nose#2"), without_number("nose#1")
    (('nose', 1), ('nose', 2), ('nose#1', 1))
    """
    later = _LATER.fullmatch(name)
    return (later["name"], int(later["number"])) if later else (name, 1)

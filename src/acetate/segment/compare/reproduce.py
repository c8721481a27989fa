"""How to get the winner's masks and score again: a command, and lines of Python."""

import shlex
from pathlib import Path
from typing import Any

from acetate.files import atomic
from acetate.segment.compare.cases import Case
from acetate.segment.compare.comparison import Comparison
from acetate.segment.compare.ranking import Row
from acetate.segment.methods import METHODS

SCRIPT = "winner.py"


def command(comparison: Comparison, pictures: str, scribbles: str | None = None) -> str:
    """Return the command that makes the masks of the first method.

    Parameters
    ----------
    comparison : Comparison
        With truth.
    pictures : str
        The folder or file of the pictures.
    scribbles : str or None
        That of the scribbles.
    """
    row = comparison.rows[0]
    words = ["acetate", "segment", pictures, "--method", row.method]
    for name, value in row.parameters.items():
        words += _option(name.replace("_", "-"), value)
    if scribbles is not None and "scribbles" in METHODS[row.method].PROMPTS:
        words += ["--scribbles", scribbles]
    for name, value in comparison.cases[0].how.items():
        words += [f"--{name}", str(value)]
    return shlex.join([*words, "--out", "found"])


def python(comparison: Comparison) -> str:
    """Return a script that segments the pictures with the first method and prints its mean IoU.

    Parameters
    ----------
    comparison : Comparison
        With truth.
    """
    row = comparison.rows[0]
    scribbles = any(case.scribbles is not None for case in comparison.cases)
    special = any(case.how for case in comparison.cases)
    files = "".join(f"    ({_files(case, scribbles, special)}),\n" for case in comparison.cases)
    names = "picture, truth" + (", scribbles" if scribbles else "") + (", how" if special else "")
    return f"""\
from statistics import fmean

from acetate.images import read, read_labels
from acetate.measure import iou
from acetate.segment import method_named

FILES = [  # pictures and {"truth" if not scribbles else "truth and scribbles"}
{files}]
method = {_call(row)}
scores = []
for {names} in FILES:
    image = read(picture, alpha="over_white"{", **how" if special else ""})
    found = method.segment(image{_prompt(scribbles)})
    scores.append(iou(found.mask, read_labels(truth)))
print(fmean(scores))  # {row.fitted_iou!r} when it was compared
"""


def write_script(out: Path, comparison: Comparison) -> None:
    """Write the lines of Python into a folder.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with atomic(out / SCRIPT, "w") as file:
        file.write(python(comparison))


def _call(row: Row) -> str:
    given = "".join(f", {name}={value!r}" for name, value in row.parameters.items())
    return f"method_named({row.method!r}{given})"


def _prompt(scribbles: bool) -> str:
    if not scribbles:
        return ""
    return ', read_labels(scribbles) if scribbles and "scribbles" in method.PROMPTS else None'


def _files(case: Case, scribbles: bool, special: bool) -> str:
    paths = [case.picture, case.truth] + ([case.scribbles] if scribbles else [])
    parts = [repr(None if path is None else str(path.resolve())) for path in paths]
    return ", ".join([*parts, repr(case.how)] if special else parts)


def _option(name: str, value: Any) -> list[str]:
    """Return what the command line calls a parameter."""
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    numbers = value if isinstance(value, tuple) else (value,)
    return [f"--{name}", ",".join(map(str, numbers))]

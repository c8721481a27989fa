"""What a comparison leaves in its folder: tables, the winner's script, and the page."""

from pathlib import Path

from acetate.files import PathLike
from acetate.segment.compare.comparison import Comparison
from acetate.segment.compare.page import write_page
from acetate.segment.compare.reproduce import write_script
from acetate.segment.compare.tables import write_tables


def write_results(
    out: PathLike,
    comparison: Comparison,
    pictures: str = "PICTURES",
    scribbles: str | None = None,
    shown: int = 4,
) -> Path:
    """Write results.csv, results.json, winner.py (with truth) and index.html, with overlays.

    Parameters
    ----------
    out : path
        The folder that `compare` filled.
    comparison : Comparison
        What it returned.
    pictures, scribbles : str
        The folder or file of the pictures, and of the scribbles if there are any, for the command
        on the page.
    shown : int
        On how many of the pictures overlays are drawn, from 0.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    OSError
        If a file cannot be read or written.
    ValueError
        If `shown` is negative.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from acetate.images import write
    >>> from acetate.segment.compare import Case, compare
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/a.png", np.eye(32, dtype=np.uint8) * 255)
    ...     found = compare([Case("a.png", Path(folder, "a.png"))], f"{folder}/out", ["heat-flow"])
    ...     write_results(f"{folder}/out", found).name
    'index.html'
    """
    if shown < 0:
        raise ValueError(f"shown must be at least 0, got {shown}")
    folder = Path(out)
    write_tables(folder, comparison)
    if comparison.scored:
        write_script(folder, comparison)
    return write_page(folder, comparison, pictures, scribbles, shown)

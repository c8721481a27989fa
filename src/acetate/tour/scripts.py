"""Where the examples lie: inside the installed package, or beside the sources."""

from pathlib import Path

_HERE = Path(__file__).parent
_PLACES = (_HERE / "examples", _HERE.parents[2] / "examples")


def script(name: str) -> Path:
    """Return the path of an example.

    Parameters
    ----------
    name : str
        The file's name without ``.py``.

    Raises
    ------
    FileNotFoundError
        If it lies neither in the package, where a wheel carries it, nor in a checkout.

    Examples
    --------
    >>> script("heatmaps_simple").name
    'heatmaps_simple.py'
    """
    for place in _PLACES:
        path = place / f"{name}.py"
        if path.is_file():
            return path
    looked = " and ".join(str(place) for place in _PLACES)
    raise FileNotFoundError(
        f"the example {name}.py is not installed (looked in {looked}); "
        "install acetate from PyPI, or run from a checkout of its repository"
    )

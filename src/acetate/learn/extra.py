"""The extra `learn`: names imported when they are asked for, and what is said without it."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def missing(what: str, error: ImportError) -> ImportError:
    """Return the error to raise when an import of the extra failed.

    Parameters
    ----------
    what : str
        What needs it.
    error : ImportError
        What was raised.

    Examples
    --------
    >>> missing("training", ModuleNotFoundError("No module named 'torch'", name="torch"))
    ImportError("training needs torch: pip install 'acetate[learn]'")
    """
    return ImportError(f"{what} needs {error.name}: pip install 'acetate[learn]'")


def when_asked_for(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a package's ``__getattr__``: it imports a name that needs the extra.

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    places : mapping of str to str
        From a name to the module that it is in.

    Examples
    --------
    >>> when_asked_for("acetate.learn", {"Task": "acetate.learn.task"})("Tusk")
    Traceback (most recent call last):
    AttributeError: module 'acetate.learn' has no attribute 'Tusk'
    """

    def get(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            return getattr(import_module(places[name]), name)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("acetate"):
                raise
            raise missing(f"{package}.{name}", error) from error

    return get

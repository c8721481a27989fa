"""What becomes of an item: a value, or a row in the table of failures."""

import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from acetate.files import printable

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Success(Generic[Item, Value]):
    """An item that the function was done with.

    Attributes
    ----------
    index : int
        Its place among the items, from 0.
    item
        The item.
    value
        What the function returned.

    Examples
    --------
    >>> Success(0, "cat.png", 7).value
    7
    """

    index: int
    item: Item
    value: Value


@dataclass(frozen=True)
class Failure(Generic[Item]):
    """An item that the function failed on: a row in the table of failures.

    Attributes
    ----------
    index : int
        Its place among the items, from 0.
    item
        The item.
    error : str
        The type of the exception, such as "ValueError"; "WorkerDied" if its process was killed.
    message : str
        What the exception said.
    traceback : str
        Where it was raised, as Python prints it.

    Examples
    --------
    >>> print(Failure(3, "cat.png", "ValueError", "is cut off"))
    cat.png: ValueError: is cut off
    """

    index: int
    item: Item
    error: str
    message: str
    traceback: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        return f"{name_of(self.index, self.item)}: {self.error}: {self.message}"


def attempt(
    function: Callable[[Any], Any], index: int, item: Any
) -> Success[Any, Any] | Failure[Any]:
    """Call the function on one item; only an Exception becomes a row, Ctrl-C goes through.

    Examples
    --------
    >>> attempt(int, 0, "x").error
    'ValueError'
    """
    try:
        return Success(index, item, function(item))
    except Exception as error:
        return failure_of(index, item, error)


def failure_of(index: int, item: Any, error: Exception) -> Failure[Any]:
    """Return the row for an exception, as text: not all of them can go to another process.

    Examples
    --------
    >>> failure_of(0, "a.png", OSError("disk full")).message
    'disk full'
    """
    where = "".join(traceback.format_exception(error))  # it says so where an error has no text
    try:
        text = str(error)
    except Exception as worse:
        text = f"its text cannot be made: {type(worse).__name__}"
    return Failure(index, item, type(error).__name__, text, where)


def worker_died(index: int, item: Any) -> Failure[Any]:
    """Return the row for an item that took its worker with it, twice.

    Examples
    --------
    >>> worker_died(0, "a.png").error
    'WorkerDied'
    """
    why = (
        "its worker process died, and died again when it was tried alone; "
        "it crashed, or was killed for the memory it took"
    )
    return Failure(index, item, "WorkerDied", why)


def name_of(index: int, item: Any) -> str:
    """Return what a person may call an item: its path or text, or else its place.

    Examples
    --------
    >>> name_of(0, "cat.png"), name_of(1, [2, 3])
    ('cat.png', 'item 1')
    """
    return printable(item) if isinstance(item, (str, os.PathLike)) else f"item {index}"

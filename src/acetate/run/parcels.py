"""What goes to the workers of a scheduler and comes back: bytes, which dask does not look into."""

import pickle
import platform
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from acetate import __version__
from acetate.run.outcomes import Failure, Success, attempt, failure_of


def packed(value: Any) -> bytes:
    """Return anything as bytes, also what a script defines itself.

    Raises
    ------
    Exception
        If it cannot be sent; whatever its class raises.

    Examples
    --------
    >>> unpacked(packed(lambda x: x + 1))(2)
    3
    """
    import cloudpickle  # comes with dask

    return bytes(cloudpickle.dumps(value))


def unpacked(parcel: bytes) -> Any:
    """Return what was packed; only for bytes from the scheduler that the user has named."""
    return pickle.loads(parcel)


def carry(function: Callable[[Any], Any], parcel: bytes) -> bytes:
    """On a worker: call the function on an item, and return what became of it.

    Examples
    --------
    >>> outcome_of(carry(abs, packed(-7)), 0, -7)
    Success(index=0, item=-7, value=7)
    """
    try:
        found = attempt(lambda each: function(unpacked(each)), 0, parcel)
    except (KeyboardInterrupt, SystemExit) as end:  # which would end the worker
        return packed(end)
    try:
        return packed(replace(found, item=None))
    except Exception as error:  # the value cannot be sent
        return packed(failure_of(0, None, error))


def outcome_of(answer: Any, index: int, item: Any) -> Success[Any, Any] | Failure[Any]:
    """Return what became of an item.

    Parameters
    ----------
    answer : bytes or Exception
        What `carry` returned, or why it could not.
    index, item
        Its place, and itself.

    Raises
    ------
    KeyboardInterrupt, SystemExit
        If the function raised it.
    """
    if isinstance(answer, Exception):
        return failure_of(index, item, answer)
    found = attempt(unpacked, index, answer)
    if isinstance(found, Success):
        found = found.value
    if isinstance(found, KeyboardInterrupt | SystemExit):
        raise found
    return replace(found, index=index, item=item)


def introduce(_function: Any = None) -> dict[str, str]:
    """On a worker that has the function: say which versions it has of what matters.

    Examples
    --------
    >>> introduce()["acetate"] == __version__
    True
    """
    python = ".".join(platform.python_version_tuple()[:2])
    return {"acetate": __version__, "Python": python, "distributed": version("distributed")}


def check_versions(worker: str, answer: Any) -> None:
    """Raise unless a worker has the function, and the versions that we have.

    Parameters
    ----------
    worker : str
        Its address.
    answer : dict or Exception
        What `introduce` returned, or why it could not.

    Raises
    ------
    ValueError
        If it cannot work with us; the text says what to install.

    Examples
    --------
    >>> check_versions("tcp://10.0.0.5:1234", introduce() | {"acetate": "0.0.9"})
    Traceback (most recent call last):
    ValueError: the worker tcp://10.0.0.5:1234 has acetate 0.0.9, here it is 0.1.0; install one
        version everywhere
    """
    if isinstance(answer, Exception):
        raise ValueError(
            f"the worker {worker} cannot import the function "
            f"({type(answer).__name__}: {answer}); install there what is installed here"
        ) from answer
    for name, ours in introduce().items():
        if answer.get(name) != ours:
            raise ValueError(
                f"the worker {worker} has {name} {answer.get(name)}, here it is {ours}; "
                "install one version everywhere"
            )

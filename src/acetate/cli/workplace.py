"""Where a command's work is done: the options -j, --scheduler and --workers, once for all."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from acetate.cli.app import wrong_usage

if TYPE_CHECKING:
    from acetate.run import Workplace

Command = TypeVar("Command", bound=Callable[..., Any])

_JOBS = {True: "Threads at work.", False: "Processes at work."}


def workplace(threads: bool = False) -> Callable[[Command], Command]:
    """Add -j, --scheduler and --workers to a command, which is passed a `Workplace` as `where`.

    Parameters
    ----------
    threads : bool
        Whether -j counts threads, and --processes makes them processes.

    Notes
    -----
    The workers of a scheduler may have another working folder: they are told whole paths, so the
    command is passed all of its paths absolute then.

    Examples
    --------
    >>> @click.command()
    ... @workplace()
    ... def look(where): ...
    >>> [parameter.name for parameter in look.params]
    ['jobs', 'scheduler', 'workers']
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def placed(*, jobs: int, scheduler: str | None, workers: int | None, **options: Any) -> Any:
            in_processes = options.pop("processes") if threads else jobs > 1
            with wrong_usage():
                where = chosen(jobs, in_processes, scheduler, workers)
            if where.kind == "cluster":
                options = {name: _absolute(value) for name, value in options.items()}
            return command(where=where, **options)

        decorated: Any = placed
        for option in reversed(_options(threads)):
            decorated = option(decorated)
        return decorated

    return decorate


def _options(threads: bool) -> list[Callable[[Any], Any]]:
    jobs = click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        help=_JOBS[threads],
    )
    processes = click.option(
        "--processes", is_flag=True, help="Processes instead: slower to start, survive crashes."
    )
    scheduler = click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Work on the cluster of a dask scheduler, such as tcp://10.0.0.5:8786.",
    )
    workers = click.option(
        "--workers", type=click.IntRange(1), help="Start a cluster of so many on this machine."
    )
    return [jobs, *([processes] if threads else []), scheduler, workers]


def chosen(
    jobs: int, in_processes: bool, scheduler: str | None, workers: int | None
) -> "Workplace":
    """Return where a command line has work done.

    Raises
    ------
    ValueError
        If its options contradict each other.

    Examples
    --------
    >>> chosen(4, True, None, None)
    Workplace(kind='processes', workers=4, scheduler=None)
    >>> chosen(1, False, None, 2)
    Workplace(kind='cluster', workers=2, scheduler=None)
    """
    from acetate.run import Workplace  # NumPy is loaded with it

    if scheduler is None and workers is None:
        return Workplace("processes" if in_processes else "threads", jobs)
    if scheduler is not None and workers is not None:
        raise ValueError("pass either --scheduler, which has workers, or --workers")
    if in_processes or jobs > 1:
        raise ValueError("-j is about this machine without a cluster; leave it out")
    return Workplace("cluster", workers or 1, scheduler)


def _absolute(value: Any) -> Any:
    """Return paths, also several, as they are called from any folder; else the value itself."""
    if isinstance(value, Path):
        return value.absolute()
    return tuple(map(_absolute, value)) if isinstance(value, tuple) else value

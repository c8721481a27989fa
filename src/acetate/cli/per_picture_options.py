"""The arguments of commands that treat pictures one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from acetate.cli.workplace import workplace

Command = TypeVar("Command", bound=Callable[..., Any])

_ANY = click.Path(exists=True, path_type=Path)
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)


def per_picture(command: Command) -> Command:
    """Add PICTURES, --out, where to work (`workplace`) and --overwrite to a command.

    Examples
    --------
    >>> @click.command()
    ... @per_picture
    ... def look(**options): ...
    >>> [parameter.name for parameter in look.params]
    ['pictures', 'out', 'jobs', 'scheduler', 'workers', 'overwrite']
    """
    for decorate in (
        click.option("--overwrite", is_flag=True, help="Begin anew in a folder that is not empty."),
        workplace(),
        click.option("--out", type=_NEW_FOLDER, required=True, help="The folder to write into."),
        click.argument("pictures", type=_ANY, nargs=-1, required=True),
    ):
        command = decorate(command)
    return command

"""How a command reads pictures: which page, and what becomes of an embedded colour profile."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
Profile = Literal["to_srgb", "ignore"]


def reading(command: Command) -> Command:
    """Add --page and --profile to a command.

    Examples
    --------
    >>> @click.command()
    ... @reading
    ... def look(**options): ...
    >>> [parameter.name for parameter in look.params]
    ['page', 'profile']
    """
    for decorate in (
        click.option(
            "--profile",
            type=click.Choice(["convert", "ignore"]),
            default="convert",
            show_default=True,
            help="Convert colours to sRGB by an embedded profile, or take the numbers as they are.",
        ),
        click.option("--page", type=click.IntRange(0), help="Of pictures with several, from 0."),
    ):
        command = decorate(command)
    return command


@dataclass(frozen=True)
class Reading:
    """How pictures are read.

    Parameters
    ----------
    page : int or None
        Which page of a picture; None refuses pictures of several.
    profile : {"convert", "ignore"}
        Whether colours are converted to sRGB by an embedded profile. Numbers that were measured,
        as in 16 bits, are no colours, and 16 bits are not converted.

    Examples
    --------
    >>> Reading(2).record()
    {'page': 2, 'profile': 'convert'}
    """

    page: int | None = None
    profile: str = "convert"

    def record(self) -> dict[str, Any]:
        """Return what decides over the pixels."""
        return {"page": self.page, "profile": self.profile}

    @property
    def in_python(self) -> Profile:
        """What `acetate.images.read` calls the treatment of profiles."""
        return "ignore" if self.profile == "ignore" else "to_srgb"

    def read(self, path: Path, alpha: Literal["keep", "over_white"] = "over_white") -> Any:
        """Return a picture and its facts.

        Raises
        ------
        OSError, ValueError
            As `acetate.images.read`; advice is in words of the command line.
        """
        from acetate import images  # NumPy and OpenCV are loaded here

        with as_options():
            return images.read_with_facts(path, page=self.page, alpha=alpha, profile=self.in_python)

    def facts(self, about: Any) -> dict[str, Any]:
        """Return what is to be known of how a picture was read.

        Parameters
        ----------
        about : ImageFacts
            The picture's.
        """
        used = "ignored" if self.profile == "ignore" else "converted to sRGB"
        return {
            "page": about.page,
            "colour_profile": about.profile,
            "colours": "as stored" if about.profile is None else f"profile {used}",
        }


def in_options(text: str) -> str:
    """Return advice to a caller in Python as advice at the command line.

    Examples
    --------
    >>> in_options("holds 3 pages; choose one with page=0 to page=2")
    'holds 3 pages; choose one with --page 0 to --page 2'
    >>> in_options("pass profile='ignore' to take the numbers as they are")
    'pass --profile ignore to take the numbers as they are'
    """
    return re.sub(
        r"\b(page|profile)=(\d+|'\w+')", lambda m: f"--{m[1]} {m[2].strip(chr(39))}", text
    )


@contextmanager
def as_options() -> Iterator[None]:
    """Put what a ValueError advises into words of the command line.

    Examples
    --------
    >>> with as_options():
    ...     raise ValueError("choose one with page=0")
    Traceback (most recent call last):
    ValueError: choose one with --page 0
    """
    try:
        yield
    except ValueError as error:
        raise ValueError(in_options(str(error))) from error

"""What the commands about mosaics read: sizes such as 50x50, kinds of matches such as capped:3."""

import re
from typing import Any

import click

from acetate.cli.lazy_group import and_nearest

_KINDS = ("unique", "nearest", "capped:R")


class Size(click.ParamType[Any]):
    """Two whole numbers with an x between: height and width, or rows and columns.

    Examples
    --------
    >>> Size().convert("50x40", None, None)
    (50, 40)
    """

    name = "size"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return the two numbers."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(\d{1,6})x(\d{1,6})", value)
        if found is None or 0 in (pair := (int(found[1]), int(found[2]))):
            self.fail(f"{value!r} is no size; write it like 50x40, the height first", param, ctx)
        return pair


class MatchKind(click.ParamType[Any]):
    """A kind of match, and how often it may use a tile.

    Examples
    --------
    >>> MatchKind().convert("capped:3", None, None), MatchKind().convert("unique", None, None)
    (('capped', 3), ('unique', 1))
    """

    name = "match"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Return the kind and the number."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"capped:([1-9]\d{0,8})", value)
        if found is None and value not in ("unique", "nearest"):
            self.fail(f"there is no match {and_nearest(value, _KINDS)}", param, ctx)
        return (value, 1) if found is None else ("capped", int(found[1]))

"""Options of `acetate landmarks train` whose defaults are those of the preset that it names."""

import copy
from collections.abc import Mapping
from dataclasses import Field, field, fields, make_dataclass
from typing import Any

import click

from acetate.cli.app import wrong_usage
from acetate.cli.method_options import options_of

_PREFIX = "option_"
_KEY = "acetate.preset"


class PresetCommand(click.Command):
    """A command with an option for every number of a preset and of the augmentation.

    Notes
    -----
    Its function is passed `preset` and `augmentation`. The help of ``--preset NAME --help`` shows
    the numbers of that one. Ranges are checked by the dataclasses, so their words are those of
    Python.

    Examples
    --------
    >>> command = PresetCommand("train")
    >>> names = [each.opts[0] for each in command.get_params(click.Context(command))]
    >>> names[:3]
    ['--preset', '--epochs', '--batch-size']
    """

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, then those of preset and augmentation."""
        from acetate.landmarks.augmentation import Augmentation
        from acetate.landmarks.presets import PRESETS

        own = super().get_params(ctx)
        preset = click.Option(
            ["--preset"],
            type=click.Choice(list(PRESETS)),
            default="small",
            show_default=True,
            help="All numbers below that are not given.",
        )
        shown = PRESETS[ctx.meta.get(_KEY, "small")]
        mine = [*options_of(_like(shown)), *options_of(_like(Augmentation()))]
        return [*own[:-1], preset, *mine, *own[-1:]]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, the preset's name before all others."""
        from acetate.landmarks.presets import PRESETS

        named = [
            word.partition("=")[2] or after
            for word, after in zip(args, [*args[1:], ""], strict=True)
            if word == "--preset" or word.startswith("--preset=")
        ]
        if named and named[-1] in PRESETS:
            ctx.meta[_KEY] = named[-1]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Make preset and augmentation, and call the function."""
        from dataclasses import replace

        from acetate.landmarks.augmentation import Augmentation
        from acetate.landmarks.presets import PRESETS

        names = [name for name in ctx.params if name.startswith(_PREFIX)]
        given = {name.removeprefix(_PREFIX): ctx.params.pop(name) for name in names}
        base, varied = PRESETS[ctx.params.pop("preset")], Augmentation()
        with wrong_usage():
            ctx.params["preset"] = replace(base, **_of(base, given))
            ctx.params["augmentation"] = replace(varied, **_of(varied, given))
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, and those of the preset in a part of their own."""
        parts: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                parts[(param.name or "").startswith(_PREFIX)].append(record)
        with formatter.section("Options"):
            formatter.write_dl(parts[False])
        with formatter.section(f"Numbers of the preset {ctx.meta.get(_KEY, 'small')}"):
            formatter.write_dl(parts[True])


def _like(values: Any) -> type[Any]:
    """Return a dataclass whose defaults are the values of another's instance.

    Examples
    --------
    >>> from acetate.landmarks.augmentation import Augmentation
    >>> _like(Augmentation(rotate=3.0))().rotate
    3.0
    """
    parts: list[tuple[str, Any, Field[Any]]] = [
        (
            each.name,
            each.type,
            field(default=copy.copy(getattr(values, each.name)), metadata=dict(each.metadata)),
        )
        for each in fields(values)
    ]
    return make_dataclass("Like", parts)


def _of(values: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given of a dataclass."""
    known = {each.name for each in fields(values)}
    return {name: value for name, value in given.items() if name in known and value is not None}

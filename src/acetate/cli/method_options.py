"""Commands whose options are the parameters of a method, taken from a register of methods."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from importlib import import_module
from typing import Any

import click

from acetate.cli.app import wrong_usage
from acetate.cli.lazy_group import and_nearest
from acetate.options import kind_of

_PREFIX = "option_"  # tells a method's parameters from the command's own
_KEY = "acetate.method"


@dataclass(frozen=True)
class Chosen:
    """The method of a command line, with its parameters.

    Parameters
    ----------
    name : str
        In the register.
    method : dataclass
        With the parameters that were given.

    Examples
    --------
    >>> from acetate.heat import LinearHeat
    >>> Chosen("heat", LinearHeat(t=2.0)).method.t
    2.0
    """

    name: str
    method: Any


class MethodCommand(click.Command):
    """A command that passes a method on to its function, as the argument `method`.

    Parameters
    ----------
    register : str
        ``module:name`` of a mapping from names to frozen dataclasses whose fields are options
        (`acetate.options`). It is imported when the command is called.
    default : str
        The method where ``--method`` is not given; commands without that option have no other.

    Notes
    -----
    Ranges and choices are checked by the methods themselves, so their words are those of Python.

    Examples
    --------
    >>> command = MethodCommand("denoise", register="acetate.heat:DENOISERS", default="heat")
    >>> [option.opts for option in command.get_params(click.Context(command))]
    [['--t'], ['--help']]
    """

    def __init__(self, *args: Any, register: str, default: str, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.register = register
        self.default = default

    def methods(self) -> Mapping[str, type[Any]]:
        """Return the register."""
        module, name = self.register.split(":")
        methods: Mapping[str, type[Any]] = getattr(import_module(module), name)
        return methods

    def chosen(self, ctx: click.Context) -> str:
        """Return the name of the method that this call is about."""
        name: str = ctx.meta.get(_KEY, self.default)
        return name

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, the method's name before all others."""
        name = _method_in(args) or self.default
        if name not in self.methods():
            raise click.UsageError(f"there is no method {and_nearest(name, self.methods())}")
        ctx.meta[_KEY] = name
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, then those of its method."""
        own = super().get_params(ctx)
        return [*own[:-1], *options_of(self.methods()[self.chosen(ctx)]), *own[-1:]]

    def invoke(self, ctx: click.Context) -> Any:
        """Make the method, and call the function."""
        name = self.chosen(ctx)
        kind = self.methods()[name]
        names = (each.name for each in fields(kind))
        values = {each: ctx.params.pop(f"{_PREFIX}{each}") for each in names}
        with wrong_usage():
            method = kind(**{each: value for each, value in values.items() if value is not None})
        ctx.params["method"] = Chosen(name, method)
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, and those of the method."""
        name = self.chosen(ctx)
        own, mine = list[tuple[str, str]](), list[tuple[str, str]]()
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                (mine if (param.name or "").startswith(_PREFIX) else own).append(record)
        with formatter.section("Options"):
            formatter.write_dl(own)
        if mine:
            title = f"Options of {name}" if len(self.methods()) > 1 else "What to do"
            with formatter.section(title):
                formatter.write_dl(mine)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of methods."""
        if len(self.methods()) > 1:
            with formatter.section("Methods (--method NAME --help shows the options of one)"):
                formatter.write_dl([(n, summary(kind)) for n, kind in self.methods().items()])
        super().format_epilog(ctx, formatter)


def _method_in(args: list[str]) -> str | None:
    """Return the value of the last ``--method``, as the parser will find it; None without one."""
    found = None
    words = args[: args.index("--")] if "--" in args else args
    for word, after in zip(words, [*words[1:], None], strict=False):
        if word == "--method":
            found = after
        elif word.startswith("--method="):
            found = word.removeprefix("--method=")
    return found


def summary(kind: type[Any]) -> str:
    """Return the first line of a class's documentation.

    Examples
    --------
    >>> from acetate.heat import LinearHeat
    >>> summary(LinearHeat)
    'Let heat flow until the noise lost is worth no more than the picture lost.'
    """
    return (kind.__doc__ or "").strip().partition("\n")[0]


def options_of(kind: type[Any]) -> list[click.Option]:
    """Return an option of the command line for every parameter of a method.

    Parameters
    ----------
    kind : type
        A dataclass whose fields are options (`acetate.options`).

    Returns
    -------
    list of click.Option
        Those that are not given are None, so that the method's own default holds.

    Examples
    --------
    >>> from acetate.heat import CosineShrinkage
    >>> [option.opts[0] for option in options_of(CosineShrinkage)]
    ['--threshold', '--wiener', '--stride']
    """
    return [_option(each) for each in fields(kind)]


def option_records(kind: type[Any]) -> list[tuple[str, str]]:
    """Return the options of a class with their help, as a help page shows them.

    Examples
    --------
    >>> from acetate.heat import LinearHeat
    >>> option_records(LinearHeat)[0][0]
    '--t X'
    """
    context = click.Context(click.Command("options"))
    records = (option.get_help_record(context) for option in options_of(kind))
    return [record for record in records if record is not None]


def _option(each: Field[Any]) -> click.Option:
    flag = f"--{each.name.replace('_', '-')}"
    help = f"{each.metadata['help']}  [{_range(each)}]"
    names = [f"{_PREFIX}{each.name}"]
    if isinstance(each.default, bool):
        off = f"--no-{flag[2:]}"
        return click.Option([*names, f"{flag}/{off}"], default=None, help=help)
    return click.Option([*names, flag], type=_kind(each), metavar=_metavar(each), help=help)


def _kind(each: Field[Any]) -> click.ParamType[Any]:
    if each.metadata["choices"]:
        return click.STRING
    if isinstance(each.default, tuple):
        return Numbers(whole=bool(each.default) and all(isinstance(n, int) for n in each.default))
    return click.INT if kind_of(each) is int else click.FLOAT


def _metavar(each: Field[Any]) -> str:
    about = each.metadata
    if about["choices"]:
        return f"[{'|'.join(about['choices'])}]"
    kind = _kind(each)
    if isinstance(kind, Numbers):
        return "A,B,..."
    return "N" if kind is click.INT else "X"


def _range(each: Field[Any]) -> str:
    """Return default, unit and range, as the help shows them."""
    default, about = each.default, each.metadata
    if isinstance(default, tuple):
        text = ",".join(f"{number:g}" for number in default) or "none"
    elif isinstance(default, bool):
        text = "yes" if default else "no"
    elif default is None:
        text = "left open"
    else:
        text = default if isinstance(default, str) else f"{default:g}"
    parts = [f"default: {text}", _limits(about["low"], about["high"])]
    if about["unit"]:
        parts.append(about["unit"])
    return "; ".join(part for part in parts if part)


def _limits(low: float | None, high: float | None) -> str:
    if low is None:
        return "" if high is None else f"to {high:g}"
    return f"from {low:g}" if high is None else f"{low:g} to {high:g}"


class Numbers(click.ParamType[tuple[float, ...]]):
    """Numbers with commas between them.

    Examples
    --------
    >>> Numbers().convert("1,2.5", None, None)
    (1.0, 2.5)
    >>> Numbers(count=4).convert("1,2", None, None)
    Traceback (most recent call last):
    click.exceptions.BadParameter: '1,2' is not 4 numbers with commas between them
    """

    name = "numbers"

    def __init__(self, whole: bool = False, count: int | None = None) -> None:
        self.whole = whole
        self.count = count

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """Return the numbers of a text."""
        if isinstance(value, tuple):
            return value
        try:
            found = tuple((int if self.whole else float)(part) for part in value.split(",") if part)
        except ValueError:
            found = ()
        if not found or self.count not in (None, len(found)):
            many = "" if self.count is None else f"{self.count} "
            what = "whole numbers" if self.whole else "numbers"
            self.fail(f"{value!r} is not {many}{what} with commas between them", param, ctx)
        return found

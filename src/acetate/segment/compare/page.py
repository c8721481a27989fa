"""The page of a comparison: its table, the winner's lines, and overlays; one HTML file."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from acetate import __version__
from acetate.files import atomic
from acetate.segment.compare.comparison import Comparison
from acetate.segment.compare.overlays import write_overlay, write_picture
from acetate.segment.compare.reproduce import command, python
from acetate.segment.compare.tables import brief, header, lines

PAGE = "index.html"
_TEMPLATE = Path(__file__).with_name("page.html")
_NUMBERS = ("IoU", "Dice", "boundary F1", "seconds", "agreement", "inside", "its mean", "rank")
_BARS = ("IoU", "agreement")


def write_page(
    out: Path,
    comparison: Comparison,
    pictures: str,
    scribbles: str | None = None,
    shown: int = 4,
) -> Path:
    """Write the page and its overlays into the folder of the comparison, and return its path.

    Parameters
    ----------
    out : Path
        The folder, in which the masks are.
    comparison : Comparison
        What was found.
    pictures, scribbles : str
        The folder or file of the pictures, and of the scribbles if there are any, for the command.
    shown : int
        On how many of the pictures overlays are drawn.

    Raises
    ------
    OSError, ValueError
        If a file cannot be read or written.
    """
    text = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title="Which method suits these pictures?",
        version=escape(__version__),
        summary=_summary(comparison),
        table=_table(comparison),
        note=_note(comparison),
        winner=_winner(comparison, command(comparison, pictures, scribbles))
        if comparison.scored
        else "",
        agreement=_agreement(comparison),
        overlays=_overlays(out, comparison, shown),
        failures=_failures(comparison),
    )
    path = out / PAGE
    with atomic(path, "w") as file:
        file.write(text)
    return path


def _summary(comparison: Comparison) -> str:
    pictures = len(comparison.cases)
    plural = "s" if pictures > 1 else ""
    side = "dark" if comparison.dark else "bright"
    tried = f"{comparison.trials} trials, " if comparison.scored else ""
    return (
        f"{len(comparison.methods)} methods on {pictures} picture{plural}, "
        f"{'with' if comparison.scored else 'without'} truth; {tried}{side} foreground, "
        f"{comparison.seconds:.0f} s"
    )


def _table(comparison: Comparison) -> str:
    names = header(comparison)
    head = "".join(f"<th{_kind(name)}>{escape(name)}</th>" for name in names)
    rows = "".join(_row(names, row) for row in lines(comparison))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(names: Sequence[str], row: Sequence[str]) -> str:
    cells = (_cell(name, text) for name, text in zip(names, row, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _cell(name: str, text: str) -> str:
    share = f' style="--share:{float(text) * 100:.1f}%"' if name in _BARS and text else ""
    extra = " bar" if share else ""
    return f"<td{_kind(name, extra)}{share}>{escape(text)}</td>"


def _kind(name: str, extra: str = "") -> str:
    words = ("number" if name in _NUMBERS else "text") + extra
    return f' class="{words}"'


def _note(comparison: Comparison) -> str:
    if not comparison.scored:
        return (
            "There was no truth, so <b>nothing here says that a method is right</b>. "
            "<b>Agreement</b> is the mean IoU of a method's masks with those of the other "
            "methods: what most methods see alike. The <b>own figure</b> is what a method itself "
            "minimises or reports, in its own units; it cannot be compared between methods. "
            "<b>Inside</b> is the part of the pictures that is foreground."
        )
    tolerance = f"Boundary F1 counts outlines within {comparison.tolerance:g} px as the same."
    if len(comparison.cases) == 1:
        return (
            "There was one picture, so parameters were chosen on the picture that they are scored "
            f"on: on others expect less, most from the methods with many parameters. {tolerance}"
        )
    return (
        "Each picture is scored with the parameters that did best on the <b>other</b> pictures "
        "(leave one out); scores are means over pictures. The parameters in the table are those "
        f"that did best on all. Seconds are the median for a picture. {tolerance}"
    )


def _winner(comparison: Comparison, line: str) -> str:
    row = comparison.rows[0]
    same = "the same" if comparison.reproduced_iou == row.fitted_iou else "NOT the same"
    expect = f"about {brief(row.iou)}" if len(comparison.cases) > 1 else "less"
    return f"""\
<h2>The first: {escape(row.method)}</h2>
<p>With these parameters its mean IoU on these pictures is {row.fitted_iou!r}; the masks that were
written give {comparison.reproduced_iou!r}: {same}. On new pictures expect {expect}.</p>
<pre><code>{escape(line)}</code></pre>
<pre><code>{escape(python(comparison))}</code></pre>"""


def _agreement(comparison: Comparison) -> str:
    names = comparison.agreeing
    if len(names) < 2:
        return ""
    head = "".join(f"<th><span>{escape(name)}</span></th>" for name in names)
    body = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(
            f'<td style="--share:{value * 100:.0f}%">{value:.2f}</td>'
            for value in comparison.agreement[k]
        )
        + "</tr>"
        for k, name in enumerate(names)
    )
    return (
        "<h2>How far methods agree</h2><p>The mean IoU of their masks with each other's.</p>"
        f'<div class="wide"><table class="matrix"><tr><th></th>{head}</tr>{body}</table></div>'
    )


def _overlays(out: Path, comparison: Comparison, shown: int) -> str:
    cases = comparison.cases[:shown]
    head = "".join(f"<figcaption>{escape(case.name)}</figcaption>" for case in cases)
    first = _strip("", (write_picture(out, case) for case in cases))
    strips = []
    for method in comparison.methods:
        made = comparison.masks[method]
        there = [case for case in cases if case.name in made and not made[case.name].error]
        files = {c.name: write_overlay(out, c, made[c.name].file, method) for c in there}
        strips.append(_strip(method, (files.get(case.name, "") for case in cases)))
    legend = (
        '<p class="legend"><i class="right"></i> right <i class="much"></i> too much '
        '<i class="missing"></i> missing</p>'
        if comparison.scored
        else ""
    )
    columns = f'style="--columns:{len(cases)}"'
    return f'{legend}<div class="grid" {columns}><b></b>{head}{first}{"".join(strips)}</div>'


def _strip(name: str, files: Iterable[str]) -> str:
    pictures = "".join(
        f'<img src="{quote(file)}" alt="{escape(name or "the picture")}" loading="lazy">'
        if file
        else '<span class="none">failed</span>'
        for file in files
    )
    return f"<b>{escape(name)}</b>{pictures}"


def _failures(comparison: Comparison) -> str:
    rows = [*comparison.failures, *comparison.errors]
    if not rows:
        return ""
    listed = "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<h2>What failed</h2><table>{listed}</table>"

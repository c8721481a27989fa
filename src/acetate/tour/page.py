"""The tour's page: one HTML file, without scripts and without anything from a network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from acetate import __version__
from acetate.images import info
from acetate.tour.chapters import Chapter
from acetate.tour.code import highlighted

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Told:
    """A chapter after its example ran.

    Parameters
    ----------
    chapter : Chapter
        What was told.
    source : str
        The example's text.
    picture : path
        The picture that it made.
    seconds : float
        How long that took.

    Examples
    --------
    >>> from acetate.tour.chapters import CHAPTERS
    >>> Told(CHAPTERS[0], "x = 1", Path("pictures/a.png"), 0.5).chapter.title
    'A simple example'
    """

    chapter: Chapter
    source: str
    picture: Path
    seconds: float


def page(told: Sequence[Told], exploded: str, seconds: float) -> str:
    """Return the page.

    Parameters
    ----------
    told : sequence of Told
        The chapters in order.
    exploded : str
        The drawing of a picture and its sheets, as SVG.
    seconds : float
        How long it all took.

    Returns
    -------
    str
        HTML; the pictures are referred to in the folder where they lie, beside the page.

    Examples
    --------
    >>> page([], "<svg></svg>", 0.5).splitlines()[:2]
    ['<!DOCTYPE html>', '<html lang="en">']
    """
    chapters = [one.chapter for one in told]
    return Template(_part("page.html")).substitute(
        style=_part("style.css"),
        version=escape(__version__),
        count=len(told),
        seconds=f"{seconds:.1f}",
        contents="\n".join(_entry(chapter) for chapter in chapters),
        exploded=exploded,
        chapters="\n".join(_section(number, one) for number, one in enumerate(told, 1)),
    )


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _anchor(chapter: Chapter) -> str:
    return re.sub(r"[^a-z0-9]+", "-", chapter.title.lower())


def _entry(chapter: Chapter) -> str:
    return f'<li><a href="#{_anchor(chapter)}">{escape(chapter.title)}</a></li>'


def _section(number: int, told: Told) -> str:
    chapter, picture = told.chapter, told.picture
    height, width = info(picture).shape
    link = f"{picture.parent.name}/{picture.name}"
    size = f'width="{width}" height="{height}"'
    alt = f'alt="{escape(chapter.title)}" loading="lazy"'
    return f"""\
<section id="{_anchor(chapter)}">
<h2><span class="number">{number}</span>{escape(chapter.title)}</h2>
{chapter.text}
<figure>
<a href="{link}"><img src="{link}" {size} {alt}></a>
<figcaption>{chapter.caption} <span class="seconds">{told.seconds:.2f} s</span></figcaption>
</figure>
<details open>
<summary>examples/{chapter.script}.py</summary>
<pre><code>{highlighted(told.source)}</code></pre>
</details>
</section>"""

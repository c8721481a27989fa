"""The tour: one page that opens from disk, whole, well formed, and true to its examples."""

from html.parser import HTMLParser
from pathlib import Path
from tokenize import TokenError

import pytest

from acetate.images import read
from acetate.run import Workplace
from acetate.tour import guide, run, scripts
from acetate.tour.chapters import CHAPTERS
from acetate.tour.code import highlighted
from acetate.tour.scripts import script

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
LINKS = {"href", "src", "srcset", "poster", "action", "data"}


class Reading(HTMLParser):
    """What a browser would find on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.programs: list[str] = []
        self.errors: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in LINKS]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "pre":
            self.programs.append("")
        if tag == "h2":
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "pre" in self.open:
            self.programs[-1] += data
        elif "h2" in self.open and "span" not in self.open:
            self.headings[-1] += data


@pytest.fixture(scope="module")
def reports() -> list[tuple[int, int | None, str]]:
    return []


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple[int, int | None, str]]
) -> Path:
    out = tmp_path_factory.mktemp("tour") / "not" / "there yet"
    return run(out, lambda *report: reports.append(report))


@pytest.fixture(scope="module")
def page(index: Path) -> Reading:
    return Reading(index.read_text(encoding="utf-8"))


def test_page_lies_beside_its_pictures(index: Path) -> None:
    assert index.name == "index.html"
    assert {path.name for path in index.parent.iterdir()} == {"index.html", "pictures"}
    for path in (index.parent / "pictures").iterdir():
        assert read(path).size


def test_progress_counts_the_chapters(
    index: Path, reports: list[tuple[int, int | None, str]]
) -> None:
    assert index.is_file()
    total = len(CHAPTERS)
    assert reports == [(n, total, chapter.title) for n, chapter in enumerate(CHAPTERS, 1)]


def test_html_is_well_formed(page: Reading) -> None:
    assert not page.errors
    assert not page.open
    assert len(page.ids) == len(set(page.ids))


def test_all_links_lead_to_something_on_disk_or_on_the_page(index: Path, page: Reading) -> None:
    assert len(page.links) > 2 * len(CHAPTERS)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert (index.parent / link).is_file()


def test_nothing_comes_from_a_network_and_nothing_runs(index: Path, page: Reading) -> None:
    text = index.read_text(encoding="utf-8")
    for sign in ("http:", "https:", 'src="//', 'href="//', "@import", "url("):
        assert sign not in text
    assert not {"script", "iframe", "link", "object"} & set(page.tags)


def test_every_picture_is_shown(index: Path, page: Reading) -> None:
    shown = {index.parent / link for link in page.links if not link.startswith("#")}
    assert shown == set((index.parent / "pictures").iterdir())


def test_code_is_that_of_the_examples(page: Reading) -> None:
    sources = [script(chapter.script).read_text(encoding="utf-8") for chapter in CHAPTERS]
    assert page.programs == sources


def test_chapters_come_in_order(page: Reading) -> None:
    titles = [chapter.title for chapter in CHAPTERS]
    assert page.headings == ["A picture and its sheets", *titles, "Your own pictures"]


def test_page_is_small_enough_to_send(index: Path) -> None:
    size = sum(path.stat().st_size for path in index.parent.rglob("*") if path.is_file())
    assert size < 15 * 2**20


def test_second_run_replaces_the_first_with_the_same_pictures(index: Path) -> None:
    folder = index.parent / "pictures"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run(index.parent) == index
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_processes_make_the_same_page(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guide, "CHAPTERS", CHAPTERS[:3])
    seen: list[int] = []
    made = run(tmp_path, lambda done, *_: seen.append(done), Workplace("processes", 2))
    assert seen == [1, 2, 3]
    page = Reading(made.read_text(encoding="utf-8"))
    assert page.headings[1:4] == [chapter.title for chapter in CHAPTERS[:3]]
    for path in (tmp_path / "pictures").iterdir():
        assert path.read_bytes() == (index.parent / "pictures" / path.name).read_bytes()


def test_an_example_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("the disk is full")

    monkeypatch.setattr(guide, "_told", broken)
    with pytest.raises(RuntimeError, match=r"heatmaps_simple\.py: ValueError: the disk is full"):
        run(tmp_path)


def test_out_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(OSError, match="taken"):
        run(tmp_path / "taken")


def test_examples_that_are_not_installed_are_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts, "_PLACES", (tmp_path / "a", tmp_path / "b"))
    with pytest.raises(
        FileNotFoundError, match=r"heatmaps_simple\.py is not installed .*a and .*b"
    ):
        script("heatmaps_simple")


def test_installed_examples_come_before_those_of_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("wheel", "checkout"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.py").touch()
    monkeypatch.setattr(scripts, "_PLACES", (tmp_path / "wheel", tmp_path / "checkout"))
    assert script("one") == tmp_path / "wheel" / "one.py"


def test_colours_tell_words_apart_and_leave_the_text_alone() -> None:
    source = 'def f(x):\n    """Two\n    lines."""\n    return x < 1 and "ä"  # & more\n'
    html = highlighted(source)
    assert "".join(Text(html).parts) == source
    for span in (
        '<span class="k">def</span>',
        '<span class="d">f</span>',
        '<span class="s">"""Two\n    lines."""</span>',
        '<span class="k">return</span> x &lt; <span class="n">1</span>',
        '<span class="s">"ä"</span>',
        '<span class="c"># &amp; more</span>',
    ):
        assert span in html


class Text(HTMLParser):
    """The text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def test_what_is_no_python_is_not_coloured() -> None:
    with pytest.raises((SyntaxError, TokenError), match=r"EOF in multi-line|never closed"):
        highlighted("print(")

"""XML files read without entities: a small tree whose elements know their lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from acetate.files import PathLike, printable


@dataclass
class Element:
    """An element of an XML file.

    Parameters
    ----------
    tag : str
        Its name.
    attributes : dict
        From name to text.
    line : int
        Where it begins.
    children : list of Element
        In order.
    text : str
        What stands in it outside of its children.

    Examples
    --------
    >>> Element("image", {"name": "a.png"}, 3).get("name")
    'a.png'
    """

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)

    def all(self, tag: str) -> Iterator["Element"]:
        """Yield the children of a name."""
        return (child for child in self.children if child.tag == tag)

    def under(self, *tags: str) -> Iterator["Element"]:
        """Yield what lies under a path of names."""
        for child in self.all(tags[0]):
            if tags[1:]:
                yield from child.under(*tags[1:])
            else:
                yield child


def read_xml(path: PathLike) -> Element:
    """Read an XML file.

    Notes
    -----
    A document type declaration is refused: it is what entities are declared in, which can grow a
    small file to gigabytes or fetch others, and no annotation tool writes one.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no XML, or has a document type declaration: with the line.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.xml")
    ...     _ = file.write_text("<a><b x='1'>two</b></a>")
    ...     [(b.text, b.line) for b in read_xml(file).all("b")]
    [('two', 1)]
    """
    name, root = printable(path), Element("", {}, 0)
    parser, open_elements = expat.ParserCreate(), [root]

    def begin(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, parser.CurrentLineNumber)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def end(_tag: str) -> None:
        open_elements.pop()

    def text(data: str) -> None:
        open_elements[-1].text += data

    def refuse(*_: Any) -> None:
        raise ValueError(
            f"{name}, line {parser.CurrentLineNumber}: a document type declaration is not read, "
            "for it may hide entities; remove it"
        )

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    with open(path, "rb") as file:
        try:
            parser.ParseFile(file)
        except (expat.ExpatError, LookupError) as error:  # of an unknown encoding the latter
            raise ValueError(f"{name} is no XML: {error}") from error
    return root.children[0]

"""Which format a file of landmarks has, by what stands in it."""

import json
import re
from pathlib import Path
from typing import Any

from acetate.files import PathLike, printable
from acetate.sheets.formats.csv_rows import csv_rows
from acetate.sheets.formats.per_picture import files_in
from acetate.sheets.formats.table import is_long, is_wide

_HEAD = 4096  # characters that tell the kind of a file
_TPS = re.compile(r"\s*(LM3?|ID|IMAGE)\s*=", re.IGNORECASE)


def sniff_format(path: PathLike) -> str:
    """Return the name of the format of a file, or of the files of a folder.

    Raises
    ------
    FileNotFoundError
        If there is no such file or folder.
    ValueError
        If it is none of the known formats.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.csv")
    ...     _ = file.write_text("image,nose_x,nose_y")
    ...     sniff_format(file)
    'csv-wide'
    """
    target = Path(path)
    file = files_in(target, ".json")[0] if target.is_dir() else target
    try:
        with open(file, encoding="utf-8-sig") as stream:
            head = stream.read(_HEAD)
    except UnicodeDecodeError as error:
        raise ValueError(f"{printable(file)} is not a text file in UTF-8: {error}") from error
    found = _by_head(file, head.lstrip())
    if found is None:
        raise ValueError(
            f"{printable(file)} is no file of landmarks that acetate knows: a table begins with "
            "image,name,x,y or image,nose_x,nose_y,...; name the format if it should be another"
        )
    return found


def _by_head(file: Path, head: str) -> str | None:
    if head[:1] in ("{", "["):
        return _of_json(file)
    if head[:1] == "<":
        return "cvat" if "<annotations" in head else None
    if _TPS.match(head):
        return "tps"
    if head.partition("\n")[0].split(",")[0].strip() in ("scorer", "bodyparts"):
        return "deeplabcut"
    _, header = next(csv_rows(file), (1, []))
    if is_long(header):
        return "csv"
    return "csv-wide" if is_wide(header) else None


def _of_json(file: Path) -> str | None:
    with open(file, encoding="utf-8-sig") as stream:
        try:
            content: Any = json.load(stream)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{printable(file)} is no JSON: {error}") from error
    if isinstance(content, list):
        return "label-studio" if not content or isinstance(content[0], dict) else None
    keys = set(content)
    for name, wanted in (
        ("slicer", {"markups"}),
        ("coco", {"images", "annotations", "categories"}),
        ("labelme", {"shapes", "imagePath"}),
        ("aariz", {"landmarks"}),
    ):
        if wanted <= keys:
            return name
    return None

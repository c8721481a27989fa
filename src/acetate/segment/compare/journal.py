"""The journal of a comparison: trials and masks as they come, so that nothing is done twice."""

import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import IO, Any, Self

from acetate import __version__
from acetate.files import atomic, sweep
from acetate.segment.compare.masks import Made
from acetate.segment.compare.search import whole_key
from acetate.segment.compare.trials import Trial

JOURNAL = "journal.jsonl"
Record = Trial | Made
_KINDS: dict[str, type[Trial] | type[Made]] = {"trial": Trial, "mask": Made}


class Journal:
    """What an output folder holds, to which more is added one by one.

    Trials are known by the content of their files, so pictures may be added, moved and renamed;
    a picture or truth that was changed is tried anew. What another version of acetate tried, or a
    method with other defaults, does not count.

    Parameters
    ----------
    out : Path
        The folder; made if need be.
    overwrite : bool
        Whether to begin anew, whatever is there.

    Raises
    ------
    OSError
        If it cannot be read or made.
    ValueError
        If it holds a damaged journal, or files of another origin.

    Examples
    --------
    >>> import tempfile
    >>> trial = Trial("c0ffee", "heat-flow", "{}", 2.0, 0.9, 0.95, 0.8, 0.01)
    >>> with tempfile.TemporaryDirectory() as folder, Journal(Path(folder)) as journal:
    ...     journal.add(trial)
    ...     Journal(Path(folder)).get(trial.key) == trial
    True
    """

    _file: IO[str]

    def __init__(self, out: Path, overwrite: bool = False) -> None:
        self.path = out / JOURNAL
        out.mkdir(parents=True, exist_ok=True)
        sweep(out)
        kept = self.path.exists() and not overwrite
        if not kept and not overwrite and any(out.iterdir()):
            raise ValueError(
                f"{out} holds files of another origin; choose another folder, or overwrite"
            )
        self.records = {record.key: record for record in (_read(self.path) if kept else ())}

    def __enter__(self) -> Self:
        """Begin to add."""
        with atomic(self.path, "w") as file:  # without the half line of a killed run
            file.writelines(_line(record) for record in self.records.values())
        self._file = open(self.path, "a", encoding="utf-8", newline="")
        return self

    def __exit__(self, *_: object) -> None:
        """End adding."""
        self._file.close()

    def get(self, key: tuple[str | float, ...]) -> Any:
        """Return the record of a key; None if there is none."""
        return self.records.get(key)

    def add(self, record: Record) -> None:
        """Write a record down; inside a ``with`` block."""
        self.records[record.key] = record
        self._file.write(_line(record))
        self._file.flush()


def _line(record: Record) -> str:
    kind = next(name for name, kind in _KINDS.items() if isinstance(record, kind))
    origin = _origin(record.method, record.parameters)
    return json.dumps({"kind": kind, **origin, **asdict(record)}) + "\n"


def _origin(method: str, parameters: str) -> dict[str, str]:
    """Return what a record depends on beside its key: this version, and all parameters."""
    return {"acetate": __version__, "whole": whole_key(method, parameters)}


def _read(path: Path) -> Iterable[Record]:
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return  # a killed run was just writing it
            try:
                parts = json.loads(line)
                origin = {name: parts.pop(name, None) for name in ("acetate", "whole")}
                if isinstance(origin["acetate"], str) and origin["acetate"] != __version__:
                    continue
                record = _record(parts)
                if _is_of_today(record, origin):
                    yield record
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(
                    f"{path}, line {number} is damaged ({error}); remove the line, or overwrite"
                ) from error


def _is_of_today(record: Record, origin: dict[str, Any]) -> bool:
    try:
        return origin == _origin(record.method, record.parameters)
    except (KeyError, ValueError, TypeError):
        return False  # the method is gone, or takes no such parameters any more


def _record(parts: dict[str, Any]) -> Record:
    kind = _KINDS[parts.pop("kind")]
    for field in fields(kind):
        # The one field that may be missing is a method's own figure.
        known = (str,) if field.type is str else (float, int, type(None))
        if not isinstance(parts[field.name], known):
            raise ValueError(f"{field.name} is {parts[field.name]!r}")
    return kind(**parts)

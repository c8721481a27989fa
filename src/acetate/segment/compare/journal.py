"""The journal of a comparison: trials and masks as they come, so that nothing is done twice."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from acetate import __version__
from acetate.files import sweep
from acetate.run.journal import Journal, read_lines
from acetate.segment.compare.masks import Made
from acetate.segment.compare.search import whole_key
from acetate.segment.compare.trials import Trial

JOURNAL = "journal.jsonl"
Record = Trial | Made
_KINDS: dict[str, type[Trial] | type[Made]] = {"trial": Trial, "mask": Made}


def open_journal(out: Path, overwrite: bool = False) -> Journal[Record]:
    """Return the journal of an output folder, which is made if need be; enter it to add.

    Trials are known by the content of their files, so pictures may be added, moved and renamed;
    a picture or truth that was changed is tried anew. What another version of acetate tried, or a
    method with other defaults, does not count.

    Parameters
    ----------
    out : Path
        The folder.
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
    >>> with tempfile.TemporaryDirectory() as folder, open_journal(Path(folder)) as journal:
    ...     journal.add(trial)
    ...     open_journal(Path(folder)).entries[trial.key] == trial
    True
    """
    path = out / JOURNAL
    out.mkdir(parents=True, exist_ok=True)
    sweep(out)
    kept = path.exists() and not overwrite
    if not kept and not overwrite and any(out.iterdir()):
        raise ValueError(
            f"{out} holds files of another origin; choose another folder, or overwrite"
        )
    lines = read_lines(path, _from_line, cut_off=True) if kept else ()
    return Journal(path, _to_line, (record for record in lines if record is not None))


def _to_line(record: Record) -> str:
    kind = next(name for name, kind in _KINDS.items() if isinstance(record, kind))
    origin = _origin(record.method, record.parameters)
    return json.dumps({"kind": kind, **origin, **asdict(record)})


def _origin(method: str, parameters: str) -> dict[str, str]:
    """Return what a record depends on beside its key: this version, and all parameters."""
    return {"acetate": __version__, "whole": whole_key(method, parameters)}


def _from_line(line: bytes) -> Record | None:
    """Return the record of a line; None if it does not count any more."""
    try:
        parts = json.loads(line)
        origin = {name: parts.pop(name, None) for name in ("acetate", "whole")}
        if isinstance(origin["acetate"], str) and origin["acetate"] != __version__:
            return None
        record = _record(parts)
        return record if _is_of_today(record, origin) else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is damaged ({error}); remove the line, or overwrite") from error


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

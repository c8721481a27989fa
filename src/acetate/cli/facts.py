"""Facts as JSON: dataclasses, NumPy numbers and arrays become plain values."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from acetate.files import atomic


def plain(value: Any) -> Any:
    """Return a value in the kinds that JSON has.

    Parameters
    ----------
    value
        A dataclass, mapping, sequence, set, NumPy array or number, path, ...

    Returns
    -------
    dict, list, str, int, float, bool or None
        Numbers that are not finite, which JSON lacks, become their names; what is none of the
        above is written as Python shows it.

    Examples
    --------
    >>> plain({"values": np.array([1.5, np.inf]), 2: (np.int64(3), None)})
    {'values': [1.5, 'inf'], '2': [3, None]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return os.fspath(value) if isinstance(value, os.PathLike) else repr(value)


def write_facts(path: Path, facts: Any) -> None:
    """Write facts as a JSON file.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    text = json.dumps(plain(facts), indent=2, allow_nan=False)
    with atomic(path, "w") as file:
        file.write(text + "\n")

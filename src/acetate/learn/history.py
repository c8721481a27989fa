"""What a training did: a row an epoch, which was best, and why it stopped; as CSV and JSON."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from acetate.files import PathLike, atomic

Row = Mapping[str, float]


@dataclass(frozen=True)
class History:
    """The course of a training.

    Parameters
    ----------
    rows : tuple of mapping
        For every epoch: ``epoch`` (from 1), ``train_loss``, every value of the validation,
        ``learning_rate`` at its end, and ``seconds``: processor time since the beginning.
    best_epoch : int
        Whose weights the network has; 0 if none was finished.
    stopped : {"epochs", "patience", "time", "interrupted"}
        Why it ended.

    Examples
    --------
    >>> history = History(({"epoch": 1, "train_loss": 0.5}, {"epoch": 2, "train_loss": 0.4}), 2)
    >>> history.best["train_loss"]
    0.4
    """

    rows: tuple[Row, ...]
    best_epoch: int
    stopped: str = "epochs"

    @property
    def best(self) -> Row:
        """The row of the best epoch; empty if no epoch was finished."""
        return next((row for row in self.rows if row["epoch"] == self.best_epoch), {})

    def to_csv(self, path: PathLike) -> None:
        """Write the rows as a table.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        with atomic(path, "w") as file:
            table = csv.DictWriter(file, names or ["epoch"], lineterminator="\n")
            table.writeheader()
            table.writerows(self.rows)

    def to_json(self, path: PathLike) -> None:
        """Write everything; a value that is no number becomes null.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        with atomic(path, "w") as file:
            file.write(json.dumps(self.to_dict(), indent=1) + "\n")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values of JSON.

        Examples
        --------
        >>> History(({"epoch": 1, "dice": float("nan")},), 1).to_dict()["rows"]
        [{'epoch': 1, 'dice': None}]
        """
        rows = [{name: _finite(value) for name, value in row.items()} for row in self.rows]
        return {"rows": rows, "best_epoch": self.best_epoch, "stopped": self.stopped}


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None

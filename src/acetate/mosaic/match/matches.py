"""Matches: which tile each cell has, what that costs, and their tables as files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.files import PathLike, atomic, printable
from acetate.geometry import Frame


@dataclass(frozen=True)
class Matches:
    """Which tile each cell of a mosaic has.

    Parameters
    ----------
    tiles : numpy.ndarray
        ``(rows, columns)`` int64: the tile's place in the library.
    costs : numpy.ndarray
        ``(rows, columns)`` float64: squared distance of features, per part of the cell: with
        CIELAB features the mean squared colour difference.
    kind : str
        "nearest", "capped" or "unique".
    features : str
        What was compared.
    gap : float
        No match of this kind costs less than ``cost - gap``; 0 for the best there is.

    Examples
    --------
    >>> found = Matches(np.array([[4, 4]]), np.array([[1.0, 2.5]]), "nearest", "mean", 0.0)
    >>> found.cost, found.unique
    (3.5, 1)
    """

    tiles: NDArray[np.int64]
    costs: NDArray[np.float64]
    kind: str
    features: str
    gap: float

    @property
    def grid(self) -> Frame:
        """Rows and columns."""
        rows, columns = self.tiles.shape
        return rows, columns

    @property
    def cost(self) -> float:
        """The sum of all costs."""
        return float(self.costs.sum())

    @property
    def unique(self) -> int:
        """How many different tiles are used."""
        return len(np.unique(self.tiles))

    def rows(self, paths: tuple[str, ...]) -> Iterator[tuple[int, int, int, str, float]]:
        """Yield row, column, tile, its picture and its cost, cell by cell."""
        for (row, column), tile in np.ndenumerate(self.tiles):
            yield row, column, int(tile), paths[tile], float(self.costs[row, column])


def write_tsv(path: PathLike, matches: Matches, paths: tuple[str, ...]) -> None:
    """Write the matches as a table: row, column, tile, path, cost, with tabs between.

    Parameters
    ----------
    path : path
        The file.
    matches : Matches
        What is written.
    paths : tuple of str
        The picture of each tile; what cannot be printed is escaped.

    Raises
    ------
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> found = Matches(np.array([[0]]), np.array([[1.0]]), "nearest", "mean", 0.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_tsv(f"{folder}/m.tsv", found, ("a.jpg",))
    ...     pathlib.Path(folder, "m.tsv").read_text().splitlines()[1].split()
    ['0', '0', '0', 'a.jpg', '1']
    """
    with atomic(path, "w") as file:
        file.write("row\tcolumn\ttile\tpath\tcost\n")
        for row, column, tile, name, cost in matches.rows(paths):
            file.write(f"{row}\t{column}\t{tile}\t{printable(name)}\t{cost:.6g}\n")


def write_json(path: PathLike, matches: Matches, paths: tuple[str, ...]) -> None:
    """Write the matches as JSON: the facts, and a list of cells.

    Raises
    ------
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> found = Matches(np.array([[0]]), np.array([[1.0]]), "nearest", "mean", 0.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_json(f"{folder}/m.json", found, ("a.jpg",))
    ...     json.loads(pathlib.Path(folder, "m.json").read_text())["cells"]
    [{'row': 0, 'column': 0, 'tile': 0, 'path': 'a.jpg', 'cost': 1.0}]
    """
    facts = {
        "grid": matches.grid,
        "match": matches.kind,
        "features": matches.features,
        "cost": matches.cost,
        "gap": matches.gap,
        "unique": matches.unique,
    }
    names = ("row", "column", "tile", "path", "cost")
    with atomic(path, "w") as file:
        file.write(json.dumps(facts)[:-1] + ', "cells": [\n')
        for number, cell in enumerate(matches.rows(paths)):
            file.write(",\n" if number else "")
            file.write(json.dumps(dict(zip(names, cell, strict=True))))
        file.write("\n]}\n")

"""Tables of fixed places in an HDF5 file: laid out by HDF5, read and written as plain bytes."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from acetate.arrays import Array
from acetate.files import atomic, printable, sweep

Column = tuple[Any, tuple[int, ...]]
"""The dtype and the shape of a table; the first axis counts rows."""

_HEADERS = 2**16  # bytes that HDF5 takes at most to describe the tables


@dataclass(frozen=True)
class Table:
    """A table in one piece of a file.

    Parameters
    ----------
    file : file object
        Unbuffered.
    offset : int
        Where it begins.
    dtype : numpy.dtype
        Of its numbers.
    shape : tuple of int
        Rows, and the shape of each.
    """

    file: IO[bytes]
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def __len__(self) -> int:
        """Return for how many rows there is room."""
        return self.shape[0]

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return self.dtype.itemsize * int(np.prod(self.shape[1:]))

    def read(self, start: int, stop: int) -> Array:
        """Return rows."""
        rows = np.empty((stop - start, *self.shape[1:]), self.dtype)
        into = rows.reshape(-1).view(np.uint8).data
        self.file.seek(self.offset + start * self.row_bytes)
        while into:
            got = self.file.readinto(into)  # type: ignore[attr-defined]
            if not got:
                raise ValueError("the tile library is cut off; index the pictures into a new one")
            into = into[got:]
        return rows

    def write(self, start: int, rows: Array) -> None:
        """Write rows over those that begin at `start`."""
        left = np.ascontiguousarray(rows, self.dtype).reshape(-1).view(np.uint8).data
        self.file.seek(self.offset + start * self.row_bytes)
        while left:
            left = left[self.file.write(left) :]


@contextmanager
def new_tables(
    path: Path, columns: Mapping[str, Column], attributes: Mapping[str, Any]
) -> Iterator[dict[str, Table]]:
    """Lay out tables in an HDF5 file that takes its name when the block ends.

    Nothing is written to their places: on most disks they take no space before rows are.

    Raises
    ------
    ImportError
        Without h5py.
    OSError
        If the file cannot be written.
    """
    h5py = import_h5py()
    sweep(path.parent)
    with atomic(path) as file:
        _try_space(file, columns)
        with h5py.File(file.name, "w", locking=False) as laid_out:
            laid_out.attrs.update(attributes)
            for name, column in columns.items():
                _lay_out(laid_out, name, column)
        with open(file.name, "r+b", buffering=0) as raw:
            yield _tables(raw)[0]


def open_tables(path: Path, writing: bool) -> tuple[IO[bytes], dict[str, Table], dict[str, Any]]:
    """Open a file of tables.

    Returns
    -------
    file object
        To be closed.
    dict of str to Table
        Its tables by name.
    dict
        Its attributes.

    Raises
    ------
    ImportError
        Without h5py.
    OSError
        If it cannot be opened.
    ValueError
        If it is no HDF5 file.
    """
    import_h5py()
    raw = open(path, "r+b" if writing else "rb", buffering=0)  # noqa: SIM115  (the caller closes it)
    try:
        return raw, *_tables(raw)
    except OSError as error:
        raw.close()
        raise ValueError(f"{printable(path)} is no tile library, but some other file") from error


def import_h5py() -> Any:
    """Return the module h5py, which comes with an extra."""
    try:
        import h5py
    except ImportError as error:
        raise ImportError("tile libraries need h5py: pip install 'acetate[mosaic]'") from error
    return h5py


def _tables(raw: IO[bytes]) -> tuple[dict[str, Table], dict[str, Any]]:
    h5py = import_h5py()
    found: dict[str, Table] = {}

    def add(name: str, node: Any) -> None:
        if isinstance(node, h5py.Dataset) and node.id.get_offset() is not None:
            found[name] = Table(raw, node.id.get_offset(), node.dtype, node.shape)

    # By the open file, not its name: it may be replaced by a larger one at any moment.
    with h5py.File(raw, "r") as file:
        file.visititems(add)
        return found, dict(file.attrs)


def _try_space(file: IO[bytes], columns: Mapping[str, Column]) -> None:
    """Raise OSError where HDF5, which does not bear it, would meet a disk that is full."""
    sizes = (np.dtype(dtype).itemsize * int(np.prod(shape)) for dtype, shape in columns.values())
    file.write(bytes(_HEADERS))
    file.flush()
    os.ftruncate(file.fileno(), _HEADERS + sum(sizes))
    os.ftruncate(file.fileno(), 0)
    file.seek(0)


def _lay_out(file: Any, name: str, column: Column) -> None:
    """Make a table in one piece, with its place in the file fixed now and nothing written."""
    h5py = import_h5py()
    dtype, shape = column
    how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    how.set_layout(h5py.h5d.CONTIGUOUS)
    how.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    how.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    group, _, last = name.rpartition("/")
    parent = file.require_group(group) if group else file
    extent = h5py.h5s.create_simple((max(1, shape[0]), *shape[1:]))
    kind = h5py.h5t.py_create(np.dtype(dtype), logical=True)
    h5py.h5d.create(parent.id, last.encode(), kind, extent, how)

"""Objects: the connected parts of a mask, and a table of what they measure."""

import csv
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import IMAGE_DTYPES, Array, channels_last
from acetate.files import PathLike, atomic
from acetate.heat.checks import check_positive
from acetate.measure.checks import check_plane
from acetate.measure.perimeters import perimeters
from acetate.measure.ranks import ranks

_GEOMETRY = [
    ("label", np.int64),
    *((name, np.float64) for name in ("area", "x", "y", "left", "top", "right", "bottom")),
    *((name, np.float64) for name in ("major_axis", "minor_axis", "eccentricity")),
    *((name, np.float64) for name in ("orientation", "perimeter")),
]


def label_objects(mask: Array, connectivity: Literal[4, 8] = 8) -> NDArray[np.int32]:
    """Return a map that numbers the connected parts of a mask.

    Parameters
    ----------
    mask : numpy.ndarray
        ``(H, W)`` booleans or integers; what is not 0 is inside.
    connectivity : {4, 8}
        Whether pixels hang together by their sides alone, or by their corners too.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` int32, 0 outside, 1 to N in the order in which rows meet the parts.

    Raises
    ------
    TypeError, ValueError
        If the mask is none, or the connectivity another.

    Examples
    --------
    >>> label_objects(np.array([[1, 0], [0, 1]]), connectivity=4)
    array([[1, 0],
           [0, 2]], dtype=int32)
    """
    inside = check_plane(mask, "mask") != 0
    if connectivity not in (4, 8):
        raise ValueError(f"connectivity is 4 or 8, got {connectivity!r}")
    many, labels = cv2.connectedComponents(inside.view(np.uint8), connectivity=connectivity)
    return in_order(labels, many)


def in_order(labels: NDArray[np.int32], many: int) -> NDArray[np.int32]:
    """Return labels below `many`, numbered anew without gaps as rows meet them; 0 stays.

    Examples
    --------
    >>> in_order(np.array([[0, 5], [2, 5]], np.int32), 6)
    array([[0, 1],
           [2, 1]], dtype=int32)
    """
    where = np.flatnonzero(labels)
    firsts = np.full(many, labels.size)
    np.minimum.at(firsts, labels.ravel()[where], where)
    firsts[0] = labels.size
    order = np.argsort(firsts, kind="stable")[: np.count_nonzero(firsts < labels.size)]
    table = np.zeros(many, np.int32)
    table[order] = np.arange(1, 1 + len(order))
    return table[labels]


def object_table(labels: Array, image: Array | None = None, spacing: float = 1.0) -> Array:
    """Measure every object of a label map.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers: 0 is the background, every other number an object, connected or not;
        booleans are divided by `label_objects`.
    image : numpy.ndarray or None
        ``(H, W)`` or ``(H, W, C)``, the picture they lie on, for their intensities.
    spacing : float
        The side of a pixel, such as in millimetres: lengths have its unit, areas its square.

    Returns
    -------
    numpy.ndarray
        ``(objects,)`` structured, by label:

        - ``label``
        - ``area``, from the number of pixels
        - ``x``, ``y``: the centroid; pixel centres lie at + 0.5
        - ``left``, ``top``, ``right``, ``bottom``: the box, so that right - left is its width
        - ``major_axis``, ``minor_axis``: of the ellipse with the same second moments
        - ``eccentricity``: of that ellipse, from 0 for a circle to 1 for a line
        - ``orientation``: the angle of its major axis against the downward axis, in radians from
          -pi/2 to pi/2, counter-clockwise; as in scikit-image
        - ``perimeter``: of pixels with their sides and diagonals (Benkrid and Crookes 2000), as in
          scikit-image
        - with an image ``mean_intensity``, ``min_intensity`` and ``max_intensity`` in its units;
          of several channels ``mean_intensity_0`` and so on

    Raises
    ------
    TypeError
        If the labels are no array of booleans or integers.
    ValueError
        If they are empty, negative or of another rank, the image has another size or dtype, or
        the spacing is not above 0.

    See Also
    --------
    write_objects : Writes the table to a CSV file. pandas.DataFrame takes it as it is.

    Examples
    --------
    >>> table = object_table(np.array([[0, 1, 1], [0, 0, 2]]), spacing=0.5)
    >>> table["area"], table[["x", "y"]][1]
    (array([0.5 , 0.25]), np.void((1.25, 0.75), dtype=...))
    """
    side = check_positive(spacing, "spacing")
    checked = check_plane(labels, "labels")
    pixels = _pixels(label_objects(checked) if checked.dtype.kind == "b" else checked)
    table = np.zeros(len(pixels.labels), _GEOMETRY + _intensity_fields(image, checked.shape))
    table["label"] = pixels.labels
    _fill_geometry(table, pixels)
    for name in ("x", "y", "left", "top", "right", "bottom", "major_axis", "minor_axis"):
        table[name] *= side
    table["perimeter"] *= side
    table["area"] *= side**2
    if image is not None:
        _fill_intensities(table, pixels, channels_last(image))
    return table


def write_objects(path: PathLike, table: Array) -> None:
    """Write a table of objects, or any structured array, as CSV with a line of names.

    Parameters
    ----------
    path : path
        The file; it appears when it is whole.
    table : numpy.ndarray
        ``(N,)`` structured, as `object_table` gives it. Numbers are written so that reading them
        gives the same ones.

    Raises
    ------
    TypeError
        If it is no structured array.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_objects(f"{folder}/a.csv", object_table(np.array([[0, 7, 7]]))[["label", "area"]])
    ...     print(Path(folder, "a.csv").read_text())
    label,area
    7,2.0
    """
    if not isinstance(table, np.ndarray) or table.dtype.names is None:
        got = table.dtype if isinstance(table, np.ndarray) else type(table).__name__
        raise TypeError(f"a table is a structured array, got {got}")
    with atomic(path, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.dtype.names)
        writer.writerows(table.tolist())


@dataclass(frozen=True, eq=False)
class _Pixels:
    """The pixels of all objects: where they lie, and to which of the objects each belongs."""

    labels: Array  # of the objects, rising
    owner: Array  # for each pixel which object
    y: Array
    x: Array
    map: Array  # for each pixel of the picture the object + 1

    def sums(self, weights: Array) -> Array:
        return np.bincount(self.owner, weights, len(self.labels))

    def extremes(self, values: Array, which: Any) -> Array:
        found = np.empty(len(self.labels), values.dtype)  # of one dtype: at() is slow otherwise
        found[self.owner] = values  # any value of each object, to begin with
        which.at(found, self.owner, values)
        return found


def _pixels(labels: Array) -> _Pixels:
    names, dense = ranks(labels)
    where = np.flatnonzero(dense)
    y, x = np.divmod(where, dense.shape[1])
    return _Pixels(names, dense.ravel()[where] - 1, y, x, dense)


def _fill_geometry(table: Array, pixels: _Pixels) -> None:
    area = np.bincount(pixels.owner, minlength=len(table))
    cx, cy = pixels.sums(pixels.x) / area, pixels.sums(pixels.y) / area
    table["area"], table["x"], table["y"] = area, cx + 0.5, cy + 0.5
    for least, most, at in (("left", "right", pixels.x), ("top", "bottom", pixels.y)):
        table[least] = pixels.extremes(at, np.minimum)
        table[most] = pixels.extremes(at, np.maximum) + 1
    dx, dy = pixels.x - cx[pixels.owner], pixels.y - cy[pixels.owner]
    xx, yy, xy = (pixels.sums(product) / area for product in (dx * dx, dy * dy, dx * dy))
    spread = np.hypot(xx - yy, 2 * xy)
    large, small = (xx + yy + spread) / 2, np.maximum(xx + yy - spread, 0) / 2
    table["major_axis"], table["minor_axis"] = 4 * np.sqrt(large), 4 * np.sqrt(small)
    flatness = np.divide(small, large, out=np.ones_like(large), where=large > 0)
    table["eccentricity"] = np.sqrt(1 - flatness)
    table["orientation"] = _orientation(xx, yy, xy)
    table["perimeter"] = perimeters(pixels.map, len(table))


def _orientation(xx: Array, yy: Array, xy: Array) -> Array:
    """Return the angle of the major axis against the downward one, counter-clockwise."""
    angle = np.arctan2(2 * xy, yy - xx) / 2
    return np.where((xx == yy) & (xy == 0), np.pi / 4, angle)


def _intensity_fields(image: Any, shape: tuple[int, ...]) -> list[tuple[str, Any]]:
    if image is None:
        return []
    if not isinstance(image, np.ndarray) or image.dtype.name not in IMAGE_DTYPES:
        got = image.dtype if isinstance(image, np.ndarray) else type(image).__name__
        raise ValueError(f"image must be an array of {', '.join(IMAGE_DTYPES)}, got {got}")
    if image.ndim not in (2, 3) or image.shape[:2] != shape:
        raise ValueError(f"image must be as large as the labels, {shape}, got {image.shape}")
    return [
        (f"{kind}_intensity{end}", np.float64)
        for end in _endings(image)
        for kind in ("mean", "min", "max")
    ]


def _endings(image: Array) -> list[str]:
    channels = channels_last(image).shape[2]
    return [""] if channels == 1 else [f"_{channel}" for channel in range(channels)]


def _fill_intensities(table: Array, pixels: _Pixels, image: Array) -> None:
    for channel, end in enumerate(_endings(image)):
        values = image[pixels.y, pixels.x, channel].astype(np.float64)
        area = np.bincount(pixels.owner, minlength=len(table))
        table[f"mean_intensity{end}"] = pixels.sums(values) / area
        table[f"min_intensity{end}"] = pixels.extremes(values, np.minimum)
        table[f"max_intensity{end}"] = pixels.extremes(values, np.maximum)

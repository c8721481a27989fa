"""Landmark sets: the named points of many pictures, as one array, with what is known of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from acetate.arrays import Shape
from acetate.names import nearest
from acetate.sheets.image_shape import ImageOrShape
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.keypoints import KeypointsOnImage

MISSING, HIDDEN, VISIBLE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class LandmarkSet:
    """The landmarks of N pictures, K names each.

    Parameters
    ----------
    names : sequence of str
        The K landmarks, each name once.
    pictures : sequence of str
        The N pictures' file names as the annotation spells them, each once.
    points : array_like
        ``(N, K, 2)``: x and y in pixels of the picture, where the centre of the first pixel is
        (0.5, 0.5); NaN is missing. Kept as float64.
    visibility : array_like, optional
        ``(N, K)`` as in COCO: 0 missing, 1 there but hidden, 2 visible. By default 2 wherever
        there is a place. Kept as int8.
    spacing : array_like, optional
        ``(N,)`` mm per pixel, above 0; NaN is unknown, which is the default.
    shapes : sequence of (int, int) or None, optional
        The pictures' (height, width), None where unknown, which is the default.
    mirror : mapping of str to str
        Names that change places in a mirror image, both ways.

    Raises
    ------
    ValueError
        If shapes disagree, a name is empty or there twice, a place is infinite or has one
        coordinate only, visibility contradicts the places, or a spacing is not above 0.

    Notes
    -----
    A set is a value: its arrays are copies that cannot be written, its methods return new sets.

    Examples
    --------
    >>> marks = LandmarkSet(["nose", "tail"], ["cat.png"], [[[10, 20], [np.nan, np.nan]]])
    >>> marks.visibility
    array([[2, 0]], dtype=int8)
    >>> marks.keypoints(0, (32, 32))[0]
    Keypoint(x=10.0, y=20.0, name='nose', visible=True)
    """

    names: tuple[str, ...]
    pictures: tuple[str, ...]
    points: NDArray[np.float64]
    visibility: NDArray[np.int8] = None  # type: ignore[assignment]  # __post_init__ fills it
    spacing: NDArray[np.float64] = None  # type: ignore[assignment]
    shapes: tuple[tuple[int, int] | None, ...] = None  # type: ignore[assignment]
    mirror: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names, pictures = tuple(self.names), tuple(self.pictures)
        _check_unique("landmark", names)
        _check_unique("picture", pictures)
        points = _checked_points(self.points, (len(pictures), len(names), 2))
        values = {
            "names": names,
            "pictures": pictures,
            "points": points,
            "visibility": _checked_visibility(self.visibility, points, pictures, names),
            "spacing": _checked_spacing(self.spacing, pictures),
            "shapes": _checked_shapes(self.shapes, pictures),
            "mirror": _checked_mirror(self.mirror, names),
        }
        for name, value in values.items():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.pictures)

    def __eq__(self, other: object) -> bool:
        """Whether all is the same; missing points and unknown spacings are alike."""
        if not isinstance(other, LandmarkSet):
            return NotImplemented
        plain = all(
            getattr(self, name) == getattr(other, name)
            for name in ("names", "pictures", "shapes", "mirror")
        )
        return plain and all(
            np.array_equal(getattr(self, name), getattr(other, name), equal_nan=True)
            for name in ("points", "visibility", "spacing")
        )

    __hash__ = None  # type: ignore[assignment]  # equal by its arrays

    @property
    def missing(self) -> NDArray[np.bool_]:
        """``(N, K)``: whether a point has no place."""
        return np.asarray(self.visibility == MISSING)

    @classmethod
    def from_keypoints(
        cls,
        keypoints: Mapping[str, Iterable[Keypoint]],
        names: Sequence[str] | None = None,
        **facts: Any,
    ) -> Self:
        """Join the landmarks of single pictures by their names.

        Parameters
        ----------
        keypoints : mapping
            From each picture's name to its landmarks, or its `KeypointsOnImage`.
        names : sequence of str, optional
            The landmarks and their order; by default all that there are, in order of appearance.
            A picture that lacks one has it as missing.
        **facts
            `spacing`, `shapes` and `mirror` as for the class.

        Raises
        ------
        ValueError
            If a landmark has no name, another than `names`, or one that its picture has twice.

        Examples
        --------
        >>> marks = LandmarkSet.from_keypoints({"a.png": [Keypoint(1, 2, "nose")], "b.png": []})
        >>> marks.points.tolist()
        [[[1.0, 2.0]], [[nan, nan]]]
        """
        rows = {picture: _by_name(picture, several) for picture, several in keypoints.items()}
        every = dict.fromkeys(name for row in rows.values() for name in row)
        called = tuple(every if names is None else names)
        column = dict(zip(every, _places(every, called, "landmark"), strict=True))
        points = np.full((len(rows), len(called), 2), np.nan)
        visibility = np.zeros(points.shape[:2], np.int8)
        for i, row in enumerate(rows.values()):
            for point in row.values():
                if not point.missing:
                    k = column[str(point.name)]
                    points[i, k] = point.x, point.y
                    visibility[i, k] = VISIBLE if point.visible else HIDDEN
        return cls(called, tuple(rows), points, visibility, **facts)

    def keypoints(self, index: int, shape: ImageOrShape | None = None) -> KeypointsOnImage:
        """Return the landmarks of a picture as a sheet, the missing ones too.

        Parameters
        ----------
        index : int
            Which picture.
        shape : tuple of int or numpy.ndarray, optional
            The picture's shape, or the picture; needed where the set does not know it.

        Raises
        ------
        ValueError
            If the shape is neither given nor known.

        Examples
        --------
        >>> marks = LandmarkSet(["nose"], ["cat.png"], [[[10, 20]]], shapes=[(32, 48)])
        >>> marks.keypoints(0).shape
        (32, 48)
        """
        frame: Any = self.shapes[index] if shape is None else shape
        if frame is None:
            raise ValueError(
                f"the size of {self.pictures[index]!r} is not known: pass the picture or its shape"
            )
        rows = zip(self.points[index].tolist(), self.names, self.visibility[index], strict=True)
        points = [Keypoint(x, y, name, bool(seen != HIDDEN)) for (x, y), name, seen in rows]
        return KeypointsOnImage(points, frame, self.mirror or None)

    def take(self, indices: ArrayLike) -> Self:
        """Return the set of some pictures by their numbers, in that order.

        Examples
        --------
        >>> marks = LandmarkSet(["nose"], ["a.png", "b.png"], [[[1, 2]], [[3, 4]]])
        >>> marks.take([1]).pictures
        ('b.png',)
        """
        rows = np.asarray(indices, np.intp)
        return replace(
            self,
            pictures=tuple(self.pictures[i] for i in rows),
            points=self.points[rows],
            visibility=self.visibility[rows],
            spacing=self.spacing[rows],
            shapes=tuple(self.shapes[i] for i in rows),
        )

    def select(
        self, names: Sequence[str] | None = None, pictures: Sequence[str] | None = None
    ) -> Self:
        """Return the set of some landmarks and pictures by their names, in the order given.

        Mirror pairs of which one is left out are forgotten.

        Raises
        ------
        ValueError
            If a name is unknown: with the nearest that is known.

        Examples
        --------
        >>> marks = LandmarkSet(["nose", "tail"], ["a.png"], [[[1, 2], [3, 4]]])
        >>> marks.select(["tail"]).points.tolist()
        [[[3.0, 4.0]]]
        """
        chosen = self.names if names is None else tuple(names)
        columns = _places(chosen, self.names, "landmark")
        both = set(chosen)
        kept = {a: b for a, b in self.mirror.items() if {a, b} <= both}
        narrow = replace(
            self,
            names=chosen,
            points=self.points[:, columns],
            visibility=self.visibility[:, columns],
            mirror=kept,
        )
        if pictures is None:
            return narrow
        return narrow.take(_places(pictures, self.pictures, "picture"))

    def with_points(self, points: ArrayLike, visibility: ArrayLike | None = None) -> Self:
        """Return the set with other places, such as those that a detector found.

        Examples
        --------
        >>> marks = LandmarkSet(["nose"], ["a.png"], [[[1, 2]]])
        >>> marks.with_points([[[np.nan, np.nan]]]).missing.tolist()
        [[True]]
        """
        changed: Any = {"points": points, "visibility": visibility}
        return replace(self, **changed)

    def with_spacing(self, spacing: float | ArrayLike | Mapping[str, float]) -> Self:
        """Return the set with mm per pixel: one for all, one for each, or by picture.

        Parameters
        ----------
        spacing : float, array_like or mapping of str to float
            A mapping may leave pictures out, which keep what they had, and may not name others.

        Raises
        ------
        ValueError
            If a picture is unknown, or a spacing is not above 0.

        Examples
        --------
        >>> marks = LandmarkSet(["nose"], ["a.png", "b.png"], [[[1, 2]], [[3, 4]]])
        >>> marks.with_spacing({"b.png": 0.1}).spacing
        array([nan, 0.1])
        """
        values: Any = self.spacing.copy()
        if isinstance(spacing, Mapping):
            values[_places(spacing, self.pictures, "picture")] = list(spacing.values())
        else:
            given = np.asarray(spacing, np.float64)
            values = np.broadcast_to(given, (len(self),)) if given.ndim == 0 else given
        return replace(self, spacing=values)

    def with_mirror(self, pairs: Iterable[tuple[str, str]]) -> Self:
        """Return the set with pairs of names that change places in a mirror image.

        Examples
        --------
        >>> marks = LandmarkSet(["l", "r"], ["a.png"], [[[1, 2], [3, 4]]])
        >>> marks.with_mirror([("l", "r")]).mirror
        {'l': 'r', 'r': 'l'}
        """
        table = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
        return replace(self, mirror=table)


class _FixedTable(dict[str, str]):
    """A table that cannot be changed; a dict, so that it can be pickled and written as JSON."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a landmark set is a value: with_mirror(...) returns another one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return _FixedTable, (dict(self),)


def _by_name(picture: str, points: Iterable[Keypoint]) -> dict[str, Keypoint]:
    """Return the landmarks of a picture by their names."""
    row: dict[str, Keypoint] = {}
    for point in points:
        if not point.name or point.name in row:
            what = "without a name" if not point.name else f"{point.name!r} twice"
            raise ValueError(f"{picture!r} has a landmark {what}: each needs a name of its own")
        row[point.name] = point
    return row


def _places(names: Iterable[str], known: Sequence[str], what: str) -> list[int]:
    """Return where names stand."""
    place = {name: k for k, name in enumerate(known)}
    wanted = list(names)
    for name in wanted:
        if name not in place:
            hint = f"the nearest is {nearest(name, known)!r}" if known else "there are none"
            raise ValueError(f"there is no {what} {name!r}; {hint}")
    return [place[name] for name in wanted]


def _check_unique(what: str, names: tuple[str, ...]) -> None:
    seen = set[str]()
    for name in names:
        if not isinstance(name, str) or not name:
            raise ValueError(f"a {what}'s name is a text, and not empty, got {name!r}")
        if name in seen:
            raise ValueError(f"the {what} {name!r} is there twice")
        seen.add(name)


def _checked_points(points: ArrayLike, shape: Shape) -> NDArray[np.float64]:
    array = np.array(points, np.float64)
    if array.size == 0:
        array = array.reshape(shape) if np.prod(shape) == 0 else array
    if array.shape != shape:
        raise ValueError(
            f"{shape[0]} pictures and {shape[1]} names need points of {shape}, got {array.shape}"
        )
    lone = np.isinf(array).any(axis=-1) | (np.isnan(array).sum(axis=-1) == 1)
    if lone.any():
        place = tuple(int(i) for i in np.argwhere(lone)[0])
        raise ValueError(
            f"point {place} is {array[place].tolist()}: x and y are numbers, or both NaN where it "
            "is missing"
        )
    return array


def _checked_visibility(
    visibility: ArrayLike | None,
    points: NDArray[np.float64],
    pictures: tuple[str, ...],
    names: tuple[str, ...],
) -> NDArray[np.int8]:
    there = np.isfinite(points).all(axis=-1)
    if visibility is None:
        return np.where(there, VISIBLE, MISSING).astype(np.int8)
    array = np.array(visibility)
    array = array.reshape(there.shape) if array.size == there.size == 0 else array
    if array.shape != there.shape or not np.isin(array, (MISSING, HIDDEN, VISIBLE)).all():
        raise ValueError(
            f"visibility must be 0, 1 or 2 for {there.shape} points, got an array of {array.shape}"
            f" with values {np.unique(array)[:8].tolist()}"
        )
    wrong = (array == MISSING) == there
    if wrong.any():
        i, k = np.argwhere(wrong)[0].tolist()
        raise ValueError(
            f"{names[k]!r} of {pictures[i]!r} has visibility {array[i, k]} at "
            f"{points[i, k].tolist()}: 0 is for missing points (NaN), and for no others"
        )
    return array.astype(np.int8)


def _checked_spacing(spacing: ArrayLike | None, pictures: tuple[str, ...]) -> NDArray[np.float64]:
    count = len(pictures)
    array = np.full(count, np.nan) if spacing is None else np.array(spacing, np.float64)
    if array.shape != (count,):
        raise ValueError(f"{count} pictures need as many spacings, got an array of {array.shape}")
    wrong = ~np.isnan(array) & ~((array > 0) & (array < np.inf))
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"spacing is mm per pixel above 0, got {array[i]} for {pictures[i]!r}")
    return array


def _checked_shapes(
    shapes: Sequence[Any] | None, pictures: tuple[str, ...]
) -> tuple[tuple[int, int] | None, ...]:
    given = (None,) * len(pictures) if shapes is None else tuple(shapes)
    if len(given) != len(pictures):
        raise ValueError(f"{len(pictures)} pictures need as many shapes, got {len(given)}")
    for picture, shape in zip(pictures, given, strict=True):
        if shape is not None and not (len(shape) == 2 and min(shape) >= 1):
            raise ValueError(f"the shape of {picture!r} must be (height, width), got {shape}")
    return tuple(None if s is None else (int(s[0]), int(s[1])) for s in given)


def _checked_mirror(mirror: Mapping[str, str], names: tuple[str, ...]) -> Mapping[str, str]:
    _places((*mirror, *mirror.values()), names, "landmark")
    for name, partner in mirror.items():
        if mirror.get(partner) != name:
            raise ValueError(
                f"mirror maps {name!r} to {partner!r}, but {partner!r} to {mirror.get(partner)!r}; "
                "pairs go both ways"
            )
    return _FixedTable(mirror)

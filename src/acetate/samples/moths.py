"""Made pictures with landmarks: moths among clutter, and where five points of each lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.heat import diffuse
from acetate.seeds import stream

NAMES = ("head", "left wing", "right wing", "tail", "spot")
MIRROR = {"left wing": "right wing", "right wing": "left wing"}

# Drawn so many times larger and averaged down: edges fall on fractions of a pixel.
_FINE = 4
# cv2 takes whole numbers: of 1/16 of a fine pixel.
_SHIFT = 4
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True, eq=False)
class LandmarkShapes:
    """Pictures and where their landmarks lie.

    Parameters
    ----------
    images : numpy.ndarray
        ``(n, size, size)`` uint8, or ``(n, size, size, 3)`` in colour.
    points : numpy.ndarray
        ``(n, 5, 2)`` float64: x and y in pixels, the centre of the first pixel being (0.5, 0.5).
    names : tuple of str
        Of the five landmarks.
    mirror : mapping
        The names that change places in a mirror image.

    Examples
    --------
    >>> len(landmark_shapes(3, size=64))
    3
    """

    images: NDArray[np.uint8]
    points: NDArray[np.float64]
    names: tuple[str, ...] = NAMES
    mirror: Mapping[str, str] = field(default_factory=lambda: dict(MIRROR))

    def __len__(self) -> int:
        return len(self.images)


def landmark_shapes(
    count: int, seed: int = 0, size: int = 128, rotation: float = 40.0, colour: bool = False
) -> LandmarkShapes:
    """Return made pictures of a moth among clutter, and where its landmarks lie.

    Each moth differs in place, size, angle, proportions, light and contrast. Leaves, stalks and
    discs of like brightness lie around it, and some of them over it; the picture is blurred a
    little and noisy. The landmarks are the front of the head, both wing tips, the tip of the tail
    and a spot on the back; left and right are the moth's own, seen from above.

    Parameters
    ----------
    count : int
        How many, from 0.
    seed : int
        The same seed gives the same pictures, and the first of few are the first of many.
    size : int
        Height and width in pixels, 32 to 2048.
    rotation : float
        Angles lie within so many degrees of upright, 0 to 180.
    colour : bool
        Three channels instead of gray.

    Returns
    -------
    LandmarkShapes
        All landmarks lie inside their picture.

    Raises
    ------
    ValueError
        If the count, the size or the rotation is out of range.

    Examples
    --------
    >>> moths = landmark_shapes(2, size=64)
    >>> moths.images.shape, moths.points.shape
    ((2, 64, 64), (2, 5, 2))
    >>> moths.names
    ('head', 'left wing', 'right wing', 'tail', 'spot')
    """
    for name, value, low, high in (
        ("count", count, 0, 1_000_000),
        ("size", size, 32, 2048),
        ("rotation", rotation, 0, 180),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} must lie in [{low}, {high}], got {value!r}")
    made = [_Scene(stream(seed, k), size, rotation) for k in range(count)]
    channels = (3,) if colour else ()
    images = np.empty((count, size, size, *channels), np.uint8)
    for image, scene in zip(images, made, strict=True):
        image[...] = scene.picture(colour)
    points = np.array([scene.points for scene in made]).reshape(count, len(NAMES), 2)
    return LandmarkShapes(images, points)


class _Scene:
    """A moth and what lies around it, all drawn by chance before a pixel is."""

    def __init__(self, rng: np.random.Generator, size: int, rotation: float) -> None:
        self.rng, self.size = rng, size
        self.moth = _Moth(rng)
        length = size * rng.uniform(0.22, 0.29)
        angle = np.deg2rad(rng.uniform(-rotation, rotation))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        self.pose = length * turn
        around = self.moth.landmarks @ self.pose.T
        margin = 0.03 * size
        low, high = margin - around.min(axis=0), size - margin - around.max(axis=0)
        middle = (low + high) / 2
        # The moth lies wholly inside; where it is too large for that, in the middle.
        self.place = np.where(low < high, rng.uniform(np.minimum(low, high), high), middle)
        self.points = around + self.place

    def picture(self, colour: bool) -> NDArray[np.uint8]:
        """Return the picture; gray or in colour, its shapes are the same."""
        rng = self.rng
        levels = _levels(rng)
        shades = {name: _shade(value, rng, colour) for name, value in levels.items()}
        canvas = np.empty((self.size * _FINE, self.size * _FINE, 3), np.float32)
        canvas[...] = shades["ground"]
        for _ in range(rng.integers(6, 13)):
            self._clutter(canvas, _shade(rng.uniform(0.1, 0.9), rng, colour))
        for part, outline in self.moth.outlines:
            self._fill(canvas, outline @ self.pose.T + self.place, shades[part])
        for _ in range(rng.integers(0, 2)):
            self._stalk(canvas, _shade(rng.uniform(0.1, 0.9), rng, colour))
        frame = (self.size, self.size)
        image = cv2.resize(canvas, frame, interpolation=cv2.INTER_AREA)
        image = diffuse(image, (self.size * rng.uniform(0.002, 0.008)) ** 2 / 2)
        image = image * self._light()[:, :, np.newaxis]
        noise = rng.uniform(0.01, 0.05) * rng.standard_normal((*frame, 3 if colour else 1))
        seen = (image if colour else image[:, :, :1]) + noise
        pixels = np.rint(255 * np.clip(seen, 0, 1)).astype(np.uint8)
        return pixels if colour else pixels[:, :, 0]

    def _light(self) -> NDArray[np.float64]:
        """Return light that falls off along a direction, 1 in the middle."""
        slope = self.rng.uniform(-0.4, 0.4, 2)
        places = (np.arange(self.size) + 0.5) / self.size - 0.5
        return 1 + slope[0] * places + slope[1] * places[:, np.newaxis]

    def _clutter(self, canvas: Array, shade: Array) -> None:
        """Draw a leaf, a wedge, a disc or a stalk."""
        rng = self.rng
        kind = rng.integers(4)
        if kind == 3:
            self._stalk(canvas, shade)
            return
        radius = self.size * rng.uniform(0.03, 0.14)
        around = np.linspace(0, 2 * np.pi, 4 if kind == 1 else 40)[:-1]
        outline = np.column_stack([np.cos(around), np.sin(around)])
        outline = outline * [1, (1, rng.uniform(0.3, 0.9), rng.uniform(0.25, 0.5))[kind]]
        angle = rng.uniform(0, 2 * np.pi)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        self._fill(canvas, radius * outline @ turn.T + rng.uniform(0, self.size, 2), shade)

    def _stalk(self, canvas: Array, shade: Array) -> None:
        ends = _fixed(self.rng.uniform(0, self.size, (2, 2)))
        width = max(1, round(self.size * _FINE * self.rng.uniform(0.006, 0.02)))
        first, second = (tuple(map(int, end)) for end in ends)
        cv2.line(canvas, first, second, shade.tolist(), width, cv2.LINE_8, _SHIFT)

    @staticmethod
    def _fill(canvas: Array, outline: Array, shade: Array) -> None:
        cv2.fillPoly(canvas, [_fixed(outline)], shade.tolist(), cv2.LINE_8, _SHIFT)


class _Moth:
    """Outlines and landmarks of a moth that looks up, about 1 from the middle to either end."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.width = rng.uniform(0.13, 0.22)
        self.bend = rng.uniform(-0.3, 0.3)
        self.tips = [rng.uniform((0.8, -0.55), (1.25, 0.35)) for _ in range(2)]
        self.fullness = rng.uniform(0.15, 0.45)
        self.spot = np.array([0.0, rng.uniform(-0.25, 0.3)])
        self.antenna = rng.uniform(0.3, 0.6)
        self.head = -rng.uniform(0.85, 1.0)
        self.tail = rng.uniform(0.85, 1.15)

    @property
    def landmarks(self) -> NDArray[np.float64]:
        """Return them in the order of `NAMES`: the moth's left is on the left when it looks up."""
        left, right = ([side * x, y] for side, (x, y) in zip((-1, 1), self.tips, strict=True))
        head, tail = [0.0, self.head], [self.bend, self.tail]
        return np.array([head, left, right, tail, self.spot])

    @property
    def outlines(self) -> list[tuple[str, Array]]:
        """Return the parts from the lowest to the uppermost: their names and polygons."""
        sides = zip((-1, 1), self.tips, strict=True)
        wings = [("wing", self._wing(side, tip)) for side, tip in sides]
        feelers = [("body", self._feeler(side)) for side in (-1, 1)]
        head = _ellipse(np.array([0.0, self.head + 0.14]), 0.13, 0.14)
        spot = _ellipse(self.spot, 0.09, 0.09)
        return [*wings, *feelers, ("body", self._body()), ("wing", head), ("spot", spot)]

    def _wing(self, side: int, tip: Array) -> Array:
        """Return a wing: two arcs from the shoulder to the tip and back to the hip."""
        shoulder, hip = np.array([0.05, -0.55]), np.array([0.05, 0.35])
        out = np.array([0.0, self.fullness])
        front = _arc(shoulder, (shoulder + tip) / 2 - out, tip)
        back = _arc(tip, (tip + hip) / 2 + out, hip)
        return np.concatenate([front, back]) * [side, 1]

    def _body(self) -> Array:
        """Return the body: widest at the shoulders, bent towards the tip of the tail."""
        t = np.linspace(0, 1, 24)
        spine = _arc(np.array([0.0, self.head + 0.2]), np.zeros(2), [self.bend, self.tail])
        half = self.width * np.sqrt(np.clip(1 - t, 0, 1)) * (0.55 + 0.45 * np.sin(np.pi * t))
        sides = [spine + half[:, np.newaxis] * [sign, 0] for sign in (-1, 1)]
        return np.concatenate([sides[0], sides[1][::-1]])

    def _feeler(self, side: int) -> Array:
        """Return an antenna, thin as it is."""
        root = np.array([0.03, self.head + 0.08])
        end = root + self.antenna * np.array([0.6, -0.7])
        line = _arc(root, root + self.antenna * np.array([0.1, -0.6]), end)
        thick = np.array([0.04, 0.0])
        return np.concatenate([line, line[::-1] + thick]) * [side, 1]


def _arc(start: Array, bend: Array, end: Array | list[float]) -> Array:
    """Return 24 points of the quadratic Bezier curve."""
    t = np.linspace(0, 1, 24)[:, np.newaxis]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * np.asarray(end)


def _ellipse(middle: Array, a: float, b: float) -> Array:
    around = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    return middle + np.column_stack([a * np.cos(around), b * np.sin(around)])


def _fixed(points: Array) -> NDArray[np.int32]:
    """Return points in what cv2 counts: fine pixels from the centre of the first, shifted."""
    return np.rint((points * _FINE - 0.5) * 2**_SHIFT).astype(np.int32)


def _levels(rng: np.random.Generator) -> dict[str, float]:
    """Return how bright ground and moth are: wings on one side of the ground, body on the other."""
    ground, contrast = rng.uniform(0.35, 0.65), rng.uniform(0.18, 0.3)
    sign = 1 if rng.random() < 0.5 else -1
    wing = ground + sign * contrast
    body = ground - sign * rng.uniform(0.12, 0.25)
    return {"ground": ground, "wing": wing, "body": body, "spot": wing + sign * 0.1}


def _shade(value: float, rng: np.random.Generator, colour: bool) -> NDArray[np.float64]:
    """Return red, green and blue of a brightness; gray ones use up the same chance."""
    tint = rng.uniform(-0.2, 0.2, 3)
    return np.full(3, value) + (tint - tint @ _LUMA if colour else 0.0)

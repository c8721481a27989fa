"""How pictures and their points are varied while a detector learns: mild, and drawn as recipes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from acetate import augmenters as iaa
from acetate.augmenters import Recipe, Resampling
from acetate.augmenters.base import Augmenter
from acetate.augmenters.steps import Step, Warp
from acetate.landmarks.letterbox import Letterbox
from acetate.options import check_options, option
from acetate.seeds import stream

_OFTEN = 0.5  # how often each change of values happens: half of the pictures stay as they are


@dataclass(frozen=True)
class Augmentation:
    """By how much pictures vary; 0 leaves a variation out.

    Parameters
    ----------
    rotate, scale, shift, shear : float
        Turns, zooms, moves and shears, as far either way.
    flip : float
        How often a picture is mirrored; only where it is known which landmarks then change names.
    brightness, contrast, noise, blur : float
        Changes of values, each in half of the pictures.

    Raises
    ------
    TypeError, ValueError
        If a value is no number or out of range.

    Examples
    --------
    >>> Augmentation(rotate=30.0).rotate
    30.0
    """

    rotate: float = option(15.0, "Turn so far either way.", 0.0, 180.0, "degrees")
    scale: float = option(0.15, "Zoom in or out by so much.", 0.0, 0.9)
    shift: float = option(0.05, "Move by such a part of the side.", 0.0, 0.5)
    shear: float = option(5.0, "Shear so far either way.", 0.0, 45.0, "degrees")
    flip: float = option(0.5, "How often to mirror, where mirror pairs are known.", 0.0, 1.0)
    brightness: float = option(0.1, "Brighter or darker by such a part of white.", 0.0, 1.0)
    contrast: float = option(0.25, "More or less contrast by such a part.", 0.0, 0.9)
    noise: float = option(0.02, "Noise of up to such a part of white.", 0.0, 1.0)
    blur: float = option(0.7, "Blur with a sigma of up to.", 0.0, 10.0, "px")

    def __post_init__(self) -> None:
        check_options(self)

    def pipeline(self, mirror: bool) -> Augmenter:
        """Return the augmenter: first what moves pixels, then what changes values.

        Parameters
        ----------
        mirror : bool
            Whether pictures may be mirrored.

        Examples
        --------
        >>> len(Augmentation().pipeline(mirror=False).draw((64, 64), seed=1).fused().steps) > 0
        True
        """
        return iaa.Sequential([*self._moves(mirror), *self._values()])

    def _moves(self, mirror: bool) -> list[Augmenter]:
        moves: list[Augmenter] = [iaa.Fliplr(self.flip)] if mirror and self.flip else []
        if self.rotate or self.scale or self.shift or self.shear:
            moves.append(
                iaa.Affine(
                    scale=_around(1.0, self.scale),
                    translate_percent={"x": _around(0, self.shift), "y": _around(0, self.shift)},
                    rotate=_around(0.0, self.rotate),
                    shear=_around(0.0, self.shear),
                )
            )
        return moves

    def _values(self) -> list[Augmenter]:
        white = 255.0
        changes: list[tuple[float, Augmenter]] = [
            (self.blur, iaa.GaussianBlur((0.0, self.blur))),
            (self.contrast, iaa.LinearContrast(_around(1.0, self.contrast))),
            (self.brightness, iaa.Add(_around(0.0, self.brightness * white))),
            (self.noise, iaa.AdditiveGaussianNoise(scale=(0.0, self.noise * white))),
        ]
        return [iaa.Sometimes(_OFTEN, change) for amount, change in changes if amount]


@dataclass(frozen=True)
class Varied:
    """What draws a recipe for a picture: into the square and varied there, resampled once.

    Parameters
    ----------
    pipeline : Augmenter or None
        Of the square; None only brings the picture into it.
    size : int
        Side of the square.

    Examples
    --------
    >>> box = Letterbox((20, 40), 16)
    >>> Varied(None, 16).recipe(box, 1, 0.0, (0, 0, 0)).output_shape
    (16, 16)
    """

    pipeline: Augmenter | None
    size: int

    def recipe(self, box: Letterbox, channels: int, fill: float, key: Sequence[int]) -> Recipe:
        """Return the recipe of one sample.

        Parameters
        ----------
        box : Letterbox
            How the picture lies in the square.
        channels : int
            Of the picture.
        fill : float
            What lies beside the picture, 0 black to 255 white.
        key : sequence of int
            Seed, epoch and index: they decide everything.
        """
        reading = Resampling(box.order, "constant", fill)
        frame = (self.size, self.size)
        steps: list[Step] = [Warp(box.map, box.shape, frame, reading)]
        if self.pipeline is not None:
            drawn = self.pipeline.steps((*frame, channels), stream(*key))
            steps += [_filled(step, reading) for step in drawn]
        return Recipe(box.shape, tuple(steps))


def _filled(step: Step, reading: Resampling) -> Step:
    """Return a step that fills new pixels as the first one does."""
    return replace(step, image=reading) if isinstance(step, Warp) else step


def _around(middle: float, reach: float) -> tuple[float, float]:
    return middle - reach, middle + reach

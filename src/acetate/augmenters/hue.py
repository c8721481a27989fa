"""Hue and saturation: added to, or multiplied, in the HSV space."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import stringzilla

from acetate.arrays import Array, Shape, full_scale
from acetate.augmenters.base import Augmenter
from acetate.augmenters.color import SOURCES
from acetate.augmenters.limits import check_colors
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import (
    Deterministic,
    StochasticParameter,
    choice_of,
    continuous,
    discrete,
    probability,
)
from acetate.seeds import Seed


@pixel_function
def add_to_hue_and_saturation(image: Array, hue: float, saturation: float, source: str) -> Array:
    """Turn the hue, and make the colours stronger or weaker.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, 3)``.
    hue : float
        255 is a full turn.
    saturation : float
        255 is from gray to the purest colour.
    source : {"RGB", "BGR"}
        What the channels are.

    Raises
    ------
    ValueError
        If the picture has another number of channels.

    Examples
    --------
    >>> add_to_hue_and_saturation(np.uint8([[[200, 0, 0]]]), 85, 0, "RGB")
    array([[[  0, 200,   0]]], dtype=uint8)
    """
    check_colors(image, "AddToHueAndSaturation")

    def on_bytes(hsv: Array) -> None:
        turn = np.array([round(hue * 256 / 255) % 256, 0, 0], np.uint8)
        rows = hsv.reshape(len(hsv), -1)
        np.add(rows, np.tile(turn, hsv.shape[1]), out=rows)
        change: Any = cv2.add if saturation >= 0 else cv2.subtract
        change(hsv, (0, min(abs(round(saturation)), 255), 0, 0), hsv)

    def on_floats(hsv: Array) -> None:
        hsv[:, :, 0] = (hsv[:, :, 0] + hue * (360 / 255)) % 360
        hsv[:, :, 1] = np.clip(hsv[:, :, 1] + saturation / 255, 0, 1)

    return _in_hsv(image, source, on_bytes, on_floats)


@pixel_function
def multiply_hue_and_saturation(image: Array, hue: float, saturation: float, source: str) -> Array:
    """Multiply the hue's angle and the saturation.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, 3)``.
    hue, saturation : float
        Factors; red has the angle 0, green a third of a turn, blue two thirds.
    source : {"RGB", "BGR"}
        What the channels are.

    Raises
    ------
    ValueError
        If the picture has another number of channels.

    Examples
    --------
    >>> multiply_hue_and_saturation(np.uint8([[[0, 200, 0]]]), 2.0, 0.5, "RGB")
    array([[[100, 100, 200]]], dtype=uint8)
    """
    check_colors(image, "MultiplyHueAndSaturation")

    def on_bytes(hsv: Array) -> None:
        values = np.arange(256)
        turned = np.rint(values * hue).astype(np.int64) % 256
        stronger = np.rint(values * saturation).clip(0, 255)
        # Several times as fast as OpenCV with one table of three columns.
        planes = cv2.split(hsv)
        for plane, table in zip(planes, (turned, stronger), strict=False):
            stringzilla.translate(plane.data, table.astype(np.uint8).data, inplace=True)
        cv2.merge(planes, hsv)

    def on_floats(hsv: Array) -> None:
        hsv[:, :, 0] = (hsv[:, :, 0] * hue) % 360
        hsv[:, :, 1] = np.clip(hsv[:, :, 1] * saturation, 0, 1)

    return _in_hsv(image, source, on_bytes, on_floats)


def _in_hsv(
    image: Array,
    source: str,
    on_bytes: Callable[[Array], None],
    on_floats: Callable[[Array], None],
) -> Array:
    """Let a function change a picture's HSV in place.

    uint8 stays uint8, a full turn being 256; other dtypes take float32 (the hue in degrees), the
    most that OpenCV's conversion knows.
    """
    there, back = f"COLOR_{source}2HSV", f"COLOR_HSV2{source}"
    if image.dtype == np.uint8:
        hsv = cv2.cvtColor(image, getattr(cv2, f"{there}_FULL"))
        on_bytes(hsv)
        return cv2.cvtColor(hsv, getattr(cv2, f"{back}_FULL"))
    white = full_scale(image.dtype)
    hsv = cv2.cvtColor((image / white).astype(np.float32), getattr(cv2, there))
    on_floats(hsv)
    values = np.clip(cv2.cvtColor(hsv, getattr(cv2, back)), 0, 1)
    return (values if white == 1 else np.floor(values * white + 0.5)).astype(image.dtype)


class _HueAndSaturation(Augmenter):
    """What these share: one parameter for both, or one for each, and the step."""

    function: str
    neutral: float
    names: tuple[str, str, str]

    def __init__(
        self,
        parameters: tuple[StochasticParameter | None, ...],
        per_channel: Any,
        from_colorspace: Any,
        seed: Seed,
        name: str | None,
    ) -> None:
        super().__init__(seed, name)
        self.both, self.hue, self.saturation = parameters
        if (self.both is None) == (self.hue is None and self.saturation is None):
            both, hue, saturation = self.names
            raise ValueError(
                f"{type(self).__name__} needs either {both}, or {hue} or {saturation} or both of "
                f"these, got {self.both}, {self.hue}, {self.saturation}"
            )
        self.per_channel = probability(per_channel, "per_channel")
        self.from_colorspace = choice_of(from_colorspace, "from_colorspace", SOURCES)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw what happens to the hue and to the saturation."""
        hue, saturation = self._drawn(rng)
        source = self.from_colorspace.draw_sample(rng)
        if hue == saturation == self.neutral:
            return []
        return [Pixels(self.function, {"hue": hue, "saturation": saturation, "source": source})]

    def _drawn(self, rng: np.random.Generator) -> tuple[float, float]:
        neutral = Deterministic(self.neutral)
        if self.both is None:
            hue, saturation = self.hue or neutral, self.saturation or neutral
            return hue.draw_sample(rng), saturation.draw_sample(rng)
        hue = self.both.draw_sample(rng)
        each = self.per_channel.draw_sample(rng)
        return hue, self.both.draw_sample(rng) if each else hue


class AddToHueAndSaturation(_HueAndSaturation):
    """Turn the hue and make the colours stronger or weaker; of three channels.

    Parameters
    ----------
    value : int, (low, high), list or parameter, optional
        Added to both, -255 to 255: for the hue 255 is a full turn, for the saturation it is the
        way from gray to the purest colour.
    value_hue, value_saturation : the same, optional
        Added to one of them; instead of `value`.
    per_channel : bool, float or parameter
        Whether (or how often) `value` is drawn for each of the two.
    from_colorspace : {"RGB", "BGR"}
        What the picture's channels are.
    seed, name
        See `Augmenter`.

    Notes
    -----
    uint8 goes through HSV in uint8, which costs a few levels of accuracy, a dozen at worst; others
    go through float32. Gray pixels have the hue of red: a saturation that is added turns them
    reddish, one that is multiplied does not.

    Examples
    --------
    >>> AddToHueAndSaturation(value_hue=85)(image=np.array([[[200, 0, 0]]], np.uint8))
    array([[[  0, 200,   0]]], dtype=uint8)
    """

    function, neutral = "add_to_hue_and_saturation", 0
    names = ("value", "value_hue", "value_saturation")

    def __init__(
        self,
        value: Any = None,
        value_hue: Any = None,
        value_saturation: Any = None,
        per_channel: Any = False,
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        given = zip((value, value_hue, value_saturation), self.names, strict=True)
        parameters = tuple(None if v is None else discrete(v, n, -255, 255) for v, n in given)
        super().__init__(parameters, per_channel, from_colorspace, seed, name)

    def _drawn(self, rng: np.random.Generator) -> tuple[float, float]:
        hue, saturation = super()._drawn(rng)
        return hue % 255, saturation  # whole turns change nothing


class AddToHue(AddToHueAndSaturation):
    """Turn the hue; of three channels.

    Parameters
    ----------
    value : int, (low, high), list or parameter
        How far, -255 to 255, a full turn.
    from_colorspace, seed, name
        As in `AddToHueAndSaturation`.

    Examples
    --------
    >>> AddToHue(85)(image=np.array([[[200, 0, 0]]], np.uint8))
    array([[[  0, 200,   0]]], dtype=uint8)
    """

    def __init__(
        self,
        value: Any = (-255, 255),
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(value_hue=value, from_colorspace=from_colorspace, seed=seed, name=name)


class AddToSaturation(AddToHueAndSaturation):
    """Make the colours stronger or weaker; of three channels.

    Parameters
    ----------
    value : int, (low, high), list or parameter
        How much, -255 (all gray) to 255.
    from_colorspace, seed, name
        As in `AddToHueAndSaturation`.

    Examples
    --------
    >>> AddToSaturation(-255)(image=np.array([[[200, 0, 100]]], np.uint8))
    array([[[200, 200, 200]]], dtype=uint8)
    """

    def __init__(
        self,
        value: Any = (-75, 75),
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            value_saturation=value, from_colorspace=from_colorspace, seed=seed, name=name
        )


class MultiplyHueAndSaturation(_HueAndSaturation):
    """Multiply the hue's angle and the saturation; of three channels.

    Parameters
    ----------
    mul : number, (low, high), list or parameter, optional
        Multiplies both, -10 to 10: the saturation's 0 and less is gray.
    mul_hue : number, (low, high), list or parameter, optional
        Multiplies the hue's angle, -10 to 10: red at 0 stays red. Instead of `mul`.
    mul_saturation : number, (low, high), list or parameter, optional
        Multiplies the saturation, 0 to 10. Instead of `mul`.
    per_channel : bool, float or parameter
        Whether (or how often) `mul` is drawn for each of the two.
    from_colorspace : {"RGB", "BGR"}
        What the picture's channels are.
    seed, name
        See `Augmenter`.

    Notes
    -----
    Accuracy is as in `AddToHueAndSaturation`.

    Examples
    --------
    >>> MultiplyHueAndSaturation(mul_saturation=0.5)(image=np.array([[[200, 0, 0]]], np.uint8))
    array([[[200, 100, 100]]], dtype=uint8)
    """

    function, neutral = "multiply_hue_and_saturation", 1
    names = ("mul", "mul_hue", "mul_saturation")

    def __init__(
        self,
        mul: Any = None,
        mul_hue: Any = None,
        mul_saturation: Any = None,
        per_channel: Any = False,
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        given = zip((mul, mul_hue, mul_saturation), self.names, (-10, -10, 0), strict=True)
        parameters = tuple(None if v is None else continuous(v, n, low, 10) for v, n, low in given)
        super().__init__(parameters, per_channel, from_colorspace, seed, name)


class MultiplyHue(MultiplyHueAndSaturation):
    """Multiply the hue's angle; of three channels.

    Parameters
    ----------
    mul : number, (low, high), list or parameter
        The factor, -10 to 10.
    from_colorspace, seed, name
        As in `MultiplyHueAndSaturation`.

    Examples
    --------
    >>> MultiplyHue(2.0)(image=np.array([[[0, 200, 0]]], np.uint8))[0, 0].argmax()
    np.int64(2)
    """

    def __init__(
        self,
        mul: Any = (-3.0, 3.0),
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(mul_hue=mul, from_colorspace=from_colorspace, seed=seed, name=name)


class MultiplySaturation(MultiplyHueAndSaturation):
    """Multiply the saturation; of three channels.

    Parameters
    ----------
    mul : number, (low, high), list or parameter
        The factor, 0 (all gray) to 10.
    from_colorspace, seed, name
        As in `MultiplyHueAndSaturation`.

    Examples
    --------
    >>> MultiplySaturation(0)(image=np.array([[[200, 0, 100]]], np.uint8))
    array([[[200, 200, 200]]], dtype=uint8)
    """

    def __init__(
        self,
        mul: Any = (0.0, 3.0),
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(mul_saturation=mul, from_colorspace=from_colorspace, seed=seed, name=name)

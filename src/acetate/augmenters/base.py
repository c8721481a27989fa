"""What every augmenter is: parameters, one method that draws steps, and the calls around it."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Self

import numpy as np

from acetate.arrays import Array, Shape, check_image, shape_of
from acetate.augmenters.batch import augment
from acetate.augmenters.recipe import Recipe, carried_out
from acetate.augmenters.steps import Resampling, Step, Warp
from acetate.geometry import MODES, Frame, Map
from acetate.geometry.once import Once
from acetate.parameters import Deterministic, StochasticParameter, choice_of, continuous
from acetate.seeds import Seed, draw_key, generator, next_default, stream
from acetate.sheets import (
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    KeypointsOnImage,
    SegmentationMapsOnImage,
)

ALL = "all"
_ORDERS: dict[Any, str] = {0: "nearest", 1: "linear", 3: "cubic"}
_HEATMAPS, _LABELS = Resampling(), Resampling("nearest")
_resampling = lru_cache(maxsize=64)(Resampling)  # most often the same one again
_NO_CHANCE = np.random.default_rng(0)  # given to constants, which draw nothing


class Augmenter(ABC):
    """Something that draws recipes, and carries them out when called.

    Parameters
    ----------
    seed : int, numpy.random.Generator or None
        Sample i of a seeded augmenter is always the same. None draws from the default stream
        (`acetate.seed`). Inside another augmenter the outermost seed decides.
    name : str, optional
        For the user's own use.
    """

    fixes: tuple[str, ...] = ()  # arguments of the class above that a class decides itself

    def __init__(self, seed: Seed = None, name: str | None = None) -> None:
        if not (seed is None or isinstance(seed, np.random.Generator)):
            stream(seed)  # says at once what it cannot take
        self.seed = seed
        self.name = name or type(self).__name__
        self._count = 0
        self._restarts = False

    @abstractmethod
    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw what happens to a picture: all the chance, and no pixel is touched.

        Parameters
        ----------
        shape : tuple of int
            Of the picture, (height, width[, channels]).
        rng : numpy.random.Generator
            How much is drawn from it must not depend on the number of channels.
        """

    def draw(self, shape: Shape | Array, seed: Seed = None, fuse: bool = True) -> Recipe:
        """Return a recipe for a picture of a shape.

        Parameters
        ----------
        shape : tuple of int or numpy.ndarray
            (height, width[, channels]), or the picture itself.
        seed : int, numpy.random.Generator or None
            None takes the augmenter's next sample.
        fuse : bool
            See `Recipe`.

        Examples
        --------
        >>> import acetate.augmenters as iaa
        >>> pipeline = iaa.Affine(rotate=(-45, 45))
        >>> pipeline.draw((64, 64), seed=3) == pipeline.draw((64, 64), seed=3)
        True
        """
        if self._restarts:
            self._count = 0
        rng = self._next_rng() if seed is None else generator(seed)
        return self._recipe(shape_of(shape), rng, fuse)

    def __call__(self, *, fuse: bool = True, **sheets: Any) -> Any:
        """Augment a picture and its sheets, or a batch of them, together.

        Parameters
        ----------
        fuse : bool
            Whether neighbouring warps are resampled once.
        **sheets
            ``image`` with single ``heatmaps``, ``segmentation_maps``, ``keypoints``,
            ``bounding_boxes``; or ``images`` with lists of them. Sheets are the classes of
            `acetate.sheets`, or arrays: heatmaps float in [0, 1], labels integer, points
            ``(n, 2)``, boxes ``(n, 4)``.

        Returns
        -------
        The same kinds in the same order: one, or a tuple.

        Examples
        --------
        >>> import acetate.augmenters as iaa
        >>> image, heat = np.zeros((8, 8, 3), np.uint8), np.zeros((4, 4), np.float32)
        >>> moved, moved_heat = iaa.Rot90(1)(image=image, heatmaps=heat)
        >>> moved.shape, moved_heat.shape
        ((8, 8, 3), (4, 4))
        """
        if self._restarts:
            self._count = 0
        if len(sheets) == 1 and "image" in sheets:  # the shortest way for what is asked most often
            image = check_image(sheets["image"])
            return carried_out(self.steps(image.shape, self._next_rng()), image, fuse)
        return augment(lambda shape: self._recipe(shape, self._next_rng(), fuse), sheets)

    augment = __call__

    def augment_image(self, image: Array) -> Array:
        """Augment one picture."""
        out: Array = self(image=image)
        return out

    def augment_images(self, images: Any) -> Any:
        """Augment a list of pictures, or an array ``(N, H, W[, C])``."""
        return self(images=images)

    def augment_heatmaps(self, heatmaps: HeatmapsOnImage | Sequence[HeatmapsOnImage]) -> Any:
        """Augment one sheet of heatmaps, or a list."""
        return self(heatmaps=heatmaps)

    def augment_segmentation_maps(
        self, segmentation_maps: SegmentationMapsOnImage | Sequence[SegmentationMapsOnImage]
    ) -> Any:
        """Augment one sheet of labels, or a list."""
        return self(segmentation_maps=segmentation_maps)

    def augment_keypoints(self, keypoints: KeypointsOnImage | Sequence[KeypointsOnImage]) -> Any:
        """Augment one sheet of landmarks, or a list."""
        return self(keypoints=keypoints)

    def augment_bounding_boxes(
        self, bounding_boxes: BoundingBoxesOnImage | Sequence[BoundingBoxesOnImage]
    ) -> Any:
        """Augment one sheet of boxes, or a list."""
        return self(bounding_boxes=bounding_boxes)

    def to_deterministic(self) -> Self:
        """Return a copy that begins anew with the same samples at every call.

        Examples
        --------
        >>> import acetate.augmenters as iaa
        >>> fixed = iaa.Affine(rotate=(-45, 45)).to_deterministic()
        >>> image = np.arange(64, dtype=np.uint8).reshape(8, 8)
        >>> bool((fixed(image=image) == fixed(image=image)).all())
        True
        """
        twin = copy.copy(self)
        twin.seed, twin._count, twin._restarts = draw_key(self._next_rng()), 0, True
        return twin

    def _next_rng(self) -> np.random.Generator:
        if self.seed is None:
            return next_default()
        if isinstance(self.seed, np.random.Generator):
            return stream(draw_key(self.seed))
        rng = stream(self.seed, self._count)
        self._count += 1
        return rng

    def _recipe(self, shape: Shape, rng: np.random.Generator, fuse: bool) -> Recipe:
        return Recipe((shape[0], shape[1]), tuple(self.steps(shape, rng)), fuse)

    def __repr__(self) -> str:
        hidden = {"seed", "name"}
        shown = {k: v for k, v in vars(self).items() if k not in hidden and not k.startswith("_")}
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in shown.items())})"


class Geometric(Augmenter):
    """An augmenter that moves pixels: a subclass only says along which map.

    Parameters
    ----------
    order : int or str, or a list or parameter of such
        How pictures are read between pixels: 0 or "nearest", 1 or "linear", 3 or "cubic"; `ALL`
        picks one of 0, 1, 3.
    cval : number, (low, high), list or parameter
        What fills new pixels under mode "constant": 0 is black and 255 white in any dtype.
    mode : str, list of str or parameter
        constant, edge, symmetric, reflect or wrap; `ALL` picks one.
    heatmaps, segmentation_maps : Resampling
        The same for these sheets: linear and nearest, filled with 0, by default.
    """

    def __init__(
        self,
        order: Any = 1,
        cval: Any = 0,
        mode: Any = "constant",
        heatmaps: Resampling = _HEATMAPS,
        segmentation_maps: Resampling = _LABELS,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.order = order_parameter(order)
        self.cval = continuous((0, 255) if cval == ALL else cval, "cval", 0, 255)
        self.mode = choice_of(mode, "mode", MODES)
        self.heatmaps = heatmaps
        self.segmentation_maps = segmentation_maps
        _check_fills(heatmaps, segmentation_maps)

    @abstractmethod
    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw the map from output points to points of a frame, and the output's size.

        None stands for "nothing happens".
        """

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the map, and how pictures are read."""
        frame = (shape[0], shape[1])
        drawn = self.draw_map(frame, rng)
        if drawn is None:
            return []
        image = self._constant_reading or self._draw_reading(rng)
        return [Warp(drawn[0], frame, drawn[1], image, self.heatmaps, self.segmentation_maps)]

    def _draw_reading(self, rng: np.random.Generator) -> Resampling:
        """Draw how pictures are read."""
        order = _ORDERS.get(name := self.order.draw_sample(rng), name)
        return _resampling(order, self.mode.draw_sample(rng), float(self.cval.draw_sample(rng)))

    @Once
    def _constant_reading(self) -> Resampling | None:
        """Return how pictures are read if chance has no say in it."""
        drawn_from = (self.order, self.mode, self.cval)
        constant = all(isinstance(parameter, Deterministic) for parameter in drawn_from)
        return self._draw_reading(_NO_CHANCE) if constant else None


def _check_fills(heatmaps: Resampling, labels: Resampling) -> None:
    """Raise for fills and orders that would make heatmaps or labels something else."""
    if not 0 <= heatmaps.cval <= 1:
        raise ValueError(f"heatmaps are filled with a cval in [0, 1], got {heatmaps.cval}")
    if labels.order != "nearest":
        raise ValueError(f"labels are only read by order 'nearest', got {labels.order!r}")
    if labels.cval < 0 or labels.cval != int(labels.cval):
        raise ValueError(f"label maps are filled with a whole cval from 0, got {labels.cval}")


def order_parameter(order: Any) -> StochasticParameter:
    """Parse an order of interpolation, as a number or a word.

    Examples
    --------
    >>> order_parameter([0, "cubic"]).draw_sample(np.random.default_rng(0)) in (0, "cubic")
    True
    """
    if isinstance(order, str) and order == ALL:
        order = list(_ORDERS)
    return choice_of(order, "order", (*_ORDERS, *_ORDERS.values()))


def draw_channels(
    parameter: StochasticParameter,
    per_channel: StochasticParameter,
    shape: Shape,
    rng: np.random.Generator,
) -> Any:
    """Draw one number for all channels, or a tuple with one for each.

    Parameters
    ----------
    per_channel : StochasticParameter
        1 for each, 0 for all.
    shape : tuple of int
        Of the picture; without a third entry it has one channel.
    """
    if not per_channel.draw_sample(rng):
        return parameter.draw_sample(rng)
    # A stream of their own keeps what follows independent of the number of channels.
    own = stream(draw_key(rng))
    return tuple(parameter.draw_sample(own) for _ in range(shape[2] if len(shape) == 3 else 1))

"""Augmenters of augmenters: in order, some of them, with a probability, on some channels."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from acetate.arrays import Shape
from acetate.augmenters.base import Augmenter
from acetate.augmenters.steps import Call, OnChannels, Path, Step, Warp
from acetate.parameters import discrete, probability
from acetate.seeds import Seed, draw_key

Children = Augmenter | Sequence[Augmenter] | None


class Sequential(Augmenter):
    """Apply augmenters one after the other.

    Parameters
    ----------
    children : Augmenter or list of Augmenter
        In order.
    random_order : bool
        Whether to draw the order anew for each sample.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> import acetate.augmenters as iaa
    >>> pipeline = iaa.Sequential([iaa.Fliplr(0.5), iaa.Add((-20, 20))], seed=1)
    >>> pipeline(image=np.zeros((8, 8, 3), np.uint8)).shape
    (8, 8, 3)
    """

    def __init__(
        self,
        children: Children = None,
        random_order: bool = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.children = as_children(children, "children")
        self.random_order = random_order

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the order, then each child in turn."""
        chosen = list(range(len(self.children)))
        if self.random_order:
            rng.shuffle(chosen)
        return in_turn([self.children[i] for i in chosen], shape, rng)


class SomeOf(Augmenter):
    """Apply some of several augmenters.

    Parameters
    ----------
    n : int, (low, high), list, parameter or None
        How many; ``(low, None)`` means up to all; None means all.
    children : Augmenter or list of Augmenter
        To choose from.
    random_order : bool
        Whether to apply the chosen ones in random order rather than in the given one.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> import acetate.augmenters as iaa
    >>> some = iaa.SomeOf((1, 2), [iaa.Fliplr(1.0), iaa.Flipud(1.0), iaa.Rot90(1)])
    >>> 1 <= len(some.draw((8, 8), seed=1).steps) <= 2
    True
    """

    def __init__(
        self,
        n: Any = None,
        children: Children = None,
        random_order: bool = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.children = as_children(children, "children")
        count = len(self.children)
        if n is None:
            n = count
        elif isinstance(n, tuple) and len(n) == 2 and n[1] is None:
            n = (min(n[0], count), count)
        self.n = discrete(n, "n", 0)
        self.random_order = random_order

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw how many and which, then each chosen one in turn."""
        count = min(self.n.draw_sample(rng), len(self.children))
        chosen = rng.permutation(len(self.children))[:count]
        if not self.random_order:
            chosen.sort()
        return in_turn([self.children[i] for i in chosen], shape, rng)


class OneOf(SomeOf):
    """Apply one of several augmenters.

    Parameters
    ----------
    children : list of Augmenter
        To choose from.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> import acetate.augmenters as iaa
    >>> len(iaa.OneOf([iaa.Fliplr(1.0), iaa.Flipud(1.0)]).draw((8, 8), seed=1).steps)
    1
    """

    def __init__(self, children: Children, seed: Seed = None, name: str | None = None) -> None:
        super().__init__(1, children, seed=seed, name=name)
        if not self.children:
            raise ValueError("children must be at least one augmenter to choose from, got none")


class Sometimes(Augmenter):
    """Apply some augmenters with a probability, others otherwise.

    Parameters
    ----------
    p : float or parameter
        Probability of the first ones.
    then_list, else_list : Augmenter or list of Augmenter, optional
        What to apply in either case.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> import acetate.augmenters as iaa
    >>> len(iaa.Sometimes(0.0, iaa.Fliplr(1.0)).draw((8, 8), seed=1).steps)
    0
    """

    def __init__(
        self,
        p: Any = 0.5,
        then_list: Children = None,
        else_list: Children = None,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.p = probability(p, "p")
        self.then_list = as_children(then_list, "then_list")
        self.else_list = as_children(else_list, "else_list")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw which list, then each of its augmenters in turn."""
        return in_turn(self.then_list if self.p.draw_sample(rng) else self.else_list, shape, rng)


class WithChannels(Augmenter):
    """Apply augmenters to some channels of a picture; the sheets stay as they are.

    Parameters
    ----------
    channels : int, list of int or None
        Which; None means all.
    children : Augmenter or list of Augmenter
        None that moves pixels: that would tear the channels apart.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> import acetate.augmenters as iaa
    >>> red = iaa.WithChannels([0], iaa.Add(10))
    >>> red(image=np.zeros((1, 1, 3), np.uint8))
    array([[[10,  0,  0]]], dtype=uint8)
    """

    def __init__(
        self,
        channels: int | Sequence[int] | None = None,
        children: Children = None,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.channels = (channels,) if isinstance(channels, int) else channels
        self.children = as_children(children, "children")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the children for a picture of just these channels."""
        if self.channels is None:
            channels = tuple(range(shape[2] if len(shape) == 3 else 1))
        else:
            channels = tuple(self.channels)
        steps = in_turn(self.children, (*shape[:2], len(channels)), rng)
        if any(isinstance(step, Warp | Path | Call) for step in steps):
            raise ValueError(
                "WithChannels takes augmenters that change values, not ones that move pixels or "
                "call functions; apply those to the whole picture"
            )
        return [OnChannels(channels, tuple(steps))] if steps and channels else []


class Identity(Augmenter):
    """Change nothing.

    Examples
    --------
    >>> Identity()(image=np.ones((1, 2), np.uint8))
    array([[1, 1]], dtype=uint8)
    """

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw nothing."""
        return []


Noop = Identity


class Lambda(Augmenter):
    """Call the user's own functions; they must keep sizes, and recipes with them have no JSON.

    Parameters
    ----------
    func_images, func_heatmaps, func_segmentation_maps, func_keypoints, func_bounding_boxes : \
callable, optional
        From one picture ``(H, W, C)`` or sheet (a copy of its own) and a
        `numpy.random.Generator` to the new one. Every function of a sample gets a generator
        in the same state.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> dark = Lambda(func_images=lambda image, rng: image // 2)
    >>> dark(image=np.full((1, 2), 100, np.uint8))
    array([[50, 50]], dtype=uint8)
    """

    def __init__(
        self,
        func_images: Callable[..., Any] | None = None,
        func_heatmaps: Callable[..., Any] | None = None,
        func_segmentation_maps: Callable[..., Any] | None = None,
        func_keypoints: Callable[..., Any] | None = None,
        func_bounding_boxes: Callable[..., Any] | None = None,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        given = {
            "image": func_images,
            "heatmaps": func_heatmaps,
            "segmentation_maps": func_segmentation_maps,
            "keypoints": func_keypoints,
            "bounding_boxes": func_bounding_boxes,
        }
        self.functions = {kind: f for kind, f in given.items() if f is not None}

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the key of the functions' generator."""
        return [Call(self.functions, draw_key(rng))]


def as_children(children: Children, name: str) -> list[Augmenter]:
    """Return a list of augmenters, from one, several or none.

    Raises
    ------
    TypeError
        If something else is among them.
    ValueError
        If one has a seed of its own: the outermost seed decides.
    """
    if children is None:
        return []
    listed = [children] if isinstance(children, Augmenter) else list(children)
    for child in listed:
        if not isinstance(child, Augmenter):
            raise TypeError(f"{name} must be augmenters, got {type(child).__name__}")
        if child.seed is not None:
            raise ValueError(
                f"{child.name} in {name} has a seed of its own; give the seed to the outermost "
                "augmenter"
            )
    return listed


def in_turn(children: Sequence[Augmenter], shape: Shape, rng: np.random.Generator) -> list[Step]:
    """Draw each augmenter for the picture that the ones before leave."""
    steps: list[Step] = []
    for child in children:
        drawn = child.steps(shape, rng)
        steps += drawn
        for step in drawn:
            if isinstance(step, Warp):
                shape = (*step.shape, *shape[2:])
    return steps

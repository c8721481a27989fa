"""A map-style data set that augments: sample i of an epoch is the same in any worker and order."""

from collections.abc import Mapping
from typing import Any, Protocol

from acetate.arrays import Shape
from acetate.augmenters.base import Augmenter
from acetate.seeds import stream


class Samples(Protocol):
    """What can be indexed and counted: a list, or any PyTorch map-style data set."""

    def __len__(self) -> int:
        """Return how many samples there are."""

    def __getitem__(self, index: int, /) -> Any:
        """Return a sample."""


class AugmentedDataset:
    """Augment samples as they are taken, for a PyTorch `DataLoader` or a plain loop.

    Parameters
    ----------
    samples : sequence or map-style data set
        Each a dict by kind: ``image``, ``heatmaps``, ``segmentation_maps``, ``keypoints``,
        ``bounding_boxes``. Other keys (a label, a file name) pass through.
    augmenter : Augmenter
        Without a seed of its own.
    seed : int
        With the epoch and the index, it decides everything: workers, their number, and the
        order of the samples do not matter.

    Examples
    --------
    >>> import numpy as np
    >>> import acetate.augmenters as iaa
    >>> samples = [{"image": np.full((4, 4), i, np.uint8), "label": i} for i in range(3)]
    >>> data = AugmentedDataset(samples, iaa.Affine(rotate=(-45, 45)), seed=1)
    >>> len(data), data[2]["label"], bool((data[2]["image"] == data[2]["image"]).all())
    (3, 2, True)
    """

    def __init__(self, samples: Samples, augmenter: Augmenter, seed: int) -> None:
        if augmenter.seed is not None:
            raise ValueError(
                f"the data set's seed ({seed}) decides; {augmenter.name} must have none of its "
                f"own, got {augmenter.seed}"
            )
        self.samples = samples
        self.augmenter = augmenter
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> dict[str, Any]:
        if not -len(self) <= index < len(self):
            raise IndexError(f"sample {index} of {len(self)}")
        index %= len(self)
        sample: Mapping[str, Any] = self.samples[index]
        kinds = ("image", "heatmaps", "segmentation_maps", "keypoints", "bounding_boxes")
        sheets = {kind: sample[kind] for kind in kinds if sample.get(kind) is not None}
        shape = _shape(sheets, index)
        recipe = self.augmenter.draw(shape, stream(self.seed, self.epoch, index))
        out = recipe(**sheets)
        augmented = dict(zip(sheets, out if len(sheets) > 1 else (out,), strict=True))
        return {**sample, **augmented}

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch begins: each has its own augmentations.

        Workers that stay alive between epochs hold copies of this object; call it before they
        are started anew, or keep one data set per epoch.
        """
        self.epoch = epoch


def _shape(sheets: dict[str, Any], index: int) -> Shape:
    if not sheets:
        raise ValueError(f"sample {index} has neither an image nor a sheet")
    shape: Shape = next(iter(sheets.values())).shape
    return shape

"""What a U-Net is and how it is trained: defaults, ranges and help, for Python and commands."""

from dataclasses import dataclass

from acetate.learn.options import TrainOptions
from acetate.options import check_options, option

LOSS = "cross-entropy+dice"


@dataclass(frozen=True)
class UNetOptions:
    """The parameters of `UNetSegmenter` that are numbers, choices or flags.

    Parameters
    ----------
    base, depth, norm, patch, patches, standardize, objects, threshold, window
        See `UNetSegmenter`.

    Raises
    ------
    TypeError, ValueError
        If one has another kind, is out of range, or does not go with another.

    Examples
    --------
    >>> UNetOptions(depth=3, patch=100)
    Traceback (most recent call last):
    ValueError: patch must be a multiple of 8 with depth=3, got 100
    """

    base: int = option(16, "Channels at full size; doubled with every halving.", 1, 4096)
    depth: int = option(2, "How often pictures are halved.", 0, 8)
    norm: str = option("batch", "What evens out values.", choices=("none", "batch", "group"))
    patch: int = option(128, "Side of a patch to learn from.", 1, unit="px")
    patches: int = option(64, "Patches in an epoch.", 1)
    standardize: str = option(
        "picture", "What is brought to mean 0 and deviation 1 first.", choices=("picture", "none")
    )
    objects: bool = option(False, "Masks number single objects: part those that touch.")
    threshold: float = option(0.5, "Of the probability, for two classes.", 0.0, 1.0)
    window: int | None = option(
        None,
        "Largest side of what is predicted at once; by the depth if left out.",
        1,
        unit="px",
    )

    def __post_init__(self) -> None:
        """Check them."""
        check_options(self)
        halved = 2**self.depth
        if self.patch % halved:
            raise ValueError(
                f"patch must be a multiple of {halved} with depth={self.depth}, got {self.patch}"
            )
        if self.norm == "batch" and self.patch == halved:
            raise ValueError(
                f"patch must be larger than {halved} with depth={self.depth} and norm='batch', got "
                f"{self.patch}: one pixel has no deviation"
            )


@dataclass(frozen=True)
class UNetTraining(TrainOptions):
    """`TrainOptions` with the defaults of `UNetSegmenter`: measured in ``benchmarks/unet.py``.

    Examples
    --------
    >>> UNetTraining().schedule, UNetTraining(epochs=3).epochs
    ('cosine', 3)
    """

    epochs: int = option(20, "Times through the patches of an epoch.", 1)
    learning_rate: float = option(3e-3, "The largest; the schedule makes less of it.", 1e-9, 100.0)
    warmup: float = option(0.05, "Part of all steps in which the rate rises.", 0.0, 1.0)
    schedule: str = option("cosine", "The rate after that.", choices=("constant", "cosine"))

"""How a U-Net is trained unless it is told otherwise."""

from dataclasses import dataclass

from acetate.learn.options import TrainOptions
from acetate.options import option


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

"""Presets: everything that training a detector needs to know, under a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from acetate.landmarks.decode import DECODERS
from acetate.landmarks.loss_names import LOSS_CLASSES
from acetate.landmarks.network import NETWORKS
from acetate.learn.options import TrainOptions
from acetate.names import nearest
from acetate.options import option

_STRIDES = (1, 2, 4)
KINDS = ("heatmaps", "regression")


@dataclass(frozen=True)
class Preset(TrainOptions):
    """The numbers of a detector and of its training, which is a `TrainOptions` itself.

    Parameters
    ----------
    kind : {"heatmaps", "regression"}
        What the detector gives; "regression" says coordinates at once, as a foil.
    network : str
        Its body: one of `acetate.landmarks.network.NETWORKS`, or ``timm:NAME``.
    input_size : int
        Side of the square that pictures are letterboxed into.
    stride : {1, 2, 4}
        Pixels of the square along the side of a heatmap's pixel.
    channels : int
        1 for gray pictures, 3 for colour.
    sigma : float
        Of a target's kernel.
    loss : str
        One of `acetate.landmarks.losses.LOSSES`.
    heatmap_weight, coordinate_weight : float or None
        Weights of the parts of a loss that has such; None takes the loss's own.
    decoder : str
        One of `acetate.landmarks.decode.DECODERS`, or "auto": the one that suits the loss.

    Raises
    ------
    TypeError, ValueError
        If a value has another kind or is out of range.

    Examples
    --------
    >>> preset = Preset(input_size=768, stride=2)
    >>> preset.heatmap_size, preset.upsample
    (384, 2)
    """

    kind: str = option("heatmaps", "What the detector gives.", choices=KINDS)
    network: str = option("light", "Its body.", choices=NETWORKS)
    input_size: int = option(256, "Side of the square around a picture.", 32, 8192, "px")
    stride: int = option(4, "Square px per heatmap px: 1, 2 or 4.", 1, 4)
    channels: int = option(1, "1 for gray pictures, 3 for colour.", 1, 3)
    sigma: float = option(2.0, "Of a target's kernel.", 0.3, 100.0, "heatmap px")
    loss: str = option("heatmap-mse", "What is made small.", choices=tuple(LOSS_CLASSES))
    heatmap_weight: float | None = option(None, "Of the loss of heatmaps.", 0.0, 1e6)
    coordinate_weight: float | None = option(None, "Of the loss of coordinates.", 0.0, 1e6)
    decoder: str = option("auto", "Heatmaps to points.", choices=("auto", *DECODERS))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.stride not in _STRIDES:
            raise ValueError(f"stride is 1, 2 or 4, got {self.stride}")
        if self.channels == 2:
            raise ValueError("channels is 1 for gray pictures or 3 for colour, got 2")
        if self.input_size % 32:
            raise ValueError(f"input_size must be a multiple of 32, got {self.input_size}")

    @property
    def heatmap_size(self) -> int:
        """Side of the heatmaps in their pixels."""
        return self.input_size // self.stride

    @property
    def upsample(self) -> int:
        """By how much heatmaps are larger than a quarter of the square, as detectors say it."""
        return max(_STRIDES) // self.stride


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        # The public readme's numbers.
        "cephalometric": Preset(
            network="hrnet_w18",
            input_size=768,
            stride=4,
            channels=3,
            sigma=3.0,
            loss="readme",
            epochs=200,
            batch_size=8,
            learning_rate=1e-3,
            optimizer="adamw",
            weight_decay=1e-4,
            warmup=0.05,
            schedule="cosine",
            ema=0.999,
            gradient_clip=1.0,
            patience=30,
        ),
        # For a CPU and a hundred pictures.
        "small": Preset(
            network="light",
            input_size=128,
            stride=4,
            channels=1,
            sigma=1.0,
            loss="heatmap-mse",
            epochs=100,
            batch_size=8,
            learning_rate=5e-3,
            optimizer="adamw",
            weight_decay=1e-4,
            warmup=0.05,
            schedule="cosine",
            ema=0.99,
            gradient_clip=1.0,
            patience=0,
        ),
    }
)


def named_preset(name: str) -> Preset:
    """Return a preset.

    Raises
    ------
    ValueError
        If there is none of that name: with the nearest.

    Examples
    --------
    >>> named_preset("cephalometric").input_size
    768
    """
    if name not in PRESETS:
        raise ValueError(f"there is no preset {name!r}; the nearest is {nearest(name, PRESETS)!r}")
    return PRESETS[name]

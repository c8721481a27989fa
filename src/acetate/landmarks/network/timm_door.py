"""The door to timm: any of its networks that gives features, where timm is installed."""

from importlib import import_module
from pathlib import Path
from typing import Any

from torch import Tensor

from acetate.landmarks.network.body import Body
from acetate.landmarks.network.names import TIMM

_LEAST_STRIDE = 4


class TimmBody(Body):
    """A network of timm's, from its features at a quarter of the picture's size and below.

    Parameters
    ----------
    name : str
        As timm knows it, without ``timm:``.
    in_channels : int
        Channels of the picture.
    weights : path or None
        A safetensors file with weights as timm publishes them; None for new ones.

    Raises
    ------
    ImportError
        If timm cannot be imported.
    ValueError
        If timm has no such network, or it gives no features, or the weights are of another one.

    Notes
    -----
    timm is no part of acetate: it needs torchvision, whose wheel has to fit the build of torch.
    acetate's own HRNet has the names of timm's and needs neither.
    """

    def __init__(self, name: str, in_channels: int = 3, weights: Path | None = None) -> None:
        super().__init__()
        self.model = _features(name, in_channels, weights)
        strides = list(self.model.feature_info.reduction())
        channels = list(self.model.feature_info.channels())
        self.kept = [n for n, each in enumerate(strides) if each >= _LEAST_STRIDE]
        if not self.kept:
            raise ValueError(f"{TIMM}{name} gives features at strides {strides}, none of 4 or more")
        self.strides = tuple(strides[n] for n in self.kept)
        self.channels = tuple(channels[n] for n in self.kept)
        self.reduction = max(strides)

    @property
    def repository(self) -> str | None:
        """Where the hub has its weights."""
        found: str | None = self.model.pretrained_cfg.get("hf_hub_id")
        return found

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the features, highest resolution first."""
        features = self.model(images)
        return [features[n] for n in self.kept]


def _features(name: str, in_channels: int, weights: Path | None) -> Any:
    try:
        timm: Any = import_module("timm")
    except ImportError as error:
        raise ImportError(
            f"{TIMM}{name} needs timm, and that a torchvision that fits your torch: pip install "
            "timm; or take one of acetate's own networks, such as hrnet_w18_small"
        ) from error
    overlay = {} if weights is None else {"pretrained_cfg_overlay": {"file": str(weights)}}
    taken = weights is not None
    try:
        return timm.create_model(
            name, pretrained=taken, features_only=True, in_chans=in_channels, **overlay
        )
    except (RuntimeError, AttributeError, TypeError) as error:
        raise ValueError(f"timm makes no features with {name!r}: {error}") from error

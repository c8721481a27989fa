"""HRNet: four resolutions side by side that exchange what they see, from first to last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from acetate.landmarks.network.blocks import BasicBlock, Bottleneck, conv_norm
from acetate.landmarks.network.body import Body

_STEM = 64  # channels of the two convolutions that bring the picture to a quarter


@dataclass(frozen=True)
class Variant:
    """The sizes of an HRNet.

    Parameters
    ----------
    width : int
        Channels of the highest resolution; each lower one has twice as many.
    first : tuple of int
        Bottlenecks before the branches part, and the channels inside them.
    modules : tuple of int
        How many exchanges there are with two, three and four branches.
    blocks : int
        Basic blocks of each branch between exchanges.

    Examples
    --------
    >>> VARIANTS["hrnet_w32"].channels(4)
    (32, 64, 128, 256)
    """

    width: int
    first: tuple[int, int]
    modules: tuple[int, int, int]
    blocks: int

    def channels(self, branches: int) -> tuple[int, ...]:
        """Return the channels of so many branches, highest resolution first."""
        return tuple(self.width * 2**i for i in range(branches))


VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {
        "hrnet_w18_small": Variant(16, (1, 32), (1, 1, 1), 2),
        "hrnet_w18_small_v2": Variant(18, (2, 64), (1, 3, 2), 2),
        "hrnet_w18": Variant(18, (4, 64), (1, 4, 3), 4),
        "hrnet_w32": Variant(32, (4, 64), (1, 4, 3), 4),
        "hrnet_w48": Variant(48, (4, 64), (1, 4, 3), 4),
    }
)


class HRNet(Body):
    """The body of an HRNet: a picture into maps at 1/4, 1/8, 1/16 and 1/32 of its size.

    Parameters
    ----------
    variant : Variant
        Its sizes: one of `VARIANTS`, or others.
    in_channels : int
        Channels of the picture.

    Notes
    -----
    The layers have the names that timm and the authors give them, so both kinds of weights load;
    `acetate.landmarks.network.weights` leaves aside what only a classifier has. Convolutions begin
    with He's normal values for the fan out, as the authors' do.

    References
    ----------
    Wang et al., "Deep high-resolution representation learning for visual recognition", IEEE TPAMI
    43, 2021.

    Examples
    --------
    >>> body = HRNet(VARIANTS["hrnet_w18_small"])
    >>> [tuple(each.shape[1:]) for each in body(torch.zeros(1, 3, 64, 96))]
    [(16, 16, 24), (32, 8, 12), (64, 4, 6), (128, 2, 3)]
    """

    strides = (4, 8, 16, 32)
    reduction = 32

    def __init__(self, variant: Variant, in_channels: int = 3) -> None:
        super().__init__()
        count, planes = variant.first
        wide = planes * Bottleneck.EXPANSION
        self.channels = variant.channels(4)
        self.conv1 = nn.Conv2d(in_channels, _STEM, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(_STEM)
        self.conv2 = nn.Conv2d(_STEM, _STEM, 3, 2, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(_STEM)
        self.layer1 = nn.Sequential(
            *(Bottleneck(wide if i else _STEM, planes) for i in range(count))
        )
        self.transition1 = _transition((wide,), variant.channels(2))
        self.stage2 = _stage(variant, 2)
        self.transition2 = _transition(variant.channels(2), variant.channels(3))
        self.stage3 = _stage(variant, 3)
        self.transition3 = _transition(variant.channels(3), variant.channels(4))
        self.stage4 = _stage(variant, 4)
        _begin(self.modules())

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the maps of the four branches, highest resolution first.

        Parameters
        ----------
        images : torch.Tensor
            ``(N, C, H, W)``, normalised; H and W multiples of 32.
        """
        x = torch.relu_(self.bn1(self.conv1(images)))
        x = self.layer1(torch.relu_(self.bn2(self.conv2(x))))
        maps: list[Tensor] = self.stage2(_parted(self.transition1, [x]))
        maps = self.stage3(_parted(self.transition2, maps))
        lowest: list[Tensor] = self.stage4(_parted(self.transition3, maps))
        return lowest


class Exchange(nn.Module):
    """Blocks on every branch, then each branch becomes the sum of what all have seen.

    Parameters
    ----------
    channels : tuple of int
        Of the branches, highest resolution first.
    blocks : int
        Basic blocks of each branch.

    Examples
    --------
    >>> maps = [torch.zeros(1, 4, 8, 8), torch.zeros(1, 8, 4, 4)]
    >>> [tuple(each.shape) for each in Exchange((4, 8), 1)(maps)]
    [(1, 4, 8, 8), (1, 8, 4, 4)]
    """

    def __init__(self, channels: tuple[int, ...], blocks: int) -> None:
        super().__init__()
        count = range(len(channels))
        self.branches = nn.ModuleList(
            nn.Sequential(*(BasicBlock(width) for _ in range(blocks))) for width in channels
        )
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(_bridge(channels, i, j) for j in count) for i in count
        )

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        """Return as many maps of the same shapes."""
        seen = [branch(each) for branch, each in zip(self.branches, maps, strict=True)]
        rows = cast(Iterable[nn.ModuleList], self.fuse_layers)
        return [_joined(row, seen, own) for row, own in zip(rows, seen, strict=True)]


def _joined(row: Iterable[nn.Module], maps: list[Tensor], own: Tensor) -> Tensor:
    """Return the sum of all maps, brought by the row's bridges to the size of its own."""
    total: Tensor | None = None
    for bridge, each in zip(row, maps, strict=True):
        part = bridge(each)
        if part.shape[-2:] != own.shape[-2:]:
            part = F.interpolate(part, own.shape[-2:], mode="nearest")
        total = part if total is None else total + part
    assert total is not None
    return torch.relu(total)


def _bridge(channels: tuple[int, ...], to: int, start: int) -> nn.Module:
    """Return what brings one branch to another: halved step by step, or to be enlarged."""
    if start == to:
        return nn.Identity()
    if start > to:
        return conv_norm(channels[start], channels[to], 1, relu=False)
    narrow = channels[start]
    steps = [conv_norm(narrow, narrow, 3, 2) for _ in range(to - start - 1)]
    return nn.Sequential(*steps, conv_norm(narrow, channels[to], 3, 2, relu=False))


def _stage(variant: Variant, branches: int) -> nn.Sequential:
    count = variant.modules[branches - 2]
    each = (Exchange(variant.channels(branches), variant.blocks) for _ in range(count))
    return nn.Sequential(*each)


def _transition(before: tuple[int, ...], after: tuple[int, ...]) -> nn.ModuleList:
    """Return what leads from the branches before to those after, of which there is one more."""
    kept = (
        nn.Identity() if narrow == wide else conv_norm(narrow, wide, 3)
        for narrow, wide in zip(before, after, strict=False)
    )
    return nn.ModuleList([*kept, nn.Sequential(conv_norm(before[-1], after[-1], 3, 2))])


def _parted(transition: nn.ModuleList, maps: list[Tensor]) -> list[Tensor]:
    """Return the maps, and one more made of the lowest."""
    return [step(each) for step, each in zip(transition, [*maps, maps[-1]], strict=True)]


def _begin(modules: Iterable[nn.Module]) -> None:
    for each in modules:
        if isinstance(each, nn.Conv2d):
            nn.init.kaiming_normal_(each.weight, mode="fan_out", nonlinearity="relu")

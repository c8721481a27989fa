"""What stands on a body: heatmaps at a high resolution, or coordinates at once."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from acetate.landmarks.network.blocks import conv_norm

UPSAMPLINGS = (1, 2, 4)


def check_upsample(upsample: int) -> None:
    """Raise unless heatmaps are 1, 2 or 4 times as large as the highest map.

    Examples
    --------
    >>> check_upsample(3)
    Traceback (most recent call last):
    ValueError: upsample is 1, 2 or 4, got 3
    """
    if upsample not in UPSAMPLINGS:
        raise ValueError(f"upsample is 1, 2 or 4, got {upsample!r}")


class HighResolutionHead(nn.Module):
    """Joins the maps of all resolutions at the highest one, enlarges that, and maps landmarks.

    Parameters
    ----------
    channels : sequence of int
        Of the body's maps, highest resolution first.
    outputs : int
        Maps to give: one for each landmark.
    width : int
        Channels where the maps are joined; half as many after each doubling.
    upsample : {1, 2, 4}
        Size of the heatmaps in sizes of the highest map.

    Raises
    ------
    ValueError
        If `upsample` is another number, or `width` less than 1.

    Notes
    -----
    A 1×1 convolution of maps that were enlarged and joined is the sum of 1×1 convolutions of each,
    and those may come before the enlarging: the same function as the head of Wang et al. 2021, at
    a fraction of its time. Enlarging is linear between pixel centres, so points stay where they
    are. The last convolution begins near zero: flat heatmaps, of whatever loss.

    Examples
    --------
    >>> maps = [torch.zeros(1, 16, 8, 8), torch.zeros(1, 32, 4, 4)]
    >>> HighResolutionHead((16, 32), 5, upsample=2)(maps).shape
    torch.Size([1, 5, 16, 16])
    """

    def __init__(
        self, channels: Sequence[int], outputs: int, width: int = 64, upsample: int = 1
    ) -> None:
        super().__init__()
        check_upsample(upsample)
        if isinstance(width, bool) or not isinstance(width, int) or width < 1:
            raise ValueError(f"width must be a whole number from 1, got {width!r}")
        self.project = nn.ModuleList(nn.Conv2d(each, width, 1, bias=False) for each in channels)
        self.norm = nn.BatchNorm2d(width)
        steps = UPSAMPLINGS.index(upsample)
        widths = [max(width >> n, 8) for n in range(steps + 1)]
        self.enlarge = nn.Sequential(*(_Doubling(*widths[n : n + 2]) for n in range(steps)))
        self.final = nn.Conv2d(widths[-1], outputs, 1)
        nn.init.normal_(self.final.weight, std=1e-3)
        self.final.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, maps: list[Tensor]) -> Tensor:
        """Return raw heatmaps ``(N, outputs, h, w)``."""
        size = maps[0].shape[-2:]
        parts = [project(each) for project, each in zip(self.project, maps, strict=True)]
        joined = parts[0]
        for part in parts[1:]:
            joined = joined + F.interpolate(part, size, mode="bilinear")
        heatmaps: Tensor = self.final(self.enlarge(torch.relu(self.norm(joined))))
        return heatmaps


class RegressionHead(nn.Module):
    """Averages the maps over a few fields of the picture, and says coordinates in [0, 1].

    Parameters
    ----------
    channels : sequence of int
        Of the body's maps.
    outputs : int
        Coordinates: two for each landmark.
    hidden : int
        Units between.
    grid : int
        Fields along each side of the picture; 1 averages over all of it.

    Examples
    --------
    >>> RegressionHead((16,), 4)([torch.zeros(2, 16, 8, 8)]).tolist()
    [[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5]]
    """

    def __init__(
        self, channels: Sequence[int], outputs: int, hidden: int = 256, grid: int = 4
    ) -> None:
        super().__init__()
        self.grid = grid
        self.hidden = nn.Linear(sum(channels) * grid * grid, hidden)
        self.final = nn.Linear(hidden, outputs)
        nn.init.zeros_(self.final.weight)
        nn.init.zeros_(self.final.bias)

    def forward(self, maps: list[Tensor]) -> Tensor:
        """Return coordinates ``(N, outputs)``."""
        pooled = [F.adaptive_avg_pool2d(each, self.grid).flatten(1) for each in maps]
        return torch.sigmoid(self.final(torch.relu(self.hidden(torch.cat(pooled, 1)))))


class _Doubling(nn.Module):
    """Twice the size, and half the channels."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = conv_norm(inputs, outputs, 3)

    def forward(self, x: Tensor) -> Tensor:
        larger = F.interpolate(x, scale_factor=2.0, mode="bilinear")
        mixed: Tensor = self.conv(larger)
        return mixed

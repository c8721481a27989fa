"""A small U-Net: 3×3 convolutions, poolings, and skips, of any width and depth."""

from dataclasses import dataclass
from typing import Any

from acetate.learn.extra import missing

try:
    import torch
    from torch import nn
except ImportError as error:
    raise missing("a U-Net", error) from error

_NORMS = ("none", "batch", "group")
_GROUPS = 8  # channels of a group at most
_DEEPEST = 10


@dataclass(frozen=True)
class LayerRow:
    """A row of a network's layer table: what a layer is, makes, and learns.

    Parameters
    ----------
    name : str
        Where it is: "down 1", "bottom", "up 1", "out".
    kind : str
        "input", "conv 3×3", "max pool", "upsample", "concatenate", "conv 1×1".
    channels : int
        Of what it makes.
    level : int
        How often the picture has been halved there.
    parameters : int
        As many numbers are learned.
    """

    name: str
    kind: str
    channels: int
    level: int
    parameters: int


class UNet(nn.Module):
    """A U-Net that gives a map of logits as large as the picture.

    Parameters
    ----------
    in_channels, out_channels : int
        Of pictures and maps, from 1.
    base : int
        Channels at full size; doubled with every halving.
    depth : int
        How often the picture is halved, from 0 to 10.
    norm : {"none", "batch", "group"}
        What evens out the values before each ReLU. "group" looks at the whole picture, so tiles
        of a picture differ from the whole.

    Raises
    ------
    ValueError
        If a number is out of range, the norm is another one, or (in `forward`) the picture is not a
        multiple of `reduction`.

    Notes
    -----
    Two 3×3 convolutions with zeros around and ReLU at every size; 2×2 max pooling; nearest
    upsampling, then the map of the same size from the way down behind it; a 1×1 convolution at
    the end (Ronneberger, Fischer and Brox 2015, with padding). No sigmoid: losses take logits.
    Weights are drawn after He et al. 2015 from torch's random state, biases are 0.

    Examples
    --------
    >>> network = UNet()
    >>> sum(each.numel() for each in network.parameters())
    470977
    >>> network(torch.zeros(1, 1, 16, 24)).shape
    torch.Size([1, 1, 16, 24])
    """

    def __init__(
        self,
        in_channels: int = 1,
        out_channels: int = 1,
        base: int = 32,
        depth: int = 2,
        norm: str = "none",
    ) -> None:
        super().__init__()
        self.config: dict[str, Any] = {
            "in_channels": in_channels,
            "out_channels": out_channels,
            "base": base,
            "depth": depth,
            "norm": norm,
        }
        _check(self.config)
        widths = [base * 2**level for level in range(depth + 1)]
        befores = [in_channels, *widths[:-1]]
        self.down = nn.ModuleList(
            _pair(before, width, norm) for before, width in zip(befores, widths, strict=True)
        )
        self.up = nn.ModuleList(
            _pair(widths[level + 1] + widths[level], widths[level], norm)
            for level in reversed(range(depth))
        )
        self.out = nn.Conv2d(base, out_channels, 1)
        self.apply(_draw)

    @property
    def reduction(self) -> int:
        """The sides of a picture have to be multiples of this: 2 to the power of depth."""
        return int(2 ** self.config["depth"])

    @property
    def halo(self) -> int:
        """How far, in pixels, a result may depend on its surroundings; a multiple of `reduction`.

        Notes
        -----
        A 3×3 convolution on level l looks 2**l pixels further; there are four on every level but
        the last, which has two. Blocks of `reduction` pixels are pooled and upsampled together.
        """
        depth = self.config["depth"]
        reach = sum(4 * 2**level for level in range(depth)) + 2 * 2**depth
        return -(-(reach + self.reduction - 1) // self.reduction) * self.reduction

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits ``(N, out_channels, H, W)`` of pictures ``(N, in_channels, H, W)``."""
        self._check_size(images)
        skips: list[torch.Tensor] = []
        maps = images
        for level, pair in enumerate(self.down):
            maps = pair(maps if level == 0 else nn.functional.max_pool2d(maps, 2))
            skips.append(maps)
        skips.pop()
        for pair in self.up:
            larger = nn.functional.interpolate(maps, scale_factor=2.0, mode="nearest")
            maps = pair(torch.cat([larger, skips.pop()], 1))
        return self.out(maps)

    def _check_size(self, images: torch.Tensor) -> None:
        channels, reduction = self.config["in_channels"], self.reduction
        if images.ndim != 4 or images.shape[1] != channels:
            raise ValueError(
                f"the network takes pictures (N, {channels}, H, W), got {tuple(images.shape)}"
            )
        if any(side % reduction or side == 0 for side in images.shape[2:]):
            raise ValueError(
                f"sides must be multiples of {reduction}, got {tuple(images.shape[2:])}; "
                "pad the picture"
            )

    def layer_table(self) -> list[LayerRow]:
        """Return the layers in order: what a table or a diagram of the network shows.

        Examples
        --------
        >>> [row.parameters for row in UNet().layer_table() if row.parameters]
        [320, 9248, 18496, 36928, 73856, 147584, 110656, 36928, 27680, 9248, 33]
        """
        base, depth = self.config["base"], self.config["depth"]
        rows = [LayerRow("input", "input", self.config["in_channels"], 0, 0)]
        for level, pair in enumerate(self.down):
            name = "bottom" if level == depth else f"down {level + 1}"
            if level:
                rows.append(LayerRow(name, "max pool", base * 2 ** (level - 1), level, 0))
            rows += _rows(name, pair, level)
        for level, pair in zip(reversed(range(depth)), self.up, strict=True):
            name, width = f"up {level + 1}", base * 2**level
            rows.append(LayerRow(name, "upsample", 2 * width, level, 0))
            rows.append(LayerRow(name, "concatenate", 3 * width, level, 0))
            rows += _rows(name, pair, level)
        outs = self.config["out_channels"]
        return [*rows, LayerRow("out", "conv 1×1", outs, 0, _size(self.out))]


def _pair(before: int, width: int, norm: str) -> nn.Sequential:
    """Return two convolutions, each with its norm and ReLU."""
    layers: list[nn.Module] = []
    for channels in (before, width):
        layers.append(nn.Conv2d(channels, width, 3, padding=1, bias=norm == "none"))
        if norm == "batch":
            layers.append(nn.BatchNorm2d(width))
        elif norm == "group":
            layers.append(nn.GroupNorm(max(1, width // _GROUPS), width))
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


def _draw(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def glorot_draws(module: nn.Module) -> None:
    """Draw a convolution's weights after Glorot and Bengio 2010, as Keras does; for ``apply``.

    They are smaller than a `UNet`'s own: plain gradient descent with a large rate needs that.

    Examples
    --------
    >>> _ = UNet(base=2).apply(glorot_draws)
    """
    if isinstance(module, nn.Conv2d):
        nn.init.xavier_uniform_(module.weight)


def _rows(name: str, pair: nn.Module, level: int) -> list[LayerRow]:
    """Return a row for each convolution of a pair, its norm's parameters included."""
    rows: list[LayerRow] = []
    for layer in pair.children():
        if isinstance(layer, nn.Conv2d):
            rows.append(LayerRow(name, "conv 3×3", layer.out_channels, level, _size(layer)))
        elif _size(layer):
            last = rows.pop()
            size = last.parameters + _size(layer)
            rows.append(LayerRow(name, last.kind, last.channels, level, size))
    return rows


def _size(module: nn.Module) -> int:
    return sum(each.numel() for each in module.parameters())


def _check(config: dict[str, Any]) -> None:
    for name, least in (("in_channels", 1), ("out_channels", 1), ("base", 1), ("depth", 0)):
        if not isinstance(config[name], int) or config[name] < least:
            raise ValueError(f"{name} must be a whole number from {least}, got {config[name]!r}")
    if config["depth"] > _DEEPEST:
        raise ValueError(f"depth must be at most {_DEEPEST}, got {config['depth']!r}")
    if config["norm"] not in _NORMS:
        raise ValueError(f"norm is one of {', '.join(_NORMS)}, got {config['norm']!r}")
    if config["norm"] == "group":
        _check_groups(config["base"])


def _check_groups(base: int) -> None:
    if base % max(1, base // _GROUPS):
        raise ValueError(f"norm 'group' needs a base that is a multiple of {_GROUPS}, got {base}")

"""Residual blocks, and the convolution with its normalisation that all are made of."""

from typing import ClassVar

import torch
from torch import Tensor, nn


def conv_norm(
    inputs: int, outputs: int, kernel: int, stride: int = 1, relu: bool = True
) -> nn.Sequential:
    """Return a convolution without bias, batch normalisation, and a ReLU if asked for.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    kernel : int
        Side of the kernel, odd; the border is padded with zeros to half of it.
    stride : int
        1, or 2 to halve the map.
    relu : bool
        Whether a ReLU follows.

    Examples
    --------
    >>> [type(layer).__name__ for layer in conv_norm(3, 8, 3)]
    ['Conv2d', 'BatchNorm2d', 'ReLU']
    """
    layers: list[nn.Module] = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if relu else nn.Sequential(*layers)


class BasicBlock(nn.Module):
    """Two 3×3 convolutions beside a shortcut (He et al. 2016), all of one width.

    Parameters
    ----------
    width : int
        Channels in and out.

    Examples
    --------
    >>> BasicBlock(4)(torch.zeros(1, 4, 8, 8)).shape
    torch.Size([1, 4, 8, 8])
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        """Return a map of the same shape."""
        inner = torch.relu_(self.bn1(self.conv1(x)))
        return torch.relu_(self.bn2(self.conv2(inner)) + x)


class Bottleneck(nn.Module):
    """A 3×3 convolution between two 1×1 ones, beside a shortcut, four times as wide at its end.

    Parameters
    ----------
    inputs : int
        Channels in.
    width : int
        Channels inside; out are four times as many. Where that is not the number of channels in,
        the shortcut has a 1×1 convolution.

    Examples
    --------
    >>> Bottleneck(64, 32)(torch.zeros(1, 64, 8, 8)).shape
    torch.Size([1, 128, 8, 8])
    """

    EXPANSION: ClassVar[int] = 4

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        outputs = width * self.EXPANSION
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None if inputs == outputs else conv_norm(inputs, outputs, 1, relu=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return a map of the same size."""
        inner = torch.relu_(self.bn1(self.conv1(x)))
        inner = torch.relu_(self.bn2(self.conv2(inner)))
        shortcut = x if self.downsample is None else self.downsample(x)
        return torch.relu_(self.bn3(self.conv3(inner)) + shortcut)

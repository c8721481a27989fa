"""The light network: a small U-Net on blocks of pixels, for CPUs and small data."""

from torch import Tensor
from torch.nn import functional as F

from acetate.landmarks.network.body import Body
from acetate.learn.unet import UNet

_BASE, _DEPTH = 24, 3


class LightNet(Body):
    """A U-Net whose pixels are blocks of the picture's.

    Parameters
    ----------
    in_channels : int
        Channels of the picture.
    stride : {1, 2, 4}
        Side of a block; the map has one pixel for each.
    base : int
        Channels of the U-Net's highest level; its map has twice as many.
    depth : int
        How often the U-Net halves it.

    Notes
    -----
    The values of a block become its channels (Shi et al., CVPR 2016, backwards), so the first
    convolution loses nothing of the picture and sees far: 12 pixels with blocks of four.

    Examples
    --------
    >>> import torch
    >>> [tuple(each.shape) for each in LightNet(1, base=8)(torch.zeros(1, 1, 64, 96))]
    [(1, 16, 16, 24)]
    """

    def __init__(
        self, in_channels: int = 3, stride: int = 4, base: int = _BASE, depth: int = _DEPTH
    ) -> None:
        super().__init__()
        self.channels = (2 * base,)
        self.strides = (stride,)
        self.reduction = stride * 2**depth
        self.unet = UNet(in_channels * stride**2, 2 * base, base=base, depth=depth, norm="batch")

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return one map."""
        return [self.unet(F.pixel_unshuffle(images, self.strides[0]))]

"""What a detector expects of a network's body."""

from torch import Tensor, nn


class Body(nn.Module):
    """A network from pictures to maps at one or several resolutions; subclass it.

    Attributes
    ----------
    channels : tuple of int
        Of the maps, highest resolution first.
    strides : tuple of int
        Pixels of the picture along the side of a map's pixel.
    reduction : int
        What the sides of pictures have to be multiples of.

    Examples
    --------
    >>> from acetate.landmarks.network.hrnet import VARIANTS, HRNet
    >>> HRNet(VARIANTS["hrnet_w18_small"]).reduction
    32
    """

    channels: tuple[int, ...]
    strides: tuple[int, ...]
    reduction: int

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the maps of normalised pictures ``(N, C, H, W)``."""
        raise NotImplementedError(f"{type(self).__name__} needs a method forward(images)")

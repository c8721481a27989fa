"""From the name of a network to its body."""

from acetate.landmarks.network.body import Body
from acetate.landmarks.network.head import check_upsample
from acetate.landmarks.network.hrnet import VARIANTS, HRNet
from acetate.landmarks.network.light import LightNet
from acetate.landmarks.network.names import NETWORKS, TIMM
from acetate.landmarks.network.timm_door import TimmBody
from acetate.names import nearest


def build_body(network: str, in_channels: int = 3, upsample: int = 1) -> tuple[Body, int]:
    """Return a body with new weights, and by how much a head has to enlarge its highest map.

    Parameters
    ----------
    network : str
        One of `NETWORKS`, or ``timm:`` and a name that timm knows.
    in_channels : int
        Channels of the picture.
    upsample : {1, 2, 4}
        How much larger heatmaps shall be than a quarter of the picture; with timm, than the
        network's highest map.

    Raises
    ------
    ImportError
        If it is one of timm's, and timm cannot be imported.
    ValueError
        If there is no such network, or `upsample` is another number.

    Examples
    --------
    >>> body, enlarge = build_body("hrnet_w18_small", upsample=2)
    >>> body.strides[0], enlarge
    (4, 2)
    """
    check_upsample(upsample)
    if network in VARIANTS:
        return HRNet(VARIANTS[network], in_channels), upsample
    if network == "light":
        return LightNet(in_channels, 4 // upsample), 1
    if network.startswith(TIMM):
        return TimmBody(network.removeprefix(TIMM), in_channels), upsample
    raise ValueError(
        f"network is one of {', '.join(NETWORKS)}, got {network!r}; the nearest is "
        f"{nearest(network, NETWORKS)!r}"
    )

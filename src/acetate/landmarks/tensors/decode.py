"""From heatmaps to points on tensors: the decoders of `landmarks.decode`, run by PyTorch."""

import torch
from torch import Tensor

from acetate.landmarks.decode.by_name import decoded_with, decoder_named
from acetate.landmarks.decode.decoded import Decoded, Decoder


@torch.no_grad()
def decode_batch(
    heatmaps: Tensor, method: str | Decoder = "log-quadratic", sigma: float | None = None
) -> Decoded[Tensor]:
    """Find the landmark in every heatmap of a batch, where the batch is.

    Parameters
    ----------
    heatmaps : torch.Tensor
        ``(N, K, h, w)`` or ``(K, h, w)``, floats of any precision, on any device that has float64.
    method, sigma
        As for `acetate.landmarks.decode.decode`.

    Returns
    -------
    Decoded
        Of float64 tensors on the same device, without gradients: the same numbers as `decode`
        gives for the same heatmaps, to rounding.

    Raises
    ------
    TypeError, ValueError
        As `decode`.

    Examples
    --------
    >>> from acetate.landmarks.tensors import heatmap_targets
    >>> maps = heatmap_targets(torch.tensor([[10.2, 5.7]]), (24, 24))
    >>> decode_batch(maps).points.round(decimals=3)
    tensor([[10.2000,  5.7000]], dtype=torch.float64)
    """
    if not isinstance(heatmaps, Tensor) or not heatmaps.is_floating_point():
        kind = getattr(heatmaps, "dtype", type(heatmaps).__name__)
        raise TypeError(f"heatmaps must be a tensor of floats, got {kind}")
    return decoded_with(decoder_named(method, sigma), heatmaps, torch)

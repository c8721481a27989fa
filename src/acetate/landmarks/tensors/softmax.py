"""Maps as probabilities: their softmax, the mean place under it, and how far two are apart."""

from torch import Tensor, stack

from acetate.landmarks.tensors.targets import pixel_places


def log_softmax(maps: Tensor) -> Tensor:
    """Return the logarithm of the softmax over each ``(h, w)`` map, ``(N, K, h, w)``.

    Examples
    --------
    >>> import torch
    >>> log_softmax(torch.zeros(1, 1, 2, 2)).exp()
    tensor([[[[0.2500, 0.2500],
              [0.2500, 0.2500]]]])
    """
    return maps.flatten(2).log_softmax(dim=2).view_as(maps)


def mean_place(logs: Tensor) -> Tensor:
    """Return the mean place, ``(N, K, 2)``, under ``(N, K, h, w)`` logarithms of probabilities.

    Notes
    -----
    By sums, not products of matrices: those would be rounded under autocast.

    Examples
    --------
    >>> import torch
    >>> mean_place(log_softmax(torch.zeros(1, 1, 4, 6))).round(decimals=4)
    tensor([[[3., 2.]]])
    """
    maps = logs.exp()
    x, y = (
        (maps.sum(dim=2 + k) * pixel_places(size, maps)).sum(dim=2)
        for k, size in enumerate(maps.shape[:1:-1])
    )
    return stack([x, y], dim=2)


def divergence(these: Tensor, those: Tensor) -> Tensor:
    """Return that of Kullback and Leibler between logarithms of probabilities, ``(N, K)``.

    Examples
    --------
    >>> import torch
    >>> flat = log_softmax(torch.zeros(1, 1, 2, 2))
    >>> divergence(flat, flat)
    tensor([[0.]])
    """
    return (these.exp() * (these - those)).sum(dim=(2, 3))

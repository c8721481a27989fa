"""Weights and pictures that follow from their names alone, so that two programs agree on them."""

import hashlib
from zlib import crc32

import torch
from torch import Tensor


def fill(state: dict[str, Tensor]) -> None:
    """Give every value of a network a number that follows from its name and place."""
    for key, value in state.items():
        if not value.is_floating_point():
            continue
        n = torch.arange(value.numel(), dtype=torch.float64)
        wave = torch.sin(n * 0.7 + (n * n % 101) + crc32(key.encode()) % 1000).reshape(value.shape)
        if value.dim() == 4:
            wave = wave * (4.0 / value[0].numel()) ** 0.5
        elif key.endswith(("weight", "running_var")):
            wave = 1 + wave / 4
        else:
            wave = wave / 4
        value.copy_(wave)


def digest(state: dict[str, Tensor]) -> str:
    """Return a number for the names and shapes of a network."""
    lines = "\n".join(f"{name} {tuple(value.shape)}" for name, value in sorted(state.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def picture(size: int = 64) -> Tensor:
    n = torch.arange(3 * size * size, dtype=torch.float64)
    return torch.sin(n * 0.01).reshape(1, 3, size, size)

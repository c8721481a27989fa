"""Targets and decoders on tensors, in batches and on any device; equal to those on arrays."""

from acetate.landmarks.tensors.decode import decode_batch
from acetate.landmarks.tensors.softmax import divergence, log_softmax, mean_place
from acetate.landmarks.tensors.targets import heatmap_targets, pixel_places

__all__ = [
    "decode_batch",
    "divergence",
    "heatmap_targets",
    "log_softmax",
    "mean_place",
    "pixel_places",
]

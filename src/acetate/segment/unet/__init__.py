"""The U-Net: labels of pixels from a network that learned from masks (the extra `learn`).

What needs torch is imported when it is asked for.
"""

from typing import TYPE_CHECKING

from acetate.learn.extra import when_asked_for
from acetate.segment.unet.options import UNetTraining
from acetate.segment.unet.splitting import spatial_split

if TYPE_CHECKING:
    from acetate.segment.unet.losses import LOSSES, loss_named
    from acetate.segment.unet.model_file import load_unet, save_unet
    from acetate.segment.unet.segmenter import UNetSegmenter

_LAZY = {
    "LOSSES": "acetate.segment.unet.losses",
    "UNetSegmenter": "acetate.segment.unet.segmenter",
    "load_unet": "acetate.segment.unet.model_file",
    "loss_named": "acetate.segment.unet.losses",
    "save_unet": "acetate.segment.unet.model_file",
}

__all__ = [
    "LOSSES",
    "UNetSegmenter",
    "UNetTraining",
    "load_unet",
    "loss_named",
    "save_unet",
    "spatial_split",
]

__getattr__ = when_asked_for(__name__, _LAZY)  # what needs torch

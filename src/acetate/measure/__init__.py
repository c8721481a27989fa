"""Judging results against truth: overlap of masks and labels, errors of pictures."""

from acetate.measure.errors import mse, psnr, ssim
from acetate.measure.overlap import dice, dice_per_label, iou, iou_per_label

__all__ = ["dice", "dice_per_label", "iou", "iou_per_label", "mse", "psnr", "ssim"]

"""Judging results: overlap, curves, outlines, objects, and errors of pictures against truth.

All measures take what was found first and the truth second: ``iou(prediction, truth)``,
``roc_auc(score, truth)``, ``psnr(image, reference)``. Those of scikit-learn take the truth first.
"""

from acetate.measure.boundaries import SurfaceDistances, boundary_f1, surface_distances
from acetate.measure.confusion import (
    Confusion,
    accuracy,
    average_score,
    confusion_counts,
    confusion_matrix,
    confusion_per_label,
    precision,
    recall,
    specificity,
    volume_fraction,
)
from acetate.measure.contours import contours
from acetate.measure.curves import (
    PrecisionRecallCurve,
    RocCurve,
    average_precision,
    precision_recall_curve,
    roc_auc,
    roc_curve,
)
from acetate.measure.distances import ErrorSummary, LandmarkErrors, landmark_errors
from acetate.measure.errors import mae, mse, psnr, ssim
from acetate.measure.matching import ObjectScores, match_objects, object_average_precision
from acetate.measure.objects import label_objects, object_table, write_objects
from acetate.measure.overlap import dice, dice_per_label, iou, iou_per_label

__all__ = [
    "Confusion",
    "ErrorSummary",
    "LandmarkErrors",
    "ObjectScores",
    "PrecisionRecallCurve",
    "RocCurve",
    "SurfaceDistances",
    "accuracy",
    "average_precision",
    "average_score",
    "boundary_f1",
    "confusion_counts",
    "confusion_matrix",
    "confusion_per_label",
    "contours",
    "dice",
    "dice_per_label",
    "iou",
    "iou_per_label",
    "label_objects",
    "landmark_errors",
    "mae",
    "match_objects",
    "mse",
    "object_average_precision",
    "object_table",
    "precision",
    "precision_recall_curve",
    "psnr",
    "recall",
    "roc_auc",
    "roc_curve",
    "specificity",
    "ssim",
    "surface_distances",
    "volume_fraction",
    "write_objects",
]

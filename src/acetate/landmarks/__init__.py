"""Landmarks: from annotated pictures to a detector, to coordinates with errors in px and mm.

What needs torch (the extra `learn`) is imported when it is asked for: importing this package, its
checks and its decoders needs none.
"""

from typing import TYPE_CHECKING

from acetate.landmarks.check import Finding, Report, check_landmarks
from acetate.landmarks.check_sheet import draw_check
from acetate.landmarks.decode import DECODERS, Decoded, decode
from acetate.landmarks.folds import Fold, folds, split
from acetate.landmarks.found import LandmarkPrediction
from acetate.landmarks.mirror_names import mirror_pairs
from acetate.landmarks.overlay import draw_landmarks
from acetate.landmarks.presets import PRESETS, Preset
from acetate.landmarks.ruler import Ruler, ruler_spacing, with_ruler
from acetate.landmarks.targets import heatmap_targets
from acetate.learn.extra import when_asked_for

if TYPE_CHECKING:
    from acetate.landmarks.cross_validation import cross_validate
    from acetate.landmarks.detector import (
        HeatmapDetector,
        HRNetP1P2HeatmapDetector,
        RegressionDetector,
        build_detector,
    )
    from acetate.landmarks.export import export_detector
    from acetate.landmarks.losses import LOSSES
    from acetate.landmarks.prediction import LandmarkEnsemble, LandmarkModel
    from acetate.landmarks.training import train_landmarks

# Where the names are that need torch.
_LAZY = {
    "HRNetP1P2HeatmapDetector": "acetate.landmarks.detector",
    "HeatmapDetector": "acetate.landmarks.detector",
    "LOSSES": "acetate.landmarks.losses",
    "LandmarkEnsemble": "acetate.landmarks.prediction",
    "LandmarkModel": "acetate.landmarks.prediction",
    "RegressionDetector": "acetate.landmarks.detector",
    "build_detector": "acetate.landmarks.detector",
    "cross_validate": "acetate.landmarks.cross_validation",
    "export_detector": "acetate.landmarks.export",
    "train_landmarks": "acetate.landmarks.training",
}

__all__ = [
    "DECODERS",
    "Decoded",
    "Finding",
    "Fold",
    "HRNetP1P2HeatmapDetector",
    "HeatmapDetector",
    "LOSSES",
    "LandmarkEnsemble",
    "LandmarkModel",
    "LandmarkPrediction",
    "PRESETS",
    "Preset",
    "RegressionDetector",
    "Report",
    "Ruler",
    "build_detector",
    "check_landmarks",
    "cross_validate",
    "decode",
    "draw_check",
    "draw_landmarks",
    "export_detector",
    "folds",
    "heatmap_targets",
    "mirror_pairs",
    "ruler_spacing",
    "split",
    "train_landmarks",
    "with_ruler",
]

__getattr__ = when_asked_for(__name__, _LAZY)  # what needs torch

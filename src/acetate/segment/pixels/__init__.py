"""Learning from labelled pixels: classifiers of pictures, and pipelines of scikit-learn."""

from acetate.segment.pixels.calibration import Calibration
from acetate.segment.pixels.classifier import PixelClassifier
from acetate.segment.pixels.image_pipeline import fit_image_pipeline, learned_kernel
from acetate.segment.pixels.ladder import PIPELINES, pipeline_named
from acetate.segment.pixels.model_file import load_classifier, save_classifier
from acetate.segment.pixels.symmetric_trees import SymmetricTreesClassifier

__all__ = [
    "PIPELINES",
    "Calibration",
    "PixelClassifier",
    "SymmetricTreesClassifier",
    "fit_image_pipeline",
    "learned_kernel",
    "load_classifier",
    "pipeline_named",
    "save_classifier",
]

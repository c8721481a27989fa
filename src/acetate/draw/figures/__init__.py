"""Figures by matplotlib (the extra `figures`): histograms, curves, labels, steps, features."""

from acetate.draw.figures.curves import draw_energies, draw_precision_recall, draw_roc
from acetate.draw.figures.features import draw_feature_pairs, draw_feature_table
from acetate.draw.figures.histogram import draw_goldilocks, draw_histogram
from acetate.draw.figures.overlays import draw_labels, draw_masks, draw_steps, draw_trials
from acetate.draw.figures.profiles import draw_profiles, draw_robustness

__all__ = [
    "draw_energies",
    "draw_feature_pairs",
    "draw_feature_table",
    "draw_goldilocks",
    "draw_histogram",
    "draw_labels",
    "draw_masks",
    "draw_precision_recall",
    "draw_profiles",
    "draw_robustness",
    "draw_roc",
    "draw_steps",
    "draw_trials",
]

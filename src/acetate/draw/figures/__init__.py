"""Figures by matplotlib (the extra `figures`): histograms, curves, labels, steps, learning."""

from acetate.draw.figures.curves import draw_energies, draw_precision_recall, draw_roc
from acetate.draw.figures.decisions import decision_map
from acetate.draw.figures.features import draw_feature_pairs, draw_feature_table
from acetate.draw.figures.histogram import draw_goldilocks, draw_histogram
from acetate.draw.figures.history import draw_history, plot_history
from acetate.draw.figures.kernels import draw_kernel
from acetate.draw.figures.landmarks import draw_cumulative_errors, draw_worst_landmarks
from acetate.draw.figures.network import draw_network
from acetate.draw.figures.overlays import draw_labels, draw_masks, draw_steps, draw_trials
from acetate.draw.figures.pipelines import show_pipe
from acetate.draw.figures.predictions import draw_learning, draw_predictions
from acetate.draw.figures.profiles import draw_profiles, draw_robustness
from acetate.draw.figures.scores import draw_confusion, draw_report
from acetate.draw.figures.trees import draw_tree

__all__ = [
    "decision_map",
    "draw_confusion",
    "draw_cumulative_errors",
    "draw_energies",
    "draw_feature_pairs",
    "draw_feature_table",
    "draw_goldilocks",
    "draw_histogram",
    "draw_history",
    "draw_kernel",
    "draw_labels",
    "draw_learning",
    "draw_masks",
    "draw_network",
    "draw_precision_recall",
    "draw_predictions",
    "draw_profiles",
    "draw_report",
    "draw_robustness",
    "draw_roc",
    "draw_steps",
    "draw_tree",
    "draw_trials",
    "draw_worst_landmarks",
    "plot_history",
    "show_pipe",
]

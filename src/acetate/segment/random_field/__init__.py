"""Random fields: data terms, one Potts energy, its solvers, and the clean-up of probabilities."""

from acetate.segment.random_field.clean_up import clean_up
from acetate.segment.random_field.facts import FieldFacts
from acetate.segment.random_field.mean_field import mean_field
from acetate.segment.random_field.method import RandomField
from acetate.segment.random_field.potts import PottsField
from acetate.segment.random_field.solved import Solved
from acetate.segment.random_field.solvers import SOLVERS, icm, max_flow
from acetate.segment.random_field.terms import (
    gaussian_costs,
    histogram_costs,
    position_costs,
    probability_costs,
)
from acetate.segment.random_field.threshold_dynamics import threshold_dynamics

__all__ = [
    "SOLVERS",
    "FieldFacts",
    "PottsField",
    "RandomField",
    "Solved",
    "clean_up",
    "gaussian_costs",
    "histogram_costs",
    "icm",
    "max_flow",
    "mean_field",
    "position_costs",
    "probability_costs",
    "threshold_dynamics",
]

"""The names of losses, without torch: which there are, and the class that each stands for."""

from collections.abc import Mapping
from types import MappingProxyType

# By name, the class in `acetate.landmarks.losses`.
LOSS_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "cross-entropy-l1": "CrossEntropyL1",
        "dsnt": "Dsnt",
        "readme": "Readme",
        "heatmap-mse": "HeatmapMse",
        "l1": "CoordinateL1",
        "smooth-l1": "CoordinateSmoothL1",
        "wing": "Wing",
    }
)

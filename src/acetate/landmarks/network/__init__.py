"""The networks behind the detectors: bodies by name, heads, and the weights they begin with."""

from acetate.landmarks.network.names import NETWORKS

__all__ = ["NETWORKS"]

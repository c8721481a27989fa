"""The register of segmentation methods: each a frozen dataclass of its parameters."""

from functools import cache
from typing import Annotated, Any, Literal, Protocol, get_args, get_origin, get_type_hints

from acetate.arrays import Array
from acetate.names import nearest
from acetate.segment.segmentation import Segmentation


class Method(Protocol):
    """A way to segment a picture.

    Examples
    --------
    >>> from acetate.segment import HeatFlow
    >>> method: Method = HeatFlow(phases=3)
    """

    def segment(self, image: Array, prompt: Any = None) -> Segmentation:
        """Return labels of the picture; what a prompt is, each method says."""

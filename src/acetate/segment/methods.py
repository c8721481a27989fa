"""The register of segmentation methods: each a frozen dataclass of its parameters, by name."""

from typing import Any, ClassVar, Protocol

from acetate.arrays import Array
from acetate.names import nearest
from acetate.segment.bands import Bands
from acetate.segment.clusters import Clusters
from acetate.segment.edges import Edges
from acetate.segment.guarded import GuardedBands
from acetate.segment.heat_cut import HeatCut
from acetate.segment.heat_flow import HeatFlow
from acetate.segment.hysteresis import Hysteresis
from acetate.segment.jacobi_theta import JacobiTheta
from acetate.segment.quad_tree import QuadTree
from acetate.segment.random_field.method import RandomField
from acetate.segment.region_merging import RegionMerging
from acetate.segment.segmentation import Segmentation
from acetate.segment.superpixels import Superpixels
from acetate.segment.threshold.local import LocalThreshold
from acetate.segment.threshold.method import Threshold
from acetate.segment.threshold.multi_otsu import MultiOtsu
from acetate.segment.threshold.sized import SizedThreshold
from acetate.segment.watershed import Watershed


class Method(Protocol):
    """A way to segment: a frozen dataclass whose fields are options (`acetate.options`).

    Parameters
    ----------
    PROMPTS : tuple of str
        The kinds of prompt that it takes, if any: "mask" (where to begin: booleans or labels),
        "box" (x1, y1, x2, y2 around the object) and "scribbles" (integers: 0 where nothing is
        marked, 1 on the background, 2 and up on what is wanted).

    Notes
    -----
    For `acetate compare` a class may also declare, as ``ClassVar``: ``SEARCH``, a mapping from
    fields to the few values to try; ``GIVES_MASK``, False if its labels number regions and none is
    background; ``NEEDS_PROMPT``, True if it cannot do without; ``QUALITY``, the name of the number
    among its facts that it minimises or maximises.

    Examples
    --------
    >>> method: Method = HeatFlow(phases=3)
    """

    PROMPTS: ClassVar[tuple[str, ...]]

    def segment(self, image: Array, prompt: Any = None) -> Segmentation[Any]:
        """Return labels of the picture; what a prompt may be, each method says."""


METHODS: dict[str, type[Method]] = {
    "threshold": Threshold,
    "local-threshold": LocalThreshold,
    "sized-threshold": SizedThreshold,
    "multi-otsu": MultiOtsu,
    "bands": Bands,
    "guarded-bands": GuardedBands,
    "hysteresis": Hysteresis,
    "edges": Edges,
    "clusters": Clusters,
    "quad-tree": QuadTree,
    "superpixels": Superpixels,
    "region-merging": RegionMerging,
    "random-field": RandomField,
    "watershed": Watershed,
    "heat-cut": HeatCut,
    "heat-flow": HeatFlow,
    "jacobi-theta": JacobiTheta,
}


def method_named(name: str, **parameters: Any) -> Method:
    """Return the method of a name with some of its parameters.

    Parameters
    ----------
    name : str
        One of those in `METHODS`.
    **parameters
        Its fields; those that are left out have their defaults.

    Raises
    ------
    ValueError
        If there is no such method; the error names the nearest. If a parameter is out of range.
    TypeError
        If a parameter has another kind, or the method has none of that name.

    Examples
    --------
    >>> method_named("jacobi-theta", dt=1.0)
    JacobiTheta(lambda_param=0.00025, dt=1.0, max_iter=20)
    >>> method_named("heatflow")
    Traceback (most recent call last):
    ValueError: there is no method 'heatflow'; the nearest is 'heat-flow', and there are ...
    """
    if name not in METHODS:
        raise ValueError(
            f"there is no method {name!r}; the nearest is {nearest(name, METHODS)!r}, and there "
            f"are {', '.join(METHODS)}"
        )
    return METHODS[name](**parameters)

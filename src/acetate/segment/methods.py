"""The register of segmentation methods: each a frozen dataclass of its parameters, by name."""

from typing import Any, ClassVar, Protocol

from acetate.arrays import Array
from acetate.names import nearest
from acetate.segment.heat_flow import HeatFlow
from acetate.segment.jacobi_theta import JacobiTheta
from acetate.segment.segmentation import Segmentation


class Method(Protocol):
    """A way to segment: a frozen dataclass whose fields are options (`acetate.options`).

    Parameters
    ----------
    PROMPTS : tuple of str
        The kinds of prompt that it takes, if any: "mask" (where to begin: booleans or labels),
        "box" (x1, y1, x2, y2 around the object) and "scribbles" (integers: 0 where nothing is
        marked, 1 on the background, 2 and up on what is wanted).

    Examples
    --------
    >>> method: Method = HeatFlow(phases=3)
    """

    PROMPTS: ClassVar[tuple[str, ...]]

    def segment(self, image: Array, prompt: Any = None) -> Segmentation[Any]:
        """Return labels of the picture; what a prompt may be, each method says."""


METHODS: dict[str, type[Method]] = {
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

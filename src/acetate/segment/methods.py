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


def check_choices(method: Any) -> None:
    """Raise unless every parameter that is typed as a Literal has one of its values.

    Raises
    ------
    ValueError
        With the nearest name and all that there are.

    Examples
    --------
    >>> from acetate.segment import HeatFlow
    >>> HeatFlow(fidelity="locl")
    Traceback (most recent call last):
    ValueError: fidelity is one of constant, local, background, mixture, got 'locl'; the nearest ...
    """
    for name, names in choices(type(method)).items():
        value = getattr(method, name)
        if value not in names:
            raise ValueError(
                f"{name} is one of {', '.join(names)}, got {value!r}; the nearest is "
                f"{nearest(value, names)!r}"
            )


@cache
def choices(method: type) -> dict[str, tuple[str, ...]]:
    """Return the names that each Literal parameter of a method takes.

    Examples
    --------
    >>> from acetate.segment import HeatFlow
    >>> choices(HeatFlow)["stabilise"]
    ('none', 'sqrt', 'anscombe')
    """
    found = {}
    for name, hint in get_type_hints(method, include_extras=True).items():
        bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        if get_origin(bare) is Literal:
            found[name] = get_args(bare)
    return found

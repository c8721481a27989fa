"""Steps as plain data and back, for JSON: a closed list of classes, no code is ever loaded."""

import base64
import inspect
from dataclasses import fields
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.augmenters.steps import (
    CURVES,
    PIXEL_FUNCTIONS,
    Call,
    Curve,
    Lookup,
    OnChannels,
    Path,
    Pixels,
    Resampling,
    Warp,
)
from acetate.geometry import Composition, Displacement, Elastic, Inverse, Patches, Projective

_CLASSES = {
    c.__name__: c
    for c in (
        *(Warp, Path, Lookup, Curve, Pixels, OnChannels, Resampling),
        *(Projective, Composition, Inverse, Displacement, Patches, Elastic),
    )
}


def to_data(value: Any) -> Any:
    """Return a step, or a part of one, as numbers, strings, lists and dicts.

    Raises
    ------
    ValueError
        If it holds a function of the user's own.

    Examples
    --------
    >>> to_data(Resampling("cubic"))
    {'type': 'Resampling', 'order': 'cubic', 'mode': 'constant', 'cval': 0}
    """
    if isinstance(value, Call):
        raise ValueError("a Lambda holds Python functions and cannot be written as JSON")
    if type(value).__name__ in _CLASSES:
        parts = {f.name: to_data(getattr(value, f.name)) for f in fields(value) if f.init}
        return {"type": type(value).__name__, **parts}
    if isinstance(value, np.ndarray):
        text = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"type": "array", "dtype": value.dtype.str, "shape": value.shape, "base64": text}
    if isinstance(value, tuple):
        return [to_data(part) for part in value]
    if isinstance(value, dict):
        return {"type": "dict", **{k: to_data(v) for k, v in value.items()}}
    return value


def from_data(plain: Any) -> Any:
    """Return what `to_data` was given.

    Raises
    ------
    ValueError
        If something is not known here: a class, a curve, a function on pictures.

    Examples
    --------
    >>> from_data({"type": "Resampling", "order": "cubic"})
    Resampling(order='cubic', mode='constant', cval=0)
    """
    if isinstance(plain, list):
        return tuple(from_data(part) for part in plain)
    if not isinstance(plain, dict):
        return plain
    parts = dict(plain)
    name = parts.pop("type", None)
    if name == "array":
        return _to_array(parts)
    read = {k: from_data(v) for k, v in parts.items()}
    if name == "dict":
        return read
    if name not in _CLASSES:
        raise ValueError(f"a recipe has no part of type {name!r}; known are {', '.join(_CLASSES)}")
    made = _CLASSES[name](**read)
    if isinstance(made, Curve | Pixels):
        _check_function(made)
    return made


def _check_function(made: Curve | Pixels) -> None:
    """Raise unless the curve or function is known and takes the arguments."""
    if isinstance(made, Curve) and made.name not in CURVES:
        raise ValueError(f"no curve is called {made.name!r}; known are {', '.join(CURVES)}")
    if isinstance(made, Pixels) and made.function not in PIXEL_FUNCTIONS:
        raise ValueError(
            f"no function on pictures is called {made.function!r}; known are "
            f"{', '.join(PIXEL_FUNCTIONS)}"
        )
    if isinstance(made, Curve):
        name, signature = made.name, inspect.signature(CURVES[made.name])
    else:
        name, signature = made.function, inspect.signature(PIXEL_FUNCTIONS[made.function])
    key = {"key": made.key} if isinstance(made, Pixels) and made.key is not None else {}
    try:
        signature.bind(None, **made.arguments, **key)
    except TypeError as error:
        raise ValueError(f"{name} does not take what the recipe gives it: {error}") from error


def _to_array(parts: dict[str, Any]) -> Array:
    dtype = np.dtype(parts["dtype"])
    if dtype.kind not in "fiu":
        raise ValueError(f"an array in a recipe holds numbers, got dtype {parts['dtype']!r}")
    flat = np.frombuffer(base64.b64decode(parts["base64"]), dtype)
    return flat.reshape(parts["shape"]).copy()

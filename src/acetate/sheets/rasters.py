"""What sheets made of pixels have in common: checks, and the shape of the image they lie on."""

from acetate.arrays import Array, Shape


def padded_shape(shape: Shape, before: Array, after: Array) -> Shape:
    """Return the shape of an image that was padded by the same share as a sheet on it.

    Parameters
    ----------
    shape : tuple of int
        The image's.
    before, after : numpy.ndarray
        The sheet's array.

    Examples
    --------
    >>> import numpy as np
    >>> padded_shape((8, 8, 3), np.zeros((4, 4)), np.zeros((4, 6)))
    (8, 12, 3)
    """
    grown = (
        int(image * new / old + 0.5)
        for image, old, new in zip(shape[:2], before.shape[:2], after.shape[:2], strict=True)
    )
    return (*grown, *shape[2:])


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise unless a word is one of several.

    Examples
    --------
    >>> check_choice("resize", "both", ("heatmaps", "image"))
    Traceback (most recent call last):
    ValueError: resize must be 'heatmaps' or 'image', got 'both'
    """
    if value not in choices:
        raise ValueError(f"{name} must be {' or '.join(map(repr, choices))}, got {value!r}")

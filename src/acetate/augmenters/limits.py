"""What OpenCV's functions take: dtypes and numbers of channels; and values back in range."""

from collections.abc import Callable, Sequence

import numpy as np

from acetate.arrays import Array, channels_last

MOST_CHANNELS = 128  # of one array in OpenCV 5


def check_dtype(image: Array, allowed: Sequence[str], augmenter: str) -> None:
    """Raise unless a picture has one of the dtypes that an operation has a meaning for.

    Examples
    --------
    >>> check_dtype(np.zeros((2, 2, 3), np.float32), ["uint8"], "JpegCompression")
    Traceback (most recent call last):
    ValueError: JpegCompression works on uint8 pictures, got float32; convert it first, for example
        with acetate.arrays.convert(image, 'uint8')
    """
    if image.dtype.type.__name__ not in allowed:
        raise ValueError(
            f"{augmenter} works on {' and '.join(allowed)} pictures, got {image.dtype}; convert it "
            f"first, for example with acetate.arrays.convert(image, {allowed[0]!r})"
        )


def check_colors(image: Array, augmenter: str) -> None:
    """Raise unless a picture ``(H, W, C)`` has three channels.

    Examples
    --------
    >>> check_colors(np.zeros((2, 2, 4)), "AddToHue")
    Traceback (most recent call last):
    ValueError: AddToHue works on pictures of 3 channels, got 4; name the colours with
        WithChannels([0, 1, 2], ...) or leave it out
    """
    if image.shape[2] != 3:
        raise ValueError(
            f"{augmenter} works on pictures of 3 channels, got {image.shape[2]}; name the colours "
            "with WithChannels([0, 1, 2], ...) or leave it out"
        )


def in_range(result: Array, image: Array) -> Array:
    """Return what OpenCV made of a picture in the picture's shape; floats clipped to [0, 1].

    Parameters
    ----------
    result : numpy.ndarray
        A new array of the picture's dtype: it is clipped in place.
    image : numpy.ndarray
        ``(H, W, C)``.
    """
    result = result.reshape(image.shape)
    return np.clip(result, 0, 1, out=result) if result.dtype.kind == "f" else result


def in_groups(function: Callable[[Array], Array], image: Array, most: int = MOST_CHANNELS) -> Array:
    """Apply a function of OpenCV to a picture of any number of channels.

    Parameters
    ----------
    function : callable
        From ``(H, W, C)`` of up to `most` channels to the same; it may drop a last axis of 1.
    image : numpy.ndarray
        ``(H, W, C)``.

    Examples
    --------
    >>> import cv2
    >>> in_groups(lambda part: cv2.blur(part, (3, 3)), np.zeros((4, 4, 200))).shape
    (4, 4, 200)
    """
    channels = image.shape[2]
    if channels <= most:
        return function(image)
    parts = [
        channels_last(function(np.ascontiguousarray(image[:, :, i : i + most])))
        for i in range(0, channels, most)
    ]
    return np.concatenate(parts, axis=2)

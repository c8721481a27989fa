"""Other sizes for arrays: resizing by interpolation, and pooling block by block."""

from collections.abc import Callable, Sequence

import numpy as np

from acetate.arrays import Array, Shape, shape_of
from acetate.geometry.maps import Frame, Projective
from acetate.geometry.pad import pad_to_multiples_of
from acetate.geometry.warp import ORDERS, warp

Sizes = float | Sequence[float]

_SMOOTH = ("uint8", "uint16", "float32", "float64")
_NEAREST_ONLY = ("bool", "int32")
_WHOLE = (int, np.integer)
_FLOATS = (float, np.floating)
_NUMBERS = (*_WHOLE, *_FLOATS)


def imresize_single_image(image: Array, sizes: Sizes, interpolation: str | None = None) -> Array:
    """Resize an image, or any array of pixels.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, float32 or float64, for "nearest" also bool
        and int32.
    sizes : int, float or pair of them
        The new (height, width): whole numbers are pixels, floats are factors on the old size. A
        single whole number is a square of that side, a single float a factor for both.
    interpolation : {None, "nearest", "linear", "area", "cubic"}
        None is "area" where height or width shrinks, else "cubic".

    Returns
    -------
    numpy.ndarray
        Same dtype and rank, always a new array. Pixel corners stay on corners: what is at x in
        the old width is at ``x * new width / old width``. Under "cubic", floats are clipped to
        the range that the image has.

    Raises
    ------
    ValueError
        If the sizes, the interpolation or the dtype are others.

    Examples
    --------
    >>> imresize_single_image(np.array([[0, 100]], np.uint8), (1, 4), "linear")
    array([[  0,  25,  75, 100]], dtype=uint8)
    >>> imresize_single_image(np.zeros((40, 60, 3), np.uint8), 0.5).shape
    (20, 30, 3)
    """
    height, width = resized_frame(image.shape, sizes)
    if interpolation is None:
        shrinks = height < image.shape[0] or width < image.shape[1]
        interpolation = "area" if shrinks else "cubic"
    _check(interpolation, image.dtype)
    scaling = Projective.scaling(image.shape[1] / width, image.shape[0] / height)
    pixels = image.view(np.uint8) if image.dtype == bool else image
    out = warp(pixels, scaling, (height, width), interpolation)
    if interpolation == "cubic" and image.dtype.kind == "f":
        np.clip(out, image.min(), image.max(), out=out)
    return out.view(image.dtype)


def imresize_many_images(
    images: Array | Sequence[Array], sizes: Sizes, interpolation: str | None = None
) -> Array | list[Array]:
    """Resize several images.

    Parameters
    ----------
    images : numpy.ndarray or sequence of numpy.ndarray
        ``(N, H, W)`` or ``(N, H, W, C)``, or a sequence of images that may differ in size.
    sizes, interpolation
        As for `imresize_single_image`.

    Returns
    -------
    numpy.ndarray or list of numpy.ndarray
        An array for an array, a list for any other sequence.

    Examples
    --------
    >>> imresize_many_images(np.zeros((5, 8, 8, 3), np.uint8), (4, 6)).shape
    (5, 4, 6, 3)
    """
    resized = [imresize_single_image(image, sizes, interpolation) for image in images]
    if not isinstance(images, np.ndarray):
        return resized
    shape = (len(images), *resized_frame(images.shape[1:], sizes), *images.shape[3:])
    return np.array(resized, images.dtype).reshape(shape)


def resized_frame(shape: Shape, sizes: Sizes) -> Frame:
    """Return the (height, width) that `sizes` means for an array of a shape.

    Examples
    --------
    >>> resized_frame((40, 60), 0.5), resized_frame((40, 60), (10, 2.0))
    ((20, 30), (10, 120))
    """
    height, width = shape_of(shape)[:2]
    pair = (sizes, sizes) if isinstance(sizes, _NUMBERS) else tuple(sizes)
    if len(pair) != 2:
        raise ValueError(f"sizes is one number or (height, width), got {sizes}")
    return _length(height, pair[0]), _length(width, pair[1])


def _length(old: int, size: float) -> int:
    if isinstance(size, _WHOLE) and not isinstance(size, bool) and size >= 1:
        return int(size)
    if isinstance(size, _FLOATS) and 0 < size < float("inf"):
        return max(1, int(old * float(size) + 0.5))
    raise ValueError(
        f"a size is a whole number of pixels from 1, or a factor above 0 as a float, got {size!r}"
    )


def _check(interpolation: str, dtype: np.dtype) -> None:
    if interpolation not in ORDERS:
        raise ValueError(
            f"interpolation must be None or one of {', '.join(ORDERS)}, got {interpolation!r}"
        )
    if dtype.name in _SMOOTH or (interpolation == "nearest" and dtype.name in _NEAREST_ONLY):
        return
    remedy = "pass interpolation='nearest'" if dtype.name in _NEAREST_ONLY else "convert it first"
    raise ValueError(
        f"an array to resize must be {', '.join(_SMOOTH)}, or for 'nearest' also "
        f"{' or '.join(_NEAREST_ONLY)}, got {dtype} and {interpolation!r}; {remedy}"
    )


def pool(
    arr: Array,
    block_size: int | tuple[int, int],
    func: Callable[..., Array],
    pad_mode: str = "constant",
    pad_cval: float = 0,
    preserve_dtype: bool = True,
) -> Array:
    """Replace every block of pixels by one value.

    Parameters
    ----------
    arr : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, numbers or booleans.
    block_size : int or (int, int)
        Height and width of a block.
    func : callable
        ``func(blocks, axis=(1, 3))`` reduces two axes at once, as `numpy.mean` does.
    pad_mode, pad_cval
        With what the array is padded (see `pad`) where the blocks do not fit: around, an odd
        pixel at the bottom or the right.
    preserve_dtype : bool
        Whether to give the array's dtype back, integers rounded; else what `func` gives.

    Returns
    -------
    numpy.ndarray
        ``(ceil(H / block height), ceil(W / block width)[, C])``. Where the blocks do not fit, it
        covers the padding too: a sheet pooled so is off by up to half the padding. Resizing
        has no such flaw.

    Raises
    ------
    ValueError
        If a block's side is not a whole number from 1.

    Examples
    --------
    >>> pool(np.array([[1, 2], [3, 4]]), 2, np.sum)
    array([[10]])
    """
    high, wide = (block_size, block_size) if isinstance(block_size, _WHOLE) else block_size
    padded = pad_to_multiples_of(arr, high, wide, pad_mode, pad_cval)
    rows, columns = padded.shape[0] // high, padded.shape[1] // wide
    pooled = func(padded.reshape(rows, high, columns, wide, *arr.shape[2:]), axis=(1, 3))
    if not preserve_dtype or pooled.dtype == arr.dtype:
        return pooled
    return (pooled if arr.dtype.kind == "f" else np.rint(pooled)).astype(arr.dtype)


def avg_pool(
    arr: Array,
    block_size: int | tuple[int, int],
    pad_mode: str = "reflect",
    pad_cval: float = 128,
    preserve_dtype: bool = True,
) -> Array:
    """Replace every block of pixels by its mean; parameters as for `pool`.

    Examples
    --------
    >>> avg_pool(np.array([[0, 10], [20, 33]], np.uint8), 2)
    array([[16]], dtype=uint8)
    """
    return pool(arr, block_size, np.mean, pad_mode, pad_cval, preserve_dtype)


def max_pool(
    arr: Array,
    block_size: int | tuple[int, int],
    pad_mode: str = "edge",
    pad_cval: float = 0,
    preserve_dtype: bool = True,
) -> Array:
    """Replace every block of pixels by its largest value; parameters as for `pool`.

    Examples
    --------
    >>> max_pool(np.array([[0, 10, 7]], np.uint8), (1, 2))
    array([[10,  7]], dtype=uint8)
    """
    return pool(arr, block_size, np.max, pad_mode, pad_cval, preserve_dtype)


def min_pool(
    arr: Array,
    block_size: int | tuple[int, int],
    pad_mode: str = "edge",
    pad_cval: float = 255,
    preserve_dtype: bool = True,
) -> Array:
    """Replace every block of pixels by its smallest value; parameters as for `pool`.

    Examples
    --------
    >>> min_pool(np.array([[0, 10, 7]], np.uint8), (1, 2))
    array([[0, 7]], dtype=uint8)
    """
    return pool(arr, block_size, np.min, pad_mode, pad_cval, preserve_dtype)


def median_pool(
    arr: Array,
    block_size: int | tuple[int, int],
    pad_mode: str = "reflect",
    pad_cval: float = 128,
    preserve_dtype: bool = True,
) -> Array:
    """Replace every block of pixels by its median; parameters as for `pool`.

    Examples
    --------
    >>> median_pool(np.array([[0, 1, 90]], np.uint8), (1, 3))
    array([[1]], dtype=uint8)
    """
    return pool(arr, block_size, np.median, pad_mode, pad_cval, preserve_dtype)

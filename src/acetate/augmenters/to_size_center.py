"""The centred forms of the augmenters in `to_size`: both sides gain or lose alike."""

from typing import Any

from acetate.augmenters import to_size


class CenterCropToFixedSize(to_size.CropToFixedSize):
    """`CropToFixedSize` with `position` "center".

    Parameters
    ----------
    width, height, heatmaps, segmentation_maps, seed, name
        See `CropToFixedSize`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterCropToFixedSize(2, 2)(image=np.zeros((3, 4), np.uint8)).shape
    (2, 2)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval", "position")

    def __init__(self, width: int | None, height: int | None, **options: Any) -> None:
        super().__init__(width, height, position="center", **options)


class CenterPadToFixedSize(to_size.PadToFixedSize):
    """`PadToFixedSize` with `position` "center".

    Parameters
    ----------
    width, height, pad_mode, pad_cval, heatmaps, segmentation_maps, seed, name
        See `PadToFixedSize`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterPadToFixedSize(6, 6)(image=np.zeros((3, 4), np.uint8)).shape
    (6, 6)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "position")

    def __init__(
        self,
        width: int | None,
        height: int | None,
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        **options: Any,
    ) -> None:
        super().__init__(width, height, pad_mode, pad_cval, position="center", **options)


class CenterCropToMultiplesOf(to_size.CropToMultiplesOf):
    """`CropToMultiplesOf` with `position` "center".

    Parameters
    ----------
    width_multiple, height_multiple, heatmaps, segmentation_maps, seed, name
        See `CropToMultiplesOf`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterCropToMultiplesOf(3, 3)(image=np.zeros((3, 4), np.uint8)).shape
    (3, 3)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval", "position")

    def __init__(
        self, width_multiple: int | None, height_multiple: int | None, **options: Any
    ) -> None:
        super().__init__(width_multiple, height_multiple, position="center", **options)


class CenterPadToMultiplesOf(to_size.PadToMultiplesOf):
    """`PadToMultiplesOf` with `position` "center".

    Parameters
    ----------
    width_multiple, height_multiple, pad_mode, pad_cval, heatmaps, segmentation_maps, seed, name
        See `PadToMultiplesOf`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterPadToMultiplesOf(4, 4)(image=np.zeros((3, 4), np.uint8)).shape
    (4, 4)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "position")

    def __init__(
        self,
        width_multiple: int | None,
        height_multiple: int | None,
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        **options: Any,
    ) -> None:
        super().__init__(
            width_multiple, height_multiple, pad_mode, pad_cval, position="center", **options
        )


class CenterCropToAspectRatio(to_size.CropToAspectRatio):
    """`CropToAspectRatio` with `position` "center".

    Parameters
    ----------
    aspect_ratio, heatmaps, segmentation_maps, seed, name
        See `CropToAspectRatio`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterCropToAspectRatio(1.5)(image=np.zeros((3, 4), np.uint8)).shape
    (3, 4)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval", "position")

    def __init__(self, aspect_ratio: float, **options: Any) -> None:
        super().__init__(aspect_ratio, position="center", **options)


class CenterPadToAspectRatio(to_size.PadToAspectRatio):
    """`PadToAspectRatio` with `position` "center".

    Parameters
    ----------
    aspect_ratio, pad_mode, pad_cval, heatmaps, segmentation_maps, seed, name
        See `PadToAspectRatio`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterPadToAspectRatio(1.0)(image=np.zeros((3, 4), np.uint8)).shape
    (4, 4)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "position")

    def __init__(
        self, aspect_ratio: float, pad_mode: Any = "constant", pad_cval: Any = 0, **options: Any
    ) -> None:
        super().__init__(aspect_ratio, pad_mode, pad_cval, position="center", **options)


class CenterCropToSquare(to_size.CropToSquare):
    """`CropToSquare` with `position` "center".

    Parameters
    ----------
    heatmaps, segmentation_maps, seed, name
        See `CropToSquare`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterCropToSquare()(image=np.zeros((3, 4), np.uint8)).shape
    (3, 3)
    """

    fixes: tuple[str, ...] = (
        "order",
        "mode",
        "cval",
        "pad_mode",
        "pad_cval",
        "aspect_ratio",
        "position",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(position="center", **options)


class CenterPadToSquare(to_size.PadToSquare):
    """`PadToSquare` with `position` "center".

    Parameters
    ----------
    pad_mode, pad_cval, heatmaps, segmentation_maps, seed, name
        See `PadToSquare`.

    Examples
    --------
    >>> import numpy as np
    >>> CenterPadToSquare()(image=np.zeros((3, 4), np.uint8)).shape
    (4, 4)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "aspect_ratio", "position")

    def __init__(self, pad_mode: Any = "constant", pad_cval: Any = 0, **options: Any) -> None:
        super().__init__(pad_mode, pad_cval, position="center", **options)

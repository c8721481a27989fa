"""Pictures in, feature pictures out: the base of all image transformers."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from acetate.arrays import Array, check_finite, full_scale

Planes = NDArray[np.float32]
Images = Array | Sequence[Array]


class ImageTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A scikit-learn transformer from pictures to pictures with other channels.

    What goes in: one picture ``(H, W)`` or ``(H, W, C)``, a stack ``(N, H, W, C)``, or a list of
    pictures of different sizes. What comes out has the same form with the features as channels,
    float32. In memory each feature is a plane of its own; the channels-last array is a view.

    Subclasses write `_names` and `_fill`, and `_check` and `_learn` if there is a need.

    Examples
    --------
    >>> from acetate.segment.features import Neighbourhood
    >>> isinstance(Neighbourhood(), ImageTransformer)
    True
    """

    n_channels_in_: int

    def fit(self, images: Images, y: Any = None) -> Self:  # noqa: ARG002
        """Learn the number of channels, and what else the features need.

        Parameters
        ----------
        images : numpy.ndarray or list of numpy.ndarray
            ``(H, W)``, ``(H, W, C)``, ``(N, H, W, C)``, or a list of the first two.
        y : object
            Not used.

        Raises
        ------
        TypeError, ValueError
            If they are no pictures, are empty, differ in channels, or hold NaN or infinity; if
            a parameter makes no sense.
        """
        self._check()
        pictures = as_pictures(images)
        self.n_channels_in_ = pictures[0].shape[2]
        self._learn(pictures)
        return self

    def transform(self, images: Images) -> Any:
        """Return the features: the form of what came in, with other channels.

        Parameters
        ----------
        images : numpy.ndarray or list of numpy.ndarray
            As for `fit`, with the same number of channels.

        Returns
        -------
        numpy.ndarray or list of numpy.ndarray
            ``(H, W, F)`` for one picture, ``(N, H, W, F)`` for a stack, a list for a list.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If it was not fitted.
        TypeError, ValueError
            If the pictures make no sense, or have another number of channels.
        """
        pictures = self.check_pictures(images)
        count = len(self.get_feature_names_out())
        if isinstance(images, np.ndarray) and images.ndim == 4:
            height, width = pictures[0].shape[:2]
            stack = np.empty((len(pictures), count, height, width), np.float32)
            for picture, planes in zip(pictures, stack, strict=True):
                self._fill(picture, planes)
            return np.moveaxis(stack, 1, -1)
        views = [np.moveaxis(self._planes(picture, count), 0, -1) for picture in pictures]
        return views[0] if isinstance(images, np.ndarray) else views

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names of the features, in the order of the channels.

        Parameters
        ----------
        input_features : sequence of str or None
            Names of the channels that come in; None calls them c0, c1 and so on.

        Raises
        ------
        ValueError
            If there are more or fewer names than channels.
        """
        check_is_fitted(self)
        return np.array(self._names(channel_names(input_features, self.n_channels_in_)), object)

    def check_pictures(self, images: Images) -> list[Array]:
        """Return pictures ``(H, W, C)``; raise unless they have the channels of the fit."""
        check_is_fitted(self)
        pictures = as_pictures(images)
        if pictures[0].shape[2] != self.n_channels_in_:
            raise ValueError(
                f"{type(self).__name__} was fitted on pictures of {self.n_channels_in_} "
                f"channel(s), got {pictures[0].shape[2]}; fit it again or convert the pictures"
            )
        return pictures

    def _planes(self, picture: Array, count: int) -> Planes:
        planes = np.empty((count, *picture.shape[:2]), np.float32)
        self._fill(picture, planes)
        return planes

    def _check(self) -> None:
        """Raise unless the parameters make sense."""

    def _learn(self, pictures: list[Array]) -> None:
        """Learn from pictures ``(H, W, C)``."""

    def _names(self, channels: list[str]) -> list[str]:
        raise NotImplementedError

    def _fill(self, picture: Array, planes: Planes) -> None:
        raise NotImplementedError

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


def as_pictures(images: Images) -> list[Array]:
    """Return what stands in one array or a list as pictures ``(H, W, C)``; nothing is copied.

    Raises
    ------
    TypeError
        If it is no array of numbers and no list of them.
    ValueError
        If a picture is empty, has another rank, holds NaN or infinity, or if they differ in
        channels.

    Examples
    --------
    >>> [p.shape for p in as_pictures([np.zeros((2, 3)), np.zeros((4, 5, 1))])]
    [(2, 3, 1), (4, 5, 1)]
    """
    if isinstance(images, np.ndarray):
        given = list(images) if images.ndim == 4 else [images]
    elif isinstance(images, list | tuple):
        given = list(images)
    else:
        raise TypeError(
            f"pictures come as one NumPy array or a list of them, got {type(images).__name__}"
        )
    if not given:
        raise ValueError("there is no picture: the list or stack is empty")
    pictures = [_check_picture(picture) for picture in given]
    channels = {picture.shape[2] for picture in pictures}
    if len(channels) > 1:
        raise ValueError(f"all pictures must have as many channels, got {sorted(channels)}")
    return pictures


def as_given(images: Images, found: list[Array]) -> Any:
    """Return what was found for each picture in the form that the pictures came in.

    Parameters
    ----------
    images : numpy.ndarray or list of numpy.ndarray
        What `as_pictures` was given.
    found : list of numpy.ndarray
        One for each picture.

    Returns
    -------
    numpy.ndarray or list of numpy.ndarray
        One array for one picture, a stack for a stack, the list for a list.

    Examples
    --------
    >>> as_given(np.zeros((2, 4, 4, 1)), [np.zeros((4, 4)), np.ones((4, 4))]).shape
    (2, 4, 4)
    """
    if not isinstance(images, np.ndarray):
        return found
    return np.stack(found) if images.ndim == 4 else found[0]


def _check_picture(picture: Any) -> Array:
    if not isinstance(picture, np.ndarray):
        raise TypeError(f"a picture must be a NumPy array, got {type(picture).__name__}")
    if picture.ndim not in (2, 3) or picture.size == 0:
        raise ValueError(
            f"a picture must have shape (H, W) or (H, W, C), none of them 0, got {picture.shape}"
        )
    if picture.dtype.kind not in "bf" and picture.dtype.name not in ("uint8", "uint16"):
        raise TypeError(f"a picture must hold uint8, uint16, floats or booleans: {picture.dtype}")
    if picture.dtype.kind == "f":
        check_finite(picture, "picture")
    return picture[:, :, np.newaxis] if picture.ndim == 2 else picture


def as_floats(values: Array) -> Planes:
    """Return values as float32 with white as 1; floats keep their values.

    Examples
    --------
    >>> as_floats(np.array([0, 51, 255], np.uint8)).round(3)
    array([0. , 0.2, 1. ], dtype=float32)
    """
    if values.dtype.kind in "fb":
        return np.ascontiguousarray(values, dtype=np.float32)
    return values.astype(np.float32) * np.float32(1 / full_scale(values.dtype))


def channel_names(names: Any, count: int) -> list[str]:
    """Return names of channels: those given, or c0, c1 and so on; raise if the count is wrong.

    Examples
    --------
    >>> channel_names(None, 2)
    ['c0', 'c1']
    """
    if names is None:
        return [f"c{n}" for n in range(count)]
    if len(names) != count:
        raise ValueError(f"there are {count} channel(s), got {len(names)} name(s)")
    return [str(name) for name in names]

"""Any scikit-learn pipeline on a picture and its mask: fit it, get a function that predicts."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import clone

from acetate.arrays import Array
from acetate.segment.features.pictures import Images, as_given, as_pictures
from acetate.segment.pixels.labels import Masks, as_masks

Predict = Callable[[Images], Any]


def fit_image_pipeline(pipeline: Any, image: Images, mask: Masks) -> Predict:
    """Fit a pipeline on a picture and its mask, and return what predicts other pictures.

    Parameters
    ----------
    pipeline : scikit-learn pipeline
        Its steps turn pictures into a row for each pixel (`PixelFlatten` does), and its last one
        is a regressor or a classifier. It is copied, not fitted itself.
    image : numpy.ndarray or list of numpy.ndarray
        ``(H, W)``, ``(H, W, C)``, ``(N, H, W, C)``, or a list of the first two.
    mask : numpy.ndarray or list of numpy.ndarray
        Booleans or integers, one ``(H, W)`` for each picture. Regressors see booleans as 0 and 1.

    Returns
    -------
    callable
        From pictures to predictions ``(H, W)``, or ``(H, W, outputs)``: what the last step
        predicts. A stack gives a stack, a list a list. Its attribute ``pipeline`` is the fitted
        pipeline.

    Raises
    ------
    TypeError, ValueError
        If picture or mask make no sense, or their sizes differ; if the pipeline makes more or
        fewer rows than there are pixels.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from acetate.segment.features import PixelFlatten
    >>> image = np.array([[0.0, 0.5, 1.0]])
    >>> predict = fit_image_pipeline(
    ...     make_pipeline(PixelFlatten(), LinearRegression()), image, image > 0.7)
    >>> predict(image).round(2)
    array([[-0.17,  0.33,  0.83]])
    """
    pictures = as_pictures(image)
    masks = as_masks(mask, image, pictures)
    target = np.concatenate([each.ravel() for each in masks])
    fitted = clone(pipeline)
    fitted.fit(image, target.astype(np.uint8) if target.dtype == bool else target)

    def predict(images: Images) -> Any:
        shapes = [picture.shape[:2] for picture in as_pictures(images)]
        return _regrouped(np.asarray(fitted.predict(images)), shapes, images)

    predict.pipeline = fitted  # type: ignore[attr-defined]
    return predict


def learned_kernel(linear: Any, shape: tuple[int, int]) -> Array:
    """Return the kernel that a linear model has learned on `Neighbourhood` rows of one channel.

    Parameters
    ----------
    linear : scikit-learn linear model
        Fitted; its coefficients are those of the neighbours in their order.
    shape : tuple of int
        Rows and columns: `Neighbourhood.shape`.

    Returns
    -------
    numpy.ndarray
        ``shape`` float64. Predicting is to correlate with it and to add ``linear.intercept_``.

    Raises
    ------
    ValueError
        If there are more or fewer coefficients.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> model = LinearRegression().fit(np.eye(9), np.arange(9))
    >>> learned_kernel(model, (3, 3)).shape
    (3, 3)
    """
    coefficients = np.asarray(linear.coef_, np.float64).ravel()
    if coefficients.size != shape[0] * shape[1]:
        raise ValueError(f"a kernel {shape} has {shape[0] * shape[1]} values: {coefficients.size}")
    return coefficients.reshape(shape)


def _regrouped(rows: Array, shapes: list[tuple[int, ...]], images: Images) -> Any:
    count = sum(height * width for height, width in shapes)
    if len(rows) != count:
        raise ValueError(
            f"the pipeline makes {len(rows)} rows of {count} pixels; end its picture steps with "
            "PixelFlatten"
        )
    ends = np.cumsum([height * width for height, width in shapes])[:-1]
    found = [
        part.reshape(*shape, *part.shape[1:])
        for part, shape in zip(np.split(rows, ends), shapes, strict=True)
    ]
    return as_given(images, found)

"""The ladder of ready pipelines, from a tree on single values to nearest neighbourhoods."""

from collections.abc import Callable
from typing import Any

from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import PolynomialFeatures, RobustScaler
from sklearn.tree import DecisionTreeRegressor

from acetate.names import nearest
from acetate.segment.features import Coordinates, Filters, Neighbourhood, PixelFlatten

_TREES = 25


def pipeline_named(name: str, seed: int = 0) -> Pipeline:
    """Return one of the ready pipelines of the lecture 'Advanced segmentation', not fitted.

    Parameters
    ----------
    name : str
        One of `PIPELINES`, in the order of the lecture:

        - "tree": a decision tree on robustly scaled values.
        - "tree-xy": on value and place; nodes below 1000 pixels are not split.
        - "k-means": distances of value and place from 4 cluster centres, then a forest.
        - "polynomial": terms of second degree of value and place, then a forest.
        - "filters": the picture, blurred by 2, 5 - 2 and 8 - 5 pixels, then a forest.
        - "linear": the 3 x 3 neighbours, then linear regression: one learned kernel.
        - "nearest": robustly scaled 3 x 3 neighbours, then the nearest of the training pixels.

        Forests have 25 trees.
    seed : int
        For what draws.

    Returns
    -------
    sklearn.pipeline.Pipeline
        For `fit_image_pipeline`; a regressor, so its output is a probability for a mask.

    Raises
    ------
    ValueError
        If there is none of the name; the error names the nearest.

    Examples
    --------
    >>> list(pipeline_named("linear").named_steps)
    ['neighbours', 'flatten', 'linear']
    """
    if name not in PIPELINES:
        raise ValueError(
            f"there is no pipeline {name!r}; the nearest is {nearest(name, PIPELINES)!r}, and "
            f"there are {', '.join(PIPELINES)}"
        )
    return Pipeline(PIPELINES[name](seed))


def _forest(seed: int) -> RandomForestRegressor:
    return RandomForestRegressor(_TREES, random_state=seed)


PIPELINES: dict[str, Callable[[int], list[tuple[str, Any]]]] = {
    "tree": lambda seed: [
        ("flatten", PixelFlatten()),
        ("scale", RobustScaler()),
        ("tree", DecisionTreeRegressor(random_state=seed)),
    ],
    "tree-xy": lambda seed: [
        ("xy", Coordinates()),
        ("flatten", PixelFlatten()),
        ("scale", RobustScaler()),
        ("tree", DecisionTreeRegressor(min_samples_split=1000, random_state=seed)),
    ],
    "k-means": lambda seed: [
        ("xy", Coordinates()),
        ("flatten", PixelFlatten()),
        ("clusters", KMeans(4, n_init="auto", random_state=seed)),
        ("forest", _forest(seed)),
    ],
    "polynomial": lambda seed: [
        ("xy", Coordinates()),
        ("flatten", PixelFlatten()),
        ("terms", PolynomialFeatures(2)),
        ("forest", _forest(seed)),
    ],
    "filters": lambda seed: [
        ("filters", Filters()),
        ("flatten", PixelFlatten()),
        ("forest", _forest(seed)),
    ],
    "linear": lambda _: [
        ("neighbours", Neighbourhood(1)),
        ("flatten", PixelFlatten()),
        ("linear", LinearRegression()),
    ],
    "nearest": lambda _: [
        ("neighbours", Neighbourhood(1)),
        ("flatten", PixelFlatten()),
        ("scale", RobustScaler()),
        ("neighbour", KNeighborsRegressor(1)),
    ],
}

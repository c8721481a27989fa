"""The base of classifiers that take pictures and give a label at every pixel."""

from typing import Any

from sklearn.base import BaseEstimator, ClassifierMixin


class PictureClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A scikit-learn classifier whose samples are pictures, and whose labels are masks."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        tags.target_tags.one_d_labels = False
        tags.target_tags.two_d_labels = True
        return tags

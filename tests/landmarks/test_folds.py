"""Folds: by picture, by group, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.landmarks.folds import folds, split


@given(st.integers(2, 200), st.floats(0.01, 0.99), st.integers(0, 5))
def test_a_split_parts_all_pictures(count: int, share: float, seed: int) -> None:
    fold = split(count, share, seed)
    both = np.concatenate([fold.training, fold.validation])
    assert sorted(both.tolist()) == list(range(count))
    assert fold.training.size >= 1
    assert fold.validation.size >= 1
    assert abs(fold.validation.size - share * count) <= 1
    again = split(count, share, seed)
    np.testing.assert_array_equal(again.validation, fold.validation)


def test_another_seed_splits_otherwise() -> None:
    chosen = {tuple(split(50, 0.2, seed).validation.tolist()) for seed in range(4)}
    assert len(chosen) == 4


@given(st.integers(2, 8), st.integers(8, 60), st.integers(0, 3))
def test_each_picture_is_judged_once(parts: int, count: int, seed: int) -> None:
    every = folds(count, parts, seed)
    judged = np.concatenate([fold.validation for fold in every])
    assert sorted(judged.tolist()) == list(range(count))
    sizes = [fold.validation.size for fold in every]
    assert max(sizes) - min(sizes) <= 1


@given(st.lists(st.sampled_from("abcdef"), min_size=12, max_size=60))
def test_groups_stay_together(groups: list[str]) -> None:
    if len(set(groups)) < 3:
        return
    names = np.array(groups)
    for fold in [*folds(len(groups), 3, 0, groups), split(len(groups), 0.3, 0, groups)]:
        assert not set(names[fold.training]) & set(names[fold.validation])


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="between 0 and 1, got 1"):
        split(10, 1.0)
    with pytest.raises(ValueError, match="at least 2 pictures, got 1"):
        split(1)
    with pytest.raises(ValueError, match="at least 2 groups of pictures, got 1"):
        split(3, groups=["a", "a", "a"])
    with pytest.raises(ValueError, match="a group for each of 3 pictures, got 1"):
        split(3, groups=["a"])
    with pytest.raises(ValueError, match="at least 2 folds, got 1"):
        folds(10, 1)
    with pytest.raises(ValueError, match="at least 5 pictures, got 3"):
        folds(3, 5)

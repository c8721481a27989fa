"""Whether the config and the weights of a stranger's file belong together, before any memory."""

from collections.abc import Mapping
from typing import Any

import torch

from acetate.landmarks.detector import build_detector


def check_weights(config: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Raise unless weights are those of a detector, without giving it memory.

    Parameters
    ----------
    config : mapping
        As for `build_detector`.
    state : mapping of str to torch.Tensor
        The weights.

    Raises
    ------
    TypeError, ValueError
        If there is no detector of this config, or the weights are another's: with name and shapes.

    Examples
    --------
    >>> from acetate.landmarks.detector import RegressionDetector
    >>> detector = RegressionDetector(2, "light")
    >>> check_weights({**detector.config, "num_landmarks": 10**9}, detector.state_dict())
    Traceback (most recent call last):
    ValueError: the weights are of a detector of 2 landmarks, this one has 1000000000; ...
    """
    try:
        with torch.device("meta"):
            detector = build_detector(config)
    except RuntimeError as error:  # sizes whose product no computer can count
        raise ValueError(f"no detector can have this config: {error}") from error
    detector.check_state(state)

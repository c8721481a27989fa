"""Weights to begin with: from the hub, from a file of whatever house, or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from torch import Tensor, nn

from acetate.files import PathLike
from acetate.landmarks.network.hub import fetch
from acetate.landmarks.network.names import TIMM
from acetate.landmarks.network.shapes import check_state
from acetate.landmarks.network.states import read_state
from acetate.landmarks.network.timm_door import TimmBody

HUB: Mapping[str, str] = MappingProxyType(
    {
        "hrnet_w18_small": "timm/hrnet_w18_small.gluon_in1k",
        "hrnet_w18_small_v2": "timm/hrnet_w18_small_v2.gluon_in1k",
        "hrnet_w18": "timm/hrnet_w18.ms_aug_in1k",
        "hrnet_w32": "timm/hrnet_w32.ms_in1k",
        "hrnet_w48": "timm/hrnet_w48.ms_in1k",
    }
)
# What an HRNet has above its body, in timm and in the authors' code: for classes of pictures, of
# pixels, or for other landmarks.
_ABOVE = ("incre_modules", "downsamp_modules", "final_layer", "classifier", "last_layer")
_FIRST = "conv1.weight"


@dataclass(frozen=True)
class Loaded:
    """What became of a file of weights.

    Parameters
    ----------
    source : str
        The file, or "none".
    taken : int
        Tensors that went into the body.
    left : tuple of str
        Names in the file that a body has no use for: a classifier's, or another detector's head.
    summed : bool
        Whether the first convolution was summed over the colours.

    Examples
    --------
    >>> Loaded("none", 0, (), False).taken
    0
    """

    source: str
    taken: int
    left: tuple[str, ...]
    summed: bool


def load_weights(detector: Any, source: PathLike = "none") -> Loaded:
    """Put weights into the body of a detector; its head stays as it is.

    Parameters
    ----------
    detector : HeatmapDetector or RegressionDetector
        Whose body takes them.
    source : path
        "none" changes nothing. "hub" takes ImageNet's from the Hugging Face hub, or from its
        cache. Else a file: safetensors, or one of PyTorch's with tensors alone; with timm's names
        or the authors', under whatever prefix; or one of acetate's own detectors, with whatever
        landmarks.

    Returns
    -------
    Loaded
        What was taken and what was left aside.

    Raises
    ------
    OSError
        If the file cannot be read, or the hub not be reached: that one names the file to fetch.
    ValueError
        If it is damaged, holds more than tensors, or is of another network: it names the key and
        both shapes.

    Notes
    -----
    For pictures of one channel the weights of the first convolution are summed over the three
    colours: that is what it would do on a gray picture in three equal channels.

    Left aside are ``incre_modules``, ``downsamp_modules``, ``final_layer``, ``classifier`` (timm's
    and the authors' parts for classes) and ``last_layer`` (of the authors' segmentation); any
    other name that the body does not know is an error.

    Examples
    --------
    >>> from acetate.landmarks.detector import HeatmapDetector
    >>> load_weights(HeatmapDetector(2, "light"), "none").source
    'none'
    """
    if source == "none":
        return Loaded("none", 0, (), False)
    if isinstance(detector.body, TimmBody):
        return _with_timm(detector, source)
    path = fetch(_repository(detector.backbone)) if source == "hub" else Path(source)
    return _fill(detector.body, path, f"the body {detector.backbone}")


def _fill(body: nn.Module, path: Path, what: str) -> Loaded:
    own = body.state_dict()
    state, left = _of_body(read_state(path), own, f"{path}: {what}")
    summed = _sum_colours(state, own)
    check_state(state, own, f"{what} ({path})")
    body.load_state_dict(state)
    return Loaded(str(path), len(state), tuple(left), summed)


def _of_body(
    state: Mapping[str, Any], own: Mapping[str, Tensor], what: str
) -> tuple[dict[str, Any], list[str]]:
    """Return what is the body's, without prefix, and the names of the rest."""
    prefix = _prefix(state, next(iter(own)), what)
    short = {key: key.removeprefix(prefix) for key in state if key.startswith(prefix)}
    taken = {key: name for key, name in short.items() if name.split(".")[0] not in _ABOVE}
    return {name: state[key] for key, name in taken.items()}, [k for k in state if k not in taken]


def _prefix(state: Mapping[str, Any], first: str, what: str) -> str:
    """Return what stands before the body's names: the shortest that the first one has."""
    found = [key for key in state if key == first or key.endswith(f".{first}")]
    if not found:
        raise ValueError(f"{what} needs a tensor {first!r}, and there is none in the file")
    return min(found, key=len).removesuffix(first)


def _sum_colours(state: dict[str, Any], own: Mapping[str, Tensor]) -> bool:
    given, wanted = state.get(_FIRST), own.get(_FIRST)
    if not isinstance(given, Tensor) or wanted is None:
        return False
    if given.ndim != 4 or (given.shape[1], wanted.shape[1]) != (3, 1):
        return False
    state[_FIRST] = given.sum(1, keepdim=True)
    return True


def _repository(backbone: str) -> str:
    if backbone not in HUB:
        raise ValueError(
            f"there are no published weights of {backbone!r}; there are of {', '.join(HUB)}. "
            "Take 'none', or a file"
        )
    return HUB[backbone]


def _with_timm(detector: Any, source: PathLike) -> Loaded:
    """Let timm put the weights into its own network: it knows what older files call them."""
    name = detector.backbone.removeprefix(TIMM)
    if source == "hub" and detector.body.repository is None:
        raise ValueError(f"timm names no published weights of {name!r}; take 'none', or a file")
    path = fetch(detector.body.repository) if source == "hub" else Path(source)
    if path.suffix != ".safetensors" or not path.is_file():
        raise ValueError(f"weights for {detector.backbone} are a safetensors file, got {path}")
    state = TimmBody(name, detector.in_channels, path).state_dict()
    detector.body.load_state_dict(state)
    return Loaded(str(path), len(state), (), detector.in_channels == 1)

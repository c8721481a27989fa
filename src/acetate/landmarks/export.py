"""Detectors for elsewhere: one file that runs without acetate, for PyTorch or for ONNX runtimes."""

import contextlib
import copy
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from acetate.files import PathLike, atomic
from acetate.geometry import Frame
from acetate.landmarks.detector import HeatmapDetector, RegressionDetector

CARD = "acetate.json"
_ONNX = ("onnx", "onnxscript")


def export_detector(
    detector: HeatmapDetector | RegressionDetector,
    path: PathLike,
    size: int | Frame,
    card: Mapping[str, Any] | None = None,
) -> None:
    """Write a detector as a program of its own, for batches of any size of pictures of one size.

    Parameters
    ----------
    detector : HeatmapDetector or RegressionDetector
        As it stands; it is written for prediction, and stays as it was.
    path : path
        ``.pt2`` for PyTorch, whose ``torch.export.load(path).module()`` needs no acetate; or
        ``.onnx``, for which the packages onnx and onnxscript have to be installed.
    size : int or (int, int)
        Height and width of the pictures; one number for squares.
    card : mapping or None
        Plain values of JSON to keep in the file besides the detector's config, such as the names
        of the landmarks: ``.pt2`` has them in its extra file "acetate.json", ``.onnx`` in its
        metadata under "acetate.json".

    Raises
    ------
    ImportError
        If ``.onnx`` is asked for, and its packages are not installed.
    OSError
        If the file cannot be written.
    ValueError
        If the path ends otherwise, the size does not suit the network, or the card is no JSON.

    Notes
    -----
    The program gives what the detector's ``forward`` gives: raw heatmaps, or coordinates. There is
    no TorchScript, because PyTorch has given it up.

    Examples
    --------
    >>> import tempfile
    >>> detector = RegressionDetector(1, "light", in_channels=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_detector(detector, f"{folder}/nose.pt2", 64, {"names": ["nose"]})
    ...     program = torch.export.load(f"{folder}/nose.pt2").module()
    >>> program(torch.zeros(3, 1, 64, 64)).shape
    torch.Size([3, 1, 2])
    """
    writer = _WRITERS.get(Path(path).suffix)
    if writer is None:
        raise ValueError(f"path must end in {' or '.join(_WRITERS)}, got {str(path)!r}")
    height, width = (size, size) if isinstance(size, int) else size
    text = json.dumps({"detector": detector.config, **(card or {})}, allow_nan=False)
    # Programs take weights that lie in the usual order alone.
    still = copy.deepcopy(detector).eval().cpu().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    image = torch.zeros(2, detector.in_channels, height, width)
    with torch.no_grad():
        data = writer(still, image, text)
    with atomic(path) as file:
        file.write(data)


def _pt2(network: nn.Module, image: Tensor, card: str) -> bytes:
    batch = ({0: torch.export.Dim("batch", min=1)},)
    program = torch.export.export(network, (image,), dynamic_shapes=batch)
    file = BytesIO()
    torch.export.save(program, file, extra_files={CARD: card})
    return file.getvalue()


def _onnx(network: nn.Module, image: Tensor, card: str) -> bytes:
    for name in _ONNX:
        if find_spec(name) is None:
            raise ImportError(f"exporting to ONNX needs {name}: pip install onnx onnxscript")
    batch = ({0: torch.export.Dim("batch", min=1)},)
    with _hushed():
        program = torch.onnx.export(
            network,
            (image,),
            input_names=["images"],
            output_names=["found"],
            dynamo=True,
            dynamic_shapes=batch,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    model.metadata_props.add(key=CARD, value=card)
    data: bytes = model.SerializeToString()
    return data


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Hold back what PyTorch says about itself: a deprecation, and that there is no torchvision."""
    logger = logging.getLogger("torch.onnx._internal.exporter._registration")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r".*LeafSpec.* is deprecated", FutureWarning)
            yield
    finally:
        logger.setLevel(level)


_WRITERS: Mapping[str, Callable[[nn.Module, Tensor, str], bytes]] = {".pt2": _pt2, ".onnx": _onnx}

"""What a detector learns and how it is judged: a task of the training loop, from a preset."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from acetate.learn.extra import missing

try:
    import torch
    from torch import Tensor
except ImportError as error:
    raise missing("landmarks", error) from error

from acetate.landmarks.decode.by_name import decoder_named
from acetate.landmarks.detector import HeatmapDetector, RegressionDetector
from acetate.landmarks.losses import LOSSES, Loss, OfCoordinates, loss_named
from acetate.landmarks.presets import Preset
from acetate.landmarks.tensors.decode import decode_batch
from acetate.learn.randomness import seeded
from acetate.learn.task import Task
from acetate.names import nearest

Detector = HeatmapDetector | RegressionDetector

_BEGIN = 4  # the key of torch's stream that new weights are drawn from
_WEIGHTS = ("heatmap_weight", "coordinate_weight")  # fields of presets, and of some losses


class LandmarkTask(Task):
    """Learning to find landmarks, judged by how far they are off in pixels of the pictures.

    Parameters
    ----------
    network : HeatmapDetector or RegressionDetector
        What learns.
    preset : Preset
        Its numbers.
    card : mapping
        What is written beside the best weights while it trains.

    Notes
    -----
    Batches are those of `acetate.landmarks.data.LandmarkData`. Landmarks that are missing count
    neither in the loss nor in the error; those that the network does not find count as if it had
    said the middle of the square.
    """

    monitor = "pixel_error"

    def __init__(
        self, network: Detector, preset: Preset, card: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(network)
        self.preset = preset
        self.about = dict(card or {})

    def points_of(self, outputs: Tensor) -> Tensor:
        """Return where the network's outputs say the landmarks are: ``(N, K, 2)`` in the square."""
        raise NotImplementedError(f"{type(self).__name__} needs a method points_of(outputs)")

    def cost(self, outputs: Tensor, points: Tensor) -> Tensor:
        """Return the loss of outputs, for points ``(N, K, 2)`` in pixels of the square."""
        raise NotImplementedError(f"{type(self).__name__} needs a method cost(outputs, points)")

    def loss(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the loss of a batch."""
        return self.cost(self.network(batch["image"]), batch["points"])

    def judge(self, batch: Mapping[str, Tensor]) -> dict[str, tuple[float, float]]:
        """Return the sums of the errors in pixels of the pictures and of the loss, and counts."""
        outputs = self.network(batch["image"])
        errors = pixel_errors(self.points_of(outputs), batch, self.preset.input_size)
        there = errors.isfinite()
        size = float(len(batch["image"]))
        return {
            "pixel_error": (float(errors[there].sum()), float(there.sum())),
            "val_loss": (float(self.cost(outputs, batch["points"])) * size, size),
        }

    def line(self, metrics: Mapping[str, float]) -> str:
        """Return what an epoch says."""
        if "pixel_error" not in metrics:
            return f"loss {metrics['train_loss']:.4f}"
        return f"pixel error {metrics['pixel_error']:.1f} px, val loss {metrics['val_loss']:.4f}"

    def card(self) -> Mapping[str, Any]:
        """Return what is written beside the best weights."""
        return self.about


class HeatmapTask(LandmarkTask):
    """Learning heatmaps.

    Parameters
    ----------
    network, preset, card
        As for `LandmarkTask`; the network is a `HeatmapDetector`.

    Examples
    --------
    >>> preset = Preset(network="light", input_size=64, channels=1)
    >>> task = HeatmapTask(new_detector(preset, 2), preset)
    >>> batch = {"image": torch.zeros(1, 1, 64, 64), "points": torch.full((1, 2, 2), 32.0)}
    >>> bool(task.loss(batch) > 0)
    True
    """

    network: HeatmapDetector

    def __init__(
        self, network: HeatmapDetector, preset: Preset, card: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(network, preset, card)
        self.cost_of_maps = loss_of(preset)

    def points_of(self, outputs: Tensor) -> Tensor:
        """Return the decoded points."""
        decoder = decoder_named(self.network.decoder, self.network.sigma)
        return decode_batch(self.network.activated(outputs), decoder).points * self.network.stride

    def cost(self, outputs: Tensor, points: Tensor) -> Tensor:
        """Return the loss of raw maps."""
        return self.cost_of_maps(outputs, points / self.network.stride)


class RegressionTask(LandmarkTask):
    """Learning coordinates at once, without heatmaps.

    Parameters
    ----------
    network, preset, card
        As for `LandmarkTask`; the network is a `RegressionDetector`, and the preset's loss one of
        l1, smooth-l1 and wing, of distances in pixels of the heatmaps that there would be.

    Examples
    --------
    >>> preset = Preset(kind="regression", loss="l1", network="light", input_size=64, channels=1)
    >>> task = RegressionTask(new_detector(preset, 2), preset)
    >>> batch = {"image": torch.zeros(1, 1, 64, 64), "points": torch.full((1, 2, 2), 28.0)}
    >>> task.loss(batch).item()
    1.0
    """

    network: RegressionDetector

    def __init__(
        self, network: RegressionDetector, preset: Preset, card: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(network, preset, card)
        loss = loss_of(preset)
        if not isinstance(loss, OfCoordinates):
            known = [name for name, one in LOSSES.items() if issubclass(one, OfCoordinates)]
            raise ValueError(
                f"a regression detector learns with {', '.join(known)}, got {preset.loss!r}; "
                f"the nearest is {nearest(preset.loss, known)!r}"
            )
        self.cost_of_distances = loss.cost

    def points_of(self, outputs: Tensor) -> Tensor:
        """Return the points."""
        return outputs.double() * self.preset.input_size

    def cost(self, outputs: Tensor, points: Tensor) -> Tensor:
        """Return the mean cost of the distances of landmarks that are in the square."""
        size = self.preset.input_size
        counted = ((points >= 0) & (points <= size)).all(dim=2, keepdim=True)
        away = torch.where(counted, outputs.float() * size - points, 0.0) / self.preset.stride
        count = (2 * counted.sum()).clamp(min=1)
        return self.cost_of_distances(away.abs()).sum() / count


def new_detector(preset: Preset, landmarks: int) -> Detector:
    """Return a detector with new weights, which are a function of the preset's seed.

    Parameters
    ----------
    preset : Preset
        Its numbers.
    landmarks : int
        How many landmarks.

    Notes
    -----
    Pictures are standardised before they come to it (`acetate.landmarks.pictures.scaled`), so the
    detector's own normalisation does nothing.

    Examples
    --------
    >>> new_detector(Preset(network="light", channels=1), 3).stride
    4
    """
    with seeded(preset.seed, _BEGIN):
        if preset.kind == "regression":
            return RegressionDetector(
                landmarks, preset.network, preset.channels, mean=(0.0,), std=(1.0,)
            )
        loss = loss_of(preset)
        return HeatmapDetector(
            landmarks,
            preset.network,
            preset.upsample,
            preset.channels,
            activation=loss.activation,
            decoder=loss.decoder if preset.decoder == "auto" else preset.decoder,
            sigma=preset.sigma,
            mean=(0.0,),
            std=(1.0,),
        )


def task_of(
    detector: Detector, preset: Preset, card: Mapping[str, Any] | None = None
) -> LandmarkTask:
    """Return the task of a detector.

    Examples
    --------
    >>> preset = Preset(network="light", channels=1)
    >>> type(task_of(new_detector(preset, 3), preset)).__name__
    'HeatmapTask'
    """
    if isinstance(detector, RegressionDetector):
        return RegressionTask(detector, preset, card)
    return HeatmapTask(detector, preset, card)


def loss_of(preset: Preset) -> Loss:
    """Return the loss that a preset names, with those of its numbers that the loss has.

    Raises
    ------
    ValueError
        If the preset weighs a part that the loss does not have.

    Examples
    --------
    >>> loss_of(Preset(loss="heatmap-mse", sigma=2.5))
    HeatmapMse(sigma=2.5)
    """
    known = {each.name for each in fields(LOSSES[preset.loss])}  # type: ignore[arg-type]
    weights = {name: getattr(preset, name) for name in _WEIGHTS}
    given = {name: weight for name, weight in weights.items() if weight is not None}
    for name in given:
        if name not in known:
            raise ValueError(
                f"the loss {preset.loss!r} has no {name}, got {given[name]:g}; leave it out, or "
                "choose a loss that weighs its parts, such as 'readme'"
            )
    return loss_named(preset.loss, **given, **({"sigma": preset.sigma} if "sigma" in known else {}))


def pixel_errors(points: Tensor, batch: Mapping[str, Tensor], size: int) -> Tensor:
    """Return the distances from the truth in pixels of the pictures; NaN where it is missing.

    Parameters
    ----------
    points : torch.Tensor
        ``(N, K, 2)`` in pixels of the square; NaN counts as its middle.
    batch : mapping
        With ``truth`` and ``matrix``.
    size : int
        Side of the square.

    Examples
    --------
    >>> batch = {"truth": torch.tensor([[[4.0, 3.0]]]), "matrix": torch.eye(2, 3)[None]}
    >>> pixel_errors(torch.zeros(1, 1, 2), batch, 8).tolist()
    [[5.0]]
    """
    matrix = batch["matrix"].to(torch.float64)
    middle = torch.full_like(points, size / 2)
    found = torch.where(points.isnan(), middle, points).to(torch.float64)
    moved = torch.einsum("nij,nkj->nki", matrix[:, :, :2], found) + matrix[:, None, :, 2]
    return torch.linalg.vector_norm(moved - batch["truth"].to(torch.float64), dim=2)

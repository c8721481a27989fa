"""Detectors: networks from pictures to heatmaps, or at once to coordinates, of landmarks."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from acetate.learn.extra import missing

try:
    import torch
    from torch import Tensor, nn
except ImportError as error:
    raise missing("a landmark detector", error) from error

from acetate.landmarks.decode import decoder_named
from acetate.landmarks.network.build import build_body
from acetate.landmarks.network.head import HighResolutionHead, RegressionHead
from acetate.landmarks.network.shapes import check_state
from acetate.landmarks.tensors.decode import decode_batch
from acetate.names import nearest

ACTIVATIONS = ("none", "softmax")
# Of ImageNet's pictures, for which published weights were made; and the mean over the channels.
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class _Detector(nn.Module):
    """What detectors share: a body, the normalisation of pictures, checks, and a plain config."""

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        num_landmarks: int,
        backbone: str,
        upsample: int,
        in_channels: int,
        mean: Sequence[float] | None,
        std: Sequence[float] | None,
    ) -> None:
        super().__init__()
        _check_counts(num_landmarks, in_channels)
        self.num_landmarks, self.in_channels = num_landmarks, in_channels
        self.backbone = backbone
        body, self._enlarge = build_body(backbone, in_channels, upsample)
        self.body = body.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        means, stds = _norms(mean, in_channels, _MEAN), _norms(std, in_channels, _STD)
        if min(stds) <= 0:
            raise ValueError(f"std must be positive, got {stds}")
        self.register_buffer("mean", torch.tensor(means).reshape(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(stds).reshape(1, -1, 1, 1))
        self.config: dict[str, Any] = {
            "kind": type(self).__name__,
            "num_landmarks": num_landmarks,
            "backbone": backbone,
            "upsample": upsample,
            "in_channels": in_channels,
            "mean": means,
            "std": stds,
        }

    def maps(self, images: Tensor) -> list[Tensor]:
        """Return the body's maps of pictures ``(N, C, H, W)``, which are checked."""
        self._check_images(images)
        normalised = (images - self.mean) / self.std
        maps: list[Tensor] = self.body(normalised.contiguous(memory_format=torch.channels_last))
        return maps

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> Any:
        """Take weights, as `torch.nn.Module.load_state_dict` does.

        Raises
        ------
        ValueError
            If they are of another number of landmarks, or another network: it names the key and
            both shapes.
        """
        self.check_state(state_dict, strict)
        return super().load_state_dict(state_dict, strict, assign)

    def check_state(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Raise unless weights have the names and shapes of the detector's own."""
        self._check_count(state)
        check_state(state, self.state_dict(), type(self).__name__, strict)

    def _outputs(self) -> int:
        """Return the outputs of the last layer for each landmark."""
        raise NotImplementedError

    def _check_count(self, state: Mapping[str, Any]) -> None:
        last = state.get("head.final.bias")
        if isinstance(last, Tensor) and len(last) != self.num_landmarks * self._outputs():
            count = len(last) // self._outputs()
            raise ValueError(
                f"the weights are of a detector of {count} landmarks, this one has "
                f"{self.num_landmarks}; build it with num_landmarks={count}"
            )

    def _check_images(self, images: Tensor) -> None:
        if images.ndim != 4 or images.shape[1] != self.in_channels:
            raise ValueError(
                f"pictures must be (N, {self.in_channels}, H, W), got {tuple(images.shape)}; "
                f"this detector was built with in_channels={self.in_channels}"
            )
        if not images.is_floating_point():
            raise TypeError(f"pictures must be floats, white at 1.0, got {images.dtype}")
        height, width = images.shape[-2:]
        least = self.body.reduction
        if min(height, width) < least:
            raise ValueError(
                f"pictures of {height} × {width} px are smaller than {self.backbone} takes, "
                f"{least} × {least}; letterbox or enlarge them"
            )
        if height % least or width % least:
            raise ValueError(
                f"height and width must be multiples of {least} for {self.backbone}, got "
                f"{height} × {width}; letterbox or pad the pictures"
            )


class HeatmapDetector(_Detector):
    """A detector that gives a heatmap of every landmark.

    Parameters
    ----------
    num_landmarks : int
        Landmarks, at least one.
    backbone : str
        One of `acetate.landmarks.network.NETWORKS`: HRNet, "light", or ``timm:NAME``.
    upsample : {1, 2, 4}
        1 gives heatmaps of a quarter of the picture's size (768 px: 192), 2 of half, 4 of all of
        it.
    in_channels : int
        Channels of the pictures.
    width : int
        Channels of the head where the resolutions are joined.
    activation : {"none", "softmax"}
        How raw maps become heatmaps, as the loss that taught them says.
    decoder : str
        How heatmaps become points: one of `acetate.landmarks.decode.DECODERS`.
    sigma : float
        Of the peaks in pixels of the heatmap, for decoders that fit them.
    mean, std : sequence of float or None
        What is taken from each channel of a picture in [0, 1], and what it is divided by; one
        number for all channels or one for each. None takes those of ImageNet, their mean for
        other than three channels.

    Raises
    ------
    ImportError
        If the network is one of timm's, and timm cannot be imported.
    TypeError, ValueError
        If a parameter is of another kind, out of range, or not one of its names.

    Notes
    -----
    Weights are new; `acetate.landmarks.network.weights.load_weights` brings those of ImageNet.

    Examples
    --------
    >>> detector = HeatmapDetector(3, "light", in_channels=1).eval()
    >>> detector(torch.zeros(1, 1, 64, 96)).shape
    torch.Size([1, 3, 16, 24])
    >>> again = build_detector(detector.config)
    >>> again.stride
    4
    """

    def __init__(
        self,
        num_landmarks: int,
        backbone: str = "hrnet_w18_small",
        upsample: int = 1,
        in_channels: int = 3,
        *,
        width: int = 64,
        activation: str = "none",
        decoder: str = "log-quadratic",
        sigma: float = 3.0,
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
    ) -> None:
        super().__init__(num_landmarks, backbone, upsample, in_channels, mean, std)
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation is one of {', '.join(ACTIVATIONS)}, got {activation!r}")
        decoder_named(decoder, sigma)
        self.head = HighResolutionHead(self.body.channels, num_landmarks, width, self._enlarge)
        self.stride = self.body.strides[0] // self._enlarge
        self.activation, self.decoder, self.sigma = activation, decoder, sigma
        self.config |= {
            "width": width,
            "activation": activation,
            "decoder": decoder,
            "sigma": sigma,
        }

    def forward(self, images: Tensor) -> Tensor:
        """Return raw heatmaps.

        Parameters
        ----------
        images : torch.Tensor
            ``(N, C, H, W)`` floats, white at 1.0; H and W multiples of the body's reduction (32
            for HRNet).

        Returns
        -------
        torch.Tensor
            ``(N, K, H / stride, W / stride)``.
        """
        heatmaps: Tensor = self.head(self.maps(images))
        return heatmaps

    def activated(self, heatmaps: Tensor) -> Tensor:
        """Return heatmaps of raw ones ``(N, K, h, w)``: the same, or a softmax over each map.

        The softmax is scaled so that a normal distribution of the detector's sigma peaks at 1:
        a flatter map peaks lower, and is less sure.
        """
        if self.activation == "none":
            return heatmaps
        chances = torch.softmax(heatmaps.float().flatten(-2), -1).reshape(heatmaps.shape)
        return chances * (2 * math.pi * self.sigma**2)

    def extract_coordinates(self, heatmaps: Tensor) -> Tensor:
        """Return where the landmarks are, as parts of the picture's width and height.

        Parameters
        ----------
        heatmaps : torch.Tensor
            Raw ones, as the detector gives them: ``(N, K, h, w)``.

        Returns
        -------
        torch.Tensor
            ``(N, 2 * K)`` float32 in [0, 1]: x1, y1, x2, y2, and so on. NaN where nothing was
            found: a map without a value above 0.

        Raises
        ------
        ValueError
            If the heatmaps have another rank or number of landmarks.
        """
        if heatmaps.ndim != 4 or heatmaps.shape[1] != self.num_landmarks:
            raise ValueError(
                f"heatmaps must be (N, {self.num_landmarks}, h, w), got {tuple(heatmaps.shape)}"
            )
        found = decode_batch(self.activated(heatmaps), self.decoder, sigma=self.sigma)
        height, width = heatmaps.shape[-2:]
        sides = torch.tensor((width, height), device=heatmaps.device)
        return (found.points / sides).clamp(0, 1).flatten(1).float()

    def _outputs(self) -> int:
        return 1


class RegressionDetector(_Detector):
    """A detector that says coordinates at once: the foil of heatmaps.

    Parameters
    ----------
    num_landmarks : int
        Landmarks, at least one.
    backbone : str
        As for `HeatmapDetector`; the same bodies.
    in_channels : int
        Channels of the pictures.
    hidden : int
        Units between the averaged maps and the coordinates.
    grid : int
        The maps are averaged over so many fields along each side; 1 averages over the picture.
    mean, std : sequence of float or None
        As for `HeatmapDetector`.

    Examples
    --------
    >>> RegressionDetector(2, "light", in_channels=1).eval()(torch.zeros(1, 1, 64, 64)).tolist()
    [[[0.5, 0.5], [0.5, 0.5]]]
    """

    def __init__(
        self,
        num_landmarks: int,
        backbone: str = "hrnet_w18_small",
        in_channels: int = 3,
        *,
        hidden: int = 256,
        grid: int = 4,
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
    ) -> None:
        super().__init__(num_landmarks, backbone, 1, in_channels, mean, std)
        self.head = RegressionHead(self.body.channels, 2 * num_landmarks, hidden, grid)
        del self.config["upsample"]
        self.config |= {"hidden": hidden, "grid": grid}

    def forward(self, images: Tensor) -> Tensor:
        """Return coordinates ``(N, K, 2)`` in [0, 1]: x and y as parts of width and height."""
        coordinates: Tensor = self.head(self.maps(images))
        return coordinates.reshape(-1, self.num_landmarks, 2)

    def _outputs(self) -> int:
        return 2


class HRNetP1P2HeatmapDetector(HeatmapDetector):
    """The two ends of a ruler in an X-ray, P1 and P2: a `HeatmapDetector` by its readme's name.

    Parameters
    ----------
    num_landmarks : int
        Landmarks.
    output_size : int
        Side of the heatmaps of a picture of `image_size`.
    image_size : int
        Side of the pictures; 1, 2 or 4 times `output_size`.
    **options
        As for `HeatmapDetector`.

    Examples
    --------
    >>> model = HRNetP1P2HeatmapDetector(num_landmarks=2, output_size=64, image_size=128).eval()
    >>> model(torch.zeros(1, 3, 128, 128)).shape
    torch.Size([1, 2, 64, 64])
    """

    def __init__(
        self, num_landmarks: int = 2, output_size: int = 192, image_size: int = 768, **options: Any
    ) -> None:
        strides = {output_size * stride: stride for stride in (1, 2, 4)}
        if image_size not in strides:
            raise ValueError(
                f"output_size must be a quarter, half or all of image_size {image_size}, got "
                f"{output_size}"
            )
        super().__init__(num_landmarks, upsample=4 // strides[image_size], **options)
        self.config["kind"] = HeatmapDetector.__name__


DETECTORS: Mapping[str, type[HeatmapDetector] | type[RegressionDetector]] = {
    each.__name__: each for each in (HeatmapDetector, RegressionDetector)
}


def build_detector(config: Mapping[str, Any]) -> HeatmapDetector | RegressionDetector:
    """Return a detector with new weights from the `config` of another one.

    Parameters
    ----------
    config : mapping
        Plain values: ``kind``, and the parameters of the class of that name.

    Raises
    ------
    ValueError
        If the kind or a parameter is unknown, or a value is none.

    Examples
    --------
    >>> detector = RegressionDetector(2, "light")
    >>> build_detector(detector.config).config == detector.config
    True
    """
    values = dict(config)
    kind = values.pop("kind", None)
    if kind not in DETECTORS:
        near = nearest(kind, DETECTORS)
        raise ValueError(f"there is no kind of detector {kind!r}; the nearest is {near!r}")
    try:
        return DETECTORS[kind](**values)
    except TypeError as error:
        raise ValueError(f"no {kind} has this config: {error}") from error


def _check_counts(num_landmarks: int, in_channels: int) -> None:
    for name, count in (("num_landmarks", num_landmarks), ("in_channels", in_channels)):
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise ValueError(f"{name} must be a whole number from 1, got {count!r}")


def _norms(
    given: Sequence[float] | None, channels: int, usual: tuple[float, float, float]
) -> list[float]:
    """Return a number for each channel."""
    if given is None:
        given = usual if channels == 3 else (sum(usual) / 3,)
    values = [float(each) for each in given]
    if len(values) not in (1, channels):
        raise ValueError(f"mean and std have 1 or {channels} numbers, got {len(values)}")
    return values * channels if len(values) == 1 else values

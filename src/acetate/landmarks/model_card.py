"""The card in a model's file: what it finds, how to build it again, what it learned, how well."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from acetate.files import PathLike, printable
from acetate.learn.model_file import read_card

KIND = "landmarks"
_SIDES = (32, 8192)  # of the square in pixels, as presets have them
_MOST = 2**16  # no count in a detector's config is larger


@dataclass(frozen=True)
class ModelCard:
    """What is known of a landmark model, in plain values.

    Parameters
    ----------
    names : tuple of str
        The landmarks, in the order of its outputs.
    mirror : mapping of str to str
        Names that change places in a mirror image; empty where that is not known.
    detector : mapping
        The network's config: see `acetate.landmarks.detector.build_detector`.
    input_size : int
        Side of the square that pictures are brought into.
    preset : mapping
        All numbers of the training.
    training : mapping
        How many pictures it learned from and was judged by, and how the training went.
    scores : mapping
        The errors on the pictures that it was judged by; empty where there were none.
    spacing : mapping
        Least, median and largest mm per pixel of the training pictures; empty where not known.
    covariance_scale : float
        What covariances of the decoder are multiplied by, so that half of the points that it was
        judged by lie where half of them should.
    acetate : str
        The version that wrote it.

    Examples
    --------
    >>> card = ModelCard(("nose",), {}, {"kind": "HeatmapDetector"}, 256)
    >>> ModelCard.from_dict(card.to_dict()) == card
    True
    """

    names: tuple[str, ...]
    mirror: Mapping[str, str]
    detector: Mapping[str, Any]
    input_size: int
    preset: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)
    spacing: Mapping[str, float] = field(default_factory=dict)
    covariance_scale: float = 1.0
    acetate: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the card as values of JSON."""
        return {"kind": KIND, **asdict(self), "names": list(self.names)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], source: PathLike = "the card") -> Self:
        """Return the card of what `to_dict` gave.

        Parameters
        ----------
        values : mapping
            Of JSON.
        source : path
            What an error calls it.

        Raises
        ------
        ValueError
            If it is the card of something else, lacks a part, or a part is of another kind or out
            of range.
        """
        rest = dict(values)
        kind = rest.pop("kind", None)
        if kind != KIND:
            raise ValueError(
                f"{printable(source)} is no landmark model: its kind is {kind!r}; "
                "`acetate landmarks train` makes them"
            )
        known = {name: rest[name] for name in cls.__dataclass_fields__ if name in rest}
        for name in ("names", "mirror", "detector", "input_size"):
            if name not in known:
                raise ValueError(f"the card of {printable(source)} lacks a part: {name!r}")
        try:
            _check(known)
        except ValueError as error:
            raise ValueError(f"the card of {printable(source)} is damaged: {error}") from error
        return cls(**{**known, "names": tuple(known["names"])})

    @classmethod
    def read(cls, path: PathLike) -> Self:
        """Return the card of a model's file, without reading its weights.

        Raises
        ------
        ValueError
            If the file is no landmark model.
        OSError
            If it cannot be read.
        """
        return cls.from_dict(read_card(path), path)


def _check(card: Mapping[str, Any]) -> None:
    """Raise for what a card of a stranger may hold instead of its parts."""
    names = _checked_names(card["names"])
    for part in ("mirror", "detector", "preset", "training", "scores", "spacing"):
        if not isinstance(card.get(part, {}), Mapping):
            raise ValueError(f"{part} is no table, got {card[part]!r}")
    for name, other in card["mirror"].items():
        if name not in names or other not in names:
            raise ValueError(f"mirror has {name!r} and {other!r}, which are not both landmarks")
    side = card["input_size"]
    if not _is_whole(side) or not _SIDES[0] <= side <= _SIDES[1]:
        raise ValueError(f"input_size must be a whole number from 32 to 8192, got {side!r}")
    scale = card.get("covariance_scale", 1.0)
    if isinstance(scale, bool) or not isinstance(scale, float | int) or not 0 <= scale < 1e300:
        raise ValueError(f"covariance_scale must be a number from 0, got {scale!r}")
    _check_detector(card["detector"], len(names))


def _checked_names(names: Any) -> list[str]:
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"names are no list of texts, got {names!r}")
    if not names or len(set(names)) < len(names):
        raise ValueError(f"names must be there, each once, got {', '.join(names) or 'none'}")
    return list(names)


def _check_detector(config: Mapping[str, Any], landmarks: int) -> None:
    for name in ("kind", "backbone"):
        if not isinstance(config.get(name, ""), str):
            raise ValueError(f"the detector's {name} must be a name, got {config[name]!r}")
    for name, value in config.items():
        if _is_whole(value) and not 0 < value <= _MOST:
            raise ValueError(f"the detector's {name} must lie in [1, {_MOST}], got {value}")
    count = config.get("num_landmarks", landmarks)
    if count != landmarks:
        raise ValueError(f"the detector has {count!r} landmarks, the names are {landmarks}")
    if config.get("in_channels", 3) not in (1, 3):
        raise ValueError(f"the detector's in_channels is 1 or 3, got {config['in_channels']!r}")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

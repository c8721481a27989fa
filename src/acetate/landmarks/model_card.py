"""The card in a model's file: what it finds, how to build it again, what it learned, how well."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from acetate.files import PathLike, printable
from acetate.learn.model_file import read_card

KIND = "landmarks"


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
            If it is the card of something else, or lacks a part.
        """
        rest = dict(values)
        kind = rest.pop("kind", None)
        if kind != KIND:
            raise ValueError(
                f"{printable(source)} is no landmark model: its kind is {kind!r}; "
                "`acetate landmarks train` makes them"
            )
        known = {name: rest[name] for name in cls.__dataclass_fields__ if name in rest}
        try:
            card = cls(**{**known, "names": tuple(known["names"])})
        except (KeyError, TypeError) as error:
            raise ValueError(f"the card of {printable(source)} lacks a part: {error}") from error
        return card

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

"""What a model sees of a pixel: features of the picture, and of what an earlier model said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.segment.features import FeatureBank
from acetate.segment.features.kinds import Values
from acetate.segment.features.pictures import Planes
from acetate.segment.features.pyramid import Box
from acetate.segment.pixels.labels import Labelled

# Of the probabilities of an earlier model: what stands here, around and along lines.
CONTEXT: dict[str, tuple[float, ...]] = {
    "gaussian": (1.0, 2.0, 4.0, 8.0, 16.0),
    "deviation": (2.0, 4.0, 8.0),
    "median": (2.0, 4.0),
    "ring": (2.0, 4.0, 8.0),
    "line": (2.0, 4.0),
}


def context_bank(
    classes: int, kinds: Mapping[str, Sequence[float]] = MappingProxyType(CONTEXT)
) -> FeatureBank:
    """Return the bank for probabilities of an earlier model: of all classes but the first.

    Examples
    --------
    >>> len(context_bank(2).get_feature_names_out())
    28
    """
    bank = FeatureBank(kinds)
    bank.restore((Values(0.0, 1.0),) * (classes - 1))
    return bank


@dataclass(frozen=True, eq=False)
class Look:
    """The features of one round, tile by tile.

    Parameters
    ----------
    bank : FeatureBank
        Of the picture, fitted.
    tile : int
        Side of the tiles.
    context : FeatureBank or None
        Of the probabilities of an earlier model; None in the first round.

    Examples
    --------
    >>> look = Look(FeatureBank(("gaussian",), (1,)).fit(np.eye(4)), 64, context_bank(2))
    >>> len(look.names), look.names[:2]
    (29, ['c0_gaussian_s1', 'p1_gaussian_s1'])
    """

    bank: FeatureBank
    tile: int
    context: FeatureBank | None = None

    @property
    def names(self) -> list[str]:
        """Of the features: p1, p2 and so on are probabilities of the classes."""
        names = list(self.bank.get_feature_names_out())
        if self.context is not None:
            likely = [f"p{n + 1}" for n in range(self.context.n_channels_in_)]
            names += list(self.context.get_feature_names_out(likely))
        return [str(name) for name in names]

    def rows(
        self, pictures: Sequence[Array], before: Sequence[Planes | None], pixels: Labelled
    ) -> Planes:
        """Return the features of labelled pixels; only tiles with some are computed.

        Parameters
        ----------
        pictures : sequence of numpy.ndarray
            ``(H, W, C)``.
        before : sequence of numpy.ndarray or None
            For each what the earlier model said, ``(K, H, W)``.
        pixels : Labelled
            Which.

        Returns
        -------
        numpy.ndarray
            ``(n, F)`` float32.
        """
        rows = np.empty((len(pixels.label), len(self.names)), np.float32)
        for number, (picture, said) in enumerate(zip(pictures, before, strict=True)):
            normal = self.bank.normal_of(picture)
            for box in self._boxes(picture.shape):
                inside = np.flatnonzero((pixels.picture == number) & pixels.within(box))
                if len(inside):
                    planes = self._planes(picture, said, box, normal)
                    places = pixels.row[inside] - box[0], pixels.column[inside] - box[1]
                    rows[inside] = planes[:, places[0], places[1]].T
        return rows

    def maps(self, picture: Array, before: Planes | None, models: Sequence[Any]) -> list[Planes]:
        """Return probabilities ``(K, H, W)`` by each of some models.

        Parameters
        ----------
        picture : numpy.ndarray
            ``(H, W, C)``.
        before : numpy.ndarray or None
            What the earlier model said, ``(K, H, W)``.
        models : sequence
            Fitted on `rows`; all know the same classes.
        """
        shape = (len(models[0].classes_), *picture.shape[:2])
        maps = [np.empty(shape, np.float32) for _ in models]
        normal = self.bank.normal_of(picture)
        for box in self._boxes(picture.shape):
            planes = self._planes(picture, before, box, normal)
            flat = planes.reshape(len(planes), -1).T
            for model, out in zip(models, maps, strict=True):
                found = np.asarray(model.predict_proba(flat), np.float32).T
                out[:, box[0] : box[2], box[1] : box[3]] = found.reshape(-1, *planes.shape[1:])
        return maps

    def _boxes(self, shape: tuple[int, ...]) -> Iterator[Box]:
        step = 1 if self.context is None else self.context.step
        return self.bank.boxes(shape, -(-self.tile // step) * step)

    def _planes(self, picture: Array, before: Planes | None, box: Box, normal: Array) -> Planes:
        planes = self.bank.transform_box(picture, box, normal)
        if self.context is None or before is None:
            return planes
        around = self.context.transform_box(np.moveaxis(before[1:], 0, -1), box)
        return np.concatenate([planes, around])

"""Models at work: points in pixels of the picture, whatever its size and however often seen."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from spots import copies, write_spots

from acetate import images
from acetate.landmarks.combine import combined, mapped_covariance
from acetate.landmarks.detector import HeatmapDetector
from acetate.landmarks.found import LandmarkPrediction, landmark_set
from acetate.landmarks.letterbox import Letterbox
from acetate.landmarks.model_card import ModelCard
from acetate.landmarks.overlay import draw_landmarks
from acetate.landmarks.prediction import LandmarkEnsemble, LandmarkModel
from acetate.landmarks.presets import PRESETS
from acetate.landmarks.tasks import new_detector
from acetate.landmarks.tensors import heatmap_targets
from acetate.landmarks.training import Training, train_landmarks
from acetate.landmarks.views import Views
from acetate.learn.model_file import save_model
from acetate.sheets.landmark_set import LandmarkSet

TINY = replace(PRESETS["small"], input_size=64, batch_size=4, epochs=40, learning_rate=5e-3)
MIRROR = {"left": "right", "right": "left"}


class Oracle(HeatmapDetector):
    """A detector that knows where the landmarks lie in the square."""

    def __init__(self, points: np.ndarray) -> None:
        super().__init__(len(points), "light", in_channels=1, sigma=2.0, mean=(0.0,), std=(1.0,))
        self.points = torch.from_numpy(points)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the targets themselves."""
        side = images.shape[-1] // self.stride
        maps = heatmap_targets(self.points / self.stride, (side, side), 2.0)
        return maps[None].expand(len(images), -1, -1, -1)


def untrained(landmarks: int = 3, seed: int = 0, **changes: object) -> LandmarkModel:
    preset = replace(TINY, seed=seed, **changes)  # type: ignore[arg-type]
    detector = new_detector(preset, landmarks)
    torch.nn.init.normal_(detector.head.final.weight, generator=torch.Generator().manual_seed(seed))
    names = ("left", "right", "top", "more")[:landmarks]
    card = ModelCard(names, MIRROR, detector.config, preset.input_size)
    return LandmarkModel(detector, card)


@cache
def learned() -> tuple[LandmarkModel, LandmarkSet, list[np.ndarray]]:
    """Return a model of four pictures, what it learned, and the pictures."""
    with TemporaryDirectory() as place:
        marks = write_spots(Path(place), 4)
        judged = copies(Path(place), marks)
        trained = train_landmarks(marks, place, Training(TINY, augmentation=None), judged)
        return trained.model, marks, [images.read(Path(place) / name) for name in marks.pictures]


@given(
    st.integers(20, 900),
    st.integers(20, 900),
    st.lists(st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)), min_size=1, max_size=4),
)
def test_points_are_those_of_the_picture(
    height: int, width: int, shares: list[tuple[float, float]]
) -> None:
    if max(height, width) > 15 * min(height, width):
        return
    points = np.array(shares) * (width, height)
    detector = Oracle(Letterbox((height, width), 128).to_square(points))
    names = tuple(f"p{k}" for k in range(len(points)))
    model = LandmarkModel(detector, ModelCard(names, {}, detector.config, 128))
    found = model.predict(np.zeros((height, width), np.uint8))
    np.testing.assert_allclose(found.points, points, atol=0.02)
    assert found.shape == (height, width)


def test_a_model_finds_what_it_learned_and_says_so() -> None:
    model, marks, pictures = learned()
    found = model.predict(pictures)
    points = np.stack([each.points for each in found])
    assert np.linalg.norm(points - marks.points, axis=2).mean() < 2
    assert all(each.confidence.min() > 0.02 for each in found)
    for each in found:
        values = np.linalg.eigvalsh(each.covariance)
        assert (values > 0).all()
        assert np.sqrt(values.max()) < 8


def test_a_list_gives_what_single_pictures_give() -> None:
    model, _, pictures = learned()
    several = model.predict(pictures)
    for picture, one in zip(pictures, several, strict=True):
        np.testing.assert_array_equal(model.predict(picture).points, one.points)


def test_floats_16_bits_and_colours_are_the_same_picture() -> None:
    model, _, (picture, *_) = learned()
    plain = model.predict(picture).points
    for other in (np.stack([picture] * 3, -1), picture[:, :, None]):
        np.testing.assert_allclose(model.predict(other).points, plain, atol=0.05)
    for other in (picture / 255, picture.astype(np.uint16) * 16):
        np.testing.assert_allclose(model.predict(other).points, plain, atol=1.0)


@pytest.mark.parametrize("kind", ["heatmaps", "regression"])
def test_the_mirror_image_of_a_picture_gives_mirrored_points(kind: str) -> None:
    loss = "l1" if kind == "regression" else "heatmap-mse"
    model = untrained(kind=kind, loss=loss, decoder="auto")
    rng = np.random.default_rng(0)
    for shape in ((70, 51), (33, 64), (128, 128)):
        picture = rng.integers(0, 255, shape, dtype=np.uint8)
        views = Views(flip=True)
        plain = model.predict(picture, views).points
        mirrored = model.predict(np.ascontiguousarray(picture[:, ::-1]), views).points
        expected = plain[[1, 0, 2]] * (-1, 1) + (shape[1], 0)
        np.testing.assert_allclose(mirrored, expected, atol=0.02)


def test_zooms_look_at_the_same_picture() -> None:
    model, _, pictures = learned()
    plain = model.predict(pictures[0])
    zoomed = model.predict(pictures[0], Views(zooms=(1.0, 0.97, 1.03)))
    np.testing.assert_allclose(zoomed.points, plain.points, atol=3)
    one = model.predict(pictures[0], Views(zooms=(1.0,)))
    np.testing.assert_array_equal(one.points, plain.points)


def test_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    model, _, pictures = learned()
    model.save(tmp_path / "a.safetensors")
    again = LandmarkModel.load(tmp_path / "a.safetensors")
    assert again.card == ModelCard.from_dict(model.card.to_dict())
    one, other = model.predict(pictures[0]), again.predict(pictures[0])
    np.testing.assert_array_equal(one.points, other.points)
    np.testing.assert_array_equal(one.covariance, other.covariance)


def test_ensembles_average() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (60, 80), dtype=np.uint8)
    model = untrained(seed=1, loss="cross-entropy-l1")
    alone, twice = model.predict(picture), LandmarkEnsemble([model, model]).predict(picture)
    np.testing.assert_allclose(twice.points, alone.points, atol=1e-6)
    # Other grids: points are joined, and how far they are apart is in the covariance.
    larger = untrained(seed=2, input_size=128, loss="cross-entropy-l1")
    mixed, other = LandmarkEnsemble([model, larger]).predict(picture), larger.predict(picture)
    low, high = np.minimum(alone.points, other.points), np.maximum(alone.points, other.points)
    assert ((mixed.points >= low - 1e-9) & (mixed.points <= high + 1e-9)).all()
    apart = np.linalg.norm(alone.points - other.points, axis=1)
    spread = np.trace(mixed.covariance, axis1=1, axis2=2)
    known = np.isfinite(spread) & (apart > 1)
    assert known.any()
    assert (spread[known] > 0.01).all()


def test_what_none_found_is_missing() -> None:
    nothing = np.full((2, 1, 2), np.nan)
    points, _, sure = combined(nothing, np.full((2, 1, 2, 2), np.nan), np.zeros((2, 1)))
    assert np.isnan(points).all()
    assert sure.tolist() == [0.0]
    half = np.array([[[1.0, 2.0]], [[np.nan, np.nan]]])
    points, spread, sure = combined(half, np.tile(np.eye(2), (2, 1, 1, 1)), np.ones((2, 1)))
    assert points.tolist() == [[1.0, 2.0]]
    assert spread.tolist() == np.eye(2)[None].tolist()
    assert sure.tolist() == [0.5]


def test_covariances_go_through_linear_maps() -> None:
    rng = np.random.default_rng(0)
    matrix = np.array([[2.0, 0.5], [0.0, 3.0]])
    noise = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 2]], 100_000)
    expected = np.cov((noise @ matrix.T).T)
    found = mapped_covariance(np.array([[1, 0.3], [0.3, 2]]), matrix)
    np.testing.assert_allclose(found, expected, rtol=0.03)


@pytest.mark.parametrize("shape", [(96, 64), (50, 90), (300, 200)])
def test_heatmaps_lie_on_the_picture(shape: tuple[int, int]) -> None:
    point = np.array([[shape[1] * 0.7, shape[0] * 0.35]])
    detector = Oracle(Letterbox(shape, 128).to_square(point))
    model = LandmarkModel(detector, ModelCard(("p",), {}, detector.config, 128))
    found = model.predict(np.zeros(shape, np.uint8), heatmaps=True)
    sheet = found.heatmaps()
    peak = np.unravel_index(sheet.resize(shape).arr_0to1[:, :, 0].argmax(), shape)
    assert np.hypot(peak[1] + 0.5 - point[0, 0], peak[0] + 0.5 - point[0, 1]) < max(shape) / 50
    with pytest.raises(ValueError, match="pass heatmaps=True"):
        model.predict(np.zeros(shape, np.uint8)).heatmaps()


def test_overlays_show_crosses_where_the_points_are() -> None:
    found = LandmarkPrediction(
        ("a", "b"),
        np.array([[100.5, 50.5], [np.nan, np.nan]]),
        np.ones(2),
        np.full((2, 2, 2), np.nan),
        (400, 400),
    )
    drawn = draw_landmarks(np.zeros((400, 400), np.uint8), found, np.full((2, 2), 300.5))
    red = np.argwhere((drawn[:, :, 2] > 150) & (drawn[:, :, 1] < 120))
    np.testing.assert_allclose(red.mean(axis=0), [50, 100], atol=1.0)
    assert drawn[300, 300, 1] > 150  # the truth
    with pytest.raises(ValueError, match=r"landmarks of a picture of \(400, 400\)"):
        draw_landmarks(np.zeros((4, 4), np.uint8), found)


def test_predictions_become_a_set() -> None:
    model = untrained()
    pictures = {"a.png": np.zeros((40, 60), np.uint8), "b.png": np.full((64, 64), 9, np.uint8)}
    found = {name: model.predict(picture) for name, picture in pictures.items()}
    marks = landmark_set(found, model.card.names, {"a.png": 0.1})
    assert marks.pictures == ("a.png", "b.png")
    assert marks.shapes == ((40, 60), (64, 64))
    assert marks.spacing[0] == 0.1
    np.testing.assert_array_equal(marks.points[1], found["b.png"].points)


def test_bad_pictures() -> None:
    model = untrained()
    with pytest.raises(ValueError, match="this one is 1 x 90"):
        model.predict(np.zeros((1, 90), np.uint8))
    with pytest.raises(ValueError, match="NaN"):
        model.predict(np.full((20, 20), np.nan))
    with pytest.raises(ValueError, match="gray or RGB"):
        model.predict(np.zeros((20, 20, 5), np.uint8))
    with pytest.raises(TypeError, match="NumPy array"):
        model.predict(["a.png"])


def test_bad_views_and_ensembles() -> None:
    model = untrained()
    blind = LandmarkModel(model.detector, replace(model.card, mirror={}))
    with pytest.raises(ValueError, match="does not know which landmarks change names"):
        blind.predict(np.zeros((20, 20), np.uint8), Views(flip=True))
    with pytest.raises(ValueError, match="zooms are one or more numbers above 0"):
        Views(zooms=(0.0,))
    with pytest.raises(ValueError, match="at least one model"):
        LandmarkEnsemble([])
    with pytest.raises(ValueError, match="got left, right, top and left, right"):
        LandmarkEnsemble([model, untrained(2)])
    with pytest.raises(ValueError, match="the detector has 3 landmarks, the card names 2"):
        LandmarkModel(model.detector, untrained(2).card)


def test_files_that_are_no_models(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing")
    with pytest.raises(ValueError, match=r"a\.txt is no network"):
        LandmarkModel.load(tmp_path / "a.txt")
    save_model(tmp_path / "b.safetensors", {"w": torch.ones(1)}, {"kind": "segmentation"})
    with pytest.raises(ValueError, match="is no landmark model: its kind is 'segmentation'"):
        LandmarkModel.load(tmp_path / "b.safetensors")
    save_model(tmp_path / "c.safetensors", {"w": torch.ones(1)}, {"kind": "landmarks"})
    with pytest.raises(ValueError, match="lacks a part: 'names'"):
        LandmarkModel.load(tmp_path / "c.safetensors")
    with pytest.raises(FileNotFoundError):
        LandmarkModel.load(tmp_path / "absent.safetensors")

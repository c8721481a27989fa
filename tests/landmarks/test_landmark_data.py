"""The data set of a detector: pictures and points move together, the same for the same key."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spots import write_spots

from acetate import images
from acetate.heat import locate_peak
from acetate.landmarks.augmentation import Augmentation
from acetate.landmarks.data import LandmarkData
from acetate.landmarks.pictures import as_bytes, find_files, read_picture
from acetate.sheets.landmark_set import LandmarkSet

STILL = Augmentation(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def peak_of(image: np.ndarray) -> np.ndarray:
    """Return where a picture is brightest."""
    values = image - np.median(image)
    return locate_peak(np.clip(values / values.max(), 0, 1)[:, :, np.newaxis]).points[0]


def spot_set(folder: Path, shape: tuple[int, int], xy: tuple[float, float]) -> LandmarkSet:
    """Write a picture with one bright spot."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    spot = np.exp(-((columns - xy[0]) ** 2 + (rows - xy[1]) ** 2) / (2 * (max(shape) / 25) ** 2))
    images.write(folder / "a.png", (20 + 200 * spot).astype(np.uint8))
    return LandmarkSet(["spot"], ["a.png"], [[xy]])


def test_samples_have_what_the_network_and_the_judge_need(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    data = LandmarkData(marks, tmp_path, 32, channels=3)
    assert len(data) == 6
    for index in range(6):
        sample = data[index]
        assert sample["image"].shape == (3, 32, 32)
        assert float(sample["image"].std()) == pytest.approx(1, abs=0.35)
        back = sample["points"].double().numpy() @ sample["matrix"][:, :2].numpy().T
        back += sample["matrix"][:, 2].numpy()
        np.testing.assert_allclose(back, marks.points[index], atol=1e-4)
        np.testing.assert_array_equal(sample["truth"].numpy(), marks.points[index])


@pytest.mark.parametrize("shape", [(60, 100), (300, 220), (700, 500)])
def test_varied_pictures_and_points_stay_together(tmp_path: Path, shape: tuple[int, int]) -> None:
    marks = spot_set(tmp_path, shape, (0.55 * shape[1], 0.4 * shape[0])).with_mirror([])
    moves = Augmentation(brightness=0.0, contrast=0.0, noise=0.0, blur=0.0)
    data = LandmarkData(marks, tmp_path, 96, 1, moves)
    places = []
    for epoch in range(8):
        data.set_epoch(epoch)
        sample = data[0]
        found = peak_of(sample["image"][0].numpy())
        np.testing.assert_allclose(found, sample["points"][0].numpy(), atol=0.15)
        places.append(tuple(found.round(2)))
    assert len(set(places)) == 8


def test_samples_are_a_function_of_seed_epoch_and_index(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    one, other = (LandmarkData(marks, tmp_path, 32, 1, Augmentation(), seed=3) for _ in range(2))
    one.set_epoch(2)
    _ = [one[k] for k in (5, 0, 3)]  # in another order, some twice
    other.set_epoch(2)
    for index in (0, 3, 5):
        for name in ("image", "points"):
            np.testing.assert_array_equal(one[index][name], other[index][name])
    other.set_epoch(3)
    assert not np.array_equal(one[0]["image"], other[0]["image"])
    third = LandmarkData(marks, tmp_path, 32, 1, Augmentation(), seed=4)
    third.set_epoch(2)
    assert not np.array_equal(one[0]["image"], third[0]["image"])


def test_memory_changes_nothing(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    for augmentation in (None, Augmentation()):
        kept = LandmarkData(marks, tmp_path, 32, 1, augmentation)
        read = LandmarkData(marks, tmp_path, 32, 1, augmentation, memory=0.005)
        assert 0 < len(read.kept) < len(kept.kept) == 6
        for index in range(6):
            np.testing.assert_array_equal(kept[index]["image"], read[index]["image"])


def test_flips_change_names(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    always = replace(STILL, flip=1.0)
    plain = LandmarkData(marks, tmp_path, 64, 1)
    flipped = LandmarkData(marks, tmp_path, 64, 1, always)
    for index in range(3):
        before, after = plain[index]["points"].numpy(), flipped[index]["points"].numpy()
        mirrored = before[[1, 0, 2]] * (-1, 1) + (64, 0)
        np.testing.assert_allclose(after, mirrored, atol=1e-4)
        image = plain[index]["image"].numpy()[:, :, ::-1]
        np.testing.assert_allclose(flipped[index]["image"].numpy(), image, atol=0.05)


def test_without_mirror_pairs_nothing_is_flipped(tmp_path: Path) -> None:
    marks = replace(write_spots(tmp_path), mirror={})
    plain = LandmarkData(marks, tmp_path, 64, 1)
    data = LandmarkData(marks, tmp_path, 64, 1, replace(STILL, flip=1.0))
    for index in range(6):
        np.testing.assert_allclose(data[index]["points"], plain[index]["points"], atol=1e-4)


def test_missing_points_stay_missing(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    points = marks.points.copy()
    points[0, 1] = np.nan
    for augmentation in (None, Augmentation()):
        data = LandmarkData(marks.with_points(points), tmp_path, 32, 1, augmentation)
        found = data[0]["points"].numpy()
        assert np.isnan(found).any(axis=1).sum() == 1


def test_gray_and_colour_pictures_for_one_and_three_channels(tmp_path: Path) -> None:
    gray, colour = write_spots(tmp_path / "gray", 2), write_spots(tmp_path / "rgb", 2, True)
    for channels in (1, 3):
        one = LandmarkData(gray, tmp_path / "gray", 32, channels)[1]["image"]
        other = LandmarkData(colour, tmp_path / "rgb", 32, channels)[1]["image"]
        assert one.shape == other.shape == (channels, 32, 32)
        np.testing.assert_allclose(one, other, atol=0.03)


def test_pictures_of_more_bits_use_their_range() -> None:
    rng = np.random.default_rng(0)
    twelve = rng.integers(0, 4096, (64, 64)).astype(np.uint16)
    shown = as_bytes(twelve)
    assert shown.dtype == np.uint8
    assert (shown.min(), shown.max()) == (0, 255)
    floats = as_bytes((twelve / 65535).astype(np.float32))
    np.testing.assert_allclose(floats, shown, atol=1)
    assert not as_bytes(np.full((4, 4), 700, np.uint16)).any()


def test_files_are_found_by_their_last_parts(tmp_path: Path) -> None:
    for name in ("day1/a.png", "day2/a.png", "b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find_files(["day2/a.png", r"C:\mice\day1\a.png", "/other/b.png"], tmp_path)
    assert [str(file.relative_to(tmp_path)) for file in found] == [
        "day2/a.png",
        "day1/a.png",
        "b.png",
    ]
    with pytest.raises(ValueError, match=r"'a.png' may be any of"):
        find_files(["a.png"], tmp_path)


def test_points_without_pictures_are_named(tmp_path: Path) -> None:
    write_spots(tmp_path, 2)
    marks = LandmarkSet(["p"], ["00.png", "x.png", "y.png"], np.ones((3, 1, 2)))
    with pytest.raises(FileNotFoundError, match=r"2 of 3 annotated pictures .* 'x.png', 'y.png'"):
        LandmarkData(marks, tmp_path, 32)


def test_bad_pictures_are_named(tmp_path: Path) -> None:
    images.write(tmp_path / "line.png", np.zeros((1, 50), np.uint8))
    marks = LandmarkSet(["p"], ["line.png"], np.ones((1, 1, 2)))
    with pytest.raises(ValueError, match=r"line.png: a picture for landmarks .* 1 x 50"):
        LandmarkData(marks, tmp_path, 32)
    (tmp_path / "line.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"line\.png"):
        LandmarkData(marks, tmp_path, 32)
    images.write(tmp_path / "line.png", np.zeros((20, 50), np.uint8))
    turned = LandmarkSet(["p"], ["line.png"], np.ones((1, 1, 2)), shapes=[(50, 20)])
    with pytest.raises(ValueError, match="is 20 x 50, its landmarks are for a picture of 50 x 20"):
        LandmarkData(turned, tmp_path, 32)


def test_pictures_that_are_neither_gray_nor_rgb_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gray or RGB, got one of shape \(4, 4, 2\)"):
        as_bytes(np.zeros((4, 4, 2), np.uint8))
    images.write(tmp_path / "clear.png", np.full((4, 4, 4), 128, np.uint8))
    assert read_picture(tmp_path / "clear.png").shape == (4, 4, 3)  # opacity is used up

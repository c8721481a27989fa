"""Collections of photographs: as many as asked for, the same for the same seed, none alike."""

import numpy as np
import pytest

from acetate import images
from acetate.samples import photo_collection


def test_the_same_seed_gives_the_same_files(tmp_path):
    few = photo_collection(tmp_path / "few", 5, seed=3, size=64)
    many = photo_collection(tmp_path / "many", 9, seed=3, size=64, workers=2)
    other = photo_collection(tmp_path / "other", 5, seed=4, size=64)
    assert [path.read_bytes() for path in few] == [path.read_bytes() for path in many[:5]]
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(few, other, strict=True))


def test_they_are_colour_pictures_of_many_shapes(tmp_path):
    read = [images.read(path) for path in photo_collection(tmp_path, 30, size=80)]
    assert {max(image.shape[:2]) for image in read} == {80}
    assert len({image.shape for image in read}) > 3
    assert all(image.shape[2] == 3 and image.std() > 1 for image in read)
    means = np.array([image.mean(axis=(0, 1)) for image in read])
    assert np.linalg.norm(means.std(axis=0)) > 40


def test_progress(tmp_path):
    seen = []
    photo_collection(tmp_path, 3, size=64, progress=lambda *state: seen.append(state[:2]))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, "count must be at least 1, got 0"),
        ({"count": 1, "size": 15}, r"size must lie in \[16, 8192\], got 15"),
        ({"count": 1, "size": 9999}, r"size must lie in \[16, 8192\], got 9999"),
        ({"count": 1, "seed": -1}, "seed must be a whole number from 0"),
    ],
)
def test_what_cannot_be_made(tmp_path, arguments, message):
    with pytest.raises((ValueError, OSError), match=message):
        photo_collection(tmp_path, **arguments)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        photo_collection(tmp_path / "file", 1)

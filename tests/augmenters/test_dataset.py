"""The data set wrapper: sample i of an epoch is the same wherever and whenever it is taken."""

import multiprocessing

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.augmenters.dataset import AugmentedDataset
from acetate.sheets import HeatmapsOnImage

RNG = np.random.default_rng(0)
SAMPLES = [
    {
        "image": RNG.integers(0, 256, (12, 16, 3), np.uint8),
        "heatmaps": HeatmapsOnImage(RNG.random((6, 8), dtype=np.float32), (12, 16, 3)),
        "label": i,
        "keypoints": None,
    }
    for i in range(6)
]


def made():
    return AugmentedDataset(SAMPLES, iaa.Sequential([iaa.Rotate((-90, 90)), iaa.Dropout(0.2)]), 7)


def digest(sample):
    return sample["image"].tobytes() + sample["heatmaps"].get_arr().tobytes()


def take(job):
    data, index = job
    return digest(data[index])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_any_worker_and_order(method):
    alone = [digest(made()[i]) for i in range(6)]
    with multiprocessing.get_context(method).Pool(3) as pool:
        jobs = [(made(), i) for i in reversed(range(6))]
        assert pool.map(take, jobs, chunksize=1) == alone[::-1]


def test_epochs_differ_and_come_back():
    data = made()
    first = [digest(s) for s in data]
    data.set_epoch(1)
    second = [digest(s) for s in data]
    assert not set(first) & set(second)
    data.set_epoch(0)
    assert [digest(s) for s in data] == first


def test_other_keys_pass_through():
    data = made()
    assert len(data) == 6
    assert [s["label"] for s in data] == list(range(6))
    assert data[-1]["label"] == 5
    assert data[0]["keypoints"] is None
    assert np.array_equal(data[0]["image"], data[0]["image"])
    only = AugmentedDataset([{"image": SAMPLES[0]["image"]}], iaa.Fliplr(1.0), 1)
    assert np.array_equal(only[0]["image"], SAMPLES[0]["image"][:, ::-1])


def test_errors():
    with pytest.raises(IndexError, match="sample 6 of 6"):
        made()[6]
    with pytest.raises(ValueError, match="Fliplr must have none of its own, got 3"):
        AugmentedDataset(SAMPLES, iaa.Fliplr(0.5, seed=3), 1)
    with pytest.raises(ValueError, match="sample 0 has neither an image nor a sheet"):
        AugmentedDataset([{"label": 1}], iaa.Fliplr(0.5), 1)[0]

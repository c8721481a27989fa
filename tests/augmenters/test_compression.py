"""JPEG: how much is lost, and what it refuses."""

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.augmenters.compression import jpeg


def loss(image, compression):
    return np.abs(iaa.JpegCompression(compression)(image=image).astype(int) - image).mean()


def smooth(shape):
    y, x = np.mgrid[: shape[0], : shape[1]]
    waves = [np.sin(x / 5 + c) + np.cos(y / (4 + c)) for c in range(shape[2])]
    return (127 + 60 * np.stack(waves, axis=2)).astype(np.uint8)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_stronger_compression_loses_more(channels):
    image = smooth((64, 80, channels))
    losses = [loss(image, c) for c in (0, 50, 90, 99)]
    assert losses == sorted(losses)
    assert losses[0] < 2
    assert losses[3] > 5


def test_compression_is_the_rest_of_quality():
    def quality(compression):
        return iaa.JpegCompression(compression).draw((8, 8), 1).steps[0].arguments["quality"]

    assert [quality(c) for c in (0, 20, 50.4, 100)] == [100, 80, 50, 0]
    drawn = [iaa.JpegCompression().draw((8, 8), s).steps[0].arguments["quality"] for s in range(99)]
    assert min(drawn) < 10
    assert max(drawn) > 90


def test_red_stays_red():
    """Were the channels taken for blue, green and red, the weights of JPEG's light would differ."""
    red = np.zeros((16, 16, 3), np.uint8)
    red[:, :, 0] = 200
    out = jpeg(red, 90).astype(int)
    assert np.abs(out - red).max() <= 3
    noisy = red.copy()
    noisy[::2, ::2, 2] = 255  # blue counts least in the light, and its detail is halved
    blue = np.abs(jpeg(noisy, 75).astype(int) - noisy)[:, :, 2].mean()
    green = noisy[:, :, [0, 2, 1]]
    assert blue > np.abs(jpeg(green, 75).astype(int) - green)[:, :, 1].mean()


def test_other_numbers_of_channels_are_gray_pictures():
    image = smooth((32, 40, 5))
    out = jpeg(image, 30)
    for c in range(5):
        assert np.array_equal(out[:, :, c], jpeg(image[:, :, c : c + 1], 30)[:, :, 0])


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_refuses_other_dtypes(dtype):
    message = (
        r"JpegCompression works on uint8 pictures, got .*acetate.arrays.convert\(image, 'uint8'"
    )
    with pytest.raises(ValueError, match=message):
        iaa.JpegCompression(50)(image=np.zeros((8, 8), dtype))


def test_refuses_what_jpeg_cannot_hold():
    with pytest.raises(ValueError, match=r"at most 65500 pixels a side, got \(1, 65501\)"):
        iaa.JpegCompression(50)(image=np.zeros((1, 65501), np.uint8))


def test_refuses_other_numbers():
    with pytest.raises(ValueError, match=r"compression must lie in \[0, 100\], got 101"):
        iaa.JpegCompression(101)

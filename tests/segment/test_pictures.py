"""The article's way to read and to show a picture."""

import sys

import numpy as np
import pytest
import tifffile

from acetate import samples
from acetate.images import write
from acetate.segment import load_image, show_image


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_colours_become_gray_and_gray_becomes_three_channels(tmp_path, dtype):
    scale = {"uint8": 1, "uint16": 257, "float32": 1 / 255, "float64": 1 / 255}[dtype]
    for name in ("cat", "camera"):
        image = (samples.picture(name, 32) * np.float64(scale)).astype(dtype)
        photometric = "rgb" if image.ndim == 3 else "minisblack"
        tifffile.imwrite(tmp_path / f"{name}.tif", image, photometric=photometric)
        gray = load_image(tmp_path / f"{name}.tif")
        colour = load_image(tmp_path / f"{name}.tif", grayscale=False)
        assert gray.shape == (32, 32)
        assert colour.shape == (32, 32, 3)
        if name == "cat":
            luma = image @ np.array([0.299, 0.587, 0.114])
            assert np.allclose(gray, luma, atol=1.01 if dtype[0] == "u" else 1e-5)
        else:
            assert np.array_equal(gray, image)
            assert np.allclose(colour, image[..., np.newaxis])


def test_what_is_transparent_lies_on_white(tmp_path):
    write(tmp_path / "clear.png", np.zeros((2, 2, 4), np.uint8))
    assert np.all(load_image(tmp_path / "clear.png") == 255)


def test_channels_that_are_no_colours_are_refused(tmp_path):
    bands = np.zeros((8, 9, 5), np.uint8)
    path = tmp_path / "five.tif"
    tifffile.imwrite(path, bands, photometric="minisblack", planarconfig="contig")
    with pytest.raises(ValueError, match=r"five.tif has 5 channels, a gray or colour picture"):
        load_image(path)


def test_a_picture_is_shown_with_its_title(monkeypatch):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gca()))
    show_image(np.eye(3) > 0, title="Mask")
    assert [axes.get_title() for axes in shown] == ["Mask"]
    assert shown[0].images[0].get_array().shape == (3, 3)
    plt.close("all")


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"pip install 'acetate\[figures\]'"):
        show_image(np.eye(3))

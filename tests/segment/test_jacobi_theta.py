"""The article's segmenter: its example, its units, and its masks."""

import numpy as np
import pytest

from acetate import samples
from acetate.images import write
from acetate.segment import JacobiTheta, JacobiThetaSegmenter, disc_mask, square_mask


def square_picture(dtype, low, high):
    image = np.full((60, 80), low, dtype)
    image[15:45, 20:60] = high
    return image


@pytest.mark.parametrize("grayscale", [True, False])
def test_the_example_of_the_article_runs(tmp_path, monkeypatch, grayscale):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gca().get_title()))
    write(tmp_path / "flower.png", samples.flower(0.5))
    path = str(tmp_path / "flower.png")

    from acetate.segment import JacobiThetaSegmenter, load_image, show_image

    image = load_image(path, grayscale=grayscale)
    height, width = image.shape[:2]
    side = height // 3
    mask = np.zeros((height, width))
    top, left = (height - side) // 2, (width - side) // 2
    mask[top : top + side, left : left + side] = 1
    segmenter = JacobiThetaSegmenter(lambda_param=0.00025, dt=0.5)
    result, energies = segmenter.segment(image, mask, max_iter=20)
    show_image(image, title="Flower")
    show_image(result, title="Mask")
    plt.close("all")

    assert shown == ["Flower", "Mask"]
    assert result.shape == (height, width)
    assert np.all(np.diff(energies) < 0)
    # The petals around the dark heart are inside, the leaves on the left are not.
    assert result[top:, left : left + side][: side // 3].mean() > 0.9
    assert result[:, : width // 5].mean() < 0.01
    assert 0.12 < result.mean() < 0.3


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [("uint8", 0, 255), ("uint16", 0, 65535), ("float64", 0.0, 1.0), ("float32", 0.8, 0.2)],
)
def test_a_clean_square_is_found_at_any_scale_of_intensities(dtype, low, high):
    image = square_picture(dtype, low, high)
    result, energies = JacobiThetaSegmenter().segment(image, square_mask(image), max_iter=50)
    assert np.array_equal(result, image == image.dtype.type(high))
    assert len(energies) > 1


@pytest.mark.parametrize("shape", [(40, 90), (90, 40), (41, 57, 3), (7, 7, 5)])
def test_any_rectangle_and_any_channels(shape):
    image = np.full(shape, 50, np.uint8)
    truth = disc_mask(shape, min(shape[:2]) / 3)
    image[truth] = 200
    result, _ = JacobiThetaSegmenter().segment(image, square_mask(shape))
    assert np.mean(result != truth) < 0.06


def test_the_inside_stays_the_inside_where_it_is_dark():
    image = square_picture(np.uint8, 200, 20)
    assert JacobiTheta().segment(image).labels[30, 40] == 1


def test_the_energy_is_length_seen_from_both_sides_plus_weighted_squares():
    image = np.zeros((300, 300), np.uint8)
    image[:, 150:] = 10
    begin = np.zeros(image.shape)
    begin[:, 150:] = 1
    exact = JacobiTheta(lambda_param=1.0, dt=0.05).segment(image, begin).facts.energies
    assert exact[0] == pytest.approx(2 * 300, rel=0.1)
    begin[:, 145:] = 1
    energies = JacobiTheta(lambda_param=1.0, dt=0.05, max_iter=1).segment(image, begin)
    within = 5 * 300 * 10**2 * (150 / 155)
    assert energies.facts.energies[0] == pytest.approx(2 * 300 + within, rel=0.1)


def test_without_fidelity_borders_shorten_until_nothing_is_left():
    image = samples.camera(128)
    result, energies = JacobiThetaSegmenter(lambda_param=0.0, dt=2.0).segment(
        image, square_mask(image, 30), max_iter=100
    )
    assert not result.any()
    assert energies[-1] == 0


def test_a_larger_time_blurs_further():
    image = samples.camera(128)
    assert JacobiTheta(dt=0.5).segment(image).facts.tau == pytest.approx(
        (128 / 30.7) ** 2 / 2, 0.01
    )
    assert JacobiTheta(dt=0.5).segment(image[:5]).facts.tau == 0.5


def test_a_constant_picture_leaves_length_alone_to_decide():
    result, energies = JacobiThetaSegmenter(dt=5.0).segment(
        np.full((40, 40), 9, np.uint8), disc_mask((40, 40), 6), max_iter=60
    )
    assert not result.any()
    assert np.all(np.isfinite(energies))


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (np.zeros((5, 6)), "initial mask must have pixels inside and outside, got 0 of 30 inside"),
        (np.ones((5, 6)), "got 30 of 30 inside"),
        (np.ones((6, 5)), r"the picture without its channels, \(5, 6\), got \(6, 5\)"),
        (np.full((5, 6), np.nan), "initial mask has 30 NaN"),
    ],
)
def test_masks_that_cannot_start_are_refused(mask, message):
    with pytest.raises(ValueError, match=message):
        JacobiThetaSegmenter().segment(np.zeros((5, 6), np.uint8), mask)


def test_what_is_no_mask_or_parameter_is_refused():
    with pytest.raises(TypeError, match="initial mask must be a NumPy array, got list"):
        JacobiThetaSegmenter().segment(np.zeros((1, 2), np.uint8), [[0, 1]])
    with pytest.raises(ValueError, match="lambda_param must lie in"):
        JacobiThetaSegmenter(lambda_param=-1.0)
    with pytest.raises(ValueError, match="max_iter must lie in"):
        JacobiThetaSegmenter().segment(np.zeros((3, 3)), square_mask((3, 3)), max_iter=0)

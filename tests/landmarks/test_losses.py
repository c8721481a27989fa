"""Losses: their values, gradients, missing landmarks, borders, and where their minimum lies."""

import math

import numpy as np
import pytest
import torch

from acetate.landmarks.decode import DECODERS
from acetate.landmarks.losses import (
    LOSSES,
    CoordinateL1,
    CoordinateSmoothL1,
    CrossEntropyL1,
    Dsnt,
    HeatmapMse,
    Readme,
    Wing,
    loss_named,
)
from acetate.landmarks.tensors import decode_batch, heatmap_targets

POINTS = torch.tensor([[[5.2, 3.1], [8.9, 9.7]], [[0.4, 6.0], [11.8, 0.3]]])
NAMES = pytest.mark.parametrize("name", LOSSES)


def raw_maps(seed=0, shape=(2, 2, 10, 12), dtype=torch.float64):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape)).to(dtype)


def gradient(loss, raw, points):
    raw = raw.clone().requires_grad_(True)
    loss(raw, points).backward()
    return raw.grad


@NAMES
def test_gradients_are_those_of_finite_differences(name):
    raw = raw_maps(1).requires_grad_(True)
    assert torch.autograd.gradcheck(lambda maps: LOSSES[name]()(maps, POINTS), raw)


@NAMES
def test_missing_landmarks_and_those_outside_count_nowhere(name):
    loss, raw = LOSSES[name](), raw_maps(2)
    for gone in ([float("nan"), float("nan")], [3.0, float("nan")], [-0.1, 4.0], [5.0, 10.5]):
        points = POINTS.clone()
        points[0, 1] = torch.tensor(gone)
        slope = gradient(loss, raw, points)
        assert not slope[0, 1].any()
        assert slope[[0, 1, 1], [0, 0, 1]].flatten(1).any(dim=1).all()
        others = loss(raw, points) * 3
        alone = [
            loss(raw[n : n + 1, k : k + 1], POINTS[n : n + 1, k : k + 1])
            for n, k in ((0, 0), (1, 0), (1, 1))
        ]
        assert others.item() == pytest.approx(sum(alone).item())


@NAMES
def test_a_batch_without_landmarks_has_loss_and_gradients_of_zero(name):
    points = torch.full((2, 2, 2), float("nan"))
    raw = raw_maps(3).requires_grad_(True)
    value = LOSSES[name]()(raw, points)
    value.backward()
    assert value.item() == 0
    assert not raw.grad.any()


@NAMES
def test_points_on_the_very_border_and_extreme_maps_give_finite_gradients(name):
    points = torch.tensor([[[0.0, 0.0], [12.0, 10.0]], [[0.0, 10.0], [6.0, 0.0]]])
    for raw in (raw_maps(4), torch.zeros(2, 2, 10, 12), 1e4 * raw_maps(5)):
        assert LOSSES[name]()(raw, points).isfinite()
        assert gradient(LOSSES[name](), raw, points).isfinite().all()


@NAMES
def test_half_precision_maps_are_summed_in_float32(name):
    raw = raw_maps(6, dtype=torch.bfloat16)
    value = LOSSES[name]()(raw, POINTS)
    assert value.dtype == torch.float32
    assert value == LOSSES[name]()(raw.float(), POINTS)
    assert LOSSES[name]().heatmaps(raw).shape == raw.shape


@NAMES
def test_autocast_does_not_round_the_loss(name):
    raw = raw_maps(7, dtype=torch.float32)
    plain = LOSSES[name]()(raw, POINTS)
    with torch.autocast("cpu", torch.bfloat16):
        assert LOSSES[name]()(raw, POINTS).item() == pytest.approx(plain.item(), rel=1e-5)


@NAMES
def test_descending_a_loss_leads_to_maps_that_decode_to_the_landmarks(name):
    """Each loss with the activation and the decoder that it says suits it."""
    loss = LOSSES[name]()
    points = torch.tensor([[[15.3, 12.8], [22.6, 18.1]]])
    raw = torch.zeros(1, 2, 32, 36, requires_grad=True)
    optimizer = torch.optim.Adam([raw], lr=0.1)
    for _ in range(250):
        optimizer.zero_grad()
        loss(raw, points).backward()
        optimizer.step()
    found = decode_batch(loss.heatmaps(raw), loss.decoder)
    assert found.points[0].numpy() == pytest.approx(points[0].numpy(), abs=0.15)
    assert loss.decoder in DECODERS
    assert loss.activation in ("none", "softmax")


def test_heatmap_mse_is_the_mean_of_squares():
    raw, sigma = raw_maps(8), 2.0
    kernel = heatmap_targets(POINTS.double(), (10, 12), sigma)
    assert HeatmapMse(sigma)(raw, POINTS).item() == pytest.approx(
        ((raw - kernel) ** 2).mean().item(), rel=1e-6
    )


def test_the_readmes_sum_has_its_weights_and_coordinates_from_0_to_1():
    points = torch.tensor([[[30.0, 10.0]]])
    # The softmax of a map that peaks at (9.5, 20.5) in a 40 x 40 picture is sure of it.
    raw = torch.zeros(1, 1, 40, 40)
    raw[0, 0, 20, 9] = 3.0
    coordinates = (abs(9.5 - 30) / 40 + abs(20.5 - 10) / 40) / 2
    kernel = heatmap_targets(points, (40, 40))
    squares = ((raw - kernel) ** 2).mean().item()
    assert Readme()(raw, points).item() == pytest.approx(squares + 0.5 * coordinates, rel=1e-5)
    doubled = Readme(heatmap_weight=2.0, coordinate_weight=0.0)(raw, points)
    assert doubled.item() == pytest.approx(2 * squares, rel=1e-5)
    wide = torch.zeros(1, 1, 20, 40)
    wide[0, 0, 5, 9] = 3.0
    only = Readme(heatmap_weight=0.0, coordinate_weight=1.0)(wide, torch.tensor([[[19.5, 15.5]]]))
    assert only.item() == pytest.approx((10 / 40 + 10 / 20) / 2, rel=1e-5)


def sure(x, y, shape=(40, 40)):
    """A raw map whose softmax is all at one pixel."""
    raw = torch.zeros(1, 1, *shape)
    raw[0, 0, int(y), int(x)] = 100.0
    return raw


def test_coordinate_losses_are_in_pixels_of_the_heatmap():
    points = torch.tensor([[[30.5, 10.25]]])
    raw = sure(10.5, 10.5)  # 20 off along x, a quarter along y
    assert CoordinateL1()(raw, points).item() == pytest.approx((20 + 0.25) / 2)
    smooth = (20 - 0.5 + 0.25**2 / 2) / 2
    assert CoordinateSmoothL1()(raw, points).item() == pytest.approx(smooth)
    wing = (20 - 10 + 10 * math.log(6) + 10 * math.log(1 + 0.25 / 2)) / 2
    assert Wing()(raw, points).item() == pytest.approx(wing, rel=1e-5)


def test_dsnt_is_the_distance_in_coordinates_from_minus_1_to_1_plus_the_divergence():
    points = torch.tensor([[[30.5, 10.5]]])
    raw = sure(10.5, 10.5)
    distance = 20 / 40 * 2
    assert Dsnt(shape_weight=0.0)(raw, points).item() == pytest.approx(distance, rel=1e-5)
    # Two distributions that share nothing are ln 2 apart.
    apart = Dsnt(sigma=0.5)(raw, points).item()
    assert apart == pytest.approx(distance + math.log(2), rel=1e-4)


def test_cross_entropy_of_two_kernels_is_their_distance_squared_in_sigma():
    points, sigma = torch.tensor([[[20.0, 20.0]]]), 2.0
    raw = -((torch.arange(40)[None, :] + 0.5 - 21.5) ** 2) / 8
    raw = (raw - ((torch.arange(40)[:, None] + 0.5 - 20.0) ** 2) / 8).reshape(1, 1, 40, 40)
    loss = CrossEntropyL1(sigma, coordinate_weight=0.0)(raw, points).item()
    assert loss == pytest.approx(1.5**2 / (2 * sigma**2), rel=1e-4)
    both = CrossEntropyL1(sigma, coordinate_weight=1.0)(raw, points).item()
    assert both == pytest.approx(loss + 1.5 / sigma / 2, rel=1e-4)


def test_a_perfect_map_at_the_border_has_no_loss_under_the_default():
    points = torch.tensor([[[0.5, 1.0]]], dtype=torch.float64)
    raw = heatmap_targets(points, (24, 24), 3.0).log()
    assert CrossEntropyL1()(raw, points).item() == pytest.approx(0, abs=1e-9)
    assert gradient(CrossEntropyL1(coordinate_weight=0.0), raw, points).abs().max() < 1e-9


def test_a_perfect_map_under_a_softmax_peaks_at_one():
    points = torch.tensor([[[12.5, 12.5]]])
    for loss in (CrossEntropyL1(2.0), Dsnt(2.0)):
        peak = loss.heatmaps(heatmap_targets(points, (25, 25), 2.0).log().clamp(min=-80)).max()
        assert peak.item() == pytest.approx(1, abs=1e-3)


def test_losses_are_known_by_name():
    assert loss_named("wing", width=5.0) == Wing(width=5.0)
    with pytest.raises(ValueError, match="there is no loss 'mse'; the nearest is"):
        loss_named("mse")
    with pytest.raises(ValueError, match="sigma must lie in"):
        loss_named("dsnt", sigma=0.0)


@NAMES
def test_shapes_that_do_not_match_are_refused(name):
    with pytest.raises(ValueError, match=r"points \(N, K, 2\), got \(2, 2, 10, 12\) and \(2, 3, 2"):
        LOSSES[name]()(raw_maps(), torch.zeros(2, 3, 2))
    with pytest.raises(ValueError, match=r"raw maps must have shape \(N, K, h, w\)"):
        LOSSES[name]()(raw_maps()[0], POINTS[0])

"""Displacement fields: elastic noise as it should be, patches, splines, and looking them up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from warp_reference import centres, elastics, patches

from acetate.geometry import Displacement, Elastic, Field, Patches, coordinates
from acetate.geometry.fields import smoothing
from acetate.geometry.lattice import Spline, between, node_counts, refine

FRAME = (60, 80)


def looked_up(field, points):
    """The field's definition: bilinear between a grid's samples, the nearest place outside."""
    samples, first, per, gain = field.grid
    x, y = np.moveaxis((points - first) * per, -1, 0)
    shift = [
        ndimage.map_coordinates(samples[..., k].astype(float), [y, x], order=1, mode="nearest")
        for k in (0, 1)
    ]
    return points + np.stack(shift, axis=-1) * gain


class TestElastic:
    @pytest.mark.parametrize("sigma", [2, 4, 5, 8, 13])
    def test_is_distributed_as_the_direct_construction(self, sigma):
        """Uniform(-1, 1) noise at every pixel, blurred by SciPy's Gaussian, times alpha."""
        impulse = np.zeros(201)
        impulse[100] = 1
        kernel = ndimage.gaussian_filter1d(impulse, sigma)
        direct = np.convolve(kernel, kernel, mode="same")[100:]  # autocovariance of one axis

        size, alpha = 256, 7.0
        lags = [0, sigma // 2, sigma, 2 * sigma]
        along_x, along_y, across = np.zeros((3, len(lags)))
        keys = range(8 + 2 * sigma**2)
        for key in keys:
            field = Elastic((size, size), alpha, sigma, key).dense.astype(float)
            for i, lag in enumerate(lags):
                end = size - lag
                along_x[i] += (field[:, lag:] * field[:, :end]).mean() / len(keys)
                along_y[i] += (field[lag:] * field[:end]).mean() / len(keys)
                across[i] += (field[lag:, lag:] * field[:end, :end]).mean() / len(keys)

        scale = alpha**2 / 3
        variance = scale * direct[0] ** 2
        assert np.sqrt(along_x[0] / variance) == pytest.approx(1, abs=0.01)
        for found in (along_x, along_y):
            np.testing.assert_allclose(
                found, scale * direct[0] * direct[lags], atol=0.03 * variance
            )
        np.testing.assert_allclose(across, scale * direct[lags] ** 2, atol=0.03 * variance)

    def test_x_and_y_are_independent_and_centred(self):
        fields = np.stack([Elastic((64, 64), 50, 4, key).dense for key in range(200)])
        dx, dy = fields[..., 0], fields[..., 1]
        assert abs((dx * dy).mean()) < 0.03 * fields.var()
        assert abs(fields.mean()) < 0.03 * fields.std()

    @pytest.mark.parametrize("sigma", [3, 5, 13])
    def test_is_as_strong_at_the_borders_and_between_the_nodes(self, sigma):
        squares = sum(Elastic((48, 48), 50, sigma, key).dense ** 2 for key in range(1500)).mean(-1)
        inside = squares[16:32, 16:32].mean()
        for part in (squares[:2], squares[-2:], squares[:, :2], squares[:, -2:], squares[::8, ::8]):
            assert part.mean() == pytest.approx(inside, rel=0.12)

    @given(elastics(FRAME))
    def test_same_key_same_bytes(self, field):
        again = Elastic(field.shape, field.alpha, field.sigma, field.key)
        assert again == field
        assert again.dense.tobytes() == field.dense.tobytes()

    def test_a_key_means_this_field_for_ever(self):
        """Recipes are replayed with later versions: these numbers must not change."""
        field = Elastic((4, 5), alpha=50, sigma=5, key=2**63 - 1).dense
        np.testing.assert_allclose(field[0, 0], [3.5843143, 0.8735301], atol=1e-5)
        np.testing.assert_allclose(field[3, 4], [2.2172575, 0.3578438], atol=1e-5)

    def test_different_keys_differ(self):
        fields = np.stack([Elastic((100, 100), 50, 4, key).dense.ravel() for key in range(60)])
        correlation = np.corrcoef(fields) - np.eye(60)
        assert np.abs(correlation).max() < 0.35

    @pytest.mark.parametrize("sigma", [3, 5, 8, 13, 30, 200])
    def test_is_smooth_across_the_nodes(self, sigma):
        """No seam at a node, only the curvature of a Gaussian: about its deviation / sigma**2."""
        field = Elastic((160, 160), 10 * sigma, sigma, 4).dense
        curvature = np.abs(np.diff(field, n=2, axis=0))
        assert curvature.max() < 8 * 10 / np.sqrt(12 * np.pi) / sigma**2 + 1e-4

    @pytest.mark.parametrize("shape", [(1, 1), (1, 50), (3, 200), (33, 32), (65, 129)])
    @pytest.mark.parametrize("sigma", [0.4, 1.0, 5.0, 100.0])
    def test_any_frame(self, shape, sigma):
        field = Elastic(shape, 20, sigma, 1)
        assert field.dense.shape == (*shape, 2)
        assert field.dense.dtype == np.float32
        assert np.isfinite(field.dense).all()

    def test_strength_is_a_factor(self):
        weak, strong = Elastic(FRAME, 10, 5, 3), Elastic(FRAME, -40, 5, 3)
        np.testing.assert_allclose(strong.dense, -4 * weak.dense, atol=1e-4)

    @pytest.mark.parametrize("sigma", [0, -1, np.nan, np.inf])
    def test_sigma_must_be_positive(self, sigma):
        with pytest.raises(ValueError, match=f"sigma must be above 0 px.*got {sigma}"):
            Elastic(FRAME, 10, sigma, 3)


class TestLookingUp:
    @given(st.one_of(elastics(FRAME), patches(FRAME)))
    def test_is_bilinear_between_samples(self, field):
        points = np.random.default_rng(1).uniform(-30, 110, (300, 2))
        for seen in (field, field.scaled((0.5, 0.5), (0.5, 0.5))):
            np.testing.assert_allclose(seen(points), looked_up(seen, points), atol=5e-4)

    @given(elastics(FRAME))
    def test_dense_is_the_displacement_of_pixel_centres(self, field):
        np.testing.assert_allclose(field(centres(FRAME)), centres(FRAME) + field.dense, atol=1e-4)

    def test_far_outside_the_nearest_place_holds(self):
        field = Elastic(FRAME, 50, 5, 1)
        far, farther = field(np.array([[-500.0, 30], [-9000.0, 30]])) - [[-500, 30], [-9000, 30]]
        np.testing.assert_allclose(far, farther, atol=1e-3)

    @pytest.mark.parametrize(
        "shape", [(2,), (1, 2), (0, 2), (3, 4, 2), (40_000, 2), (2, 33_000, 2)]
    )
    def test_any_number_of_points(self, shape):
        field = Elastic(FRAME, 50, 5, 1)
        points = np.random.default_rng(1).uniform(0, 60, shape)
        flat = points.reshape(-1, 2)
        expected = np.concatenate([field(flat[i : i + 999]) for i in range(0, len(flat) or 1, 999)])
        np.testing.assert_allclose(field(points), expected.reshape(shape), atol=1e-6)

    def test_frames_may_be_longer_than_opencv_can_address(self):
        field = Elastic((2, 40_000), 50, 5, 1)
        points = np.array([[39_990.5, 0.5], [39_991.5, 1.5]])
        expected = points + field.dense[[0, 1], [39_990, 39_991]]
        np.testing.assert_allclose(field(points), expected, atol=0.01)

    def test_what_is_unknown_stays_unknown(self):
        moved = Elastic(FRAME, 50, 5, 1)(np.array([[np.nan, 3.0], [4.0, 3.0]]))
        assert np.isnan(moved[0, 0])
        assert np.isfinite(moved[1]).all()

    def test_points_keep_their_precision_and_are_left_alone(self):
        field = Elastic(FRAME, 50, 5, 1)
        for dtype in (np.float32, np.float64):
            points = np.full((3, 2), 7, dtype)
            assert field(points).dtype == dtype
            assert (points == 7).all()


class TestScaled:
    @pytest.mark.parametrize("sigma", [3, 5, 9, 40])
    @pytest.mark.parametrize("frame", [(64, 96), (512, 640)])
    @pytest.mark.parametrize("ratio", [2, 4, 8, 16])
    def test_a_sheets_pixel_centres_move_as_in_the_frame_to_a_fiftieth(self, frame, sigma, ratio):
        field = Elastic(frame, 2 * sigma**2, sigma, 3)
        sheet = (frame[0] // ratio, frame[1] // ratio)
        small = field.scaled((1 / ratio, 1 / ratio), (1 / ratio, 1 / ratio))
        exact = field(centres(sheet) * ratio) / ratio
        np.testing.assert_allclose(coordinates(small, sheet), exact, atol=0.02)

    @pytest.mark.parametrize("ratio", [2, 4, 8])
    def test_pixels_and_points_of_a_sheet_agree(self, ratio):
        small = Elastic((512, 640), 50, 5, 3).scaled((1 / ratio, 1 / ratio), (1 / ratio, 1 / ratio))
        places = centres((512 // ratio, 640 // ratio))
        off = np.linalg.norm(small(places) - coordinates(small, places.shape[:2]), axis=-1)
        assert off.max() < 0.05

    @pytest.mark.parametrize("frame", [(64, 96), (512, 640)])
    @pytest.mark.parametrize("sigma", [3, 5, 9, 40])
    @pytest.mark.parametrize("ratio", [1, 2, 4, 8, 16])
    def test_moves_all_points_of_a_sheet_alike_to_a_twentieth(self, frame, sigma, ratio):
        field = Elastic(frame, 2 * sigma**2, sigma, 3)
        small = field.scaled((1 / ratio, 1 / ratio), (1 / ratio, 1 / ratio))
        points = np.random.default_rng(1).uniform(0, 1, (3000, 2)) * [frame[1], frame[0]]
        off = np.linalg.norm(small(points / ratio) - field(points) / ratio, axis=1)
        assert np.quantile(off, 0.999) < 0.05
        assert off.max() < 0.1

    @pytest.mark.parametrize("sheet", [(100, 301), (511, 640), (256, 160), (1, 1)])
    def test_on_sheets_of_any_size(self, sheet):
        ratio = np.array([640 / sheet[1], 512 / sheet[0]])
        for field in (
            Elastic((512, 640), 50, 5, 3),
            Patches(np.arange(24).reshape(3, 4, 2), (512, 640)),
        ):
            small = field.scaled(1 / ratio, 1 / ratio)
            np.testing.assert_allclose(
                small(centres(sheet)), field(centres(sheet) * ratio) / ratio, atol=2e-3
            )

    def test_patches_stay_patches(self):
        field = Patches(np.arange(24).reshape(3, 4, 2), (60, 80))
        half = Patches(np.arange(24).reshape(3, 4, 2) * [0.25, 0.5], (30, 20))
        assert field.scaled((0.25, 0.5), (0.25, 0.5)) == half


def test_a_field_must_give_its_displacements():
    class Bare(Field):
        shape = (4, 4)

    with pytest.raises(NotImplementedError, match="Bare must give its displacements"):
        Bare()(np.ones((1, 2)))


class TestPatches:
    @given(patches((37, 53)))
    def test_corners_move_as_told_and_what_is_between_follows(self, field):
        """Bilinear inside each patch; a frame's border lies half a pixel outside the centres."""
        rows, columns = field.nodes.shape[:2]
        points = centres(field.shape).reshape(-1, 2)
        x, y = (points / [53, 37] * [columns - 1, rows - 1]).T
        for axis in (0, 1):
            expected = ndimage.map_coordinates(
                field.nodes[..., axis].astype(float), [y, x], order=1, mode="nearest"
            )
            found = (field(points) - points)[:, axis]
            np.testing.assert_allclose(found, expected, atol=1e-4)

    def test_large_patches_are_no_staircase(self):
        field = Patches([[[0, 0], [64, 0]], [[0, 0], [64, 0]]], (512, 512))
        x = field(centres((512, 512)))[..., 0]
        np.testing.assert_allclose(np.diff(x, axis=1), 1 + 64 / 512, atol=1e-4)

    @pytest.mark.parametrize("shape", [(2, 2), (1, 2, 2), (2, 1, 2), (2, 2, 3)])
    def test_nodes(self, shape):
        with pytest.raises(ValueError, match=r"patches need nodes \(rows, columns, 2\), got"):
            Patches(np.zeros(shape), FRAME)


class TestDisplacement:
    @pytest.mark.parametrize("level", [0, 1, 2, 5])
    @given(shape=st.tuples(st.integers(1, 90), st.integers(1, 90)))
    def test_linear_fields_are_kept_exactly(self, level, shape):
        rows, columns = node_counts(shape, level)
        y, x = 2**level * (np.mgrid[:rows, :columns] - 4.0)
        field = Displacement(np.stack([x / 8 - y / 4, y / 16 + 3], axis=-1), level, shape)
        rows, columns = np.mgrid[: shape[0], : shape[1]]
        expected = np.stack([columns / 8 - rows / 4, rows / 16 + 3], axis=-1)
        np.testing.assert_array_equal(field.dense, expected)

    @given(st.integers(1, 4), st.tuples(st.integers(1, 90), st.integers(1, 90)))
    def test_is_a_cubic_spline(self, level, shape):
        """Between the nodes the refined field is SciPy's cubic B-spline with these coefficients."""
        nodes = np.random.default_rng(3).normal(size=(*node_counts(shape, level), 2))
        y, x = np.mgrid[: shape[0], : shape[1]] / 2**level + 4
        expected = ndimage.map_coordinates(nodes[..., 0], [y, x], order=3, prefilter=False)
        # After so many halvings the rest is the refinement's own: it falls by four with each.
        found = Displacement(nodes, level, shape).dense[..., 0]
        np.testing.assert_allclose(found, expected, atol=3 / 4**level)

    @given(st.integers(0, 5), st.tuples(st.integers(1, 70), st.integers(1, 70)), st.integers(0, 2))
    def test_margins_and_parts_continue_the_field(self, level, shape, nodes_out):
        nodes = np.random.default_rng(3).normal(size=(*node_counts(shape, level), 2))
        spline = Spline(nodes.astype(np.float32), between(level))
        margin, whole = nodes_out * 2**level, refine(spline, shape)
        wide = refine(spline, shape, margin)
        inner = wide[margin : margin + shape[0], margin : margin + shape[1]]
        np.testing.assert_array_equal(inner, whole)
        top, left = shape[0] // 2, shape[1] // 3
        part = refine(spline, (shape[0] - top, shape[1] - left), start=(top, left))
        np.testing.assert_array_equal(part, whole[top:, left:])

    def test_nodes_must_cover_the_frame(self):
        with pytest.raises(
            ValueError, match=r"frame of \(16, 16\) with nodes 4 px apart needs .* got \(5, 5, 2\)"
        ):
            Displacement(np.zeros((5, 5, 2)), level=2, shape=(16, 16))


@settings(max_examples=40)
@given(st.floats(0.3, 500))
def test_smoothing_takes_the_coarsest_grid_that_shows_the_field(sigma):
    level, taps, _ = smoothing(sigma)
    assert 2**level <= max(1, sigma / 1.25)
    assert level == 6 or 2 ** (level + 1) > sigma / 1.25
    assert taps.sum() == pytest.approx(1, abs=1e-6)
    np.testing.assert_array_equal(taps, taps[::-1])

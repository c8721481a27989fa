"""Pixels, cells, channels and boxes that go; salt and pepper that come."""

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.augmenters.dropout import drop_cells
from acetate.parameters import Binomial, Deterministic, Uniform

WHITE = np.full((256, 256, 3), 255, np.uint8)


class TestDropout:
    @pytest.mark.parametrize("p", [0.01, 0.3, 0.99])
    @pytest.mark.parametrize("per_channel", [False, True])
    def test_fraction(self, p, per_channel):
        out = iaa.Dropout(p, per_channel=per_channel, seed=2)(image=WHITE)
        assert set(np.unique(out)) == {0, 255}
        assert (out == 0).mean() == pytest.approx(p, abs=0.006)

    def test_none_and_all(self):
        assert iaa.Dropout(0.0).draw(WHITE, 1).steps == ()
        assert not iaa.Dropout(1.0)(image=WHITE).any()

    def test_kept_pixels_keep_their_values(self):
        image = np.arange(1, 256, dtype=np.uint8)[np.newaxis]
        out = iaa.Dropout(0.5, seed=1)(image=image)
        assert ((out == image) | (out == 0)).all()

    @pytest.mark.parametrize("dtype", [np.uint8, np.float32])
    def test_pictures_of_any_kind_lose_the_same_pixels(self, dtype):
        image = np.random.default_rng(3).integers(1, 256, (70, 41, 5)).astype(dtype)
        image = (image / 255).astype(dtype) if dtype == np.float32 else image
        recipe = iaa.Dropout(0.3).draw((70, 41), 2)
        kept = recipe(image=image) != 0
        for channels in (1, 3, 4):
            part = image[:, :, :channels]
            expected = part * kept[:, :, :channels]
            np.testing.assert_array_equal(recipe(image=part), expected)

    def test_per_channel(self):
        whole = iaa.Dropout(0.5, seed=2)(image=WHITE)
        single = iaa.Dropout(0.5, per_channel=True, seed=2)(image=WHITE)
        assert (np.ptp(whole, axis=2) == 0).all()
        assert (np.ptp(single, axis=2) != 0).mean() == pytest.approx(0.75, abs=0.01)

    def test_neighbours_are_independent(self):
        gone = iaa.Dropout(0.3, seed=2)(image=WHITE[:, :, :1])[:, :, 0] == 0
        assert (gone[1:] & gone[:-1]).mean() == pytest.approx(0.09, abs=0.006)
        assert (gone[:, 1:] & gone[:, :-1]).mean() == pytest.approx(0.09, abs=0.006)

    def test_a_range_is_drawn_for_each_picture(self):
        dropout = iaa.Dropout((0.0, 0.4))
        fractions = [(dropout.draw(WHITE, s)(image=WHITE) == 0).mean() for s in range(20)]
        assert min(fractions) < 0.1
        assert 0.3 < max(fractions) < 0.41

    def test_a_binomial_says_what_is_kept(self):
        out = iaa.Dropout(Binomial(0.9), seed=2)(image=WHITE)
        assert (out == 0).mean() == pytest.approx(0.1, abs=0.006)

    def test_a_constant_is_a_number(self):
        assert iaa.Dropout(Deterministic(0.5)).draw(WHITE, 1) == iaa.Dropout(0.5).draw(WHITE, 1)

    def test_refuses_other_parameters_and_numbers(self):
        with pytest.raises(TypeError, match=r"number, a range, a list or Binomial, got Uniform"):
            iaa.Dropout(Uniform(0, 0.1))
        with pytest.raises(ValueError, match=r"p must lie in \[0, 1\], got 5"):
            iaa.Dropout(5)


class TestCoarseDropout:
    def test_drops_cells_of_the_grid(self):
        out = iaa.CoarseDropout(0.5, size_px=8, seed=1)(image=WHITE[:, :, 0])
        cells = out.reshape(8, 32, 8, 32)
        assert (np.ptp(cells, axis=(1, 3)) == 0).all()
        assert set(np.unique(cells)) == {0, 255}

    @pytest.mark.parametrize("size", [{"size_px": 200}, {"size_percent": 0.8}])
    def test_fraction(self, size):
        for per_channel in (False, True):
            out = iaa.CoarseDropout(0.1, per_channel=per_channel, seed=1, **size)(image=WHITE)
            assert (out == 0).mean() == pytest.approx(0.1, abs=0.01)
            assert (np.ptp(out, axis=2) > 0).any() == per_channel

    def test_sides_that_do_not_divide(self):
        grid = iaa.CoarseDropout(0.5, size_px=3, seed=3).draw((7, 5))
        out = grid(image=np.ones((7, 5), np.uint8))
        assert (np.ptp(out[[0, 1, 2]], axis=0) == 0).all()
        assert (np.ptp(out[[5, 6]], axis=0) == 0).all()

    def test_percent_and_min_size(self):
        def grid(shape, **options):
            arguments = iaa.CoarseDropout(0.5, **options).draw(shape, 1).steps[0].arguments
            return arguments["rows"], arguments["columns"]

        assert grid((100, 60), size_percent=0.1) == (10, 6)
        assert grid((100, 60), size_percent=0.01) == (3, 3)
        assert grid((100, 60), size_percent=0.01, min_size=5) == (5, 5)
        assert grid((2, 60), size_px=9) == (2, 9)
        assert grid((100, 60), size_percent=0.0, min_size=0) == (1, 1)

    def test_height_and_width_are_drawn_apart(self):
        grids = [
            iaa.CoarseDropout(0.5, size_px=(3, 20)).draw((99, 99), s).steps[0].arguments
            for s in range(9)
        ]
        assert any(g["rows"] != g["columns"] for g in grids)

    def test_none(self):
        assert iaa.CoarseDropout(0.0, size_px=3).draw(WHITE, 1).steps == ()

    def test_refuses_no_size_and_two(self):
        with pytest.raises(ValueError, match="needs one of size_px and size_percent, got None and"):
            iaa.CoarseDropout(0.1)
        with pytest.raises(ValueError, match=r"one of size_px and size_percent, got 3 and 0\.1"):
            iaa.CoarseDropout(0.1, size_px=3, size_percent=0.1)


class TestDropout2d:
    def test_channels_go_as_a_whole(self):
        out = iaa.Dropout2d(0.3, seed=1)(image=np.full((2, 2, 400), 9, np.uint8))
        assert (np.ptp(out, axis=(0, 1)) == 0).all()
        assert 80 < np.count_nonzero(out[0, 0] == 0) < 160

    @pytest.mark.parametrize("keep", [0, 1, 2, 3, 9])
    def test_keeps_some(self, keep):
        image = np.full((1, 1, 3), 9, np.uint8)
        kept = {
            int(np.count_nonzero(iaa.Dropout2d(1.0, keep).draw(image, s)(image=image)))
            for s in range(9)
        }
        assert kept == {min(keep, 3)}

    def test_which_one_is_kept_is_drawn(self):
        image = np.full((1, 1, 3), 9, np.uint8)
        outs = {iaa.Dropout2d(1.0, 1).draw(image, s)(image=image).tobytes() for s in range(30)}
        assert len(outs) == 3

    def test_a_picture_without_channels_is_one_channel(self):
        dropped = iaa.Dropout2d(1.0, nb_keep_channels=0)(image=np.full((2, 2), 9, np.uint8))
        assert not dropped.any()

    def test_refuses_other_numbers_of_channels(self):
        recipe = iaa.Dropout2d(1.0).draw((2, 2, 3), 1)
        with pytest.raises(ValueError, match="the recipe was drawn for 3 channels, got 5"):
            recipe(image=np.zeros((2, 2, 5), np.uint8))

    def test_refuses_to_keep_less_than_none(self):
        with pytest.raises(ValueError, match="nb_keep_channels must be at least 0, got -1"):
            iaa.Dropout2d(0.1, -1)


class TestCutout:
    @pytest.mark.parametrize(
        ("position", "rows", "columns"),
        [
            ("left-top", (0, 1), (0, 1)),
            ("right-bottom", (6, 7), (6, 7)),
            ((1.0, 0.0), (0, 1), (6, 7)),
            ("center", (2, 5), (2, 5)),
        ],
    )
    def test_position_is_the_middle_and_the_sides_cut_it_off(self, position, rows, columns):
        out = iaa.Cutout(position=position, size=0.5, cval=7)(image=np.zeros((8, 8), np.uint8))
        y, x = np.nonzero(out)
        assert (y.min(), y.max()) == rows
        assert (x.min(), x.max()) == columns
        assert set(np.unique(out)) == {0, 7}

    def test_squared_takes_the_height(self):
        image = np.zeros((100, 200), np.uint8)
        for squared, area in ((True, 20 * 20), (False, 20 * 40)):
            out = iaa.Cutout(position="center", size=0.2, squared=squared)(image=image)
            assert np.count_nonzero(out) == area
            assert set(np.unique(out)) == {0, 128}

    def test_how_many(self):
        image = np.zeros((300, 300), np.uint8)
        out = iaa.Cutout(4, size=0.01, seed=3)(image=image)
        assert np.count_nonzero(out) == 4 * 9
        assert iaa.Cutout(0).draw(image, 1).steps == ()

    def test_uniform_reaches_everywhere_and_normal_the_middle(self):
        image = np.zeros((64, 64), np.uint8)
        filled = {}
        for position in ("uniform", "normal"):
            cut = iaa.Cutout(position=position, size=0.1, cval=255)
            filled[position] = np.mean(
                [cut.draw(image, s)(image=image) > 0 for s in range(300)], axis=0
            )
        corners = {k: v[:16, :16].mean() / v.mean() for k, v in filled.items()}
        assert corners["uniform"] > 0.5
        assert corners["normal"] < 0.4

    @pytest.mark.parametrize(
        ("dtype", "value"), [(np.uint8, 51), (np.uint16, 51 * 257), (np.float32, np.float32(0.2))]
    )
    def test_cval_is_on_the_scale_of_bytes(self, dtype, value):
        out = iaa.Cutout(size=1.0, position="center", cval=51)(image=np.zeros((4, 4), dtype))
        assert (out == value).all()

    def test_a_range_of_colours_per_channel(self):
        image = np.zeros((4, 4, 9), np.uint8)
        for per_channel, most in ((False, 1), (True, 9)):
            out = iaa.Cutout(1, "center", 1.0, cval=(1, 255), fill_per_channel=per_channel, seed=1)(
                image=image
            )
            assert (np.ptp(out, axis=(0, 1)) == 0).all()
            assert (len(np.unique(out)) > 1) == (most > 1)

    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
    @pytest.mark.parametrize("per_channel", [False, True])
    def test_gaussian_fill(self, dtype, per_channel):
        white = 1 if dtype == np.float32 else np.iinfo(dtype).max
        out = iaa.Cutout(
            1, "center", 1.0, fill_mode="gaussian", fill_per_channel=per_channel, seed=1
        )(image=np.zeros((200, 200, 3), dtype))
        assert out.mean() / white == pytest.approx(0.5, abs=0.01)
        assert out.std() / white == pytest.approx(0.5 / 3, abs=0.005)
        assert (np.ptp(out.astype(float), axis=2) > 0).any() == per_channel

    def test_boxes_have_noise_of_their_own(self):
        image = np.zeros((100, 100), np.uint8)
        cut = iaa.Cutout(2, size=0.2, fill_mode="gaussian").draw(image, 5)
        (top, left, bottom, right), other = cut.steps[0].arguments["boxes"]
        out = cut(image=image)
        assert (bottom - top, right - left) == (20, 20)
        first, second = out[top:bottom, left:right], out[other[0] : other[2], other[1] : other[3]]
        assert not np.array_equal(first[: len(second), : second.shape[1]], second)

    def test_refuses_unknown_fills(self):
        with pytest.raises(ValueError, match="fill_mode must be one of 'constant', 'gaussian'"):
            iaa.Cutout(fill_mode="gauss")


class TestSaltAndPepper:
    @pytest.mark.parametrize("per_channel", [False, True])
    @pytest.mark.parametrize("p", [0.01, 0.4])
    def test_fraction(self, p, per_channel):
        image = np.full((256, 256, 3), 0.5, np.float32)
        out = iaa.SaltAndPepper(p, per_channel=per_channel, seed=1)(image=image)
        assert (out != image).mean() == pytest.approx(p, abs=0.006)
        assert (np.ptp(out, axis=2) > 0).any() == per_channel

    def test_values_have_the_arcsine_distribution(self):
        out = iaa.SaltAndPepper(1.0, seed=1)(image=np.zeros((256, 256), np.float64))
        assert out.mean() == pytest.approx(0.5, abs=0.01)
        assert out.var() == pytest.approx(1 / 8, abs=0.003)
        assert (out < 0.1).mean() == pytest.approx(2 / np.pi * np.arcsin(0.1**0.5), abs=0.006)

    def test_salt_is_light_and_pepper_dark(self):
        image = np.full((256, 256), 127, np.uint8)
        salt, pepper = iaa.Salt(0.3, seed=1)(image=image), iaa.Pepper(0.3, seed=1)(image=image)
        assert salt.min() == 127
        assert salt[salt != 127].mean() == pytest.approx(255 * (0.5 + 1 / np.pi), abs=2)
        assert salt.max() == 255
        assert pepper[pepper < 127].mean() == pytest.approx(255 * (0.5 - 1 / np.pi), abs=2)
        assert pepper.min() == 0

    def test_none(self):
        for nothing in (iaa.SaltAndPepper(0.0), iaa.Salt(0.0), iaa.Pepper(0.0)):
            assert nothing.draw(WHITE, 1).steps == ()

    def test_defaults_differ(self):
        assert iaa.Salt().p == Uniform(0.0, 0.03)
        assert iaa.Pepper().p == Uniform(0.0, 0.05)

    def test_a_binomial_says_what_is_replaced(self):
        image = np.full((256, 256), 0.5)
        out = iaa.SaltAndPepper(Binomial(0.1), seed=1)(image=image)
        assert (out != image).mean() == pytest.approx(0.1, abs=0.006)


@pytest.mark.parametrize("per_channel", [0, 1])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 3, 5])
def test_cells_of_any_grid(per_channel, dtype, channels):
    """Also of more cells than pixels, as a recipe that somebody wrote by hand may ask for."""
    for size, grid in (((7, 9), (3, 4)), ((2, 2), (4, 7)), ((5, 1), (1, 1))):
        image = np.full((*size, channels), 1, dtype)
        out = drop_cells(image[:, ::1], 0.4, *grid, per_channel, key=5)
        assert (out.shape, out.dtype) == (image.shape, image.dtype)
        for i in range(size[0]):
            for j in range(size[1]):
                cell = (i * grid[0] // size[0], j * grid[1] // size[1])
                same = [
                    out[y, x].tolist()
                    for y in range(size[0])
                    for x in range(size[1])
                    if (y * grid[0] // size[0], x * grid[1] // size[1]) == cell
                ]
                assert all(pixel == same[0] for pixel in same)
        if not per_channel:
            assert (np.ptp(out.astype(float), axis=2) == 0).all()

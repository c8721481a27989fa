"""Arithmetic on values: the same at every pixel, or with noise of its own for each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import acetate.augmenters as iaa
from acetate.augmenters import noise
from acetate.augmenters.elementwise import add_elementwise, multiply_elementwise
from acetate.augmenters.steps import Curve, Lookup
from acetate.parameters import (
    Beta,
    Binomial,
    Choice,
    Deterministic,
    DiscreteUniform,
    Laplace,
    Normal,
    Poisson,
    Uniform,
)
from acetate.seeds import bits_of, stream

EVERY = np.arange(65536, dtype=np.uint16).reshape(256, 256)
VALUES = np.arange(256, dtype=np.uint8).reshape(16, 16)
GRAY = np.full((256, 256), 100, np.uint8)


def row(*values, dtype=np.uint8):
    return np.array([values], dtype)


class TestAdd:
    @given(value=st.integers(-300, 300))
    def test_bytes_are_exact_and_stop_at_black_and_white(self, value):
        expected = np.clip(VALUES.astype(int) + value, 0, 255)
        assert np.array_equal(iaa.Add(value)(image=VALUES), expected)

    def test_sixteen_bits_add_257_times_as_much(self):
        image = row(0, 1000, 65000, dtype=np.uint16)
        assert iaa.Add(20)(image=image).tolist() == [[5140, 6140, 65535]]

    def test_floats_add_parts_of_white(self):
        image = row(0.0, 0.5, 0.99, dtype=np.float32)
        assert iaa.Add(51)(image=image) == pytest.approx(np.array([[0.2, 0.7, 1.0]]), abs=1e-6)

    def test_a_range_of_whole_numbers_gives_whole_numbers_with_both_ends(self):
        assert {iaa.Add((-1, 1), seed=s)(image=row(5)).item() for s in range(40)} == {4, 5, 6}

    def test_a_range_with_a_fraction_gives_fractions(self):
        step = iaa.Add((0.0, 2.5)).draw((1, 1), 1).steps[0]
        assert step.curves[0].arguments["amount"] % 1 != 0

    def test_per_channel_draws_one_for_each(self):
        image = np.full((1, 1, 50), 100, np.uint8)
        assert len(np.unique(iaa.Add((-50, 50), per_channel=True, seed=1)(image=image))) > 10
        assert len(np.unique(iaa.Add((-50, 50), per_channel=False, seed=1)(image=image))) == 1

    def test_per_channel_may_be_a_probability(self):
        image = np.full((1, 1, 9), 100, np.uint8)
        adder = iaa.Add((-50, 50), per_channel=0.5)
        uneven = [np.ptp(adder.draw(image, s)(image=image)) > 0 for s in range(200)]
        assert 70 < sum(uneven) < 130

    def test_nothing_is_no_step(self):
        assert iaa.Add(0).draw((4, 4, 3), 1).steps == ()
        assert iaa.Multiply(1).draw((4, 4, 3), 1).steps == ()

    def test_neighbours_become_one_table(self):
        pipeline = iaa.Sequential([iaa.Add(200), iaa.Multiply(0.5), iaa.Invert()])
        assert len(pipeline.draw((1, 3), 1).fused().steps) == 1
        assert pipeline(image=row(0, 50, 100)).tolist() == [[155, 130, 127]]


class TestMultiply:
    @pytest.mark.parametrize(("mul", "expected"), [(0, 0), (0.5, 50), (2, 200), (3, 255), (-1, 0)])
    def test_values(self, mul, expected):
        assert iaa.Multiply(mul)(image=row(100)).item() == expected

    @pytest.mark.parametrize("mul", [0.1, 0.8, 1.2, 1.7])
    def test_rounds_to_nearest(self, mul):
        exact = np.minimum(VALUES * mul, 255)
        assert np.abs(iaa.Multiply(mul)(image=VALUES) - exact).max() <= 0.5 + 1e-9

    def test_per_channel(self):
        image = np.full((1, 1, 50), 100, np.uint8)
        out = iaa.Multiply((0.5, 1.5), per_channel=True, seed=1)(image=image)
        assert len(np.unique(out)) > 10


class TestInvert:
    def test_all_values(self):
        assert np.array_equal(iaa.Invert()(image=VALUES), 255 - VALUES)
        assert np.array_equal(iaa.Invert()(image=EVERY), 65535 - EVERY)

    def test_probability_is_of_pictures(self):
        inverted = [iaa.Invert(0.3, seed=s)(image=row(0)).item() == 255 for s in range(400)]
        assert 80 < sum(inverted) < 160

    def test_per_channel_probability_is_of_channels(self):
        out = iaa.Invert(0.3, per_channel=True, seed=1)(image=np.zeros((1, 1, 400), np.uint8))
        assert set(np.unique(out)) == {0, 255}
        assert 80 < np.count_nonzero(out) < 160

    def test_range(self):
        out = iaa.Invert(min_value=50, max_value=200)(image=row(50, 60, 200))
        assert out.tolist() == [[200, 190, 50]]

    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float64])
    def test_threshold_above_and_below(self, dtype):
        white = {np.uint8: 255, np.uint16: 65535, np.float64: 1.0}[dtype]
        image = (row(0, 99, 100, 255, dtype=np.float64) * (white / 255)).astype(dtype)
        above = iaa.Invert(threshold=100, invert_above_threshold=True)(image=image)
        below = iaa.Invert(threshold=100, invert_above_threshold=False)(image=image)
        assert above * (255 / white) == pytest.approx(np.array([[0, 99, 155, 0]]))
        assert below * (255 / white) == pytest.approx(np.array([[255, 156, 100, 255]]))

    def test_sides_of_the_threshold_are_drawn(self):
        pipeline = iaa.Invert(threshold=128, invert_above_threshold=0.5)
        drawn = {pipeline.draw((1, 2), s)(image=row(0, 255)).tobytes() for s in range(20)}
        assert drawn == {bytes([0, 0]), bytes([255, 255])}

    def test_solarize_is_invert_from_a_threshold_on(self):
        assert iaa.Solarize(threshold=100)(image=row(0, 99, 100, 255)).tolist() == [[0, 99, 155, 0]]
        thresholds = [
            iaa.Solarize().draw((1, 1), s).steps[0].curves[0].arguments["threshold"]
            for s in range(50)
        ]
        assert 64 <= min(thresholds) < max(thresholds) <= 192

    def test_refuses_an_empty_range(self):
        with pytest.raises(ValueError, match="min_value < max_value <= 255 is needed, got 9 and 5"):
            iaa.Invert(min_value=9, max_value=5)


class TestNoise:
    def test_is_the_raw_output_of_the_bit_generator_whatever_the_bands(self):
        image = np.zeros((701, 401, 3), np.uint8)
        for per_channel in (0, 1):
            count = 701 * 401 * (3 if per_channel else 1)
            raw = bits_of(5).random_raw(-(-count // 4)).view(np.uint16)[:count]
            parts = list(noise.bands(5, image, per_channel))
            assert len(parts) > 2
            assert np.array_equal(np.concatenate([part.ravel() for _, part in parts]), raw)
            assert parts[-1][0].stop == 701

    def test_a_table_gives_what_the_function_gives(self):
        few, many = EVERY[:2], EVERY
        for drawn in (("Normal", 3.0, 20.0), ("Laplace", 0.0, 9.0), ("Uniform", -2.0, 7.0)):
            direct = noise.sampler(lambda n: noise.quantiles(n, drawn), few.size)  # noqa: B023
            table = noise.sampler(lambda n: noise.quantiles(n, drawn), many.size)  # noqa: B023
            assert np.array_equal(direct(few), table(many)[:2])

    @pytest.mark.parametrize(
        ("parameter", "mean", "deviation", "low", "high"),
        [
            (Deterministic(4), 4, 0, 4, 4),
            (Uniform(-10, 20), 5, 30 / 12**0.5, -10, 20),
            (DiscreteUniform(1, 6), 3.5, (35 / 12) ** 0.5, 1, 6),
            (Binomial(0.3), 0.3, 0.21**0.5, 0, 1),
            (Normal(5, 10), 5, 10, -38.3, 48.3),
            (Laplace(5, 10), 5, 10 * 2**0.5, -106, 116),
            (Poisson(0), 0, 0, 0, 0),
            (Poisson(7), 7, 7**0.5, 0, 21),
            (Poisson(900), 900, 30, 773, 1033),
            (Choice([4, 1], p=[0.25, 0.75]), 1.75, 3 * (3 / 16) ** 0.5, 1, 4),
        ],
        ids=repr,
    )
    def test_quantiles(self, parameter, mean, deviation, low, high):
        numbers = noise.quantiles(EVERY, noise.distribution(parameter, stream(0), "value"))
        assert numbers.dtype == np.float32
        assert numbers.mean(dtype=float) == pytest.approx(mean, abs=1e-3)
        assert numbers.std(dtype=float) == pytest.approx(deviation, rel=1e-3, abs=1e-6)
        assert (numbers.min(), numbers.max()) == pytest.approx((low, high), rel=0.03)
        assert (np.diff(numbers.ravel()) >= 0).all()

    def test_the_normal_quantiles_are_symmetric(self):
        numbers = noise.quantiles(EVERY, ("Normal", 0.0, 1.0)).ravel()
        assert np.array_equal(numbers, -numbers[::-1])

    def test_numbers_of_a_distribution_are_drawn_for_each_picture(self):
        scales = {noise.distribution(Normal(0, (1, 5)), stream(s), "value")[2] for s in range(9)}
        assert len(scales) == 9

    @pytest.mark.parametrize("parameter", [Beta(1, 2), Normal(0, 1) + 3, Choice([1, Normal(0, 1)])])
    def test_refuses_what_a_recipe_cannot_hold(self, parameter):
        with pytest.raises(TypeError, match="value is drawn for every pixel: it must be a numb"):
            iaa.AddElementwise(parameter)

    def test_spread_copies_a_field_to_all_channels(self):
        field = np.arange(6, dtype=np.int8).reshape(2, 3) - 3
        for channels in (1, 2, 3, 4, 7):
            expected = np.repeat(field[:, :, np.newaxis], channels, axis=2)
            for dtype in (np.int8, np.int16, np.float32):
                assert np.array_equal(noise.spread(field.astype(dtype), (2, 3, channels)), expected)


class TestAddElementwise:
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    @pytest.mark.parametrize("per_channel", [0, 1])
    @pytest.mark.parametrize(
        "amounts",
        [
            ("Deterministic", 0.0),
            ("DiscreteUniform", -20.0, 20.0),
            ("Normal", 5.0, 60.0),
            ("Uniform", -255.0, 255.0),
            ("Normal", 0.0, 5000.0),
            ("Deterministic", 255.0),
        ],
    )
    def test_integers_are_exact_and_stop_at_black_and_white(self, dtype, per_channel, amounts):
        scale = 257 if dtype == np.uint16 else 1
        image = stream(3).integers(0, 255 * scale + 1, (40, 51, 3), dtype)
        ((_, bits),) = noise.bands(9, image, per_channel)
        added = np.rint(noise.quantiles(bits, amounts) * np.float32(scale)).astype(int)
        added = added.reshape(image.shape) if per_channel else added[:, :, np.newaxis]
        out = add_elementwise(image, amounts, per_channel, key=9)
        assert np.array_equal(out, np.clip(image + added, 0, 255 * scale))

    def test_white_and_black_are_not_passed(self):
        for value in (0, 255):
            out = iaa.AddElementwise((-255, 255), seed=1)(image=np.full((99, 99), value, np.uint8))
            half = np.count_nonzero(out == value) / out.size
            assert 0.45 < half < 0.55

    @pytest.mark.parametrize("per_channel", [False, True])
    def test_per_channel(self, per_channel):
        image = np.full((64, 64, 3), 100, np.uint8)
        out = iaa.AddElementwise((-50, 50), per_channel=per_channel, seed=1)(image=image)
        same = (out[:, :, 0] == out[:, :, 1]).mean()
        assert same == 1 if not per_channel else same < 0.05

    def test_all_numbers_of_a_range_are_equally_frequent(self):
        out = iaa.AddElementwise((-2, 2), seed=1)(image=GRAY)
        values, counts = np.unique(out, return_counts=True)
        assert values.tolist() == [98, 99, 100, 101, 102]
        assert np.abs(counts / GRAY.size - 0.2).max() < 0.01

    def test_a_list_gives_only_its_numbers(self):
        out = iaa.AddElementwise([-7, 30], seed=1)(image=GRAY)
        assert set(np.unique(out)) == {93, 130}

    def test_nothing_is_no_step(self):
        for nothing in (
            iaa.AddElementwise(0),
            iaa.AdditiveGaussianNoise(0, 0),
            iaa.AdditivePoissonNoise(0),
            iaa.MultiplyElementwise(1),
        ):
            assert nothing.draw((4, 4), 1).steps == ()


class TestAdditiveNoise:
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
    @pytest.mark.parametrize(
        ("augmenter", "mean", "deviation"),
        [
            (iaa.AdditiveGaussianNoise(5, 12, True), 5, 12),
            (iaa.AdditiveLaplaceNoise(5, 8, True), 5, 8 * 2**0.5),
            (iaa.AdditivePoissonNoise(16, True), 16, 4),
        ],
        ids=lambda a: a.name if isinstance(a, iaa.Augmenter) else None,
    )
    def test_mean_and_deviation(self, augmenter, mean, deviation, dtype):
        white = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
        image = np.full((200, 200, 3), white * (100 / 255)).astype(dtype)
        out = augmenter.draw(image, 4)(image=image) / white * 255
        assert out.mean() == pytest.approx(100 + mean, abs=0.2)
        assert out.std() == pytest.approx(deviation, rel=0.02)
        assert abs(np.corrcoef(out[:, :, 0].ravel(), out[:, :, 1].ravel())[0, 1]) < 0.02
        assert abs(np.corrcoef(out[:, 1:].ravel(), out[:, :-1].ravel())[0, 1]) < 0.02

    def test_noise_of_one_channel_is_in_all(self):
        out = iaa.AdditiveGaussianNoise(scale=9, seed=1)(image=np.full((9, 9, 3), 99, np.uint8))
        assert (np.ptp(out, axis=2) == 0).all()

    def test_scale_is_drawn_for_each_picture(self):
        noisy = iaa.AdditiveGaussianNoise(scale=(0, 30))
        deviations = [noisy.draw(GRAY, s)(image=GRAY).std() for s in range(20)]
        assert min(deviations) < 8
        assert 22 < max(deviations) <= 30.5

    def test_refuses_a_negative_scale(self):
        with pytest.raises(ValueError, match="scale must be at least 0, got -1"):
            iaa.AdditiveGaussianNoise(scale=-1)


class TestMultiplyElementwise:
    @pytest.mark.parametrize("per_channel", [0, 1])
    def test_rounds_to_nearest(self, per_channel):
        image = stream(3).integers(0, 256, (40, 51, 3), np.uint8)
        ((_, bits),) = noise.bands(9, image, per_channel)
        factors = noise.quantiles(bits, ("Uniform", 0.5, 3.0)).astype(float)
        factors = factors.reshape(image.shape) if per_channel else factors[:, :, np.newaxis]
        out = multiply_elementwise(image, ("Uniform", 0.5, 3.0), per_channel, key=9)
        assert np.abs(out - np.minimum(image * factors, 255)).max() <= 0.5 + 1e-4

    def test_sixteen_bits_and_floats(self):
        for image, expected in (
            (np.full((2, 2), 1001, np.uint16), [500, 501]),
            (np.full((2, 2), 0.5, np.float64), [0.25]),
        ):
            assert np.isin(iaa.MultiplyElementwise(0.5)(image=image), expected).all()

    def test_mean(self):
        out = iaa.MultiplyElementwise((0.5, 1.5), per_channel=True, seed=1)(image=GRAY)
        assert out.mean() == pytest.approx(100, abs=0.5)
        assert (out.min(), out.max()) == (50, 150)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_tables_for_each_channel_on_pictures_of_any_size(channels):
    amounts = tuple(range(-20, 20 * channels, 21))[:channels]
    step = Lookup((Curve("add", {"amount": amounts}),))
    for shape in ((1, 1), (3, 70_001), (700, 333)):
        image = np.random.default_rng(1).integers(0, 256, (*shape, channels), np.uint8)
        expected = np.clip(image.astype(int) + amounts, 0, 255)
        np.testing.assert_array_equal(step.on_image(image), expected)


def test_a_negative_of_a_negative_is_the_picture():
    image = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    negative = iaa.Invert(1.0)(image=image)
    np.testing.assert_array_equal(negative, 255 - image)
    twice = iaa.Sequential([iaa.Invert(1.0), iaa.Invert(1.0)])
    np.testing.assert_array_equal(twice(image=image), image)

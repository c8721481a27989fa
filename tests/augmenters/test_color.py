"""Colour: gray, hue, saturation and temperature, on colours known by heart."""

import colorsys

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.arrays import convert
from acetate.augmenters.color import blackbody

PURE = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [90, 90, 90]]], np.uint8)
NOISE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
LUMA = np.array([0.299, 0.587, 0.114])


def hsv(image):
    """Return hue in turns, saturation and value in [0, 1], by the standard library."""
    flat = [colorsys.rgb_to_hsv(*pixel) for pixel in (image / 255).reshape(-1, 3)]
    return np.array(flat).reshape(image.shape)


def rgb(array):
    flat = [colorsys.hsv_to_rgb(*pixel) for pixel in array.reshape(-1, 3)]
    return np.array(flat).reshape(array.shape)


class TestGrayscale:
    def test_whole_is_rounded_to_nearest(self):
        out = iaa.Grayscale()(image=NOISE)
        assert np.abs(out - (NOISE @ LUMA)[:, :, np.newaxis]).max() <= 0.504

    @pytest.mark.parametrize("alpha", [0.25, 0.5, 0.9])
    def test_blend(self, alpha):
        exact = (1 - alpha) * NOISE + alpha * (NOISE @ LUMA)[:, :, np.newaxis]
        assert np.abs(iaa.Grayscale(alpha)(image=NOISE) - exact).max() < 0.65
        fine = iaa.Grayscale(alpha)(image=NOISE / 255)
        assert fine == pytest.approx(exact / 255)

    @pytest.mark.parametrize("dtype", ["uint16", "float32", "float64"])
    def test_other_dtypes(self, dtype):
        image = convert(NOISE, dtype)
        out = convert(iaa.Grayscale()(image=image), "uint8").astype(int)
        assert np.abs(out - iaa.Grayscale()(image=NOISE)).max() <= 1

    def test_source_colour_space(self):
        out = iaa.Grayscale(from_colorspace="BGR")(image=PURE)
        assert out[0, :3, 0].tolist() == [29, 150, 76]
        half = iaa.Grayscale(0.5, from_colorspace="BGR")(image=PURE)
        assert half[0, 2].tolist() == [38, 38, 166]

    def test_nothing_is_no_step_and_gray_stays(self):
        assert iaa.Grayscale(0).draw(NOISE, 1).steps == ()
        gray = NOISE[:, :, 0]
        assert np.array_equal(iaa.Grayscale()(image=gray), gray)

    def test_refuses_other_numbers_of_channels(self):
        with pytest.raises(ValueError, match="Grayscale works on pictures of 3 channels, got 4"):
            iaa.Grayscale()(image=np.zeros((2, 2, 4), np.uint8))


class TestAddToHueAndSaturation:
    def test_a_third_of_a_turn_exchanges_the_colours_and_leaves_gray(self):
        out = iaa.AddToHue(85)(image=PURE).astype(int)
        assert np.abs(out[0, :3] - PURE[0, [1, 2, 0]]).max() <= 6
        assert np.array_equal(out[0, 3:], PURE[0, 3:])

    def test_backwards_is_the_rest_of_the_turn(self):
        assert np.array_equal(iaa.AddToHue(-85)(image=NOISE), iaa.AddToHue(170)(image=NOISE))

    def test_whole_turns_are_no_step(self):
        for turn in (-255, 0, 255):
            assert iaa.AddToHue(turn).draw(NOISE, 1).steps == ()

    def test_saturation(self):
        assert (np.ptp(iaa.AddToSaturation(-255)(image=NOISE), axis=2) == 0).all()
        pixel = np.array([[[200, 100, 100]]], np.uint8)
        assert iaa.AddToSaturation(255)(image=pixel).tolist() == [[[200, 0, 0]]]
        stronger = iaa.AddToSaturation(40)(image=pixel)
        assert hsv(stronger)[0, 0, 1] == pytest.approx(0.5 + 40 / 255, abs=0.01)

    @pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
    @pytest.mark.parametrize(("hue", "saturation"), [(30, 0), (-100, 50), (200, -80), (0, 60)])
    def test_against_the_standard_library(self, hue, saturation, dtype):
        expected = hsv(NOISE)
        expected[:, :, 0] = (expected[:, :, 0] + hue / 255) % 1
        expected[:, :, 1] = np.clip(expected[:, :, 1] + saturation / 255, 0, 1)
        changed = iaa.AddToHueAndSaturation(value_hue=hue, value_saturation=saturation)
        out = convert(changed(image=convert(NOISE, dtype)), "float64")
        most = 12 / 255 if dtype == "uint8" else 2e-5
        assert np.abs(out - rgb(expected)).max() < most

    def test_one_value_for_both_or_one_for_each(self):
        def drawn(per_channel):
            both = iaa.AddToHueAndSaturation((0, 250), per_channel=per_channel)
            steps = [both.draw(NOISE, s).steps[0].arguments for s in range(9)]
            return [a["hue"] == a["saturation"] for a in steps]

        assert all(drawn(False))
        assert not any(drawn(True))

    def test_only_one_of_them(self):
        step = iaa.AddToHueAndSaturation(value_saturation=9).draw(NOISE, 1).steps[0]
        assert (step.arguments["hue"], step.arguments["saturation"]) == (0, 9)

    def test_source_colour_space(self):
        bgr = iaa.AddToHue(60, from_colorspace="BGR")(image=NOISE[:, :, ::-1])
        assert np.array_equal(bgr[:, :, ::-1], iaa.AddToHue(60)(image=NOISE))

    @pytest.mark.parametrize("arguments", [{}, {"value": 5, "value_hue": 6}])
    def test_refuses_none_and_both(self, arguments):
        message = "AddToHueAndSaturation needs either value, or value_hue or value_saturation or"
        with pytest.raises(ValueError, match=message):
            iaa.AddToHueAndSaturation(**arguments)

    def test_refuses_other_numbers_of_channels(self):
        with pytest.raises(ValueError, match="AddToHueAndSaturation works on pictures of 3 chan"):
            iaa.AddToHue(5)(image=np.zeros((2, 2), np.uint8))


class TestMultiplyHueAndSaturation:
    @pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
    @pytest.mark.parametrize(("hue", "saturation"), [(1.0, 0.5), (0.5, 1.0), (1.0, 2.0), (-1, 1)])
    def test_against_the_standard_library(self, hue, saturation, dtype):
        expected = hsv(NOISE)
        expected[:, :, 0] = (expected[:, :, 0] * hue) % 1
        expected[:, :, 1] = np.clip(expected[:, :, 1] * saturation, 0, 1)
        changed = iaa.MultiplyHueAndSaturation(mul_hue=hue, mul_saturation=saturation)
        out = convert(changed(image=convert(NOISE, dtype)), "float64")
        most = 12 / 255 if dtype == "uint8" else 2e-5
        assert np.abs(out - rgb(expected)).max() < most

    def test_red_stays_red_and_blue_turns_to_green(self):
        out = iaa.MultiplyHue(2.0)(image=PURE).astype(int)
        assert out[0, 0].tolist() == [255, 0, 0]
        assert np.abs(out[0, 2] - [0, 255, 0]).max() <= 6
        assert out[0, 3:].tolist() == PURE[0, 3:].tolist()

    def test_zero_saturation_is_gray(self):
        assert (np.ptp(iaa.MultiplySaturation(0)(image=NOISE), axis=2) == 0).all()
        assert (np.ptp(iaa.MultiplyHueAndSaturation(-1)(image=NOISE), axis=2) == 0).all()

    def test_one_is_no_step(self):
        for nothing in (iaa.MultiplyHue(1), iaa.MultiplySaturation(1)):
            assert nothing.draw(NOISE, 1).steps == ()

    def test_one_factor_for_both_or_one_for_each(self):
        def drawn(per_channel):
            both = iaa.MultiplyHueAndSaturation((0.5, 1.5), per_channel=per_channel)
            steps = [both.draw(NOISE, s).steps[0].arguments for s in range(9)]
            return [a["hue"] == a["saturation"] for a in steps]

        assert all(drawn(False))
        assert not any(drawn(True))

    def test_refusals(self):
        with pytest.raises(
            ValueError, match="needs either mul, or mul_hue or mul_saturation or bot"
        ):
            iaa.MultiplyHueAndSaturation()
        with pytest.raises(ValueError, match=r"mul_saturation must lie in \[0, 10\], got -1"):
            iaa.MultiplySaturation(-1)
        with pytest.raises(ValueError, match="MultiplyHueAndSaturation works on pictures of 3"):
            iaa.MultiplyHue(2)(image=np.zeros((2, 2, 5), np.uint8))


class TestColorTemperature:
    @pytest.mark.parametrize(
        ("kelvin", "expected"),
        # Mitchell Charity's table of black bodies, CIE 1931: a public reference to compare with.
        [
            (1000, (255, 56, 0)),
            (3000, (255, 180, 107)),
            (5000, (255, 228, 206)),
            (6500, (255, 249, 253)),
            (10000, (204, 219, 255)),
        ],
    )
    def test_black_bodies(self, kelvin, expected):
        assert np.abs(np.array(blackbody(kelvin)) * 255 - expected).max() < 10

    def test_hotter_is_bluer(self):
        ratios = [blackbody(k)[2] / blackbody(k)[0] for k in range(2000, 40000, 2000)]
        assert ratios == sorted(ratios)
        assert all(max(blackbody(k)) == pytest.approx(1) for k in (1000, 6500, 40000))

    def test_multiplies_each_channel(self):
        image = np.full((2, 2, 3), 200, np.uint8)
        out = iaa.ChangeColorTemperature(3000)(image=image)
        assert out[0, 0].tolist() == [round(200 * part) for part in blackbody(3000)]
        bgr = iaa.ChangeColorTemperature(3000, from_colorspace="BGR")(image=image)
        assert np.array_equal(bgr[:, :, ::-1], out)

    def test_temperatures_are_drawn(self):
        drawn = {iaa.ChangeColorTemperature().draw(NOISE, s).to_json() for s in range(9)}
        assert len(drawn) == 9

    def test_refusals(self):
        with pytest.raises(ValueError, match=r"kelvin must lie in \[1000, 40000\], got 500"):
            iaa.ChangeColorTemperature(500)
        for shape in ((2, 2), (2, 2, 5)):
            with pytest.raises(ValueError, match="3 channels, got"):
                iaa.ChangeColorTemperature(3000)(image=np.zeros(shape, np.uint8))
            with pytest.raises(ValueError, match="ChangeColorTemperature works on pictures of 3"):
                iaa.ChangeColorTemperature(3000)(image=np.zeros(shape))

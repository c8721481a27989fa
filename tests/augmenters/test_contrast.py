"""Contrast: curves by formula, histograms by hand."""

import cv2
import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.augmenters.histogram import clahe, equalize

VALUES = np.arange(256, dtype=np.uint8).reshape(16, 16)
NOISE = np.random.default_rng(0).integers(60, 160, (48, 64, 3), np.uint8)
CURVES = {
    "gamma": (iaa.GammaContrast(1.7), lambda v: v**1.7),
    "gamma below 1": (iaa.GammaContrast(0.3), lambda v: v**0.3),
    "gamma 0": (iaa.GammaContrast(0), lambda v: v**0),
    "linear": (iaa.LinearContrast(1.4), lambda v: 127 / 255 + 1.4 * (v - 127 / 255)),
    "linear negative": (iaa.LinearContrast(-1), lambda v: 2 * 127 / 255 - v),
    "sigmoid": (iaa.SigmoidContrast(10, 0.4), lambda v: 1 / (1 + np.exp(10 * (0.4 - v)))),
    "log": (iaa.LogContrast(1.3), lambda v: 1.3 * np.log2(1 + v)),
}


@pytest.mark.parametrize(("augmenter", "formula"), CURVES.values(), ids=CURVES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_formulas(augmenter, formula, dtype):
    white = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    image = np.linspace(0, white, 256).reshape(16, 16).astype(dtype)
    exact = np.clip(formula(image.astype(float) / white), 0, 1) * white
    most = {np.uint8: 0.5 + 1e-9, np.uint16: 0.5 + 1e-6, np.float32: 1e-6, np.float64: 1e-12}
    assert np.abs(augmenter(image=image) - exact).max() <= most[dtype]


@pytest.mark.parametrize(
    "augmenter",
    [
        iaa.GammaContrast((0.3, 3.0), per_channel=True),
        iaa.LinearContrast((0.3, 3.0), per_channel=True),
        iaa.SigmoidContrast((5, 20), (0.1, 0.9), per_channel=True),
        iaa.LogContrast((0.4, 1.6), per_channel=True),
    ],
    ids=lambda a: a.name,
)
def test_per_channel(augmenter):
    image = np.full((1, 1, 40), 60, np.uint8)
    assert len(np.unique(augmenter.draw(image, 1)(image=image))) > 10
    one = type(augmenter)().draw(image, 1)
    assert len(np.unique(one(image=image))) == 1


def test_one_is_no_step():
    assert iaa.GammaContrast(1).draw((4, 4), 1).steps == ()
    assert iaa.LinearContrast(1.0).draw((4, 4), 1).steps == ()


def test_a_steep_sigmoid_is_a_threshold():
    out = iaa.SigmoidContrast(1e6, 100.5 / 255)(image=VALUES)
    assert np.array_equal(out, np.where(VALUES > 100, 255, 0))


def test_gamma_refuses_negative_exponents():
    with pytest.raises(ValueError, match="gamma must be at least 0, got -1"):
        iaa.GammaContrast(-1)


class TestEqualization:
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    def test_values_are_spread_by_rank(self, dtype):
        white = np.iinfo(dtype).max
        row = np.array([[10, 10, 11, 12, 12, 12, 13]], dtype)
        out = iaa.AllChannelsHistogramEqualization()(image=row)
        expected = np.floor(np.array([0, 0, 1, 4, 4, 4, 5]) / 5 * white + 0.5)
        assert out.ravel().tolist() == expected.tolist()

    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    def test_flat_pictures_stay(self, dtype):
        image = np.full((5, 6, 3), 77, dtype)
        assert np.array_equal(equalize(image), image)

    def test_channels_are_on_their_own(self):
        out = iaa.AllChannelsHistogramEqualization()(image=NOISE)
        for c in range(3):
            assert np.array_equal(out[:, :, c], cv2.equalizeHist(NOISE[:, :, c].copy()))

    @pytest.mark.parametrize("space", ["Lab", "HLS", "HSV", "YCrCb"])
    def test_light_is_spread_and_colours_stay(self, space):
        tinted = NOISE // np.array([1, 2, 4], np.uint8)
        out = iaa.HistogramEqualization(to_colorspace=space)(image=tinted)
        assert out.max() > 250
        assert np.ptp(out[:, :, 0]) > 1.5 * np.ptp(tinted[:, :, 0])
        assert out[:, :, 0].mean() > out[:, :, 1].mean() > out[:, :, 2].mean()

    def test_source_colour_space(self):
        rgb = iaa.HistogramEqualization()(image=NOISE)
        bgr = iaa.HistogramEqualization("BGR")(image=NOISE[:, :, ::-1])
        assert np.array_equal(rgb, bgr[:, :, ::-1])

    def test_gray_colours_are_like_gray(self):
        gray = np.random.default_rng(0).integers(60, 160, (48, 64), np.uint8)
        colors = np.repeat(gray[:, :, np.newaxis], 3, axis=2)
        one = iaa.HistogramEqualization()(image=gray).astype(int)
        three = iaa.HistogramEqualization(to_colorspace="HSV")(image=colors)
        assert np.abs(three - one[:, :, np.newaxis]).max() <= 1

    def test_a_fourth_channel_stays(self):
        image = np.concatenate([NOISE, VALUES.repeat(12).reshape(48, 64, 1)], axis=2)
        out = iaa.HistogramEqualization()(image=image)
        assert np.array_equal(out[:, :, 3], image[:, :, 3])
        assert np.array_equal(out[:, :, :3], iaa.HistogramEqualization()(image=NOISE))

    @pytest.mark.parametrize("channels", [1, 2, 5])
    def test_other_numbers_of_channels_are_taken_one_by_one(self, channels):
        image = np.random.default_rng(0).integers(0, 9000, (20, 20, channels), np.uint16)
        all_channels = iaa.AllChannelsHistogramEqualization()
        assert np.array_equal(iaa.HistogramEqualization()(image=image), all_channels(image=image))

    def test_refusals(self):
        with pytest.raises(ValueError, match="HistogramEqualization of colours works on uint8 pic"):
            iaa.HistogramEqualization()(image=np.zeros((4, 4, 3), np.uint16))
        with pytest.raises(ValueError, match="AllChannelsHistogramEqualization works on uint8 and"):
            iaa.AllChannelsHistogramEqualization()(image=np.zeros((4, 4), np.float32))
        with pytest.raises(
            ValueError, match="to_colorspace must be one of 'Lab', 'HLS', 'HSV', 'YCrCb'"
        ):
            iaa.HistogramEqualization(to_colorspace="Luv")


class TestClahe:
    def test_is_opencvs(self):
        plane = np.ascontiguousarray(NOISE[:, :, 0])
        expected = cv2.createCLAHE(3.0, (5, 4)).apply(plane)
        out = iaa.AllChannelsCLAHE(3.0, ([4], 5))(image=plane)
        assert np.array_equal(out, expected)

    def test_a_higher_limit_gives_more_contrast(self):
        image = cv2.GaussianBlur(NOISE, (0, 0), 2)
        contrast = [iaa.CLAHE(limit, 4)(image=image).std() for limit in (1, 3, 10)]
        assert image.std() < contrast[0] < contrast[1] < contrast[2]

    def test_tiles(self):
        def tiles(**options):
            tiling = iaa.CLAHE(2.0, **options).draw((9, 9), 1).steps[0].arguments["tiling"]
            return tiling[1:]

        assert tiles(tile_grid_size_px=8) == (8, 8)
        assert tiles(tile_grid_size_px=2) == (3, 3)
        assert tiles(tile_grid_size_px=2, tile_grid_size_px_min=1) == (2, 2)
        assert tiles(tile_grid_size_px=([4], [7])) == (4, 7)
        assert tiles(tile_grid_size_px=0, tile_grid_size_px_min=0) == (1, 1)

    def test_numbers_are_drawn(self):
        drawn = [iaa.CLAHE().draw((9, 9), s).steps[0].arguments["tiling"] for s in range(60)]
        assert 0.1 <= min(d[0] for d in drawn) < 1
        assert 7 < max(d[0] for d in drawn) <= 8
        assert {d[1] for d in drawn} == set(range(3, 13))

    def test_per_channel(self):
        step = iaa.AllChannelsCLAHE(per_channel=True).draw((9, 9, 5), 1).steps[0]
        assert len(set(step.arguments["tilings"])) == 5
        assert len(iaa.AllChannelsCLAHE().draw((9, 9, 5), 1).steps[0].arguments["tilings"]) == 1
        flat = iaa.AllChannelsCLAHE(per_channel=True).draw((9, 9), 1)
        assert len(flat.steps[0].arguments["tilings"]) == 1

    def test_colours_stay_in_lab(self):
        out = cv2.cvtColor(iaa.CLAHE(4.0, 4)(image=NOISE), cv2.COLOR_RGB2Lab)
        before = cv2.cvtColor(NOISE, cv2.COLOR_RGB2Lab)
        assert np.abs(out[:, :, 1:].astype(int) - before[:, :, 1:]).mean() < 2
        assert np.abs(out[:, :, 0].astype(int) - before[:, :, 0]).mean() > 5

    def test_refusals(self):
        with pytest.raises(
            ValueError, match="CLAHE of colours works on uint8 pictures, got uint16"
        ):
            iaa.CLAHE()(image=np.zeros((4, 4, 3), np.uint16))
        with pytest.raises(ValueError, match="AllChannelsCLAHE works on uint8 and uint16 pictures"):
            iaa.AllChannelsCLAHE()(image=np.zeros((4, 4, 3), np.float64))
        with pytest.raises(ValueError, match="the recipe was drawn for 2 channels, got 3"):
            clahe(NOISE, ((2.0, 3, 3), (4.0, 3, 3)))

"""What every augmenter of values promises: shapes, dtypes, ranges, copies, replay, or an error."""

import itertools

import numpy as np
import pytest

import acetate
import acetate.augmenters as iaa
from acetate.arrays import convert
from acetate.seeds import stream

DTYPES = ("uint8", "uint16", "float32", "float64")
SHAPES = ((6, 7), (6, 7, 1), (6, 7, 3), (6, 7, 4), (6, 7, 5), (1, 1), (1, 9, 3), (9, 1), (1, 1, 5))

ANY = {
    "Add": lambda: iaa.Add((-40, 40)),
    "Add per channel": lambda: iaa.Add((-40, 40), per_channel=True),
    "Multiply": lambda: iaa.Multiply((0.5, 1.5), per_channel=0.5),
    "Invert": lambda: iaa.Invert(0.5, per_channel=True),
    "Invert part": lambda: iaa.Invert(1.0, False, 20, 220, (60, 200)),
    "Solarize": lambda: iaa.Solarize(0.5, threshold=(50, 200)),
    "AddElementwise": lambda: iaa.AddElementwise((-200, 200), per_channel=0.5),
    "AddElementwise list": lambda: iaa.AddElementwise([-7, 9, 60], per_channel=0.5),
    "MultiplyElementwise": lambda: iaa.MultiplyElementwise((0.5, 1.5), per_channel=0.5),
    "AdditiveGaussianNoise": lambda: iaa.AdditiveGaussianNoise((-9, 9), (0, 90), per_channel=0.5),
    "AdditiveLaplaceNoise": lambda: iaa.AdditiveLaplaceNoise(0, (0, 30), per_channel=0.5),
    "AdditivePoissonNoise": lambda: iaa.AdditivePoissonNoise((0, 30), per_channel=0.5),
    "Dropout": lambda: iaa.Dropout((0.0, 0.5), per_channel=0.5),
    "CoarseDropout": lambda: iaa.CoarseDropout((0.1, 0.5), size_px=(2, 9), per_channel=0.5),
    "CoarseDropout %": lambda: iaa.CoarseDropout(0.3, size_percent=(0.1, 1.0)),
    "Dropout2d": lambda: iaa.Dropout2d(0.5, nb_keep_channels=0),
    "Cutout": lambda: iaa.Cutout((0, 3), size=(0.1, 0.9), squared=0.5, cval=(0, 255)),
    "Cutout noise": lambda: iaa.Cutout(
        2, "normal", 0.6, fill_mode=iaa.ALL, cval=(0, 255), fill_per_channel=0.5
    ),
    "SaltAndPepper": lambda: iaa.SaltAndPepper((0.0, 0.5), per_channel=0.5),
    "Salt": lambda: iaa.Salt((0.0, 0.5), per_channel=0.5),
    "Pepper": lambda: iaa.Pepper((0.0, 0.5), per_channel=0.5),
    "GaussianBlur": lambda: iaa.GaussianBlur((0.0, 3.0)),
    "AverageBlur": lambda: iaa.AverageBlur(((1, 7), (0, 4))),
    "MedianBlur": lambda: iaa.MedianBlur((1, 9)),
    "MotionBlur": lambda: iaa.MotionBlur((1, 9), order=iaa.ALL),
    "Sharpen": lambda: iaa.Sharpen((0.0, 1.0), (0.0, 2.0)),
    "Emboss": lambda: iaa.Emboss((0.0, 1.0), (0.0, 2.0)),
    "EdgeDetect": lambda: iaa.EdgeDetect((0.0, 1.0)),
    "DirectedEdgeDetect": lambda: iaa.DirectedEdgeDetect((0.0, 1.0)),
    "GammaContrast": lambda: iaa.GammaContrast((0.3, 3.0), per_channel=0.5),
    "LinearContrast": lambda: iaa.LinearContrast((-0.5, 3.0), per_channel=0.5),
    "SigmoidContrast": lambda: iaa.SigmoidContrast((1, 2000), per_channel=0.5),
    "LogContrast": lambda: iaa.LogContrast((0.4, 1.6), per_channel=0.5),
}
INTEGERS = {
    "AllChannelsHistogramEqualization": iaa.AllChannelsHistogramEqualization,
    "AllChannelsCLAHE": lambda: iaa.AllChannelsCLAHE(per_channel=0.5),
}
LIGHT = {
    "HistogramEqualization": lambda: iaa.HistogramEqualization(["RGB", "BGR"], iaa.ALL),
    "CLAHE": lambda: iaa.CLAHE(tile_grid_size_px=((1, 4), [3, 5]), to_colorspace=iaa.ALL),
}
BYTES = {"JpegCompression": iaa.JpegCompression}
COLORS = {
    "AddToHueAndSaturation": lambda: iaa.AddToHueAndSaturation((-255, 255), per_channel=0.5),
    "AddToHue": iaa.AddToHue,
    "AddToSaturation": lambda: iaa.AddToSaturation([-75, 75]),
    "MultiplyHueAndSaturation": lambda: iaa.MultiplyHueAndSaturation((-2, 3), per_channel=0.5),
    "MultiplyHue": iaa.MultiplyHue,
    "MultiplySaturation": iaa.MultiplySaturation,
    "ChangeColorTemperature": lambda: iaa.ChangeColorTemperature(
        (1000, 40000), from_colorspace=["RGB", "BGR"]
    ),
    "Grayscale": lambda: iaa.Grayscale((0.1, 1.0)),
}
ALL = ANY | INTEGERS | LIGHT | BYTES | COLORS


def refusal(name, dtype, shape):
    """Return what the documented error says, or None where a result is promised."""
    channels = shape[2] if len(shape) == 3 else 1
    if name in COLORS and channels != 3 and not (name == "Grayscale" and channels == 1):
        return rf"3 channels, got {channels}"
    if (name in INTEGERS or name in LIGHT) and dtype.startswith("float"):
        return rf"got {dtype}; convert it first.*acetate.arrays.convert"
    if (name in BYTES or (name in LIGHT and channels in (3, 4))) and dtype != "uint8":
        return rf"works on uint8 pictures, got {dtype}; convert it first"
    return None


def picture(shape, dtype, seed=0):
    values = stream(seed).random(shape)
    if dtype.startswith("float"):
        return values.astype(dtype)
    return np.floor(values * (np.iinfo(dtype).max + 1)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", sorted(ALL))
def test_shape_dtype_and_range_stay_and_the_input_is_unchanged(name, dtype):
    for shape, seed in itertools.product(SHAPES, range(3)):
        image = picture(shape, dtype)
        before = image.copy()
        recipe = ALL[name]().draw(image, seed)
        message = refusal(name, dtype, shape)
        if message is not None:
            with pytest.raises(ValueError, match=message):
                recipe(image=image)
            continue
        out = recipe(image=image)
        assert out.shape == shape
        assert out.dtype == dtype
        assert out.flags.c_contiguous
        assert not np.may_share_memory(out, image)
        assert np.array_equal(image, before)
        if out.dtype.kind == "f":
            assert out.min() >= 0
            assert out.max() <= 1


@pytest.mark.parametrize("name", sorted(ALL))
def test_json_and_seed_give_the_same_bytes(name):
    image = picture((12, 17, 3), "uint8")
    for seed in range(4):
        recipe = ALL[name]().draw(image, seed)
        again = acetate.Recipe.from_json(recipe.to_json())
        assert again == recipe
        assert np.array_equal(again(image=image), recipe(image=image))
        assert ALL[name]().draw(image, seed) == recipe


@pytest.mark.parametrize("name", sorted(ALL))
def test_pictures_that_are_not_contiguous_give_the_same(name):
    whole = picture((24, 17, 6), "uint8")
    for view in (whole[::2, ::-1, ::2], whole[:17, :, 1:4].transpose(1, 0, 2)):
        recipe = ALL[name]().draw(view, 1)
        assert np.array_equal(recipe(image=view), recipe(image=view.copy()))


@pytest.mark.parametrize("name", sorted(ALL.keys() - COLORS.keys()))
def test_two_dimensions_are_one_channel(name):
    image = picture((9, 11), "uint8")
    recipe = ALL[name]().draw(image, 2)
    assert np.array_equal(recipe(image=image), recipe(image=image[:, :, np.newaxis])[:, :, 0])


@pytest.mark.parametrize("name", sorted(ALL.keys() - COLORS.keys()))
def test_hundreds_of_channels(name):
    image = picture((5, 6, 130), "uint8")
    out = ALL[name]()(image=image)
    assert out.shape == image.shape
    assert out.dtype == image.dtype


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_is_drawn_next_does_not_depend_on_the_channels(name):
    for seed in range(6):
        following = set()
        for shape in ((20, 30), (20, 30, 3), (20, 30, 5)):
            rng = stream(seed)
            ALL[name]().steps(shape, rng)
            following.add(rng.random())
        assert len(following) == 1


@pytest.mark.parametrize("name", sorted(ALL))
def test_sheets_stay_as_they_are(name):
    heat = acetate.HeatmapsOnImage(picture((6, 8), "float32"), shape=(12, 16, 3))
    out = ALL[name]().augment_heatmaps(heat)
    assert np.array_equal(out.get_arr(), heat.get_arr())


@pytest.mark.parametrize("name", sorted(ANY))
def test_sixteen_bits_and_floats_agree_with_eight(name):
    """What 8 bits show is what the others show, more finely: rounding steps apart, on average."""
    image = picture((24, 32, 3), "uint8")
    for seed in range(3):
        recipe = ALL[name]().draw(image, seed)
        out = recipe(image=image) / 255
        for dtype in DTYPES[1:]:
            other = recipe(image=convert(image, dtype))
            scale = 65535 if dtype == "uint16" else 1
            assert np.abs(other / scale - out).mean() < 2 / 255

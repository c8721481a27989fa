"""The table of geometric augmenters that the tests run over, with wide random parameters."""

from collections.abc import Callable

import acetate.augmenters as iaa

MODERATE_FIELDS = {"ElasticTransformation", "PiecewiseAffine"}

GEOMETRIC: dict[str, Callable[[], iaa.Augmenter]] = {
    "Fliplr": lambda: iaa.Fliplr(0.5),
    "Flipud": lambda: iaa.Flipud(0.5),
    "Rot90": lambda: iaa.Rot90((0, 3)),
    "Rot90 free": lambda: iaa.Rot90((0, 3), keep_size=False),
    "Affine": lambda: iaa.Affine(
        scale={"x": (0.7, 1.4), "y": (0.7, 1.4)},
        translate_percent=(-0.15, 0.15),
        rotate=(-180, 180),
        shear=(-20, 20),
    ),
    "Affine px": lambda: iaa.Affine(translate_px={"x": (-9, 9), "y": (-9, 9)}),
    "Affine fit": lambda: iaa.Affine(rotate=(-180, 180), shear=(-15, 15), fit_output=True),
    "Rotate": lambda: iaa.Rotate((-180, 180)),
    "ScaleX": lambda: iaa.ScaleX((0.6, 1.5)),
    "ScaleY": lambda: iaa.ScaleY((0.6, 1.5)),
    "TranslateX": lambda: iaa.TranslateX(percent=(-0.2, 0.2)),
    "TranslateY": lambda: iaa.TranslateY(px=(-9, 9)),
    "ShearX": lambda: iaa.ShearX((-25, 25)),
    "ShearY": lambda: iaa.ShearY((-25, 25)),
    "PerspectiveTransform": lambda: iaa.PerspectiveTransform((0.02, 0.1)),
    "PerspectiveTransform free": lambda: iaa.PerspectiveTransform((0.02, 0.1), keep_size=False),
    "PerspectiveTransform fit": lambda: iaa.PerspectiveTransform((0.02, 0.08), fit_output=True),
    "PiecewiseAffine": lambda: iaa.PiecewiseAffine((0.01, 0.04), nb_rows=(2, 4), nb_cols=(2, 4)),
    "ElasticTransformation": lambda: iaa.ElasticTransformation((20, 60), (8, 13), order=1),
    "Resize": lambda: iaa.Resize((0.6, 1.6), interpolation="linear"),
    "Resize sides": lambda: iaa.Resize({"height": (60, 130), "width": "keep-aspect-ratio"}),
    "CropAndPad": lambda: iaa.CropAndPad(percent=(-0.15, 0.15)),
    "CropAndPad free": lambda: iaa.CropAndPad(px=(-12, 12), keep_size=False),
    "Crop": lambda: iaa.Crop(px=(0, 12)),
    "Pad": lambda: iaa.Pad(percent=(0, 0.2)),
    "CropToFixedSize": lambda: iaa.CropToFixedSize(70, 64),
    "PadToFixedSize": lambda: iaa.PadToFixedSize(140, 133),
    "CenterCropToFixedSize": lambda: iaa.CenterCropToFixedSize(71, 64),
    "CenterPadToFixedSize": lambda: iaa.CenterPadToFixedSize(141, 133),
    "CropToMultiplesOf": lambda: iaa.CropToMultiplesOf(16, 12),
    "PadToMultiplesOf": lambda: iaa.PadToMultiplesOf(16, 12),
    "CropToAspectRatio": lambda: iaa.CropToAspectRatio(1.0),
    "PadToAspectRatio": lambda: iaa.PadToAspectRatio(1.3),
    "CropToSquare": iaa.CropToSquare,
    "PadToSquare": iaa.PadToSquare,
    "CenterCropToMultiplesOf": lambda: iaa.CenterCropToMultiplesOf(16, 12),
    "CenterPadToMultiplesOf": lambda: iaa.CenterPadToMultiplesOf(16, 12),
    "CenterCropToAspectRatio": lambda: iaa.CenterCropToAspectRatio(1.0),
    "CenterPadToAspectRatio": lambda: iaa.CenterPadToAspectRatio(1.3),
    "CenterCropToSquare": iaa.CenterCropToSquare,
    "CenterPadToSquare": iaa.CenterPadToSquare,
    "several": lambda: iaa.Sequential(
        [
            iaa.Affine(rotate=(-40, 40), scale=(0.9, 1.2)),
            iaa.ElasticTransformation(30, 10, order=1),
            iaa.Fliplr(0.5),
            iaa.CropAndPad(px=(-8, 8), keep_size=False),
        ],
        random_order=True,
    ),
}

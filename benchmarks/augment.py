"""Time acetate's augmentation beside albumentations, one thread, CPU time, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/augment.py [--calls N]

Prints the tables of benchmarks/README.md: the pipeline of the simple heatmap example with its
heatmap, single operations, what fusing gains in time and in quality, and landmarks under elastic
maps. albumentations takes a full-size float mask in the place of a heatmap of its own size.
"""

import argparse
import logging
import time
import warnings
from collections.abc import Callable
from functools import partial

import albumentations as alb
import cv2
import numpy as np

import acetate.augmenters as iaa
from acetate import samples
from acetate.geometry import Elastic, Frame, Hop, Projective, compose, warp, warp_chain, warp_points
from acetate.sheets import HeatmapsOnImage

cv2.setNumThreads(1)
logging.disable(logging.WARNING)  # the peer asks its home for a newer version
warnings.filterwarnings("ignore", module="albumentations")  # that one of its own is slow

SIZES = ((128, 2), (512, 4), (1024, 4))  # picture, and how much smaller its heatmap is
TURN = (-45, 45)


def cpu_ms(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the mean CPU milliseconds of each call, taken in turn after a warm-up.

    Rounds that take long are not repeated beyond five seconds in all.
    """
    start = time.process_time()
    for call in calls.values():
        call()
    rounds = max(2, min(rounds, int(5 / (time.process_time() - start))))
    spent = dict.fromkeys(calls, 0)
    for round_ in range(-2 if rounds > 2 else 0, rounds):
        for name, call in calls.items():
            begun = time.process_time_ns()
            call()
            if round_ >= 0:
                spent[name] += time.process_time_ns() - begun
    return {name: ns / rounds / 1e6 for name, ns in spent.items()}


def simple_pipeline() -> iaa.Augmenter:
    return iaa.Sequential(
        [
            iaa.Dropout([0.05, 0.2]),
            iaa.Sharpen((0.0, 1.0)),
            iaa.Affine(rotate=TURN),
            iaa.ElasticTransformation(alpha=50, sigma=5, order=1),
        ],
        random_order=True,
    )


def peer_pipeline() -> alb.Compose:
    return alb.Compose(
        [
            alb.SomeOf(
                [
                    alb.OneOf(
                        [alb.PixelDropout(p, per_channel=False, p=1) for p in (0.05, 0.2)], p=1
                    ),
                    alb.Sharpen(alpha=(0.0, 1.0), lightness=(0.8, 1.2), p=1),
                    alb.Affine(rotate=TURN, p=1),
                    alb.ElasticTransform(alpha=50, sigma=5, p=1),
                ],
                n=4,
                replace=False,
                p=1,
            )
        ]
    )


def time_pipeline(rounds: int) -> None:
    print(
        "| picture | heatmap | albumentations ms | acetate ms | ratio | fuse=False ms | images/s |"
    )
    print("|---|---|---|---|---|---|---|")
    for size, factor in SIZES:
        image = samples.motorcycle((size, size))
        depth = samples.motorcycle_depth((size, size)) / 64
        sheet = HeatmapsOnImage(depth, image.shape).avg_pool(factor)
        took = cpu_ms(pipeline_calls(image, depth, sheet), rounds * (4 if size < 512 else 1))
        print(
            f"| {size}² | {size // factor}² | {took['peer']:.2f} | {took['ours']:.2f} | "
            f"**{took['peer'] / took['ours']:.1f}** | {took['unfused']:.2f} | "
            f"{1000 / took['ours']:.0f} |"
        )


def pipeline_calls(
    image: np.ndarray, depth: np.ndarray, sheet: HeatmapsOnImage
) -> dict[str, Callable[[], object]]:
    ours, peer = simple_pipeline(), peer_pipeline()
    return {
        "peer": lambda: peer(image=image, mask=depth),
        "ours": lambda: ours(image=image, heatmaps=sheet),
        "unfused": lambda: ours(image=image, heatmaps=sheet, fuse=False),
    }


OPERATIONS: dict[str, tuple[iaa.Augmenter, alb.BasicTransform]] = {
    "Fliplr": (iaa.Fliplr(1.0), alb.HorizontalFlip(p=1)),
    "Rot90": (iaa.Rot90(1), alb.RandomRotate90(p=1)),
    "Affine": (iaa.Affine(rotate=TURN), alb.Affine(rotate=TURN, p=1)),
    "PerspectiveTransform": (
        iaa.PerspectiveTransform((0.05, 0.1)),
        alb.Perspective((0.05, 0.1), p=1),
    ),
    "PiecewiseAffine": (
        iaa.PiecewiseAffine((0.03, 0.05), nb_rows=4, nb_cols=4),
        alb.PiecewiseAffine((0.03, 0.05), nb_rows=4, nb_cols=4, p=1),
    ),
    "ElasticTransformation": (
        iaa.ElasticTransformation(50, 5, order=1),
        alb.ElasticTransform(50, 5, p=1),
    ),
    "Resize (half, linear)": (
        iaa.Resize(0.5, interpolation="linear"),
        alb.RandomScale((-0.5, -0.5), p=1),
    ),
    "Crop (a tenth, kept size)": (
        iaa.Crop(percent=(0, 0.1)),
        alb.CropAndPad(percent=(-0.1, 0.0), p=1),
    ),
    "Pad (16 px)": (iaa.Pad(px=16, keep_size=False), alb.CropAndPad(px=16, keep_size=False, p=1)),
    "Dropout": (iaa.Dropout(0.1), alb.PixelDropout(0.1, p=1)),
    "CoarseDropout": (
        iaa.CoarseDropout(0.3, size_percent=0.1),
        alb.GridDropout(ratio=0.3, p=1),
    ),
    "Cutout": (
        iaa.Cutout(nb_iterations=4, size=0.2),
        alb.CoarseDropout((4, 4), (0.2, 0.2), (0.2, 0.2), p=1),
    ),
    "SaltAndPepper": (iaa.SaltAndPepper(0.03), alb.SaltAndPepper((0.03, 0.03), p=1)),
    "AdditiveGaussianNoise": (
        iaa.AdditiveGaussianNoise(scale=12.75, per_channel=True),
        alb.GaussNoise((0.05, 0.05), per_channel=True, p=1),
    ),
    "MultiplyElementwise": (
        iaa.MultiplyElementwise((0.8, 1.2)),
        alb.MultiplicativeNoise((0.8, 1.2), elementwise=True, p=1),
    ),
    "Add": (iaa.Add((-20, 20)), alb.RandomBrightnessContrast((-0.1, 0.1), (0, 0), p=1)),
    "LinearContrast": (
        iaa.LinearContrast((0.6, 1.4)),
        alb.RandomBrightnessContrast((0, 0), (-0.4, 0.4), p=1),
    ),
    "GammaContrast": (iaa.GammaContrast((0.7, 1.7)), alb.RandomGamma((70, 170), p=1)),
    "Invert": (iaa.Invert(1.0), alb.InvertImg(p=1)),
    "HistogramEqualization": (iaa.AllChannelsHistogramEqualization(), alb.Equalize(p=1)),
    "CLAHE": (iaa.CLAHE(clip_limit=4, tile_grid_size_px=8), alb.CLAHE((4, 4), p=1)),
    "GaussianBlur": (iaa.GaussianBlur(1.5), alb.GaussianBlur(sigma_limit=(1.5, 1.5), p=1)),
    "AverageBlur": (iaa.AverageBlur(5), alb.Blur((5, 5), p=1)),
    "MedianBlur": (iaa.MedianBlur(5), alb.MedianBlur((5, 5), p=1)),
    "MotionBlur": (iaa.MotionBlur(7), alb.MotionBlur((7, 7), p=1)),
    "Sharpen": (iaa.Sharpen((0.2, 0.5)), alb.Sharpen((0.2, 0.5), p=1)),
    "Emboss": (iaa.Emboss((0.2, 0.5)), alb.Emboss((0.2, 0.5), p=1)),
    "Grayscale": (iaa.Grayscale(1.0), alb.ToGray(p=1)),
    "AddToHueAndSaturation": (
        iaa.AddToHueAndSaturation((-20, 20)),
        alb.HueSaturationValue(20, 20, 0, p=1),
    ),
    "JpegCompression": (
        iaa.JpegCompression((20, 40)),
        alb.ImageCompression("jpeg", (60, 80), p=1),
    ),
}


def time_operations(rounds: int) -> None:
    sizes = [size for size, _ in SIZES]
    print("| operation | " + " | ".join(f"{s}²: peer, ours ms, ratio" for s in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for name, (ours, theirs) in OPERATIONS.items():
        peer = alb.Compose([theirs])
        cells = []
        for size in sizes:
            image = samples.motorcycle((size, size))
            calls = {"peer": partial(peer, image=image), "ours": partial(ours, image=image)}
            took = cpu_ms(calls, rounds * (4 if size < 512 else 1))
            ratio = took["peer"] / took["ours"]
            cells.append(f"{took['peer']:.2f}, {took['ours']:.2f}, **{ratio:.1f}**")
        print(f"| {name} | " + " | ".join(cells) + " |")


def quality_of_fusing() -> None:
    """Print how near one and two resamplings come to a reference sampled four times finer."""
    frame: Frame = (512, 512)
    image = samples.motorcycle(frame).astype(np.float32) / 255
    # A band-limited picture, so that the reference itself can be trusted.
    smooth = cv2.GaussianBlur(image, (0, 0), 0.7)
    fused, unfused = [], []
    for key in range(8):
        turn = Projective.rotation(5 + 5 * key, (256, 256))
        maps = [turn, Elastic(frame, 50, 5, key)]
        hops = [Hop(m, frame, frame) for m in maps]
        fine = cv2.resize(smooth, None, fx=4, fy=4, interpolation=cv2.INTER_LANCZOS4)
        enlarge = Projective.scaling(4, 4)
        reference = warp(fine, compose([enlarge, *maps]), frame, order="cubic")
        middle = np.s_[96:-96, 96:-96]
        for found, result in (
            (fused, warp_chain(smooth, hops)),
            (unfused, warp_chain(warp_chain(smooth, hops[:1]), hops[1:])),
        ):
            error = np.square(result - reference)[middle].mean()
            found.append(-10 * np.log10(error))
    print(f"One resampling {np.mean(fused):.1f} dB, two {np.mean(unfused):.1f} dB (linear, PSNR).")


def landmarks(rounds: int) -> None:
    """Print how near landmarks come to the true inverse of an elastic map, and how fast."""
    rng = np.random.default_rng(0)
    points = rng.uniform(40, 472, (68, 2)).astype(np.float32)
    image = samples.motorcycle((512, 512))
    peer = alb.Compose(
        [alb.ElasticTransform(50, 5, p=1)],
        keypoint_params=alb.KeypointParams("xy", remove_invisible=False),
    )
    ours = iaa.ElasticTransformation(50, 5, order=1)
    took = cpu_ms(
        {
            "peer": lambda: peer(image=image, keypoints=points),
            "ours": lambda: ours(image=image, keypoints=points),
        },
        rounds,
    )
    worst = []
    for seed in range(rounds):
        recipe = ours.draw((512, 512), seed)
        moved = warp_points(points, recipe.steps[0].map)
        worst.append(np.abs(recipe.steps[0].map(moved) - points).max())
    print(
        "68 landmarks with a 512² picture under an elastic map: "
        f"albumentations {took['peer']:.2f} ms, acetate {took['ours']:.2f} ms; "
        "acetate's landmarks map back to where they came from "
        f"within {np.median(worst):.3f} px (median of {rounds} fields' worst), "
        f"{np.max(worst):.3f} px (worst of all)."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=60, help="timed calls of each side")
    rounds = parser.parse_args().calls
    print(f"\n## The simple example, random order ({rounds} calls, 4 times as many at 128²)\n")
    time_pipeline(rounds)
    print("\n## Single operations on RGB uint8\n")
    time_operations(max(10, rounds // 3))
    print("\n## Fusing and landmarks\n")
    quality_of_fusing()
    landmarks(rounds)


if __name__ == "__main__":
    main()

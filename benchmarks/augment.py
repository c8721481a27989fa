"""Time acetate's augmentation beside albumentations, one thread, CPU time, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/augment.py [--turns N]

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
from itertools import cycle
from typing import Any

import albumentations as alb
import cv2
import numpy as np

import acetate.augmenters as iaa
from acetate import samples
from acetate.geometry import Elastic, Frame, Hop, Projective, compose, warp, warp_chain, warp_points
from acetate.seeds import bits_of
from acetate.sheets import HeatmapsOnImage

cv2.setNumThreads(1)
logging.disable(logging.WARNING)  # the peer asks its home for a newer version
warnings.filterwarnings("ignore", module="albumentations")  # that one of its own is slow

SIZES = ((128, 2), (512, 4), (1024, 4))  # picture, and how much smaller its heatmap is
ROTATE = (-45, 45)
_TURN = 0.05  # seconds


def cpu_ms(calls: dict[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """Return the mean CPU milliseconds of each call, with warm caches, both sides in turns.

    A turn is as many calls of one side as take a twentieth of a second, or a single one; the first
    turn of each is not counted. Were single calls to alternate, a small one would be charged for
    what the other side's has driven out of the caches. Beyond ten seconds in all, turns are left
    out.
    """
    slowest = 0.0
    for call in calls.values():
        call()  # what is compiled or loaded once
        start = time.process_time()
        call()
        slowest = max(slowest, time.process_time() - start)
    turns = max(1, min(turns, int(10 / (len(calls) * max(slowest, _TURN)))))
    spent, done = dict.fromkeys(calls, 0), dict.fromkeys(calls, 0)
    for turn in range(-1 if slowest < 1 else 0, turns):
        for name, call in calls.items():
            begun = now = time.process_time_ns()
            count = 0
            while now - begun < _TURN * 1e9:
                call()
                count, now = count + 1, time.process_time_ns()
            if turn >= 0:
                spent[name] += now - begun
                done[name] += count
    return {name: spent[name] / done[name] / 1e6 for name in calls}


def simple_pipeline() -> iaa.Augmenter:
    return iaa.Sequential(
        [
            iaa.Dropout([0.05, 0.2]),
            iaa.Sharpen((0.0, 1.0)),
            iaa.Affine(rotate=ROTATE),
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
                    alb.Affine(rotate=ROTATE, p=1),
                    alb.ElasticTransform(alpha=50, sigma=5, p=1),
                ],
                n=4,
                replace=False,
                p=1,
            )
        ]
    )


class BarePipeline:
    """What the pipeline is with OpenCV and NumPy alone, and no Python around their calls.

    Their arguments are made once: nothing is drawn, checked, cut at frames or wrapped. The picture
    meets turn and bend apart in every other call, as in random order; the heatmap never does.
    """

    def __init__(self, image: np.ndarray, heat: np.ndarray) -> None:
        self.image, self.heat, self.calls = image, heat, 0
        self.turn = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), 27, 1)
        self.sharper = np.full((3, 3), -0.5, np.float32) + np.diag([0, 5.5, 0]).astype(np.float32)
        self.taps = np.full(9, 1 / 9, np.float32)
        self.centres = {
            n: np.indices((n, n), np.float32)[::-1].transpose(1, 2, 0).copy()
            for n in (len(image), len(heat))
        }

    def __call__(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what comes of the picture and of the heatmap."""
        self.calls += 1
        image = cv2.filter2D(self._dropped(self.image), -1, self.sharper)
        nodes = self._nodes()
        if self.calls % 2:
            image = self._moved(image, None)
            image = self._moved(image, self._bent(nodes, len(image)))
        else:
            bent = self._bent(nodes, len(image))
            # Turned before or after: one way needs the field at places between its own.
            places = self._between(bent) if self.calls % 4 else cv2.transform(bent, self.turn)
            image = self._moved(image, places)
        small = cv2.sepFilter2D(nodes, cv2.CV_32F, self.taps[:5], self.taps[:5])
        places = cv2.transform(self._bent(small, len(self.heat)), self.turn)
        return image, cv2.remap(self.heat, places, None, cv2.INTER_LINEAR)

    def _dropped(self, image: np.ndarray) -> np.ndarray:
        bits = bits_of(self.calls).random_raw(image.shape[0] * image.shape[1] // 4)
        kept = (bits.view(np.uint16) >= 6554).view(np.uint8).reshape(image.shape[:2])
        return np.multiply(image, cv2.cvtColor(kept, cv2.COLOR_GRAY2RGB))

    def _nodes(self) -> np.ndarray:
        side = len(self.image) // 4 + 17
        bits = bits_of(self.calls).random_raw(side * side // 2 + 1)
        noise = bits.view(np.int16)[: side * side * 2].reshape(side, side, 2)
        return cv2.sepFilter2D(noise, cv2.CV_32F, self.taps * 3e-4, self.taps)

    def _bent(self, nodes: np.ndarray, side: int) -> np.ndarray:
        while len(nodes) < side:
            nodes = cv2.pyrUp(nodes)
        return cv2.add(nodes[:side, :side], self.centres[side])

    def _between(self, bent: np.ndarray) -> np.ndarray:
        places = cv2.transform(self.centres[len(bent)], self.turn)
        planes = bent.transpose(2, 0, 1).copy()
        return cv2.merge([cv2.remap(p, places, None, cv2.INTER_LINEAR) for p in planes])

    def _moved(self, image: np.ndarray, places: np.ndarray | None) -> np.ndarray:
        four = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)
        if places is None:
            four = cv2.warpAffine(four, self.turn, image.shape[1::-1])
        else:
            four = cv2.remap(four, places, None, cv2.INTER_LINEAR)
        return cv2.cvtColor(four, cv2.COLOR_RGBA2RGB)


def time_pipeline(turns: int) -> None:
    print(
        "| picture | heatmap | albumentations ms | acetate ms | ratio | fuse=False ms | "
        "bare calls ms | images/s |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for size, factor in SIZES:
        took = cpu_ms(pipeline_calls(size, factor), turns)
        print(
            f"| {size}² | {size // factor}² | {took['peer']:.2f} | {took['ours']:.2f} | "
            f"**{took['peer'] / took['ours']:.1f}** | {took['unfused']:.2f} | "
            f"{took['bare']:.2f} | {1000 / took['ours']:.0f} |"
        )


def pipeline_calls(size: int, factor: int) -> dict[str, Callable[[], object]]:
    """Return the calls to compare; each goes round eight pictures, as none sees one for ever."""
    image, depth = samples.motorcycle((size, size)), samples.motorcycle_depth((size, size)) / 64
    pictures = []
    for k in range(8):
        shift = k * size // 8
        seen, far = np.roll(image, shift, axis=1), np.roll(depth, shift, axis=1)
        pictures.append((seen, far, HeatmapsOnImage(far, seen.shape).avg_pool(factor)))
    ours, peer = simple_pipeline(), peer_pipeline()
    bare = BarePipeline(image, pictures[0][2].arr_0to1[:, :, 0])
    return {
        "peer": in_turn(pictures, lambda seen, far, _: peer(image=seen, mask=far)),
        "ours": in_turn(pictures, lambda seen, _, heat: ours(image=seen, heatmaps=heat)),
        "unfused": in_turn(
            pictures, lambda seen, _, heat: ours(image=seen, heatmaps=heat, fuse=False)
        ),
        "bare": bare,
    }


def in_turn(arguments: list[Any], function: Callable[..., object]) -> Callable[[], object]:
    """Return a function that calls another with one set of arguments after the other."""
    endless = cycle(arguments)
    return lambda: function(*next(endless))


OPERATIONS: dict[str, tuple[iaa.Augmenter, alb.BasicTransform]] = {
    "Fliplr": (iaa.Fliplr(1.0), alb.HorizontalFlip(p=1)),
    "Rot90": (iaa.Rot90(1), alb.RandomRotate90(p=1)),
    "Affine": (iaa.Affine(rotate=ROTATE), alb.Affine(rotate=ROTATE, p=1)),
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
    "AllChannelsHistogramEqualization": (
        iaa.AllChannelsHistogramEqualization(),
        alb.Equalize(by_channels=True, p=1),
    ),
    "HistogramEqualization (YCrCb)": (
        iaa.HistogramEqualization(to_colorspace="YCrCb"),
        alb.Equalize(by_channels=False, p=1),
    ),
    "ChangeColorTemperature": (
        iaa.ChangeColorTemperature((3000, 15000)),
        alb.PlanckianJitter(p=1),
    ),
    "CLAHE": (iaa.CLAHE(clip_limit=4, tile_grid_size_px=8), alb.CLAHE((4, 4), p=1)),
    "GaussianBlur": (iaa.GaussianBlur(1.5), alb.GaussianBlur(sigma_limit=(1.5, 1.5), p=1)),
    "AverageBlur": (iaa.AverageBlur(5), alb.Blur((5, 5), p=1)),
    "MedianBlur": (iaa.MedianBlur(5), alb.MedianBlur((5, 5), p=1)),
    # The peer draws its line pixel by pixel; with order=1 ours is smooth, and twice as wide.
    "MotionBlur": (iaa.MotionBlur(7, order=0), alb.MotionBlur((7, 7), p=1)),
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


def time_operations(turns: int) -> None:
    sizes = [size for size, _ in SIZES]
    print("| operation | " + " | ".join(f"{s}²: peer, ours ms, ratio" for s in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for name, (ours, theirs) in OPERATIONS.items():
        peer = alb.Compose([theirs])
        cells = []
        for size in sizes:
            image = samples.motorcycle((size, size))
            calls = {"peer": partial(peer, image=image), "ours": partial(ours, image=image)}
            took = cpu_ms(calls, turns)
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


def landmarks(turns: int, fields: int = 30) -> None:
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
        turns,
    )
    worst = []
    for seed in range(fields):
        recipe = ours.draw((512, 512), seed)
        moved = warp_points(points, recipe.steps[0].map)
        worst.append(np.abs(recipe.steps[0].map(moved) - points).max())
    print(
        "68 landmarks with a 512² picture under an elastic map: "
        f"albumentations {took['peer']:.2f} ms, acetate {took['ours']:.2f} ms; "
        "acetate's landmarks map back to where they came from "
        f"within {np.median(worst):.3f} px (median of {fields} fields' worst), "
        f"{np.max(worst):.3f} px (worst of all)."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=20, help="of a twentieth of a second each")
    turns = parser.parse_args().turns
    print("\n## The simple example, random order\n")
    time_pipeline(turns)
    print("\n## Single operations on RGB uint8\n")
    time_operations(max(2, turns // 2))
    print("\n## Fusing and landmarks\n")
    quality_of_fusing()
    landmarks(turns)


if __name__ == "__main__":
    main()

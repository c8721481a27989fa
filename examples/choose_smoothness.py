"""How smooth is right: three phases under strong noise, borders weighing more and more."""

import sys
from pathlib import Path

import numpy as np

import acetate as ia
from acetate.draw import contact_sheet
from acetate.measure import iou_per_label
from acetate.segment import HeatFlow, method_named


def main(out: Path) -> Path:
    # Discs of two shades on a dark ground, 256 x 256, with noise of a fifth of white.
    image, truth = ia.samples.three_levels(256, noise=0.2)

    pictures, captions = [ia.Picture(image)], ["the picture"]
    methods = {"two thresholds": method_named("multi-otsu", phases=3)}
    for smoothness in (1.0, 6.0, 20.0, 60.0):  # 6 is the default
        methods[f"smoothness {smoothness:g}"] = HeatFlow(phases=3, smoothness=smoothness)
    for name, method in methods.items():
        labels = method.segment(image).labels
        gray = np.array([0, 90, 230], np.uint8)[labels]
        pictures.append(ia.Picture(gray))
        captions.append(f"{name}: IoU {iou_per_label(labels, truth).mean():.2f}")

    path = out / "choose_smoothness.png"
    ia.images.write(path, contact_sheet(pictures, columns=3, cell=256, captions=captions))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

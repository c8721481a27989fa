"""What blurring destroys and shrinkage brings back: corruption by heat, and three denoisers."""

import sys
from pathlib import Path

import numpy as np

import acetate as ia
import acetate.augmenters as iaa
from acetate.draw import contact_sheet
from acetate.heat import CosineShrinkage, HeatCorruption, LinearHeat, TotalVariation
from acetate.measure import psnr


def main(out: Path) -> Path:
    image = ia.samples.coffee()[60:300, 140:460]  # 240 x 320, RGB

    # Heat takes detail away, noise hides what is left of it: level by level, each from the last.
    corruption = HeatCorruption(levels=3, smallest_t=0.5, largest_t=18.0, noise=0.06)
    levels = [np.clip(level, 0, 1) for level in corruption.path(image, seed=1)]
    captions = ["the photograph"]
    for t, level in zip(corruption.times[1:], levels[1:], strict=True):
        captions.append(f"heat for t = {t:.3g}: {psnr(levels[0], level):.1f} dB")

    # Noise alone takes nothing away, and a picture is simpler than noise: it can be told from it.
    # Each denoiser finds out by itself how much there is. (The loops of CosineShrinkage are
    # compiled when it is first used on a machine, which takes some seconds.)
    noisy = iaa.AdditiveGaussianNoise(scale=25, per_channel=True, seed=2)(image=image)
    levels.append(noisy)
    captions.append(f"noise: {psnr(image, noisy):.1f} dB")
    for method in (LinearHeat(), TotalVariation(), CosineShrinkage()):
        clean = method.denoise(noisy).image
        levels.append(clean)
        captions.append(f"{type(method).__name__}: {psnr(image, clean):.1f} dB")

    pictures = [ia.Picture(level) for level in levels]
    path = out / "blur_and_shrinkage.png"
    ia.images.write(path, contact_sheet(pictures, columns=4, cell=320, captions=captions))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

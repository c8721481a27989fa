"""Random fields: two phases under noise above their difference, by value and by neighbours."""

import time
from pathlib import Path

import cv2
import numpy as np
from lecture import run, save

from acetate.arrays import Array
from acetate.draw.figures import draw_steps
from acetate.measure import dice
from acetate.segment import RandomField, Threshold
from acetate.segment.random_field import SOLVERS, PottsField

NOISE = 1.5  # standard deviation, where the phases are 0 and 1


def main(out: Path) -> list[Path]:
    truth = blobs(512)
    values = truth + np.random.default_rng(2).normal(0, NOISE, truth.shape)

    # What each phase costs: minus the logarithm of how probable it makes the value.
    costs = np.stack([(values - level) ** 2 / (2 * NOISE**2) for level in (0, 1)])
    field = PottsField(costs, smoothness=1.0)
    found, taken = {"threshold": values > 0.5}, {}
    for name, solve in SOLVERS.items():
        solve(field, None)  # compiled loops are loaded
        begin = time.process_time()
        found[name] = solve(field, None).labels > 0
        taken[name] = f"{1000 * (time.process_time() - begin):.0f}"

    # Without knowing levels and noise: a blur and Otsu's rule; a field that is fitted as well.
    image = np.clip((values + 4) / 9, 0, 1)
    found["blurred"] = Threshold(blur=3.0).segment(image).mask
    found["fitted"] = RandomField(smoothness=1.0).segment(image).mask

    print(f"{'':10}{'energy':>10}{'Dice':>8}{'ms':>6}")
    for name, mask in {**found, "truth": truth}.items():
        energy, time_taken = field.energy(mask.astype(np.uint8)), taken.get(name, "")
        print(f"{name:10}{energy:10,.0f}{dice(mask, truth):8.3f}{time_taken:>6}")
    panels = {"picture": image, "truth": truth}
    panels |= {f"{name}: Dice {dice(mask, truth):.3f}": mask for name, mask in found.items()}
    return [save(draw_steps(panels, columns=3), out / "random_field.png")]


def blobs(side: int) -> Array:
    """Return a mask of round shapes that covers a tenth of a picture."""
    hills = cv2.GaussianBlur(np.random.default_rng(1).normal(size=(side, side)), (0, 0), 24)
    return np.asarray(hills > np.quantile(hills, 0.9))


if __name__ == "__main__":
    run(main, needs_data=False)

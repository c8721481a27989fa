"""Hysteresis: what is surely dark in a slice of bone, grown into what is perhaps dark."""

from dataclasses import replace
from pathlib import Path

from lecture import DATA, picture, run, save

from acetate.draw.figures import draw_goldilocks, draw_steps
from acetate.segment import Hysteresis


def main(out: Path, data: Path = DATA) -> list[Path]:
    # One threshold is too strict, the other too loose. In whole numbers, below 70 is up to 69.
    bone = picture(data, "bonegfiltslice.png")  # 250 x 350, uint8
    method = Hysteresis(strict=69.0, loose=109.0, opening=1.0, radius=1.8, bright=False)
    steps = method.steps(bone)
    # The lecture dilates ten times; growing until nothing changes finds a little more.
    steps["after 10 dilations only"] = replace(method, dilations=10).segment(bone).mask
    for name, mask in steps.items():
        print(f"{name}: {mask.sum()} pixels")
    panels = {"picture": bone} | {f"{name}: {mask.sum()} px": mask for name, mask in steps.items()}

    # Two classes whose values overlap, and the two thresholds between them.
    classes = [(5e4, 20.0, 30.0), (4.5e5, 128.0, 16.0)]  # pixels, mean, standard deviation
    between = draw_goldilocks(classes, (70.0, 110.0), (-100.0, 255.0), ("holes", "bone"))
    return [
        save(draw_steps(panels, columns=3), out / "hysteresis_steps.png"),
        save(between, out / "hysteresis_goldilocks.png"),
    ]


if __name__ == "__main__":
    run(main)

"""Thresholds: every rule on one picture, equal bands, and what a change of light does to both."""

from pathlib import Path

import numpy as np
from lecture import DATA, picture, run, save, show
from matplotlib.figure import Figure

from acetate.draw.figures import draw_histogram, draw_robustness, draw_steps, draw_trials
from acetate.segment import Bands, robustness, try_all


def main(out: Path, data: Path = DATA) -> list[Path]:
    return [every_rule(out, data), equal_bands(out, data), *other_light(out, data)]


def every_rule(out: Path, data: Path) -> Path:
    # Otsu, isodata, Li and their like, each with its threshold; what is dark is looked for.
    bone = picture(data, "bonegfiltslice.png")  # 250 x 350, uint8
    rows = try_all(bone, bright=False)
    for row in rows:
        print(f"bone, {row.method}: threshold {row.threshold:.4g}, dark {row.fraction:.2%}")
    return save(draw_trials(bone, rows), out / "thresholds_try_all.png")


def equal_bands(out: Path, data: Path) -> Path:
    # Slices of equal width between the least and the largest value, none of which loses a pixel.
    figure = Figure((9, 6), layout="constrained")
    axes = figure.subplots(2, 3)
    for row, (name, count) in zip(axes, (("cortex.png", 4), ("shale-slice.tiff", 5)), strict=True):
        image = picture(data, name)  # 518 x 403 and 250 x 250, uint16
        found = Bands(phases=count).segment(image)
        parts = ", ".join(f"{100 * part:.1f}" for part in found.facts.fractions)
        print(f"{name}, {count} bands: {parts} %")
        show(row[0], image, name)
        draw_histogram(image, found.facts.thresholds, log=True, ax=row[1])
        row[1].get_legend().remove()
        row[1].set_title("values, and the ends of the bands", fontsize=9)
        show(row[2], found.labels, f"bands: {parts} %", "viridis")
    return save(figure, out / "thresholds_bands.png")


def other_light(out: Path, data: Path) -> list[Path]:
    # The same colony, eight times a little brighter or darker: what is below 0.6, and below Otsu.
    colony = picture(data, "Cell_Colony.jpg") / 255  # 406 x 408, dark colonies
    biases = np.random.RandomState(2018).uniform(-0.25, 0.25, 8).tolist()
    results = {}
    for name, threshold in (("below 0.6", 0.6), ("below Otsu's threshold", "otsu")):
        found = results[name] = robustness(colony, threshold, shift=biases, bright=False)
        parts = " ".join(f"{100 * part:.2f}" for part in found.fractions)
        print(f"colony, {name}: {parts} %, the largest {found.worst:.1f} times the smallest")
    fractions = results["below 0.6"].fractions
    masks = {
        f"{biases[k]:+.2f}: {100 * fractions[k]:.1f} % below 0.6": colony + biases[k] <= 0.6
        for k in np.argsort(fractions)[[0, 5, 7]]
    }
    panels = {"picture": colony, **masks}
    return [
        save(draw_robustness(results), out / "thresholds_robustness.png"),
        save(draw_steps(panels, columns=2), out / "thresholds_colony.png"),
    ]


if __name__ == "__main__":
    run(main)

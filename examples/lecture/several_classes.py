"""Several classes: the skin that thresholds find on blurred edges, and a guard against it."""

from pathlib import Path

from lecture import run, save, show
from matplotlib.figure import Figure

import acetate as ia
from acetate.draw.figures import draw_profiles
from acetate.measure import dice_per_label
from acetate.segment import Bands, GuardedBands, line_profile, virtual_skin

THRESHOLDS = (0.15, 0.55)


def main(out: Path) -> list[Path]:
    # Three shades with blurred edges; only one ring, at the upper left, is truly gray.
    image, truth = ia.samples.three_levels(512)
    plain = Bands(THRESHOLDS).segment(image).labels
    guarded = GuardedBands(THRESHOLDS).segment(image).labels
    # Gray pixels with dark and bright ones within 4 pixels: as wide as these edges are.
    skins = {"bands": virtual_skin(plain, reach=4), "guarded": virtual_skin(guarded, reach=4)}
    for (name, skin), labels in zip(skins.items(), (plain, guarded), strict=True):
        false = int(((labels == 1) & (truth != 1)).sum())
        score = dice_per_label(labels, truth)[1]
        print(f"{name}: {false} pixels falsely gray, Dice of gray {score:.3f}, "
              f"skin {skin.pixels} of {skin.of} gray pixels")  # fmt: skip

    # From the dark ground into a bright disc: values pass through gray on the way.
    start, end = (266.0, 128.0), (306.0, 128.0)
    profile = line_profile(image, start, end, width=3)
    gray = int(((profile.values > THRESHOLDS[0]) & (profile.values <= THRESHOLDS[1])).sum())
    print(f"profile: {gray} of {len(profile.values)} values are gray")

    figure = Figure((9, 6), layout="constrained")
    axes = figure.subplots(2, 3)
    show(axes[0, 0], image, "picture")
    axes[0, 0].plot(*zip(start, end, strict=True), color="#d55e00", linewidth=3)
    draw_profiles({"line": profile}, THRESHOLDS, ax=axes[0, 1])
    axes[0, 1].get_legend().remove()
    axes[0, 1].set_title("values on the line, and the thresholds", fontsize=9)
    show(axes[0, 2], truth, "truth", "viridis")
    show(axes[1, 0], plain, "two thresholds", "viridis")
    show(axes[1, 1], skins["bands"].mask, f"their skin: {skins['bands'].pixels} pixels")
    show(axes[1, 2], guarded, "the same thresholds, guarded", "viridis")
    return [save(figure, out / "several_classes.png")]


if __name__ == "__main__":
    run(main, needs_data=False)

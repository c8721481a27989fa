"""Superpixels: small regions instead of pixels, and bands of their means instead of values."""

from pathlib import Path

from lecture import DATA, picture, run, save, show
from matplotlib.figure import Figure

from acetate.draw.figures import draw_histogram, draw_labels
from acetate.measure import label_objects
from acetate.segment import Bands
from acetate.segment.regions import region_means, slic, threshold_means


def main(out: Path, data: Path = DATA) -> list[Path]:
    shale = picture(data, "shale-slice.tiff")  # 250 x 250, uint16: rock, clay and pores
    labels = slic(shale, n_segments=100, compactness=5e-2, sigma=3.0, start_label=1)
    regions = region_means(shale, labels)  # row k is superpixel k; row 0 has no pixels
    print(f"{labels.max()} superpixels of {labels.size // labels.max()} pixels in the mean")

    # Five bands of equal width, of the pixels' values and of the superpixels' means.
    pixels = Bands(phases=5).segment(shale)
    means = regions.spread(threshold_means(regions, 5, "bands"))
    titles = []
    for name, found in (("pixels", pixels.labels), ("superpixels", means)):
        parts = sum(int(label_objects(found == band).max()) for band in range(5))
        titles.append(f"5 bands of {name}: {parts} parts")
        print(titles[-1])

    figure = Figure((9, 6.2), layout="constrained")
    axes = figure.subplots(2, 3)
    show(axes[0, 0], shale, "shale")
    draw_labels(shale, labels, title=f"{labels.max()} superpixels", ax=axes[0, 1])
    show(axes[0, 2], regions.picture, "their means")
    draw_histogram(shale, pixels.facts.thresholds, ax=axes[1, 0])
    axes[1, 0].get_legend().remove()
    show(axes[1, 1], pixels.labels, titles[0], "viridis")
    show(axes[1, 2], means, titles[1], "viridis")
    return [save(figure, out / "superpixels.png")]


if __name__ == "__main__":
    run(main)

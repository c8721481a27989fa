"""Which score tells paper from text: ROC curves of values, and of values with edges."""

from pathlib import Path

from lecture import run, save
from skimage import data, filters, morphology

from acetate.draw.figures import draw_histogram, draw_roc, draw_steps
from acetate.measure import roc_curve
from acetate.segment import difference_of_gaussians


def main(out: Path) -> list[Path]:
    # The lecture's truth: brighter than the background. Numbers as stored, no colour profile.
    page = data.page()  # 191 x 384, uint8
    flat = filters.median(page, morphology.disk(1)) - 255 * filters.gaussian(page, 20)
    truth = flat > 0
    edges = difference_of_gaussians(page, 0.5, 10.0)
    # At 0.5 pixels, a Gaussian that is sampled at the pixels is narrower than heat makes it.
    sampled = filters.gaussian(page, 0.5) - filters.gaussian(page, 10)
    scores = {
        "intensity": page / 1000,
        "intensity/1000 + DoG(0.5, 10)": page / 1000 + edges,
        "the same with scikit-image's Gaussians": page / 1000 + sampled,
    }
    curves = {name: roc_curve(score, truth) for name, score in scores.items()}
    for name, curve in curves.items():
        print(f"{name}: area {curve.area:.4f}")

    names = list(scores)[:2]  # the third curve lies on the second
    steps = {"page": page, "minus background": flat, "truth": truth, "DoG(0.5, 10)": edges}
    classes = ("not above the background", "above the background")
    values = draw_histogram(page, classes=truth, names=classes, bins=150, log=True)
    return [
        save(draw_roc({name: curves[name] for name in names}), out / "page_roc.png"),
        save(draw_steps(steps, columns=2), out / "page_steps.png"),
        save(values, out / "page_histogram.png"),
    ]


if __name__ == "__main__":
    run(main, needs_data=False)

"""A filter that tells best: weights of channels, and a kernel, chosen for the area under ROC."""

from pathlib import Path

import numpy as np
from lecture import DATA, picture, run, save
from matplotlib.figure import Figure
from scipy.ndimage import uniform_filter
from scipy.optimize import fmin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from acetate.arrays import Array
from acetate.draw.figures import draw_kernel, draw_roc
from acetate.measure import roc_auc, roc_curve
from acetate.segment.features import Filters, Neighbourhood

# On so many pixels weights are tried; the area of all would say the same, and take longer.
SAMPLE = 4000


def main(out: Path, data: Path = DATA) -> list[Path]:
    cells = picture(data, "em_image.png")[::2, ::2]
    truth = picture(data, "em_image_seg.png")[::2, ::2] > 0
    train, judge = np.s_[:, :256], np.s_[:, 256:]
    areas, curves = {}, {}

    def judged(name: str, score: Array) -> None:
        areas[name] = [roc_auc(score[part], truth[part]) for part in (train, judge)]
        curves[name] = roc_curve(score[judge], truth[judge])
        print(f"{name}: area {areas[name][0]:.4f} in training, {areas[name][1]:.4f} beyond")

    judged("dark is object", -cells.astype(float))
    judged("mean of 45 x 45", -uniform_filter(cells.astype(float), 45))

    # Channels are the picture and three filters of it; each score is one channel, or their sum.
    channels = Filters().fit_transform(cells)
    channels = channels - channels[train].mean(axis=(0, 1))
    weights, _ = best_weights(channels[train], truth[train], relu=False)
    judged("weighted channels", channels @ weights)
    rectified, _ = best_weights(channels[train], truth[train], relu=True)
    judged("weighted channels, no less than 0", np.maximum(channels @ rectified, 0))
    print(f"weights {np.round(weights, 3).tolist()}")

    # 81 weights: the search begins with the mean and stays near it; a discriminant is there at
    # once, and as it follows the noise of its sample, tells a little less.
    around = Neighbourhood(4).fit_transform(cells)
    searched, tries = best_weights(around[train], truth[train], relu=False, tries=1500)
    judged(f"9 x 9 kernel, {tries} tries", around @ searched)
    straight = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1)
    solved = straight.fit(*sampled(around[train], truth[train])).coef_[0]
    judged("9 x 9 kernel, discriminant", around @ solved)

    figure = Figure((8, 3.6), layout="constrained")
    for ax, (name, kernel) in zip(
        figure.subplots(1, 2), {"search": searched, "discriminant": solved}.items(), strict=True
    ):
        draw_kernel(kernel.reshape(9, 9) / np.abs(kernel).max(), ax=ax)
        for text in list(ax.texts):
            text.remove()
        ax.set_title(name, fontsize=9)
    return [
        save(figure, out / "best_filter.png"),
        save(draw_roc(curves), out / "best_filter_roc.png"),
    ]


def sampled(channels: Array, truth: Array) -> tuple[Array, Array]:
    kept = np.random.default_rng(2018).choice(truth.size, SAMPLE, replace=False)
    return channels.reshape(-1, channels.shape[-1])[kept], truth.ravel()[kept]


def best_weights(channels: Array, truth: Array, relu: bool, tries: int = 400) -> tuple[Array, int]:
    """Return weights whose sum of channels has the largest area, by Nelder and Mead's search."""
    rows, known = sampled(channels, truth)
    scale = rows.std(axis=0)

    def loss(weights: Array) -> float:
        score = rows @ (weights / scale)
        return -roc_auc(np.maximum(score, 0) if relu else score, known)

    start = np.full(len(scale), -1 / len(scale))
    found, _, _, used, _ = fmin(loss, start, maxfun=tries, disp=False, full_output=True)
    return found / scale, used


if __name__ == "__main__":
    run(main)

"""Overfitting: what a tree remembers, what hold-out at random says, and what is true."""

from pathlib import Path

import numpy as np
from lecture import DATA, picture, run, save
from matplotlib.figure import Figure
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

from acetate.measure import dice
from acetate.segment.features import Coordinates, Filters

DEPTHS = (1, 2, 4, 6, 8, 10, 12, 15, 20, 30)
WAYS = ("training", "held out at random", "held out in bands", "the other half")
BANDS = 4  # each is held out once, and the mean is drawn


def main(out: Path, data: Path = DATA) -> list[Path]:
    cells = picture(data, "em_image.png")[::2, ::2]
    truth = picture(data, "em_image_seg.png")[::2, ::2] > 0
    # A blurred picture and the place: pixels beside each other have nearly the same.
    features = Coordinates().fit_transform(Filters((2.0,)).fit_transform(cells))

    left, right = np.s_[:, :256], np.s_[:, 256:]
    rows, labels = features[left], truth[left]
    mixed = train_test_split(_flat(rows), labels.ravel(), random_state=0)

    table = []
    for depth in DEPTHS:
        chance = _tree(depth).fit(mixed[0], mixed[2])
        scores = [
            dice(chance.predict(mixed[0]), mixed[2]),
            dice(chance.predict(mixed[1]), mixed[3]),
        ]
        scores.append(np.mean([_in_a_band(depth, rows, labels, band) for band in range(BANDS)]))
        scores.append(dice(chance.predict(_flat(features[right])), truth[right].ravel()))
        table.append(scores)
        line = ", ".join(f"{way} {d:.3f}" for way, d in zip(WAYS, scores, strict=True))
        print(f"depth {depth}: {line}")

    figure = Figure((6.5, 4.2), layout="constrained")
    ax = figure.add_subplot()
    for way, scores in zip(WAYS, np.transpose(table), strict=True):
        ax.plot(DEPTHS, scores, "o-", markersize=4, label=way)
    ax.set(xlabel="depth of the tree", ylabel="Dice", ylim=(0, 1.02))
    ax.grid(alpha=0.25)
    ax.legend(fontsize=8)
    return [save(figure, out / "overfitting.png")]


def _in_a_band(depth: int, rows: np.ndarray, labels: np.ndarray, band: int) -> float:
    """Return the Dice in a band of rows of a tree that learned from the others."""
    held = np.arange(len(rows)) * BANDS // len(rows) == band
    tree = _tree(depth).fit(_flat(rows[~held]), labels[~held].ravel())
    return dice(tree.predict(_flat(rows[held])), labels[held].ravel())


def _tree(depth: int) -> DecisionTreeClassifier:
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def _flat(features: np.ndarray) -> np.ndarray:
    return features.reshape(-1, features.shape[-1])


if __name__ == "__main__":
    run(main)

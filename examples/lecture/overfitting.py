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
WAYS = ("training", "held out at random", "held out in a band", "the other half")


def main(out: Path, data: Path = DATA) -> list[Path]:
    cells = picture(data, "em_image.png")[::2, ::2]
    truth = picture(data, "em_image_seg.png")[::2, ::2] > 0
    # A blurred picture and the place: pixels beside each other have nearly the same.
    features = Coordinates().fit_transform(Filters((2.0,)).fit_transform(cells))

    left, right = np.s_[:, :256], np.s_[:, 256:]
    rows, labels = features[left], truth[left]
    mixed = train_test_split(rows.reshape(-1, rows.shape[-1]), labels.ravel(), random_state=0)
    # In space: the upper three quarters learn, the lower quarter judges.
    apart = (rows[:288].reshape(-1, rows.shape[-1]), labels[:288].ravel())
    below = (rows[288:].reshape(-1, rows.shape[-1]), labels[288:].ravel())
    beyond = (features[right].reshape(-1, rows.shape[-1]), truth[right].ravel())

    table = []
    for depth in DEPTHS:
        chance = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(mixed[0], mixed[2])
        spaced = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(*apart)
        judged = ((chance, mixed[0], mixed[2]), (chance, mixed[1], mixed[3]))
        judged += ((spaced, *below), (chance, *beyond))
        table.append([dice(model.predict(X), y) for model, X, y in judged])
        line = ", ".join(f"{way} {d:.3f}" for way, d in zip(WAYS, table[-1], strict=True))
        print(f"depth {depth}: {line}")

    figure = Figure((6.5, 4.2), layout="constrained")
    ax = figure.add_subplot()
    for way, scores in zip(WAYS, np.transpose(table), strict=True):
        ax.plot(DEPTHS, scores, "o-", markersize=4, label=way)
    ax.set(xlabel="depth of the tree", ylabel="Dice", ylim=(0, 1.02))
    ax.grid(alpha=0.25)
    ax.legend(fontsize=8)
    return [save(figure, out / "overfitting.png")]


if __name__ == "__main__":
    run(main)

"""Nearest neighbours: what the next known point is, that is it; one neighbour or four."""

from pathlib import Path

import numpy as np
from lecture import run, save
from matplotlib.figure import Figure
from sklearn.datasets import make_blobs
from sklearn.neighbors import KNeighborsClassifier

from acetate.draw.figures import decision_map

ASKED = {"A": (2.0, -2.0), "B": (7.7, -6.1), "C": (8.5, -4.0)}


def main(out: Path) -> list[Path]:
    # Any labels will do: numbers that stand for words.
    words = KNeighborsClassifier(1).fit(np.array([[0], [1], [2], [3]]), ["I", "am", "a", "dog"])
    for number in (1.5, 100.0):
        print(f"{number:g}: {words.predict([[number]])[0]}")

    points, labels = make_blobs(100, cluster_std=2.0, random_state=2018)
    figure = Figure((9, 4.2), layout="constrained")
    for ax, count in zip(figure.subplots(1, 2), (1, 4), strict=True):
        model = KNeighborsClassifier(count).fit(points, labels)
        told = model.predict(list(ASKED.values()))
        said = ", ".join(f"{name} is {label}" for name, label in zip(ASKED, told, strict=True))
        print(
            f"{count} neighbour(s): {said}; right of its own points {model.score(points, labels)}"
        )
        decision_map(model, points, labels, grid=120, marked=ASKED, ax=ax)
        ax.set_title(f"{count} neighbour{'s' if count > 1 else ''}", fontsize=9)
    return [save(figure, out / "neighbours.png")]


if __name__ == "__main__":
    run(main, needs_data=False)

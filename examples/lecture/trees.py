"""Trees: questions with yes and no, drawn; and a forest beside two of its trees."""

from pathlib import Path

import numpy as np
from lecture import run, save
from matplotlib.figure import Figure
from sklearn.datasets import make_blobs
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from acetate.draw.figures import decision_map, draw_tree


def main(out: Path) -> list[Path]:
    points, labels = make_blobs(100, cluster_std=2.0, random_state=2018)
    tree = DecisionTreeClassifier(max_depth=2, random_state=2018).fit(points, labels)
    shares = np.bincount(labels) / len(labels)
    print(
        f"Gini at the root: {tree.tree_.impurity[0]:.4f} = 1 - sum P² = {1 - shares @ shares:.4f}"
    )
    drawn = draw_tree(tree, ["x", "y"], ["blue", "red", "green"])

    # Wide blobs overlap: a tree gives each stray point a corner of its own; in a forest, trees
    # that have seen other points outvote some of them.
    points, labels = make_blobs(1000, cluster_std=3.0, random_state=2018)
    forest = RandomForestClassifier(5, random_state=2018).fit(points[:200], labels[:200])
    models = {"forest of 5": forest, "tree 0": forest[0], "tree 1": forest[1]}
    figure = Figure((12, 4.0), layout="constrained")
    for ax, (name, model) in zip(figure.subplots(1, 3), models.items(), strict=True):
        right = np.mean(model.predict(points[200:]) == labels[200:])
        print(f"{name}: {right:.3f} of points that it has not seen are right")
        decision_map(model, points[:200], labels[:200], ax=ax)
        ax.set_title(f"{name}: {right:.1%} right".replace("%", " %"), fontsize=9)
    return [save(drawn, out / "trees_drawn.png"), save(figure, out / "trees_forest.png")]


if __name__ == "__main__":
    run(main, needs_data=False)

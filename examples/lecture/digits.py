"""Digits of 8 x 8 pixels: 50 to learn from, 450 to judge by, and why the training score lies."""

from pathlib import Path

import numpy as np
from lecture import run, save
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.metrics import classification_report, mean_absolute_error, mean_squared_error
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, RobustScaler

from acetate.arrays import Array
from acetate.draw.figures import (
    draw_confusion,
    draw_predictions,
    draw_report,
    draw_steps,
    show_pipe,
)
from acetate.measure import confusion_matrix

NAMES = [str(digit) for digit in range(10)]
# A nine, drawn by hand.
NINE = np.array(
    [
        [0, 0, 6, 12, 13, 6, 0, 0],
        [0, 6, 16, 9, 12, 16, 2, 0],
        [0, 7, 16, 9, 15, 13, 0, 0],
        [0, 0, 11, 15, 16, 4, 0, 0],
        [0, 0, 0, 12, 10, 0, 0, 0],
        [0, 0, 3, 16, 4, 0, 0, 0],
        [0, 0, 1, 16, 2, 0, 0, 0],
        [0, 0, 6, 11, 0, 0, 0, 0],
    ]
)


def rows(pictures: Array) -> Array:
    """Return a row of 64 numbers for each picture."""
    return np.reshape(pictures, (len(pictures), -1))


def pipeline(model: KNeighborsClassifier | KNeighborsRegressor) -> Pipeline:
    return Pipeline(
        [("flatten", FunctionTransformer(rows)), ("scale", RobustScaler()), ("neighbours", model)]
    )


def main(out: Path) -> list[Path]:
    digits = load_digits()
    parts = {"training": slice(50), "validation": slice(50, 500)}
    pictures, truth = ({k: a[s] for k, s in parts.items()} for a in (digits.images, digits.target))

    nearest = pipeline(KNeighborsClassifier(1)).fit(pictures["training"], truth["training"])
    found = {part: nearest.predict(pictures[part]) for part in parts}
    for part in parts:
        print(f"{part}: {np.mean(found[part] == truth[part]):.3f} right")
    print(f"the drawn 9 is a {nearest.predict(NINE[np.newaxis])[0]}")
    print(classification_report(truth["validation"], found["validation"]))

    # The digits as numbers: an error of 7 is worse than one of 1, and five neighbours are averaged.
    spread = Figure((9, 5.0), layout="constrained")
    for ax, count in zip(spread.subplots(1, 2), (1, 5), strict=True):
        model = pipeline(KNeighborsRegressor(count)).fit(pictures["training"], truth["training"])
        pairs = {part: (truth[part], model.predict(pictures[part])) for part in parts}
        for part, (true, said) in pairs.items():
            squared, absolute = mean_squared_error(true, said), mean_absolute_error(true, said)
            print(f"{count} neighbour(s), {part}: MSE {squared:.2f}, MAE {absolute:.2f}")
        draw_predictions(dict(reversed(pairs.items())), jitter=0.25, ax=ax)
        ax.set_title(f"{count} neighbour{'s' if count > 1 else ''}", fontsize=9)

    table = Figure((9, 4.3), layout="constrained")
    left, right = table.subplots(1, 2)
    draw_confusion(confusion_matrix(found["validation"], truth["validation"]), NAMES, ax=left)
    report = classification_report(truth["validation"], found["validation"], output_dict=True)
    draw_report(report, ax=right)

    examples = {
        str(digit): picture
        for digit, picture in zip(truth["training"], pictures["training"], strict=True)
    }
    drawn = {**dict(sorted(examples.items())), "drawn": NINE.astype(float)}
    return [
        save(draw_steps(drawn, columns=6), out / "digits_pictures.png"),
        save(show_pipe(nearest, pictures["training"][..., np.newaxis]), out / "digits_steps.png"),
        save(spread, out / "digits_spread.png"),
        save(table, out / "digits_table.png"),
    ]


if __name__ == "__main__":
    run(main, needs_data=False)

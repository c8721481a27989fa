"""Linear regression: a line through four points, and a plane that is cut into two classes."""

from pathlib import Path

import numpy as np
from lecture import run, save
from matplotlib.figure import Figure
from sklearn.datasets import make_blobs
from sklearn.linear_model import LinearRegression

from acetate.draw.figures import decision_map


def main(out: Path) -> list[Path]:
    x, y = np.arange(4)[:, np.newaxis], np.array([10, 20, 30, 40])
    line = LinearRegression().fit(x, y)
    print(f"slope {line.coef_[0]:.4g}, intercept {line.intercept_:.4g}")
    # A line goes on for ever, whatever it has seen.
    for place in (-100, 500):
        print(f"at {place}: {line.predict([[place]])[0]:.0f}")

    points, labels = make_blobs(100, centers=2, random_state=2018)
    plane = LinearRegression().fit(points, labels)
    coefficients = ", ".join(f"{c:.8f}" for c in (*plane.coef_, plane.intercept_))
    print(f"two blobs: {coefficients}")

    figure = Figure((9, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot([-1, 4], line.predict([[-1], [4]]), color="0.5")
    left.plot(x, y, "o")
    left.set(xlabel="x", ylabel="y", title="slope 10, intercept 10")
    decision_map(plane, points, labels, threshold=0.5, ax=right)
    right.set_title("above 0.5 or not", fontsize=9)
    left.title.set_fontsize(9)
    return [save(figure, out / "lines.png")]


if __name__ == "__main__":
    run(main, needs_data=False)

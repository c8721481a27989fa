"""The ladder that learns: seven pipelines on half a picture of cells, judged on the other half."""

from pathlib import Path

import numpy as np
from lecture import DATA, picture, run, save
from scipy import ndimage

from acetate.arrays import Array
from acetate.draw.figures import draw_kernel, draw_learning, draw_roc, draw_tree, show_pipe
from acetate.measure import accuracy, dice, iou, mae, roc_curve
from acetate.segment.pixels import (
    PIPELINES,
    PixelClassifier,
    fit_image_pipeline,
    learned_kernel,
    pipeline_named,
)

# Predictions are shown up to this: most pipelines are never sure.
WHITE = {"tree": 0.3, "filters": 1.0, "nearest": 1.0, "PixelClassifier": 1.0}


def main(out: Path, data: Path = DATA) -> list[Path]:
    cells = picture(data, "em_image.png")[::2, ::2]
    truth = picture(data, "em_image_seg.png")[::2, ::2] > 0
    train, judge = np.s_[:, :256], np.s_[:, 256:]

    written, curves = [], {}
    for name in (*PIPELINES, "PixelClassifier"):
        if name == "PixelClassifier":
            model = PixelClassifier().fit(cells[train], truth[train])
            found = model.predict_proba(cells)[:, :, 1]
        else:
            predict = fit_image_pipeline(pipeline_named(name), cells[train], truth[train])
            found = predict(cells)
        curves[name] = roc_curve(found[judge], truth[judge])
        print(f"{name:16} {scores(found[judge], truth[judge])}, area {curves[name].area:.3f}")
        rows = {
            "training": (cells[train], truth[train], found[train]),
            "all": (cells, truth, found),
        }
        figure = draw_learning(rows, limits=(0.0, WHITE.get(name, 0.3)))
        written.append(save(figure, out / f"pixel_ladder_{name}.png"))
        if name == "tree-xy":
            words = ["value", "x", "y"]
            figure = draw_tree(predict.pipeline[-1], words, max_depth=3)
            written.append(save(figure, out / "pixel_ladder_tree-xy_drawn.png"))
        if name == "linear":
            written += linear(predict, cells, out)
            lectures(cells[train], truth[train])
    return [*written, save(draw_roc(curves), out / "pixel_ladder_roc.png")]


def scores(found: Array, truth: Array) -> str:
    mask = found > 0.5
    return (
        f"accuracy {accuracy(mask, truth):.3f}, MAE {mae(found, truth.astype(found.dtype)):.3f}, "
        f"Dice {dice(mask, truth):.3f}, IoU {iou(mask, truth):.3f}"
    )


def linear(predict: object, cells: Array, out: Path) -> list[Path]:
    """Show the kernel that was learned: to predict is to correlate with it."""
    pipeline = predict.pipeline
    model = pipeline[-1]
    kernel = learned_kernel(model, (3, 3))
    correlated = ndimage.correlate(cells / 255, kernel, mode="reflect") + model.intercept_
    inside = np.s_[1:-1, 1:-1]
    differ = np.abs(correlated - predict(cells))[inside].max()
    print(f"kernel {np.round(kernel.ravel(), 4).tolist()}, intercept {model.intercept_:.4f}")
    print(f"correlation and model differ by less than 1e-6: {differ < 1e-6}")
    return [
        save(draw_kernel(kernel, model.intercept_), out / "pixel_ladder_kernel.png"),
        save(show_pipe(pipeline, cells), out / "pixel_ladder_linear_steps.png"),
    ]


def lectures(cells: Array, truth: Array) -> None:
    """Print the coefficients as the lecture has them.

    Its neighbours beyond the border are those of the opposite border, and its shifts move the
    picture, so that they are listed from the lower right.
    """
    wrapped = pipeline_named("linear").set_params(neighbours__mode="wrap")
    model = fit_image_pipeline(wrapped, cells, truth).pipeline[-1]
    numbers = ", ".join(f"{weight:.4g}" for weight in model.coef_[::-1])
    print(f"wrapped, from the lower right: {numbers}; {model.intercept_:.4g}")


if __name__ == "__main__":
    run(main)

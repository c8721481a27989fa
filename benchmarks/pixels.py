"""Learning from labelled pixels on one electron-microscope picture, and the speed of prediction.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/pixels.py [--part ladder]

The picture is ``../shared/data/qbi/em_image.png[::2, ::2]``: its left 256 columns train, the other
256 judge. The ladder: every ready pipeline, peers and `PixelClassifier`; Dice and IoU at 0.5 and at
the threshold chosen inside the training half (cross-validation over four bands of it; of ours the
labels themselves, cleaned up where the row says so), area under the receiver operating
characteristic, CPU seconds of fit (with the choice of the threshold for
`PixelClassifier`, without for the others) and of prediction of the right half. All predict the
right half alone; the last row predicts the whole picture, which shows what lies beyond the middle.

Strokes: lines of 20 pixels that wander a little, drawn in turn inside objects and background from a
random pixel until 1 % of the training half is covered, with pens of 1, 2 and 3 pixels; the mean of
five sets, at the threshold that the classifier chose.

Speed: 4 million pixels x 24 features; nanoseconds per pixel, and Dice of the same models.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from skimage.feature import multiscale_basic_features
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline

from acetate import images
from acetate.measure import dice, iou
from acetate.segment.features import BASIC, FeatureBank, PixelFlatten
from acetate.segment.pixels import (
    PIPELINES,
    PixelClassifier,
    SymmetricTreesClassifier,
    fit_image_pipeline,
    pipeline_named,
)

DATA = Path(__file__).parents[1] / "../shared/data/qbi"
IMAGE = images.read(DATA / "em_image.png")[::2, ::2]
TRUTH = images.read(DATA / "em_image_seg.png")[::2, ::2] > 0
TRAIN, JUDGE = np.s_[:, :256], np.s_[:, 256:]
FOLDS, STROKE_SETS, STROKE = 4, 5, 20
OURS: dict[str, dict[str, Any]] = {
    "**PixelClassifier()**": {},
    "clean heat-flow": {"clean": "heat-flow"},
    "clean random-field": {"clean": "random-field"},
    "autocontext 1": {"autocontext": 1},
    "autocontext 2": {"autocontext": 2},
    "autocontext 1, clean heat-flow": {"autocontext": 1, "clean": "heat-flow"},
    "autocontext 1, clean random-field": {"autocontext": 1, "clean": "random-field"},
}


class Probability:
    """A classifier's pipeline as a regressor: `fit_image_pipeline` then predicts probabilities."""

    def __init__(self, classifier: Any, bank: FeatureBank) -> None:
        self.classifier, self.bank = classifier, bank

    def fit_image(self, image: np.ndarray, mask: np.ndarray) -> Any:
        """Return what predicts the probability of an object."""
        steps = make_pipeline(self.bank, PixelFlatten(), self.classifier)
        fitted = fit_image_pipeline(steps, image, mask).pipeline
        return lambda other: fitted.predict_proba(other)[:, 1].reshape(other.shape)


def fit_image(pipeline: Any, image: np.ndarray, mask: np.ndarray) -> Any:
    if isinstance(pipeline, Probability):
        return pipeline.fit_image(image, mask)
    return fit_image_pipeline(pipeline, image, mask)


def chosen_threshold(pipeline: Any) -> float:
    """Return the threshold of the best Dice over bands of the training half, each left out once."""
    image, truth = IMAGE[TRAIN], TRUTH[TRAIN]
    left_out = np.empty(truth.shape)
    for rows in np.array_split(np.arange(len(truth)), FOLDS):
        others = np.delete(np.arange(len(truth)), rows)
        left_out[rows] = fit_image(pipeline, image[others], truth[others])(image[rows])
    grid = np.linspace(0.01, 0.95, 95)
    return float(grid[np.argmax([dice(left_out > t, truth) for t in grid])])


def row(
    name: str,
    score: np.ndarray,
    threshold: float,
    seconds: tuple[float, float],
    found: np.ndarray | None = None,
) -> None:
    truth = TRUTH[JUDGE]
    chosen = score > threshold if found is None else found
    print(
        f"| {name} | {dice(score > 0.5, truth):.3f} | {iou(score > 0.5, truth):.3f} "
        f"| {dice(chosen, truth):.3f} | {iou(chosen, truth):.3f} "
        f"| {threshold:.2f} | {roc_auc_score(truth.ravel(), score.ravel()):.3f} "
        f"| {seconds[0]:.2f} | {seconds[1]:.2f} |",
        flush=True,
    )


def ladder() -> None:
    warm_up()
    print(
        "| pipeline | Dice 0.5 | IoU 0.5 | Dice | IoU | threshold | ROC area | fit s | predict s |"
    )
    print("| --- |" + " ---: |" * 8)
    forest = RandomForestClassifier(100, max_samples=0.05, random_state=0)
    peers = {
        "24 basic features + forest of 100": Probability(forest, FeatureBank(BASIC)),
        "strong bank + forest of 100": Probability(forest, FeatureBank()),
        "strong bank + scikit-learn's boosting": Probability(
            HistGradientBoostingClassifier(random_state=0), FeatureBank()
        ),
    }
    for name, pipeline in {**{n: pipeline_named(n) for n in PIPELINES}, **peers}.items():
        start = time.process_time()
        predict = fit_image(pipeline, IMAGE[TRAIN], TRUTH[TRAIN])
        middle = time.process_time()
        score = predict(IMAGE[JUDGE])
        end = time.process_time()
        row(name, score, chosen_threshold(pipeline), (middle - start, end - middle))
    for name, parameters in OURS.items():
        ours(name, PixelClassifier(**parameters))


def ours(name: str, model: PixelClassifier) -> None:
    """Print the row of a classifier: on the right half alone, and for the default on the whole."""
    start = time.process_time()
    model.fit(IMAGE[TRAIN], TRUTH[TRAIN])
    middle = time.process_time()
    found = model.predict(IMAGE[JUDGE]) == 1
    seconds = middle - start, time.process_time() - middle
    threshold = model.calibration_.threshold
    score = model.predict_proba(IMAGE[JUDGE])[:, :, 1]
    row(name, score, threshold, seconds, found)
    if name == "**PixelClassifier()**":
        start = time.process_time()
        whole = model.predict_proba(IMAGE)[JUDGE][:, :, 1]
        seconds = seconds[0], time.process_time() - start
        row("the same, on the whole picture", whole, threshold, seconds)


def strokes_on(truth: np.ndarray, part: float, pen: int, seed: int) -> np.ndarray:
    """Return strokes, 1 on the background and 2 on objects, that cover a part of the pixels."""
    rng = np.random.default_rng(seed)
    marks = np.zeros(truth.shape, np.uint8)
    goal = part * truth.size
    inside = True
    while np.count_nonzero(marks) < goal:
        rows, columns = np.nonzero(truth == inside)
        start = rng.integers(len(rows))
        y, x, angle = float(rows[start]), float(columns[start]), rng.uniform(0, 2 * np.pi)
        for _ in range(STROKE):
            place = np.s_[round(y) : round(y) + pen, round(x) : round(x) + pen]
            within = 0 <= round(y) < len(truth) and 0 <= round(x) < truth.shape[1]
            if not within or truth[round(y), round(x)] != inside:
                break
            marks[place][truth[place] == inside] = 1 + inside
            if np.count_nonzero(marks) >= goal:
                break
            angle += rng.normal(0, 0.15)
            y, x = y + np.sin(angle), x + np.cos(angle)
        inside = not inside
    return marks


def strokes() -> None:
    print("\n| pen | classifier | Dice, mean of 5 | least | most | at the best threshold |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for pen in (1, 2, 3):
        for name in ("**PixelClassifier()**", "clean random-field", "autocontext 1"):
            found, oracle = [], []
            for seed in range(STROKE_SETS):
                marks = strokes_on(TRUTH[TRAIN], 0.01, pen, seed)
                model = PixelClassifier(strokes=True, **OURS[name]).fit(IMAGE[TRAIN], marks)
                score = model.predict_proba(IMAGE)[JUDGE][:, :, 1]
                found.append(dice(model.predict(IMAGE)[JUDGE] == 1, TRUTH[JUDGE]))
                thresholds = np.linspace(0.05, 0.99, 95)
                oracle.append(max(dice(score > t, TRUTH[JUDGE]) for t in thresholds))
            print(
                f"| {pen} px | {name} | {np.mean(found):.3f} | {min(found):.3f} "
                f"| {max(found):.3f} | {np.mean(oracle):.3f} |",
                flush=True,
            )


def speed(pixels: int = 4_000_000) -> None:
    warm_up()
    bank = FeatureBank(BASIC).fit(IMAGE[TRAIN])
    features = bank.transform(IMAGE)
    flat = features[TRAIN].reshape(-1, 24)
    wide = np.tile(features.reshape(-1, 24), (-(-pixels // IMAGE.size), 1))[:pixels]
    planes = np.ascontiguousarray(wide.T).T
    print("\n| model, 4 million pixels x 24 features | ns per pixel | ratio | Dice, best |")
    print("| --- | ---: | ---: | ---: |")
    reference = None
    for name, model, rows in (
        ("scikit-learn, 100 full trees", RandomForestClassifier(100, random_state=0), wide),
        ("SymmetricTreesClassifier()", SymmetricTreesClassifier(random_state=0), wide),
        ("the same, features in planes", SymmetricTreesClassifier(random_state=0), planes),
    ):
        model.fit(flat, TRUTH[TRAIN].ravel())
        score = model.predict_proba(features[JUDGE].reshape(-1, 24))[:, 1].reshape(
            TRUTH[JUDGE].shape
        )
        best = max(dice(score > t, TRUTH[JUDGE]) for t in np.linspace(0.05, 0.95, 91))
        start = time.process_time()
        model.predict_proba(rows)
        nanoseconds = (time.process_time() - start) / pixels * 1e9
        reference = reference or nanoseconds
        print(
            f"| {name} | {nanoseconds:.0f} | {reference / nanoseconds:.0f} | {best:.3f} |",
            flush=True,
        )
    start = time.process_time()
    multiscale_basic_features(IMAGE, workers=1)
    theirs = (time.process_time() - start) / IMAGE.size * 1e9
    print(f"\n(scikit-image takes {theirs:.0f} ns per pixel for these features)")


def warm_up() -> None:
    """Compile everything, so that no row pays for it."""
    PixelClassifier(folds=2).fit(IMAGE[:64, :64], TRUTH[:64, :64] | (IMAGE[:64, :64] > 130))


def main() -> None:
    parts = {"ladder": ladder, "strokes": strokes, "speed": speed}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=parts)
    chosen = parser.parse_args().part
    for name, part in parts.items():
        if chosen in (None, name):
            part()


if __name__ == "__main__":
    main()

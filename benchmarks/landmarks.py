"""Landmarks by heatmaps beside direct regression, in the same processor time; one thread.

    OMP_NUM_THREADS=1 python benchmarks/landmarks.py [--part shapes|mouse|views|gpu] [--out FOLDER]

shapes: `samples.landmark_shapes`, 96 pictures of 128 x 128 to learn from, 64 to test: every loss
and regression, 60 CPU seconds each. mouse (needs ../shared/data/mouse): 70 pictures to learn from,
20 to test, drawn with seed 0: the default and regression, 200 CPU seconds each; --out gets a sheet
of the test pictures. views: what mirror images, zooms and several models change, on the shapes.
gpu: the cephalometric preset on made pictures, where there is one: pictures/s, memory, bf16.

The numbers and the loss of the presets were chosen on a part of the training pictures, never on the
test pictures. Epochs are as many as fit into the time, counted by training for two first.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch

from acetate import images, samples
from acetate.draw import draw_grid
from acetate.landmarks.augmentation import Augmentation
from acetate.landmarks.data import LandmarkData
from acetate.landmarks.folds import split
from acetate.landmarks.found import LandmarkPrediction
from acetate.landmarks.losses import LOSSES
from acetate.landmarks.overlay import draw_landmarks
from acetate.landmarks.pictures import find_files, read_picture
from acetate.landmarks.prediction import LandmarkEnsemble, LandmarkModel
from acetate.landmarks.presets import PRESETS, Preset
from acetate.landmarks.tasks import new_detector, task_of
from acetate.landmarks.training import Training, train_landmarks
from acetate.landmarks.views import ONCE, Views
from acetate.learn.training import train
from acetate.measure import LandmarkErrors, landmark_errors
from acetate.sheets import LandmarkSet
from acetate.sheets.formats import read_landmarks

cv2.setNumThreads(1)
torch.set_num_threads(1)

MOUSE = Path(__file__).parents[2] / "shared" / "data" / "mouse"
HEADER = "| method | epochs | CPU s | mean px | median px | 95 % px | within 2 px | within 4 px |"
TEST = 64
LEARNED = 96


def moths(folder: Path) -> LandmarkSet:
    """Write the made pictures, and return where their landmarks are."""
    made = samples.landmark_shapes(LEARNED + TEST)
    names = [f"{number:03d}.png" for number in range(len(made))]
    for name, image in zip(names, made.images, strict=True):
        images.write(folder / name, image)
    return LandmarkSet(made.names, names, made.points, mirror=made.mirror)


def epochs_in(preset: Preset, marks: LandmarkSet, folder: Path, seconds: float) -> int:
    """Return how many epochs fit into a time."""
    data = LandmarkData(marks, folder, preset.input_size, preset.channels, Augmentation())
    task = task_of(new_detector(preset, len(marks.names)), preset)
    start = time.process_time()
    train(task, data, None, replace(preset, epochs=2, patience=0))
    return max(1, int(2 * 0.97 * seconds / (time.process_time() - start)))


def learned(
    preset: Preset, marks: LandmarkSet, folder: Path, seconds: float
) -> tuple[LandmarkModel, int, float]:
    """Train for a time without looking at any other picture."""
    epochs = epochs_in(preset, marks, folder, seconds)
    timed = replace(preset, epochs=epochs, patience=0, max_seconds=seconds)
    start = time.process_time()
    trained = train_landmarks(marks, folder, Training(timed), validation=0)
    return trained.model, len(trained.history.rows), time.process_time() - start


def judged(
    model: LandmarkModel | LandmarkEnsemble,
    truth: LandmarkSet,
    folder: Path,
    views: Views = ONCE,
) -> tuple[list[LandmarkPrediction], LandmarkErrors]:
    pictures = [read_picture(file) for file in find_files(truth.pictures, folder)]
    found = model.predict(pictures, views)
    points = np.stack([each.points for each in found])
    return found, landmark_errors(points, truth.points, names=truth.names)


def line(name: str, epochs: object, spent: float, errors: LandmarkErrors) -> str:
    rates = " | ".join(f"{100 * errors.sdr[px]:.0f} %" for px in (2.0, 4.0))
    return (
        f"| {name} | {epochs} | {spent:.0f} | {errors.mean:.2f} | {errors.median:.2f} | "
        f"{errors.p95:.2f} | {rates} |"
    )


def methods() -> dict[str, Preset]:
    """Return the small preset, with every other loss, and as regression."""
    small = PRESETS["small"]
    rest = [name for name in LOSSES if name != small.loss]
    return {
        f"{small.loss} (default)": small,
        "regression": regression_of(small),
        **{name: replace(small, loss=name) for name in rest},
    }


def regression_of(preset: Preset) -> Preset:
    """Return the foil: the same body and pictures, at the learning rate that suited it best."""
    return replace(preset, kind="regression", loss="smooth-l1", learning_rate=3e-3)


def compare_shapes(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        marks = moths(folder)
        training, test = marks.take(range(LEARNED)), marks.take(range(LEARNED, LEARNED + TEST))
        print(HEADER)
        print("|---|" + "---:|" * 7)
        for name, preset in methods().items():
            model, epochs, spent = learned(preset, training, folder, seconds)
            print(line(name, epochs, spent, judged(model, test, folder)[1]), flush=True)


def compare_mouse(seconds: float, out: Path | None, chosen: Sequence[str] | None) -> None:
    marks = read_landmarks(MOUSE / "CollectedData.csv", pictures=MOUSE)
    fold = split(len(marks), 20 / len(marks), seed=0)
    training, test = marks.take(fold.training), marks.take(fold.validation)
    print(f"{len(training)} pictures to learn from, {len(test)} to test, {len(marks.names)} points")
    small = replace(PRESETS["small"], input_size=256)
    known = {"default": small, "regression": regression_of(small)}
    rows: dict[str, LandmarkErrors] = {}
    print(HEADER)
    print("|---|" + "---:|" * 7)
    for name in chosen or known:
        preset = known[name]
        model, epochs, spent = learned(preset, training, MOUSE, seconds)
        found, errors = judged(model, test, MOUSE)
        print(line(name, epochs, spent, errors), flush=True)
        rows[name] = errors
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            images.write(out / f"mouse_{name}.png", sheet(found, test))
            model.save(out / f"mouse_{name}.safetensors")
    print("\n| landmark | " + " | ".join(f"{name}: mean, median px" for name in rows) + " |")
    print("|---|" + "---:|" * len(rows))
    for k, name in enumerate(test.names):
        cells = (
            f"{each.landmarks[k].mean:.1f}, {each.landmarks[k].median:.1f}"
            for each in rows.values()
        )
        print(f"| {name} | {' | '.join(cells)} |")


def sheet(found: Sequence[LandmarkPrediction], truth: LandmarkSet) -> np.ndarray:
    """Draw what was found (red) and the truth (green) on all pictures."""
    pictures = [read_picture(file) for file in find_files(truth.pictures, MOUSE)]
    return draw_grid(
        [
            draw_landmarks(picture, one, points)
            for picture, one, points in zip(pictures, found, truth.points, strict=True)
        ],
        cols=5,
    )


def compare_views(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        marks = moths(folder)
        training, test = marks.take(range(LEARNED)), marks.take(range(LEARNED, LEARNED + TEST))
        models = []
        for seed in range(3):
            preset = replace(PRESETS["small"], seed=seed)
            models.append(learned(preset, training, folder, seconds)[0])
        zooms = (0.9, 1.0, 1.1)
        asked: dict[str, tuple[LandmarkModel | LandmarkEnsemble, Views]] = {
            "one model": (models[0], Views()),
            "and mirror image": (models[0], Views(flip=True)),
            "and zooms 0.9, 1, 1.1": (models[0], Views(flip=True, zooms=zooms)),
            "three models": (LandmarkEnsemble(models), Views()),
            "three models, all views": (LandmarkEnsemble(models), Views(flip=True, zooms=zooms)),
        }
        print(HEADER)
        print("|---|" + "---:|" * 7)
        for name, (model, views) in asked.items():
            start = time.process_time()
            errors = judged(model, test, folder, views)[1]
            print(line(name, "", time.process_time() - start, errors), flush=True)


def measure_gpu(seconds: float) -> None:
    if not torch.cuda.is_available():
        print("no GPU here: the line of the cephalometric preset is left open")
        return
    print("| precision | batch | pictures/s | GPU memory GB |\n|---|---:|---:|---:|")
    for precision in ("32", "bf16-mixed"):
        preset = replace(PRESETS["cephalometric"], precision=precision, device="gpu")
        task = task_of(new_detector(preset, 19), preset).cuda()
        rng = torch.Generator().manual_seed(0)
        side, count = preset.input_size, preset.batch_size
        batch = {
            "image": torch.rand((count, preset.channels, side, side), generator=rng).cuda(),
            "points": (torch.rand((count, 19, 2), generator=rng) * side).cuda(),
        }
        optimizer = torch.optim.AdamW(task.parameters())
        done, start = 0, 0.0
        torch.cuda.reset_peak_memory_stats()
        while done < 10 or time.perf_counter() - start < seconds:
            if done == 10:  # after warming up
                torch.cuda.synchronize()
                start = time.perf_counter()
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast("cuda", torch.bfloat16, enabled=precision != "32"):
                loss = task.loss(batch)
            loss.backward()
            optimizer.step()
            torch.cuda.synchronize()
            done += 1
        speed = (done - 10) * count / (time.perf_counter() - start)
        memory = torch.cuda.max_memory_allocated() / 2**30
        print(f"| {precision} | {count} | {speed:.1f} | {memory:.1f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ("shapes", "mouse", "views", "gpu")
    parser.add_argument("--part", choices=parts, action="append")
    parser.add_argument("--seconds", type=float, help="CPU seconds of each training")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--method", action="append", help="of mouse: only this; may be repeated")
    chosen = parser.parse_args()
    for part in chosen.part or parts:
        print(f"\n### {part}\n")
        if part == "shapes":
            compare_shapes(chosen.seconds or 60)
        elif part == "mouse":
            compare_mouse(chosen.seconds or 200, chosen.out, chosen.method)
        elif part == "views":
            compare_views(chosen.seconds or 60)
        else:
            measure_gpu(chosen.seconds or 20)


if __name__ == "__main__":
    main()

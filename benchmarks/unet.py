"""The U-Net on two data sets: ours, the lecture's training beside it, and windows against whole.

    OMP_NUM_THREADS=1 python benchmarks/unet.py [--part em|nuclei|windows]

Electron microscopy: ``../shared/data/qbi/em_image.png[::2, ::2]``, the left 256 columns train, the
rest judge. Nuclei: ``../shared/data/nuclei``, the first 28 pictures by name train, the other 12
judge; Dice over all their pixels, and the precision of objects at an IoU of 0.5: those found over
those found, missed and invented, mean of pictures. Without ``objects=True`` the connected parts of
the mask are the objects.

The lecture's training: 470,977 parameters, rows 0 to 255 of columns 50 to 249, mean squared error,
plain gradient descent, 20 steps at a rate of 0.01 and 20 at 0.5 (an epoch of five copies in one
batch is one step, with the gradient of one copy).

Windows: the largest difference of probabilities predicted in windows and at once, on a picture
tiled to 1536 x 1024, random weights. Seconds are processor time of one thread.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from acetate import images
from acetate.learn import TrainOptions
from acetate.learn.randomness import seeded
from acetate.learn.training import train
from acetate.learn.unet import UNet, glorot_draws
from acetate.measure import dice, label_objects, match_objects
from acetate.segment.unet import UNetSegmenter
from acetate.segment.unet.patches import standardized
from acetate.segment.unet.segmenter import parameter_count
from acetate.segment.unet.sliding import probabilities
from acetate.segment.unet.task import PixelTask

DATA = Path(__file__).parents[1] / "../shared/data"


def main() -> None:
    parts = {"em": microscopy, "nuclei": nuclei, "windows": windows}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=list(parts))
    chosen = parser.parse_args().part
    torch.set_num_threads(1)
    for name, part in parts.items():
        if chosen in (None, name):
            part()


def microscopy() -> None:
    image = images.read(DATA / "qbi/em_image.png")[::2, ::2]
    truth = images.read(DATA / "qbi/em_image_seg.png")[::2, ::2] > 0
    learn, judge = np.s_[:, :256], np.s_[:, 256:]
    print("| electron microscopy | parameters | Dice at 0.5 | at the best threshold | CPU s |")
    print("|---|---:|---:|---:|---:|")
    start = time.process_time()
    model = UNetSegmenter().fit(image[learn], truth[learn])
    seconds = time.process_time() - start
    found = model.predict_proba(image[judge])[..., 1]
    row("**UNetSegmenter()**", model.network_, found, truth[judge], seconds)
    network, seconds = lecture(image, truth)
    planes = standardized(image[judge][..., None], "picture")
    row(
        "the lecture's training",
        network,
        probabilities(network, planes, 512)[1],
        truth[judge],
        seconds,
    )


def lecture(image: Any, truth: Any) -> tuple[UNet, float]:
    """Train as the lecture does; return the network and the seconds."""
    learn = np.s_[:256, 50:250]
    planes = torch.from_numpy(standardized(image[learn][..., None], "picture"))[None]
    data = torch.utils.data.TensorDataset(planes, torch.from_numpy(truth[learn].astype(int))[None])
    with seeded(0):
        # With larger weights it finds nothing at all.
        task = PixelTask(UNet().apply(glorot_draws), "mse")
    start = time.process_time()
    for rate in (0.01, 0.5):
        train(task, data, None, TrainOptions(epochs=20, optimizer="sgd", learning_rate=rate))
    return task.network, time.process_time() - start


def row(name: str, network: Any, found: Any, truth: Any, seconds: float) -> None:
    best = max(dice(found > t, truth) for t in np.quantile(found, np.linspace(0, 1, 200)))
    count = parameter_count(network)
    print(f"| {name} | {count:,} | {dice(found > 0.5, truth):.3f} | {best:.3f} | {seconds:.0f} |")


def nuclei() -> None:
    paths = sorted((DATA / "nuclei/images").glob("*.png"))
    pictures = [images.read(path) for path in paths]
    labels = [images.read_labels(DATA / "nuclei/labels" / path.name) for path in paths]
    print("\n| nuclei | parameters | Dice at 0.5 | objects | CPU s |")
    print("|---|---:|---:|---:|---:|")
    for objects in (False, True):
        start = time.process_time()
        model = UNetSegmenter(objects=objects)
        model.fit(pictures[:28], labels[:28] if objects else [mask > 0 for mask in labels[:28]])
        seconds = time.process_time() - start
        masks = [found > 0 for found in model.predict(pictures[28:])]
        parts = model.predict_objects(pictures[28:]) if objects else map(label_objects, masks)
        precision = np.mean(
            [
                match_objects(found, truth, (0.5,)).precisions[0]
                for found, truth in zip(parts, labels[28:], strict=True)
            ]
        )
        name = f"**UNetSegmenter({'objects=True' if objects else ''})**"
        score = dice(np.stack(masks), np.stack(labels[28:]) > 0)
        count = parameter_count(model.network_)
        print(f"| {name} | {count:,} | {score:.3f} | {precision:.3f} | {seconds:.0f} |")


def windows() -> None:
    image = images.read(DATA / "qbi/em_image.png")[::2, ::2]
    planes = standardized(np.tile(image, (4, 2))[..., None], "picture")
    print("\n| windows of | largest difference from whole |")
    print("|---|---:|")
    with seeded(0):
        network = UNet(base=16, norm="batch")
    whole = probabilities(network, planes, 4096)
    for side in (128, 256, 512):
        print(f"| {side} | {np.abs(probabilities(network, planes, side) - whole).max():.1e} |")


if __name__ == "__main__":
    main()

"""A small network, trained the lecture's 'very bad way' and soundly; and how one overfits.

All three learn from the left half and are scored on the right one, which no epoch is chosen by:
the first two keep their last one, `one corner only` chooses by another part of the left half.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lecture import picture, run, save

from acetate.draw.figures import draw_history, draw_masks, draw_network
from acetate.learn import TrainOptions
from acetate.learn.randomness import seeded
from acetate.learn.training import train
from acetate.learn.unet import UNet, glorot_draws
from acetate.measure import dice
from acetate.segment.unet import UNetSegmenter, UNetTraining
from acetate.segment.unet.patches import standardized
from acetate.segment.unet.sliding import probabilities
from acetate.segment.unet.task import PixelTask

LEARN, JUDGE = np.s_[:, :256], np.s_[:, 256:]
CORNER, BELOW = np.s_[48:144, 40:136], np.s_[240:, :256]
EPOCHS = {"bad": 20, "sound": 16, "corner": 40}
THRESHOLDS = np.linspace(0.02, 0.98, 97)


def main(out: Path, data: Path, epochs: Mapping[str, int] = EPOCHS) -> list[Path]:
    torch.set_num_threads(1)
    image = picture(data, "em_image.png")[::2, ::2]
    truth = picture(data, "em_image_seg.png")[::2, ::2] > 0
    bad, bad_rows = very_bad_way(image, truth, epochs["bad"])
    sound = UNetSegmenter(options=UNetTraining(epochs=epochs["sound"]))
    sound.fit(image[LEARN], truth[LEARN])
    over = overfitted(image, truth, epochs["corner"])
    found = {
        "very bad way": bad,
        "sound": sound.predict_proba(image[JUDGE])[..., 1],
        "one corner only": over.predict_proba(image[JUDGE])[..., 1],
    }
    notes = {name: report(name, each, truth[JUDGE]) for name, each in found.items()}
    masks = {f"{name}: {notes[name]}": each > 0.5 for name, each in found.items()}
    shown = draw_masks(image[JUDGE], {"truth": truth[JUDGE], **masks}, columns=5)
    history = over.history_  # its first epochs, far off, would flatten the others
    title = "one corner only: the training loss leaves the validation's behind"
    return [
        save(draw_network(UNet().layer_table()), out / "unet_network.png"),
        save(shown, out / "unet_masks.png"),
        save(draw_history(bad_rows, title="the very bad way"), out / "unet_bad.png"),
        save(
            draw_history(sound.history_.rows, title="sound"),
            out / "unet_sound.png",
        ),
        save(
            draw_history(history.rows[epochs["corner"] // 5 :], history.best_epoch, title),
            out / "unet_overfitted.png",
        ),
    ]


def very_bad_way(image: Any, truth: Any, epochs: int) -> tuple[Any, list[dict[str, float]]]:
    """Train as the lecture does: one corner, plain gradient descent, mean squared error.

    Five copies of one corner in a batch have the gradient of one; so an epoch is one step.
    """
    task = PixelTask(with_seed(), "mse")
    learn, judge = (
        sample(image, truth, box) for box in (np.s_[:256, 50:250], np.s_[:256, 256:456])
    )
    rows: list[dict[str, float]] = []
    for rate in (0.01, 0.5):
        options = TrainOptions(epochs=epochs, optimizer="sgd", learning_rate=rate)
        history = train(LastKept(task.network, "mse"), learn, judge, options)
        rows += [{**row, "epoch": row["epoch"] + epochs * (rate > 0.1)} for row in history.rows]
    planes = standardized(image[JUDGE][..., None], "picture")
    return probabilities(task.network, planes, 512)[1], rows


class LastKept(PixelTask):
    """The last epoch is the best: the lecture keeps the last weights."""

    monitor, mode = "epoch", "max"


def with_seed() -> UNet:
    """Return the lecture's network, its weights drawn as Keras draws them."""
    with seeded(0):
        return UNet().apply(glorot_draws)


def sample(image: Any, truth: Any, box: Any) -> Any:
    planes = torch.from_numpy(standardized(image[box][..., None], "picture"))[None]
    return torch.utils.data.TensorDataset(planes, torch.from_numpy(truth[box].astype(int))[None])


def overfitted(image: Any, truth: Any, epochs: int) -> UNetSegmenter:
    """Learn one corner by heart: every patch is the same."""
    options = TrainOptions(epochs=epochs, batch_size=1, learning_rate=1e-2)
    model = UNetSegmenter(patch=96, patches=4, augmenter=None, options=options)
    return model.fit(image[CORNER], truth[CORNER], (image[BELOW], truth[BELOW]))


def report(name: str, found: Any, truth: Any) -> str:
    half = dice(found > 0.5, truth)
    best = max(dice(found > threshold, truth) for threshold in THRESHOLDS)
    print(f"{name}: Dice {half:.2f} at 0.5, {best:.2f} at the best threshold")
    return f"Dice {half:.2f}"


if __name__ == "__main__":
    run(main)

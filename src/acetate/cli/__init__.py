"""The command line: `acetate`, and the table of its commands."""

import os
import signal
import sys
import threading
from typing import Any, NoReturn

from acetate.cli.app import App
from acetate.cli.lazy_group import Entry

__all__ = ["main"]

# A command is imported when it is called: its help line must be known before.
app = App(
    "acetate",
    {
        "augment": Entry(
            "acetate.cli.augment:augment",
            "Make augmented samples of a folder of pictures and of the sheets on them.",
        ),
        "augmenters": Entry(
            "acetate.cli.augmenters:augmenters",
            "List the augmenters, or explain one.",
        ),
        "compare": Entry(
            "acetate.cli.compare:compare",
            "Try every segmentation method on pictures, and rank them.",
        ),
        "methods": Entry(
            "acetate.cli.methods:methods",
            "List the segmentation methods, or explain one.",
        ),
        "segment": Entry(
            "acetate.cli.segment:segment",
            "Divide pictures into labelled regions, without training.",
        ),
        "train": Entry(
            "acetate.cli.train:train",
            "Learn from pictures whose pixels are labelled, all of them or a few.",
        ),
        "predict": Entry(
            "acetate.cli.predict:predict",
            "Label the pixels of pictures with a model of `acetate train`.",
        ),
        "denoise": Entry(
            "acetate.cli.denoise:denoise",
            "Take the noise out of pictures.",
        ),
        "corrupt": Entry(
            "acetate.cli.corrupt:corrupt",
            "Let pictures fall apart by heat and noise, level by level.",
        ),
        "landmarks": Entry(
            "acetate.cli.landmarks_group:landmarks",
            "Find landmarks in pictures: from annotations to coordinates with errors in px and mm.",
        ),
        "mosaic": Entry(
            "acetate.cli.mosaic:mosaic",
            "Make one picture out of many.",
        ),
        "tour": Entry(
            "acetate.cli.tour:tour",
            "Show every job on sample pictures, on one page.",
        ),
    },
)


def main() -> NoReturn:
    """Run the command that the process was started with, and exit with its code.

    The codes are 0 when all went well, 1 when something failed, 2 for wrong usage, 130 after
    Ctrl-C, and 143 after SIGTERM.
    """
    for stream in (sys.stdout, sys.stderr):
        # What the terminal's encoding lacks is shown as \u1234 instead of stopping the run.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _end)
    sys.unraisablehook = _hear_again
    app.main(prog_name="acetate")


def _end(number: int, _frame: Any) -> NoReturn:
    """End by an exception, so that half-written files are removed."""
    sys.exit(128 + number)


def _hear_again(unraisable: Any) -> None:
    """Deliver a signal once more whose exception a callback of the interpreter has swallowed."""
    error = unraisable.exc_value
    if not isinstance(error, KeyboardInterrupt | SystemExit):
        sys.__unraisablehook__(unraisable)
        return
    number = signal.SIGINT if isinstance(error, KeyboardInterrupt) else signal.SIGTERM
    again = threading.Timer(0.01, os.kill, (os.getpid(), number))
    again.daemon = True
    again.start()

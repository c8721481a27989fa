"""The command group `acetate landmarks`: check, convert, train, predict, export, evaluate."""

import click

from acetate.cli.lazy_group import Entry, LazyGroup

_ENTRIES = {
    "check": Entry(
        "acetate.cli.landmarks_check:check",
        "Look for what is wrong or suspicious in annotated landmarks.",
    ),
    "convert": Entry(
        "acetate.cli.landmarks_convert:convert",
        "Write landmarks in another format.",
    ),
    "train": Entry(
        "acetate.cli.landmarks_train:train",
        "Learn to find landmarks from annotated pictures.",
    ),
    "predict": Entry(
        "acetate.cli.landmarks_predict:predict",
        "Find landmarks in pictures with a model of `acetate landmarks train`.",
    ),
    "export": Entry(
        "acetate.cli.landmarks_export:export",
        "Write a model as a program of its own, for PyTorch or for ONNX runtimes.",
    ),
    "evaluate": Entry(
        "acetate.cli.landmarks_evaluate:evaluate",
        "Compare landmarks that were found with the truth.",
    ),
}


@click.group(cls=LazyGroup, entries=_ENTRIES)
def landmarks() -> None:
    """Find landmarks in pictures: from annotations to coordinates with errors in px and mm.

    Annotations are files of COCO, Label Studio, labelme, CVAT, DeepLabCut, TPS, 3D Slicer, Aariz,
    or CSV; which one is seen by what stands in them.

    \b
    acetate landmarks check marks.csv pictures
    acetate landmarks train marks.csv pictures --out run
    acetate landmarks predict run/model.safetensors new --out found
    acetate landmarks evaluate found/landmarks.csv truth.csv --pictures new --out errors
    """  # noqa: D301  (click's sign for lines that are not to be joined)

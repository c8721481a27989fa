"""The command `acetate landmarks export`: a model as a program that runs without acetate."""

from pathlib import Path

import click

from acetate.cli.app import wrong_usage
from acetate.files import printable

_MODEL = click.Path(exists=True, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("model", type=_MODEL)
@click.option(
    "--out",
    type=_OUT,
    required=True,
    metavar="FILE",
    help=".pt2 for PyTorch, or .onnx, which needs the packages onnx and onnxscript.",
)
@click.option("--overwrite", is_flag=True, help="Replace the file.")
def export(model: Path, out: Path, overwrite: bool) -> int:
    """Write a model as a program of its own, for PyTorch or for ONNX runtimes.

    MODEL is a file of `acetate landmarks train`, or the folder of a training of one model.

    The program takes batches of squares: float32 of shape (N, C, S, S), S being input_size of the
    card that lies in the file. Bring a picture into the square without changing its aspect, in
    the middle; take the mean of the picture's values off, and divide by their standard deviation.
    It gives what the network says: raw heatmaps, or x and y as parts of the square. Exit code 2
    is wrong usage.

    \b
    acetate landmarks export run --out moths.pt2
    acetate landmarks export run/model.safetensors --out moths.onnx
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.landmarks_predicting import model_files
    from acetate.landmarks.export import export_detector
    from acetate.landmarks.prediction import LandmarkModel

    with wrong_usage():
        if out.exists() and not overwrite:
            raise ValueError(f"{printable(out)} is there; pass --overwrite to replace it")
        files = model_files(model)
        if len(files) > 1:
            raise ValueError(
                f"{printable(model)} holds {len(files)} models; pass one, such as "
                f"{printable(files[0])}"
            )
        loaded = LandmarkModel.load(files[0])
        export_detector(loaded.detector, out, loaded.card.input_size, loaded.card.to_dict())
    click.echo(printable(out))
    return 0

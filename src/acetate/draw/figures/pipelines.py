"""What every step of a scikit-learn pipeline makes of a picture: pictures or histograms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil, isqrt
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from acetate.arrays import Array
from acetate.draw.figures.canvas import COLOURS, PANEL, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Channels that a panel shows at most: as small pictures, and as histograms.
_PICTURES, _HISTOGRAMS = 9, 8
_BINS = 60
Shape = tuple[int, int]


class Pipeline(Protocol):
    """As `sklearn.pipeline.Pipeline`, fitted."""

    @property
    def steps(self) -> Sequence[tuple[str, Any]]:
        """Names and transformers; the last step may be an estimator."""


@dataclass(frozen=True, eq=False)
class Output:
    """What a step makes of a picture.

    Parameters
    ----------
    name : str
        Of the step.
    data : numpy.ndarray
        Channels of a picture ``(H, W, C)``, or a table ``(rows, columns)``.
    names : tuple of str
        Of the channels, or of the columns.

    Examples
    --------
    >>> Output("flatten", np.zeros((50, 64)), ()).is_table
    True
    """

    name: str
    data: Array
    names: tuple[str, ...]

    @property
    def is_table(self) -> bool:
        """Whether it is no picture."""
        return self.data.ndim == 2

    @property
    def columns(self) -> Array:
        """A row for each pixel, a column for each channel."""
        return self.data.reshape(-1, self.data.shape[-1])


def show_pipe(
    pipeline: Pipeline,
    image: Any,
    panels_in_row: int = 4,
    show_hist: bool | Collection[str] = False,
    show_legend: bool = True,
) -> Figure:
    """Draw what goes into a pipeline, and what each of its steps makes of it.

    Parameters
    ----------
    pipeline : sklearn.pipeline.Pipeline
        Fitted. Steps transform; the last one may predict instead.
    image : numpy.ndarray or list of numpy.ndarray
        What the pipeline takes: a picture ``(H, W)`` or ``(H, W, C)``; of several, a stack
        ``(N, H, W, C)`` or a list, the first is shown.
    panels_in_row : int
        How many panels are in a row at most.
    show_hist : bool or collection of str
        Whether panels are histograms, one for each channel, instead of pictures; or the names of
        the steps of which they are. What goes in is called "input".
    show_legend : bool
        Whether histograms name their channels.

    Returns
    -------
    matplotlib.figure.Figure
        A new figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If a step's name is unknown, a panel would hold neither a picture nor a table, or there is
        no room in a row.

    Notes
    -----
    Rows of pixels are put back into the picture. A step with several channels is shown by up to 9
    small pictures, each from its own least (black) to its own most (white). What is no picture any
    more, such as rows of whole pictures, is shown as a table: a line for each row.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import FunctionTransformer
    >>> pipeline = make_pipeline(FunctionTransformer(np.sqrt)).fit(np.eye(4))
    >>> figure = show_pipe(pipeline, np.eye(4))
    >>> [part.get_suptitle() for part in figure.subfigs]
    ['input', 'functiontransformer']
    """
    if panels_in_row < 1:
        raise ValueError(f"panels_in_row must be at least 1, got {panels_in_row}")
    outputs = _outputs(pipeline, image)
    known = [output.name for output in outputs]
    hist = set(known) if show_hist is True else set(show_hist or ())
    if not hist <= set(known):
        raise ValueError(f"there is no step {min(hist - set(known))!r}; there are {known}")
    across = min(len(outputs), panels_in_row)
    down = ceil(len(outputs) / across)
    figure = new_figure((PANEL * across, (PANEL * 0.85 + 0.3) * down))
    parts = np.ravel(figure.subfigures(down, across, squeeze=False))
    for part, output in zip(parts, outputs, strict=False):
        part.suptitle(output.name, fontsize=9)
        if output.name in hist:
            _draw_histograms(part.add_subplot(), output, show_legend)
        elif output.is_table:
            _draw_table(part.add_subplot(), output.data)
        else:
            _draw_channels(part, output)
    return figure


def _outputs(pipeline: Pipeline, image: Any) -> list[Output]:
    several = isinstance(image, list | tuple) or image.ndim == 4
    shapes = [np.shape(picture)[:2] for picture in (image if several else [image])]
    pixels = sum(height * width for height, width in shapes)
    found, data = [_output("input", image, shapes[0], pixels, ())], image
    names: tuple[str, ...] = ()
    for name, step in pipeline.steps:
        if step is None or step == "passthrough":
            continue
        data = step.transform(data) if hasattr(step, "transform") else step.predict(data)
        names = _names(step, names)
        found.append(_output(name, data, shapes[0], pixels, names))
    return found


def _output(name: str, data: Any, shape: Shape, pixels: int, names: tuple[str, ...]) -> Output:
    """Return what to show of one step: of several pictures, the first."""
    array = np.asarray(data[0] if isinstance(data, list | tuple) else data)
    array = array[0] if array.ndim == 4 else array
    height, width = shape
    if array.ndim in (1, 2) and len(array) == pixels and array.shape != (height, width):
        # Rows of pixels; those of the first picture come first.
        array = array[: height * width].reshape(height, width, -1)
    elif array.ndim == 2 and array.shape == (height, width):
        array = array[:, :, np.newaxis]
    elif array.ndim == 1:
        array = array[:, np.newaxis]
    if array.ndim not in (2, 3) or array.size == 0 or array.dtype.kind not in "buif":
        raise ValueError(
            f"step {name!r} gives {array.dtype} of shape {array.shape}, which is no picture and no "
            "table of numbers"
        )
    count = array.shape[-1]
    return Output(name, array, names if len(names) == count else tuple(map(str, range(count))))


def _names(step: Any, before: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a step's channels, made of those before where there are some."""
    if not hasattr(step, "get_feature_names_out"):
        return ()
    for given in (before or None, None):
        try:
            return tuple(map(str, step.get_feature_names_out(given)))
        except ValueError:  # names of other columns: those that it was fitted on count
            continue
    return ()


def _draw_channels(part: Any, output: Output) -> None:
    count = output.data.shape[-1]
    shown = min(count, _PICTURES)
    across = isqrt(shown - 1) + 1
    axes = np.ravel(part.subplots(ceil(shown / across), across, squeeze=False))
    for number, ax in enumerate(axes):
        ax.set_axis_off()
        if number < shown:
            channel = output.data[:, :, number]
            ax.imshow(channel, cmap="gray", interpolation="nearest")
            label = _brief(output.names[number]) if count > 1 else _range(channel)
            ax.set_title(label, fontsize=8 if count == 1 else 6, pad=2)
    if count > shown:
        part.supxlabel(f"{shown} of {count} channels", fontsize=7)


def _draw_table(ax: Axes, table: Array) -> None:
    ax.imshow(table, cmap="gray", interpolation="nearest", aspect="auto")
    ax.set_xlabel(f"{table.shape[1]} columns", fontsize=7)
    ax.set_ylabel(f"{len(table)} rows", fontsize=7)
    ax.set_xticks([])
    ax.set_yticks([])


def _draw_histograms(ax: Axes, output: Output, legend: bool) -> None:
    columns = output.columns[:, :_HISTOGRAMS].astype(np.float64)
    edges = np.histogram_bin_edges(columns, _BINS)
    for number, values in enumerate(columns.T):
        counts, _ = np.histogram(values, edges)
        label = _brief(output.names[number])
        ax.stairs(counts, edges, fill=len(columns.T) == 1, color=COLOURS[number], label=label)
    ax.set_yscale("log", nonpositive="clip")
    ax.tick_params(which="both", labelsize=6)
    if legend and len(columns.T) > 1:
        ax.legend(fontsize=6)
    count = output.data.shape[-1]
    if count > _HISTOGRAMS:
        ax.set_xlabel(f"{_HISTOGRAMS} of {count} channels", fontsize=7)


def _range(channel: Array) -> str:
    return f"{float(channel.min()):.3g} to {float(channel.max()):.3g}"


def _brief(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"

"""Train a task: the door to the loop, on one device or on several processes."""

from pathlib import Path
from typing import Any

from acetate.learn.checkpoint import NAME
from acetate.learn.devices import fabric_of
from acetate.learn.history import History
from acetate.learn.interrupt import Interrupt
from acetate.learn.loop import Loop, Progress, Say
from acetate.learn.options import TrainOptions
from acetate.learn.processes import train_in_processes
from acetate.learn.task import Task


def train(
    task: Task,
    training: Any,
    validation: Any = None,
    options: TrainOptions | None = None,
    *,
    folder: Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> History:
    """Train a network; afterwards the task's network has the best weights.

    Parameters
    ----------
    task : Task
        The network, its loss, and how it is judged.
    training : torch.utils.data.Dataset
        Samples. If it has ``set_epoch(epoch)``, that is called at the beginning of each epoch
        (from 1); a sample that draws chance should be a function of (seed, epoch, index).
    validation : torch.utils.data.Dataset, optional
        What it is judged by, as epoch 0. Without it the last weights are the best.
    options : TrainOptions, optional
        How; the defaults if not given.
    folder : Path, optional
        Where ``last.ckpt`` (to go on from), ``best.safetensors``, ``history.csv`` and
        ``history.json`` are written at the end of every epoch; made if it is not there.
    resume : bool
        Whether to go on from the folder's last checkpoint, if there is one; else there must be
        none.
    progress : callable, optional
        Called after every step with steps done, all steps, and the epoch.
    say : callable, optional
        Called after every epoch with a line.

    Returns
    -------
    History
        A row for every epoch, the best epoch, and why it stopped. Ctrl-C or
        SIGTERM stops it at the end of a step: what was learned until the last whole epoch is kept.

    Raises
    ------
    ImportError
        If torch or Lightning are not installed.
    ValueError
        If the training set is empty, patience has nothing to look at, the device is not there,
        the precision needs another device, or the checkpoint does not fit.
    FileExistsError
        If the folder has a checkpoint, and it is not to go on from that.
    FloatingPointError
        If the loss becomes infinite or NaN.
    RuntimeError
        If one of several processes fails.

    Notes
    -----
    The weights are a function of the task, the data and the options: a training that was
    interrupted and resumed ends with the same bytes as one that was not, on the same CPU with the
    same number of threads and the same versions; on a GPU it may differ in last digits. The
    caller's random states stay as they were.

    With ``devices > 1`` processes are spawned: task and data are pickled, so their classes have
    to stand in a module, and a script has to guard its main part with
    ``if __name__ == "__main__"``.

    Examples
    --------
    >>> import torch
    >>> class Line(Task):
    ...     def loss(self, batch):
    ...         return torch.nn.functional.mse_loss(self.network(batch[0]), batch[1])
    >>> x = torch.linspace(-1, 1, 32)[:, None]
    >>> data = torch.utils.data.TensorDataset(x, 3 * x + 1)
    >>> line = Line(torch.nn.Linear(1, 1))
    >>> history = train(line, data, options=TrainOptions(epochs=40, learning_rate=0.05))
    >>> round(line.network.weight.item(), 1), len(history.rows)
    (3.0, 40)
    """
    options = options or TrainOptions()
    fabric = fabric_of(options)
    _check(training, validation, options)
    if folder is not None:
        folder = Path(folder)
        _check_new(folder, resume)
        folder.mkdir(parents=True, exist_ok=True)
    if options.devices > 1:
        work = (task, training, validation, options, folder)
        return train_in_processes(work, resume, {"progress": progress, "say": say})
    fabric.launch()
    loop = Loop(fabric, task, training, validation, options, folder, progress, say)
    with Interrupt() as interrupt:
        history = loop.run(resume, lambda: interrupt.asked)
    task.cpu()
    return history


def _check_new(folder: Path, resume: bool) -> None:
    if not resume and (folder / NAME).exists():
        raise FileExistsError(
            f"{folder} holds an earlier training ({NAME}); go on with it (resume=True, --resume), "
            "or pass another folder"
        )


def _check(training: Any, validation: Any, options: TrainOptions) -> None:
    if len(training) == 0 or (validation is not None and len(validation) == 0):
        raise ValueError(
            f"{'training' if len(training) == 0 else 'validation'} has no sample; pass some"
        )
    if options.patience and validation is None:
        raise ValueError(
            f"patience={options.patience} waits for a better score, which needs validation data"
        )

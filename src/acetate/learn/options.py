"""How to train: every choice of the loop that is not the task's, with its range and its help."""

from dataclasses import dataclass

from acetate.options import check_options, option

DEVICES = ("auto", "cpu", "gpu")


@dataclass(frozen=True)
class TrainOptions:
    """How a network is trained.

    Parameters
    ----------
    epochs : int
        Times through the training set.
    batch_size : int
        Samples in a step, on every device.
    learning_rate : float
        The largest; the schedule makes less of it.
    optimizer : {"adam", "adamw", "sgd"}
        The rule of a step.
    momentum : float
        Of "sgd".
    weight_decay : float
        Of "adam" and "sgd" as a penalty, of "adamw" decoupled from the gradient.
    warmup : float
        The part of all steps in which the learning rate rises in a line.
    schedule : {"constant", "cosine"}
        What follows: the same rate, or half a cosine down to 0.
    ema : float
        Decay of the moving average of the weights; 0 for none. Its first steps decay faster.
    gradient_clip : float
        The largest norm of the gradient; 0 for any.
    patience : int
        Epochs without a better value of what is monitored before it stops; 0 for never.
    max_seconds : float
        Budget of this process's processor time, that of trainings it goes on from included; 0 for
        none. Workers' time is not counted; of several devices the first that has spent it ends it.
    precision : {"32", "bf16-mixed", "16-mixed"}
        Of the products; weights stay in 32 bits.
    device : {"auto", "cpu", "gpu"}
        Where; "auto" takes a GPU if there is one.
    devices : int
        Processes, each with a device (on the CPU: with a part of the cores).
    workers : int
        Processes that prepare samples, for each device; 0 is the training process itself.
    seed : int
        Of the order of the samples and of all draws.

    Raises
    ------
    TypeError, ValueError
        If a value has another kind or is out of range.

    Examples
    --------
    >>> TrainOptions(epochs=5, schedule="cosine").learning_rate
    0.001
    >>> TrainOptions(ema=1.5)
    Traceback (most recent call last):
    ValueError: ema must lie in [0, 0.99999], got 1.5
    """

    epochs: int = option(100, "Times through the training set.", 1)
    batch_size: int = option(8, "Samples in a step, on every device.", 1)
    learning_rate: float = option(1e-3, "The largest; the schedule makes less of it.", 1e-9, 100.0)
    optimizer: str = option("adam", "The rule of a step.", choices=("adam", "adamw", "sgd"))
    momentum: float = option(0.0, "Of sgd.", 0.0, 0.999)
    weight_decay: float = option(0.0, "Pull of the weights to 0.", 0.0, 1.0)
    warmup: float = option(0.0, "Part of all steps in which the rate rises.", 0.0, 1.0)
    schedule: str = option("constant", "The rate after that.", choices=("constant", "cosine"))
    ema: float = option(0.0, "Decay of the moving average of weights; 0 for none.", 0.0, 0.99999)
    gradient_clip: float = option(0.0, "Largest norm of the gradient; 0 for any.", 0.0)
    patience: int = option(0, "Epochs without a better score before it stops; 0 for never.", 0)
    max_seconds: float = option(0.0, "Budget of processor time; 0 for none.", 0.0, unit="s")
    precision: str = option("32", "Of products.", choices=("32", "bf16-mixed", "16-mixed"))
    device: str = option("auto", "Where.", choices=DEVICES)
    devices: int = option(1, "Processes, each with a device.", 1)
    workers: int = option(0, "Processes that prepare samples, for each device.", 0)
    seed: int = option(0, "Of the order of the samples and of all draws.", 0)

    def __post_init__(self) -> None:
        check_options(self)

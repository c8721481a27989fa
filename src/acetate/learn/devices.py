"""Devices by Lightning Fabric: which one, how many, and at what precision."""

from typing import TYPE_CHECKING

from acetate.learn.extra import missing
from acetate.learn.options import DEVICES, TrainOptions

try:
    import torch
except ImportError as error:
    raise missing("training", error) from error

if TYPE_CHECKING:
    from lightning.fabric import Fabric


def fabric_of(options: TrainOptions) -> "Fabric":
    """Return the devices that the options name, not launched.

    Raises
    ------
    ImportError
        If Lightning is not installed.
    ValueError
        If there are fewer GPUs than wanted, or the precision needs one.

    Examples
    --------
    >>> fabric_of(TrainOptions(device="cpu")).world_size
    1
    """
    try:
        from lightning.fabric import Fabric  # takes long to import
    except ImportError as error:
        raise missing("training", error) from error
    on_gpu = device_of(options.device, options.devices).type == "cuda"
    if options.precision == "16-mixed" and not on_gpu:
        raise ValueError("precision '16-mixed' needs a GPU; pass '32' or 'bf16-mixed'")
    return Fabric(
        accelerator="cuda" if on_gpu else "cpu",
        devices=options.devices,
        strategy="auto" if options.devices == 1 else "ddp",
        precision=options.precision,  # type: ignore[arg-type]
    )


def device_of(name: str, count: int = 1) -> torch.device:
    """Return the first device of a kind.

    Parameters
    ----------
    name : {"auto", "cpu", "gpu"}
        "auto" takes a GPU if there are as many as wanted.
    count : int
        How many devices are wanted.

    Raises
    ------
    ValueError
        If there are fewer GPUs than wanted, or the name is another.

    Examples
    --------
    >>> device_of("cpu")
    device(type='cpu')
    """
    if name not in DEVICES:
        raise ValueError(f"device is one of {', '.join(DEVICES)}, got {name!r}")
    gpus = torch.cuda.device_count()
    if name == "gpu" and gpus < count:
        raise ValueError(f"device 'gpu' with devices={count} needs as many GPUs, torch sees {gpus}")
    return torch.device("cuda" if name == "gpu" or (name == "auto" and gpus >= count) else "cpu")

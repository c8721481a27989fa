"""Devices by Lightning Fabric: which one, how many, and at what precision."""

from acetate.learn.extra import missing
from acetate.learn.options import TrainOptions

try:
    import torch
    from lightning.fabric import Fabric
except ImportError as error:
    raise missing("training", error) from error


def fabric_of(options: TrainOptions) -> Fabric:
    """Return the devices that the options name, not launched.

    Raises
    ------
    ValueError
        If there are fewer GPUs than wanted, or the precision needs one.

    Examples
    --------
    >>> fabric_of(TrainOptions(device="cpu")).world_size
    1
    """
    gpus = torch.cuda.device_count()
    if options.device == "gpu" and gpus < options.devices:
        raise ValueError(
            f"device 'gpu' with devices={options.devices} needs as many GPUs, torch sees {gpus}"
        )
    on_gpu = options.device == "gpu" or (options.device == "auto" and gpus >= options.devices)
    if options.precision == "16-mixed" and not on_gpu:
        raise ValueError("precision '16-mixed' needs a GPU; pass '32' or 'bf16-mixed'")
    return Fabric(
        accelerator="cuda" if on_gpu else "cpu",
        devices=options.devices,
        strategy="auto" if options.devices == 1 else "ddp",
        precision=options.precision,  # type: ignore[arg-type]
    )

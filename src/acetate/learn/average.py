"""The moving average of a network's weights."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch


class MovingAverage:
    """An exponential moving average of the weights of a network, its floating buffers included.

    Parameters
    ----------
    network : torch.nn.Module
        Its weights are the first values.
    decay : float
        How much of the average stays in a step, in [0, 1).

    Notes
    -----
    In step t the decay is at most ``(1 + t) / (10 + t)``, so that the first weights are soon
    forgotten. Averages of iterates: Polyak and Juditsky, 1992.

    Examples
    --------
    >>> network = torch.nn.Linear(1, 1)
    >>> average = MovingAverage(network, 0.9)
    >>> with torch.no_grad(): _ = network.weight.add_(1.0)
    >>> average.update(network)
    >>> bool(average.values["weight"] < network.weight)
    True
    """

    def __init__(self, network: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.values = {name: each.clone() for name, each in network.state_dict().items()}

    def update(self, network: torch.nn.Module) -> None:
        """Move towards the weights of a network."""
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        self.steps += 1
        state = network.state_dict()
        floats = [name for name, each in state.items() if each.is_floating_point()]
        averages, news = [self.values[n] for n in floats], [state[n] for n in floats]
        torch._foreach_lerp_(averages, news, 1 - decay)
        for name in state.keys() - set(floats):
            self.values[name].copy_(state[name])

    @contextlib.contextmanager
    def applied(self, network: torch.nn.Module) -> Iterator[None]:
        """Lend the average to a network; after the block it has its own weights again."""
        own = {name: each.clone() for name, each in network.state_dict().items()}
        network.load_state_dict(self.values)
        try:
            yield
        finally:
            network.load_state_dict(own)

    def state_dict(self) -> dict[str, Any]:
        """Return what `load_state_dict` takes."""
        return {"steps": self.steps, "values": self.values}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another average was."""
        self.steps = state["steps"]
        for name, each in self.values.items():
            each.copy_(state["values"][name])

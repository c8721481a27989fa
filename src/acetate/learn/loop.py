"""The loop itself: epochs of steps on one device of several, judged, remembered, continued."""

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from lightning.fabric import Fabric

from acetate.learn.average import MovingAverage
from acetate.learn.batches import steps_of, training_batches, validation_batches
from acetate.learn.checkpoint import NAME, read_checkpoint, write_checkpoint
from acetate.learn.history import History
from acetate.learn.model_file import save_model
from acetate.learn.options import TrainOptions
from acetate.learn.randomness import reseed, seeded
from acetate.learn.stepping import optimizer_of, rate_at
from acetate.learn.task import Task

Progress = Callable[[int, int | None, str], None]
Say = Callable[[str], None]

_DRAWS = 2  # the key of torch's streams while it trains
_TIME, _ASKED = 1, 2  # why a training stops within an epoch


class Loop:
    """A training on one device.

    Parameters
    ----------
    fabric : lightning.fabric.Fabric
        The device, the precision, and the other devices; launched.
    task : Task
        What is learned.
    training, validation : data sets
        The second may be None.
    options : TrainOptions
        How.
    folder : Path or None
        Where the last checkpoint, the best weights and the history are written.
    progress, say : callables or None
        What hears of steps, and of epochs.
    """

    def __init__(
        self,
        fabric: Fabric,
        task: Task,
        training: Any,
        validation: Any,
        options: TrainOptions,
        folder: Path | None = None,
        progress: Progress | None = None,
        say: Say | None = None,
    ) -> None:
        self.fabric, self.task, self.options = fabric, task, options
        self.training, self.validation = training, validation
        self.folder, self.progress, self.say = folder, progress, say
        self.module = fabric.strategy.setup_module(task.to(fabric.device))
        self.optimizer = optimizer_of(_learning(task), options)
        self.average = MovingAverage(task.network, options.ema) if options.ema else None
        self.steps = steps_of(training, options, fabric.world_size)
        self.epoch = 0
        self.rows: list[dict[str, float]] = []
        self.best: dict[str, torch.Tensor] = {}
        self.best_epoch = 0
        self.before = 0.0  # seconds of the training that this one continues
        self.start = time.process_time()

    def run(self, resume: bool = False, asked: Callable[[], bool] = lambda: False) -> History:
        """Train, leave the best weights in the task's network, and return what happened.

        After every step it asks whether it was asked to stop.
        """
        if resume and self.folder is not None and (self.folder / NAME).exists():
            known = self.task.fingerprint()
            self._go_on(read_checkpoint(self.folder / NAME, self.options, known))
        with seeded(self.options.seed):
            stopped = self._epochs(asked)
        if self.best:
            self.task.network.load_state_dict(self.best)
        history = History(tuple(self.rows), self.best_epoch, stopped)
        self._write_history(history)
        return history

    def _epochs(self, asked: Callable[[], bool]) -> str:
        while self.epoch < self.options.epochs:
            if 0 < self.options.patience <= self.epoch - self.best_epoch:
                return "patience"
            if self.rows and self._agreed(_TIME if self._late() else 0):
                return "time"
            row, stop = self._epoch(asked)
            if stop == _ASKED:
                return "interrupted"
            self._judge(row)
            self._remember()
            if stop == _TIME:
                return "time"
            self._write()
        return "epochs"

    def _epoch(self, asked: Callable[[], bool]) -> tuple[dict[str, float], int]:
        """Take the steps of the next epoch; return its row, and what stopped it, or 0."""
        self.epoch += 1
        rank, devices = self.fabric.global_rank, self.fabric.world_size
        reseed(self.options.seed, _DRAWS, self.epoch, rank)
        self.task.train()
        done = self.steps * (self.epoch - 1)
        total = torch.zeros(2, dtype=torch.float64, device=self.fabric.device)
        rate, stop = 0.0, 0
        for batch in training_batches(self.training, self.options, self.epoch, rank, devices):
            rate = rate_at(done, self.steps * self.options.epochs, self.options)
            total += self._step(self.fabric.to_device(batch), rate)
            done += 1
            self._report(done)
            stop = self._agreed(_ASKED if asked() else _TIME if self._late() else 0)
            if stop:
                break
        loss, samples = self._summed(total)
        row = {"epoch": float(self.epoch), "train_loss": loss / samples, "learning_rate": rate}
        return row, stop

    def _step(self, batch: Any, rate: float) -> torch.Tensor:
        """Take a step; return the loss times the samples, and the samples."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        with self.fabric.autocast():
            loss = self.module(batch)
        self.fabric.strategy.backward(loss, self.module)
        precision = self.fabric.strategy.precision
        if self.options.gradient_clip:
            precision.unscale_gradients(self.optimizer)
            torch.nn.utils.clip_grad_norm_(_learning(self.task), self.options.gradient_clip)
        precision.optimizer_step(self.optimizer)
        if self.average is not None:
            self.average.update(self.task.network)
        size = _samples(batch)
        return torch.stack([loss.detach() * size, loss.new_tensor(size)]).double()

    def _judge(self, row: dict[str, float]) -> None:
        """Complete a row with the values of the validation."""
        if not math.isfinite(row["train_loss"]):
            raise FloatingPointError(
                f"the training loss became {row['train_loss']} in epoch {self.epoch}; lower "
                f"learning_rate ({self.options.learning_rate:g}) or set gradient_clip"
            )
        if self.validation is not None:
            row |= self._values()
        row["seconds"] = self.before + time.process_time() - self.start
        self.rows.append(row)
        if self.say is not None and self.fabric.global_rank == 0:
            self.say(f"Epoch {self.epoch}: {self.task.line(row)}")

    def _values(self) -> dict[str, float]:
        """Return the values of the validation over all devices, by the averaged weights."""
        sums: dict[str, Any] = {}
        rank, devices = self.fabric.global_rank, self.fabric.world_size
        self.task.eval()
        with torch.no_grad(), self.fabric.autocast(), self._averaged():
            self._align()
            for batch in validation_batches(self.validation, self.options, rank, devices):
                for name, pair in self.task.judge(self.fabric.to_device(batch)).items():
                    old = sums.get(name, (0.0, 0.0))
                    sums[name] = (old[0] + float(pair[0]), old[1] + float(pair[1]))
        for name in sorted(sums) if devices == 1 else self._names(sums):
            total = torch.tensor(sums.get(name, (0.0, 0.0)), dtype=torch.float64)
            sums[name] = self._summed(total.to(self.fabric.device))
        return {name: s / count if count else math.nan for name, (s, count) in sums.items()}

    def _align(self) -> None:
        """Give all devices the first one's running means, as its best weights have them."""
        if self.fabric.world_size > 1:
            for each in self.task.network.buffers():
                torch.distributed.broadcast(each, 0)

    def _names(self, sums: Mapping[str, Any]) -> list[str]:
        """Return the names of the values on all devices: one with no sample knows none."""
        everywhere: list[Any] = [None] * self.fabric.world_size
        torch.distributed.all_gather_object(everywhere, list(sums))
        return sorted({name for names in everywhere for name in names})

    def _remember(self) -> None:
        """Keep the weights if they are the best so far; without validation the last are."""
        if self.validation is not None:
            best = [row for row in self.rows if row["epoch"] == self.best_epoch]
            if best and not self._is_better(self.rows[-1], best[0]):
                return
        self.best_epoch = self.epoch
        with self._averaged():
            state = self.task.network.state_dict()
            self.best = {name: each.detach().cpu().clone() for name, each in state.items()}
        self._write_best()

    def _write_best(self) -> None:
        if self.folder is not None and self.fabric.global_rank == 0:
            card = {**self.task.card(), "epoch": self.best_epoch}
            save_model(self.folder / "best.safetensors", self.best, card)

    def _monitored(self, row: Mapping[str, float]) -> float:
        if self.task.monitor not in row:
            raise ValueError(
                f"{type(self.task).__name__} monitors {self.task.monitor!r}, but its judge gives "
                f"{', '.join(row)}"
            )
        return row[self.task.monitor]

    def _is_better(self, row: Mapping[str, float], before: Mapping[str, float]) -> bool:
        """Tell whether a row is better than an earlier one; of equals, if its loss is less."""
        value, best = self._monitored(row), self._monitored(before)
        if math.isnan(best):
            return not math.isnan(value)
        if value == best and "val_loss" in row:
            return row["val_loss"] < before["val_loss"]
        return value > best if self.task.mode == "max" else value < best

    def _averaged(self) -> Any:
        if self.average is None:
            return torch.no_grad()  # a context that changes nothing here
        return self.average.applied(self.task.network)

    def _write(self) -> None:
        """Write what the training goes on from."""
        if self.folder is None or self.fabric.global_rank > 0:
            return
        state = {
            "epoch": self.epoch,
            "task": self.task.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state_dict() if self.average else None,
            "precision": self.fabric.strategy.precision.state_dict(),
            "rows": self.rows,
            "best": self.best,
            "best_epoch": self.best_epoch,
        }
        write_checkpoint(self.folder / NAME, self.options, state, self.task.fingerprint())
        self._write_history(History(tuple(self.rows), self.best_epoch))

    def _write_history(self, history: History) -> None:
        if self.folder is not None and self.fabric.global_rank == 0:
            history.to_csv(self.folder / "history.csv")
            history.to_json(self.folder / "history.json")

    def _go_on(self, state: Mapping[str, Any]) -> None:
        """Go on where a checkpoint was written."""
        self.task.load_state_dict(state["task"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])
        self.fabric.strategy.precision.load_state_dict(state["precision"])
        self.epoch, self.rows = state["epoch"], list(state["rows"])
        self.best, self.best_epoch = state["best"], state["best_epoch"]
        self.before = self.rows[-1]["seconds"]
        if self.best:
            self._write_best()  # an epoch that was cut short may have left its own there

    def _late(self) -> bool:
        spent = self.before + time.process_time() - self.start
        return 0 < self.options.max_seconds <= spent

    def _agreed(self, stop: int) -> int:
        """Return why to stop, the same on all devices."""
        if self.fabric.world_size == 1:
            return stop
        flag = torch.tensor(stop, device=self.fabric.device)
        torch.distributed.all_reduce(flag, torch.distributed.ReduceOp.MAX)
        return int(flag)

    def _summed(self, total: torch.Tensor) -> tuple[float, float]:
        """Return a sum and a count over all devices."""
        if self.fabric.world_size > 1:
            torch.distributed.all_reduce(total)
        first, second = total.tolist()
        return first, second

    def _report(self, done: int) -> None:
        if self.progress is not None and self.fabric.global_rank == 0:
            self.progress(done, self.steps * self.options.epochs, f"epoch {self.epoch}")


def _learning(task: Task) -> list[torch.nn.Parameter]:
    return [each for each in task.parameters() if each.requires_grad]


def _samples(batch: Any) -> int:
    """Return how many samples a batch has: the length of its first tensor."""
    if isinstance(batch, torch.Tensor):
        return len(batch)
    parts = batch.values() if isinstance(batch, Mapping) else batch
    return next(n for n in map(_samples, parts))

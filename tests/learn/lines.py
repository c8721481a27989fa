"""A task that takes milliseconds: a line through noisy points, with chance in its samples."""

import torch

from acetate.learn.task import Task
from acetate.seeds import stream


class Points(torch.utils.data.Dataset):
    """Points near y = 3x + 1; item i of epoch e is a function of (seed, e, i)."""

    def __init__(self, count=24, seed=5):
        self.count, self.seed, self.epoch = count, seed, 0
        self.epochs = []

    def set_epoch(self, epoch):
        self.epoch = epoch
        self.epochs.append(epoch)

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index >= self.count:
            raise IndexError(index)
        rng = stream(self.seed, self.epoch, index)
        x = rng.uniform(-1, 1)
        return torch.tensor([x]), torch.tensor([3 * x + 1 + rng.normal(0, 0.05)])


class LineTask(Task):
    """A line; with dropout, so that torch draws chance too."""

    def __init__(self, seed=0, dropout=0.1, data=None):
        torch_state = torch.get_rng_state()
        torch.manual_seed(seed)
        layers = [torch.nn.Linear(1, 8), torch.nn.BatchNorm1d(8), torch.nn.Dropout(dropout)]
        super().__init__(torch.nn.Sequential(*layers, torch.nn.Linear(8, 1)))
        torch.set_rng_state(torch_state)
        self.batches, self.data = [], data or {}

    def loss(self, batch):
        self.batches.append(batch[0].flatten().tolist())
        return torch.nn.functional.mse_loss(self.network(batch[0]).float(), batch[1])

    @torch.no_grad()
    def judge(self, batch):
        error = (self.network(batch[0]).float() - batch[1]).abs()
        return {"val_loss": ((error**2).sum(), len(error)), "mae": (float(error.sum()), len(error))}

    def card(self):
        return {"kind": "line"}

    def fingerprint(self):
        return self.data


def weights(task):
    return {name: each.clone() for name, each in task.network.state_dict().items()}


def equal(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)

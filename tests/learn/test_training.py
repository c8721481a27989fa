"""The training loop: learns, stops, remembers, continues bit for bit, and leaves no trace."""

import csv
import json
import os
import random
import signal
import threading

import numpy as np
import pytest
import torch
from lines import LineTask, Points, equal, weights

from acetate.learn import TrainOptions
from acetate.learn.model_file import load_model, save_model
from acetate.learn.training import train

FULL = TrainOptions(
    epochs=6, learning_rate=0.05, warmup=0.2, schedule="cosine", ema=0.9, gradient_clip=1.0
)


def test_it_learns_and_the_network_has_the_best_weights():
    task, data = LineTask(dropout=0.0), Points()
    history = train(task, data, Points(12, 9), TrainOptions(epochs=30, learning_rate=0.05))
    assert history.best["val_loss"] == min(row["val_loss"] for row in history.rows) < 0.05
    again = task.eval().judge(next(iter(torch.utils.data.DataLoader(Points(12, 9), 12))))
    assert float(again["val_loss"][0]) / 12 == pytest.approx(history.best["val_loss"], rel=1e-5)
    assert [row["epoch"] for row in history.rows] == list(range(1, 31))
    assert data.epochs == list(range(1, 31))
    assert history.stopped == "epochs"


@pytest.mark.parametrize("cut", [1, 4])
def test_a_resumed_training_ends_with_the_same_bytes(tmp_path, cut):
    whole = LineTask()
    expected = train(whole, Points(), Points(12, 9), FULL)

    def stop_at(epoch):
        def say(line):
            if line.startswith(f"Epoch {epoch}:"):
                raise RuntimeError("power cut")

        return say

    with pytest.raises(RuntimeError, match="power cut"):
        train(LineTask(), Points(), Points(12, 9), FULL, folder=tmp_path, say=stop_at(cut + 1))
    resumed = LineTask(seed=99)  # its first weights do not matter: the checkpoint has them
    found = train(resumed, Points(), Points(12, 9), FULL, folder=tmp_path, resume=True)
    assert equal(weights(resumed), weights(whole))
    assert found.best_epoch == expected.best_epoch
    for row, other in zip(found.rows, expected.rows, strict=True):
        assert {**row, "seconds": 0} == {**other, "seconds": 0}


def test_resuming_a_finished_training_changes_nothing(tmp_path):
    first, second = LineTask(), LineTask(seed=1)
    before = train(first, Points(), Points(12, 9), FULL, folder=tmp_path)
    after = train(second, Points(), Points(12, 9), FULL, folder=tmp_path, resume=True)
    assert before == after
    assert equal(weights(first), weights(second))


def test_more_epochs_go_on_where_the_rate_is_constant(tmp_path):
    few, more = TrainOptions(epochs=2), TrainOptions(epochs=4)
    whole, parts = LineTask(), LineTask()
    train(whole, Points(), None, more)
    train(LineTask(), Points(), None, few, folder=tmp_path)
    assert len(train(parts, Points(), None, more, folder=tmp_path, resume=True).rows) == 4
    assert equal(weights(whole), weights(parts))


@pytest.mark.parametrize("workers", [0, 2])
def test_the_same_options_give_the_same_bytes_whatever_the_workers(workers):
    first, second = LineTask(), LineTask()
    train(first, Points(), None, TrainOptions(epochs=2))
    torch.rand(3)
    train(second, Points(), None, TrainOptions(epochs=2, workers=workers))
    assert equal(weights(first), weights(second))


def test_another_seed_gives_another_order():
    first, second = LineTask(), LineTask()
    train(first, Points(), None, TrainOptions(epochs=1))
    train(second, Points(), None, TrainOptions(epochs=1, seed=1))
    assert first.batches != second.batches
    flat = [sorted(value for batch in task.batches for value in batch) for task in (first, second)]
    assert flat[0] == flat[1]


def states():
    legacy = np.random.get_state()[1]  # noqa: NPY002 (the caller's, which has to stay)
    return torch.get_rng_state().tolist(), legacy.tolist(), random.getstate()


def test_random_states_of_the_caller_stay_as_they_were():
    before = states()
    train(LineTask(), Points(), Points(), TrainOptions(epochs=2))
    assert states() == before


def test_the_folder_gets_history_weights_and_checkpoint(tmp_path):
    task = LineTask()
    history = train(task, Points(), Points(12, 9), FULL, folder=tmp_path / "new" / "run")
    folder = tmp_path / "new" / "run"
    names = {"last.ckpt", "best.safetensors", "history.csv", "history.json"}
    assert {path.name for path in folder.iterdir()} == names
    with open(folder / "history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["mae"]) for row in rows] == [row["mae"] for row in history.rows]
    assert json.loads((folder / "history.json").read_text()) == history.to_dict()
    state, card = load_model(folder / "best.safetensors")
    assert equal(state, weights(task))
    assert card == {"kind": "line", "epoch": history.best_epoch}


def test_patience_stops_after_epochs_without_a_better_value():
    options = TrainOptions(epochs=50, learning_rate=1e-9, patience=3)
    history = train(LineTask(dropout=0.0), Points(), Points(12, 9), options)
    assert history.stopped == "patience"
    assert len(history.rows) == history.best_epoch + 3 < 50


def test_the_largest_value_is_best_where_the_task_says_so():
    class Upwards(LineTask):
        monitor, mode = "mae", "max"

    history = train(Upwards(), Points(), Points(12, 9), TrainOptions(epochs=5, learning_rate=0.05))
    assert history.best["mae"] == max(row["mae"] for row in history.rows)


def test_without_validation_the_last_weights_stay():
    history = train(LineTask(), Points(), None, TrainOptions(epochs=3))
    assert history.best_epoch == 3
    assert set(history.rows[0]) == {"epoch", "train_loss", "learning_rate", "seconds"}


def test_the_budget_of_time_ends_it_within_an_epoch(tmp_path):
    options = TrainOptions(epochs=10**6, batch_size=2, max_seconds=0.3)
    history = train(LineTask(), Points(20000), Points(12, 9), options, folder=tmp_path)
    assert history.stopped == "time"
    assert history.rows[-1]["seconds"] < 3
    assert history.best_epoch >= 1


def test_ctrl_c_ends_cleanly_and_the_training_goes_on_later(tmp_path):
    whole, cut, resumed = LineTask(), LineTask(), LineTask(seed=3)
    train(whole, Points(), Points(12, 9), FULL)

    def press(done, total, text):
        if done == 8:  # three steps an epoch: the second of the third
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    history = train(cut, Points(), Points(12, 9), FULL, folder=tmp_path, progress=press)
    assert signal.getsignal(signal.SIGINT) is before
    assert (history.stopped, len(history.rows)) == ("interrupted", 2)
    train(resumed, Points(), Points(12, 9), FULL, folder=tmp_path, resume=True)
    assert equal(weights(resumed), weights(whole))


def test_a_second_ctrl_c_stops_at_once():
    def press(*_):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        train(LineTask(), Points(), None, TrainOptions(epochs=1), progress=press)


def test_it_trains_in_a_thread():
    found = []
    worker = threading.Thread(
        target=lambda: found.append(train(LineTask(), Points(), None, TrainOptions(epochs=1)))
    )
    worker.start()
    worker.join()
    assert found[0].stopped == "epochs"


def test_progress_and_lines():
    steps, lines = [], []
    options = TrainOptions(epochs=2, batch_size=10)
    train(
        LineTask(),
        Points(),
        Points(12, 9),
        options,
        progress=lambda *each: steps.append(each),
        say=lines.append,
    )
    assert steps == [(n, 6, f"epoch {1 + (n - 1) // 3}") for n in range(1, 7)]
    assert lines[1].startswith("Epoch 2: train_loss ")
    assert "mae" in lines[1]


def test_means_of_the_validation_do_not_depend_on_the_batches():
    values = []
    for size in (5, 12):
        task = LineTask(dropout=0.0)
        task.network[1] = torch.nn.Identity()  # running means would depend on the batches
        options = TrainOptions(epochs=1, learning_rate=1e-9, batch_size=size)
        values.append(train(task, Points(), Points(12, 9), options).rows[0]["mae"])
    assert values[0] == pytest.approx(values[1], rel=1e-4)


def test_the_average_follows_the_weights():
    plain, averaged = LineTask(), LineTask()
    options = {"epochs": 3, "learning_rate": 0.05}
    train(plain, Points(), None, TrainOptions(**options))
    train(averaged, Points(), None, TrainOptions(**options, ema=0.5))
    start = weights(LineTask())["0.weight"]
    way = (weights(averaged)["0.weight"] - start) / (weights(plain)["0.weight"] - start)
    assert not torch.equal(weights(plain)["0.weight"], weights(averaged)["0.weight"])
    assert 0.5 < way.median() < 1.1


def test_bfloat16_trains_and_keeps_weights_in_32_bits():
    task = LineTask(dropout=0.0)
    options = TrainOptions(epochs=20, learning_rate=0.05, precision="bf16-mixed")
    history = train(task, Points(), Points(12, 9), options)
    assert history.best["val_loss"] < 0.5
    assert weights(task)["0.weight"].dtype == torch.float32


def test_two_processes_train_together(tmp_path):
    steps, lines = [], []
    task = LineTask(dropout=0.0)
    start = weights(task)
    environment = dict(os.environ)
    options = TrainOptions(epochs=3, devices=2, device="cpu", learning_rate=0.05, ema=0.5)
    history = train(
        task,
        Points(23),
        Points(5, 9),
        options,
        folder=tmp_path,
        progress=lambda *each: steps.append(each),
        say=lines.append,
    )
    assert dict(os.environ) == environment
    assert len(history.rows) == len(lines) == 3
    assert len(steps) == 6  # 12 samples each, in batches of 8
    assert not equal(start, weights(task))
    mine = task.eval().judge(next(iter(torch.utils.data.DataLoader(Points(5, 9), 5))))
    assert float(mine["val_loss"][0]) / 5 == pytest.approx(history.best["val_loss"], rel=1e-4)
    assert (tmp_path / "last.ckpt").exists()


class Diverging(LineTask):
    def loss(self, batch):
        return super().loss(batch) * float("inf")


def test_trouble_says_what_to_do(tmp_path):
    cases = [
        (FloatingPointError, "in epoch 1; lower", Diverging(), Points(), None, {}),
        (ValueError, "training has no sample", LineTask(), Points(0), None, {}),
        (ValueError, "validation has no sample", LineTask(), Points(), Points(0), {}),
        (ValueError, "patience=2 waits", LineTask(), Points(), None, {"patience": 2}),
        (ValueError, "needs a GPU", LineTask(), Points(), None, {"precision": "16-mixed"}),
    ]
    for kind, words, task, training, validation, given in cases:
        options = TrainOptions(epochs=1, device="cpu", **given)
        with pytest.raises(kind, match=words):
            train(task, training, validation, options)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there():
    with pytest.raises(ValueError, match="torch sees 0"):
        train(LineTask(), Points(), None, TrainOptions(device="gpu"))


def test_a_monitor_that_is_not_judged():
    class Lost(LineTask):
        monitor = "dice"

    with pytest.raises(ValueError, match="monitors 'dice', but its judge gives"):
        train(Lost(), Points(), Points(12, 9), TrainOptions(epochs=2))


def test_a_checkpoint_of_another_training_is_refused(tmp_path):
    train(LineTask(), Points(), None, TrainOptions(epochs=1), folder=tmp_path)
    options = TrainOptions(epochs=1, learning_rate=0.1)
    with pytest.raises(ValueError, match=r"trained with learning_rate=0.001, got 0\.1"):
        train(LineTask(), Points(), None, options, folder=tmp_path, resume=True)
    torch.save({"version": 1, "options": {}}, tmp_path / "last.ckpt")
    with pytest.raises(ValueError, match="version 1, this acetate goes on from 2"):
        train(LineTask(), Points(), None, TrainOptions(epochs=1), folder=tmp_path, resume=True)
    (tmp_path / "last.ckpt").write_bytes(b"no checkpoint")
    with pytest.raises(ValueError, match="is no checkpoint of a training"):
        train(LineTask(), Points(), None, TrainOptions(epochs=1), folder=tmp_path, resume=True)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.system, ("touch " + str(tmp_path / "ran"),)

    torch.save({"version": 1, "options": Evil()}, tmp_path / "last.ckpt")
    with pytest.raises(ValueError, match="is no checkpoint"):
        train(LineTask(), Points(), None, TrainOptions(epochs=1), folder=tmp_path, resume=True)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"network": {"base": 8}, "pictures": "a"}, r"network\.base=4, got 8"),
        ({"network": {"base": 4}, "pictures": "b"}, "pictures='a', got 'b'"),
        ({"network": {"base": 4}}, "pictures='a', got None"),
    ],
)
def test_a_checkpoint_of_other_data_or_another_network_is_refused(tmp_path, data, words):
    first = {"network": {"base": 4}, "pictures": "a"}
    train(LineTask(data=first), Points(), None, TrainOptions(epochs=1), folder=tmp_path)
    kwargs = {"folder": tmp_path, "resume": True}
    with pytest.raises(ValueError, match=words):
        train(LineTask(data=data), Points(), None, TrainOptions(epochs=1), **kwargs)
    assert train(LineTask(data=first), Points(), None, TrainOptions(epochs=1), **kwargs).rows


def test_an_earlier_training_is_not_overwritten(tmp_path):
    train(LineTask(), Points(), None, TrainOptions(epochs=1), folder=tmp_path)
    before = (tmp_path / "last.ckpt").read_bytes()
    with pytest.raises(FileExistsError, match="pass another folder"):
        train(LineTask(), Points(), None, TrainOptions(epochs=1, seed=1), folder=tmp_path)
    assert (tmp_path / "last.ckpt").read_bytes() == before


class Scripted(LineTask):
    """Judged by values that are given."""

    monitor, mode = "score", "max"

    def __init__(self, scores, losses):
        super().__init__()
        self.values = iter(zip(scores, losses, strict=True))

    def judge(self, _):
        score, loss = next(self.values)
        return {"score": (score, 1), "val_loss": (loss, 1)}


@pytest.mark.parametrize(
    ("scores", "losses", "best"),
    [
        ((0.0, 0.0, 0.0), (3.0, 1.0, 2.0), 2),
        ((0.5, 0.4, 0.5), (3.0, 1.0, 3.0), 1),
        ((float("nan"), 0.0, 0.0), (3.0, 2.0, 1.0), 3),
    ],
)
def test_of_equal_scores_the_smaller_loss_is_best(scores, losses, best):
    task = Scripted(scores, losses)
    assert train(task, Points(), Points(2), TrainOptions(epochs=3)).best_epoch == best


def test_the_budget_of_time_counts_what_was_spent_before(tmp_path):
    train(LineTask(), Points(), Points(12, 9), TrainOptions(epochs=2), folder=tmp_path)
    state = torch.load(tmp_path / "last.ckpt", weights_only=True)
    state["rows"][-1]["seconds"] = 100.0
    torch.save(state, tmp_path / "last.ckpt")
    more = TrainOptions(epochs=5, max_seconds=90)
    resumed = train(LineTask(), Points(), Points(12, 9), more, folder=tmp_path, resume=True)
    assert (resumed.stopped, len(resumed.rows)) == ("time", 2)
    more = TrainOptions(epochs=5, max_seconds=200)
    resumed = train(LineTask(), Points(), Points(12, 9), more, folder=tmp_path, resume=True)
    assert (resumed.stopped, len(resumed.rows)) == ("epochs", 5)


def test_best_weights_are_those_of_the_checkpoint_after_going_on(tmp_path):
    """As where an epoch was cut short by time: its weights are newer than the checkpoint."""
    train(LineTask(), Points(), Points(12, 9), FULL, folder=tmp_path)
    before, card = load_model(tmp_path / "best.safetensors")
    save_model(tmp_path / "best.safetensors", {k: 0 * v for k, v in before.items()}, {"epoch": 7})
    task = LineTask()
    history = train(task, Points(), Points(12, 9), FULL, folder=tmp_path, resume=True)
    after, again = load_model(tmp_path / "best.safetensors")
    assert equal(before, after)
    assert card == again == {"kind": "line", "epoch": history.best_epoch}


def test_sigterm_ends_cleanly_too(tmp_path):
    def press(done, total, text):
        if done == 4:
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    history = train(LineTask(), Points(), None, FULL, folder=tmp_path, progress=press)
    assert (history.stopped, len(history.rows)) == ("interrupted", 1)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_listener_goes_on_emptying_the_pipe_when_a_call_raises():
    from multiprocessing import get_context

    from acetate.learn.processes import _Listener

    queue, heard = get_context("spawn").SimpleQueue(), []

    def say(line):
        heard.append(line)
        raise OSError("the disk is full")

    def send():
        with _Listener(queue, {"say": say, "progress": None}):
            for _ in range(40):
                queue.put(("say", ("x" * 4096,)))  # more than a pipe holds

    with pytest.raises(OSError, match="the disk is full"):
        send()
    assert len(heard) == 1

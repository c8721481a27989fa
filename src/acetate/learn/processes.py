"""A training by several processes on this machine: started, listened to, brought home."""

import logging
import os
import pickle
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from multiprocessing import connection, get_context
from pathlib import Path
from typing import Any

import torch

from acetate.learn.devices import fabric_of
from acetate.learn.history import History
from acetate.learn.interrupt import Interrupt
from acetate.learn.loop import Loop
from acetate.learn.options import TrainOptions
from acetate.learn.task import Task

_LOOK = 0.2  # seconds between looks for Ctrl-C
Work = tuple[Task, Any, Any, TrainOptions, Path | None]


def train_in_processes(work: Work, resume: bool, calls: dict[str, Any]) -> History:
    """Train in as many processes as the options say, and bring home what the first of them has.

    Parameters
    ----------
    work : tuple
        Task, training and validation set, options, folder: pickled, each process has a copy.
    resume : bool
        Whether to go on from the folder's checkpoint.
    calls : dict
        ``progress`` and ``say``, called in this process; or None.

    Raises
    ------
    RuntimeError
        If one of the processes fails; with what it said.
    """
    context = get_context("spawn")
    queue, stop = context.SimpleQueue(), context.Event()
    with tempfile.TemporaryDirectory() as place, _Listener(queue, calls) as listener:
        shared = _Shared(pickle.dumps(work), resume, queue, stop, Path(place, "result"), _port())
        processes = [
            context.Process(target=_part, args=(shared, rank), daemon=not work[3].workers)
            for rank in range(work[3].devices)
        ]
        try:
            for process in processes:
                process.start()
            _wait(processes, stop, listener)
        finally:
            _end(processes)
        if any(process.exitcode for process in processes):
            raise RuntimeError(f"a process of the training failed: {listener.failure}")
        found = torch.load(shared.result, weights_only=True)
    work[0].load_state_dict(found["task"])
    return History(tuple(found["rows"]), found["best_epoch"], found["stopped"])


class _Shared:
    """What all processes are sent."""

    def __init__(
        self, work: bytes, resume: bool, queue: Any, stop: Any, result: Path, port: int
    ) -> None:
        self.work, self.resume, self.queue = work, resume, queue
        self.stop, self.result, self.port = stop, result, port


def _part(shared: _Shared, rank: int) -> None:
    """Train as one of the processes, and leave without goodbye.

    The threads of gloo are joined at a normal end while Python's lock is held, which now and then
    waits for ever; by then everything is written.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and says so
    code = 1
    try:
        _train(shared, rank)
        code = 0
    except BaseException:
        shared.queue.put(("failed", (traceback.format_exc(),)))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _train(shared: _Shared, rank: int) -> None:
    for name in ("lightning.fabric", "lightning.pytorch"):
        logging.getLogger(name).setLevel(logging.WARNING)
    task, training, validation, options, folder = pickle.loads(shared.work)
    os.environ |= {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(shared.port),
        "WORLD_SIZE": str(options.devices),
        "NODE_RANK": "0",
        "LOCAL_RANK": str(rank),
    }
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // options.devices))
    fabric = fabric_of(options)
    fabric.launch()
    progress = say = None
    if rank == 0:
        progress, say = _Sender(shared.queue, "progress"), _Sender(shared.queue, "say")
    loop = Loop(fabric, task, training, validation, options, folder, progress, say)
    history = loop.run(shared.resume, shared.stop.is_set)
    if rank == 0:
        about = {"best_epoch": history.best_epoch, "stopped": history.stopped}
        state = {name: each.cpu() for name, each in task.state_dict().items()}
        torch.save({"task": state, "rows": [dict(r) for r in history.rows], **about}, shared.result)
    torch.distributed.barrier()


def _wait(processes: list[Any], stop: Any, listener: "_Listener") -> None:
    """Wait until all have ended, or one has failed; tell them of Ctrl-C, or that a call raised."""
    alive = list(processes)
    with Interrupt() as interrupt:
        while alive and not any(process.exitcode for process in processes):
            connection.wait([process.sentinel for process in alive], _LOOK)
            alive = [process for process in alive if process.is_alive()]
            if interrupt.asked or listener.error is not None:
                stop.set()


def _end(processes: list[Any]) -> None:
    for process in processes:
        if process.is_alive():
            process.terminate()
        if process.pid is not None:
            process.join()


def _port() -> int:
    """Return a port of this machine that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class _Sender:
    """A callable that sends its arguments home."""

    def __init__(self, queue: Any, name: str) -> None:
        self.queue, self.name = queue, name

    def __call__(self, *arguments: Any) -> None:
        self.queue.put((self.name, arguments))


class _Listener:
    """A thread that calls here what processes send home, and keeps why one failed.

    If a call raises, the others are heard but no longer called, and the block ends with its error:
    a pipe that nobody empties would hold the processes for ever.
    """

    def __init__(self, queue: Any, calls: dict[str, Callable[..., None] | None]) -> None:
        self.queue, self.calls = queue, calls
        self.failure = "it was killed"
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "_Listener":
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.queue.put(None)
        self.thread.join()
        if self.error is not None and kind is None:
            raise self.error

    def _listen(self) -> None:
        while (heard := self.queue.get()) is not None:
            name, arguments = heard
            if name == "failed":
                self.failure = arguments[0]
            elif (call := self.calls[name]) is not None and self.error is None:
                try:
                    call(*arguments)
                except BaseException as error:  # raised again where the block ends
                    self.error = error

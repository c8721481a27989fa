"""Threads and processes of this machine that work through the items, a few at a time."""

import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from acetate.run.outcomes import Failure, Success, attempt, failure_of, worker_died

AHEAD = 4  # items under way or waiting to be handed out, per worker


def check_importable(function: Callable[..., Any]) -> None:
    """Raise if a function cannot be sent to worker processes.

    Examples
    --------
    >>> check_importable(len)
    """
    try:
        pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(
            f"the function cannot be sent to worker processes ({error}); define it at the top "
            "level of a module, or use kind='threads'"
        ) from error


def pooled(
    function: Callable[[Any], Any], items: Iterable[Any], workers: int, kind: str
) -> Iterator[Success[Any, Any] | Failure[Any]]:
    """Give what becomes of the items, in their order; see `acetate.run.map`.

    Examples
    --------
    >>> [outcome.value for outcome in pooled(abs, [-1, 2, -3], 2, "threads")]
    [1, 2, 3]
    """
    pool = _Pool(function, workers, kind)
    try:
        pool.check()
        for index, item in enumerate(items):
            pool.begin(index, item)
            if len(pool.jobs) == workers * AHEAD:
                yield pool.next()
        while pool.jobs:
            yield pool.next()
    except KeyboardInterrupt:
        yield from pool.end()
        raise
    finally:
        pool.executor.shutdown(cancel_futures=True)


@dataclass
class _Job:
    """An item under way."""

    index: int
    item: Any
    future: Future[Any]

    def outcome(self) -> Any:
        try:
            return self.future.result()
        except BrokenProcessPool:
            raise
        except Exception as error:  # the item or the value cannot go from process to process
            return failure_of(self.index, self.item, error)


class _Pool:
    """Workers, and the items that they were given, in order."""

    def __init__(self, function: Callable[[Any], Any], workers: int, kind: str) -> None:
        self.function = function
        self.workers = workers
        self.kind = kind
        self.jobs: deque[_Job] = deque()
        self.executor = self.start(workers)

    def start(self, workers: int) -> Executor:
        if self.kind == "threads":
            return ThreadPoolExecutor(workers)
        # Spawned: a fork would copy the locks that OpenCV's and Pillow's threads hold just then.
        return ProcessPoolExecutor(workers, get_context("spawn"), _settle_in)

    def check(self) -> None:
        """Raise if no worker can be started, or none finds the function."""
        try:
            self.executor.submit(callable, self.function).result()
        except BrokenProcessPool as error:
            raise ValueError(
                "worker processes cannot start, or cannot import the function; a script must do "
                "its work under if __name__ == '__main__', and not be typed or piped in"
            ) from error

    def begin(self, index: int, item: Any) -> None:
        self.jobs.append(_Job(index, item, self.submit(index, item)))

    def submit(self, index: int, item: Any) -> Future[Any]:
        try:
            return self.executor.submit(attempt, self.function, index, item)
        except BrokenProcessPool:
            self.recover()
            return self.executor.submit(attempt, self.function, index, item)

    def next(self) -> Any:
        """Wait for the first item, and return what became of it."""
        try:
            outcome = self.jobs[0].outcome()
        except BrokenProcessPool:
            self.recover()
            outcome = self.jobs[0].outcome()
        self.jobs.popleft()
        return outcome

    def recover(self) -> None:
        """After the death of a worker try what was under way once more, one by one."""
        self.executor.shutdown()
        self.executor = self.start(1)
        for job in self.jobs:
            if isinstance(job.future.exception(), BrokenProcessPool):
                job.future = self.alone(job)
        self.executor.shutdown()
        self.executor = self.start(self.workers)

    def alone(self, job: _Job) -> Future[Any]:
        again = self.executor.submit(attempt, self.function, job.index, job.item)
        if not isinstance(again.exception(), BrokenProcessPool):
            return again
        self.executor.shutdown()
        self.executor = self.start(1)
        dead: Future[Any] = Future()
        dead.set_result(worker_died(job.index, job.item))
        return dead

    def end(self) -> Iterator[Any]:
        """Begin nothing more, and give what was under way when it is finished."""
        for job in self.jobs:
            job.future.cancel()
        for job in self.jobs:
            if not job.future.cancelled() and _is_known(job.future.exception()):
                yield job.outcome()


def _is_known(error: BaseException | None) -> bool:
    """Tell whether an item has come to an end of its own: a value, or an error to report."""
    return error is None or (
        isinstance(error, Exception) and not isinstance(error, BrokenProcessPool)
    )


def _settle_in() -> None:
    """In a new worker process: leave Ctrl-C to the parent, and end when it ends, be it killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, args=(parent_process(),), daemon=True).start()


def _follow(parent: Any) -> None:
    parent.join()
    os._exit(1)

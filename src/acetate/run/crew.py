"""The workers of a scheduler: each item is handed to one of them, and not lost with it."""

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from acetate.run.outcomes import Failure, Success, failure_of, worker_died
from acetate.run.parcels import carry, check_versions, introduce, outcome_of, packed, unpacked
from acetate.run.pool import AHEAD

_MOMENT = 0.5  # seconds between two looks at who is there
_PATIENCE = 30  # seconds for workers to come, or to come back
_HANDED = 2  # items that a worker has at a time, for each of its threads


@dataclass(eq=False)
class _Job:
    """An item under way."""

    index: int
    item: Any
    deaths: int = 0
    worker: "_Worker | None" = None
    future: Any = None
    outcome: Any = None


@dataclass(eq=False)
class _Worker:
    """A worker: the function is sent to it once, and waits there for the items."""

    address: str
    threads: int
    function: Any  # the future of what it holds
    future: Any  # of what it says of itself
    is_ready: bool = False
    jobs: list[_Job] = field(default_factory=list)

    @property
    def has_room(self) -> bool:
        """Whether it may be given one more; an item whose worker died is given alone."""
        full = len(self.jobs) >= _HANDED * self.threads or any(job.deaths for job in self.jobs)
        return self.is_ready and not full

    @property
    def is_idle(self) -> bool:
        """Whether it has nothing to do."""
        return self.is_ready and not self.jobs


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep dask's warnings from the user: of versions, which we check, and of large functions.

    Examples
    --------
    >>> with unwarned():
    ...     warnings.warn("Sending large graph of size 20 MiB.")
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
        warnings.filterwarnings("ignore", "\\n?Mismatched versions found")
        yield


class Crew:
    """What works on the items, and which of them it has.

    Every item is pinned to a worker. So when a worker dies, the scheduler does not hand what it
    had to the next one, and on to another: we do, once, and alone.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler.
    function : callable
        Takes one item.
    address : str
        Of the scheduler, for people.
    """

    def __init__(self, client: Any, function: Callable[[Any], Any], address: str) -> None:
        self.client = client
        self.function = packed(function)
        self.address = address
        self.workers: dict[str, _Worker] = {}
        self.jobs: deque[_Job] = deque()  # begun and not yet given, in the order of the items
        self.suspects: deque[_Job] = deque()  # to be tried once more
        # What has ended, its future, and the seconds to wait for what came of it.
        self.ended: SimpleQueue[tuple[_Job | _Worker, Any, float]] = SimpleQueue()
        self.looked = self.manned = monotonic()

    def carry_out(self, items: Iterable[Any]) -> Iterator[Success[Any, Any] | Failure[Any]]:
        """Give what becomes of the items, in their order."""
        try:
            self.look()
            for index, item in enumerate(items):
                while not self.has_room():
                    self.wait()
                    yield from self.ready()
                self.begin(_Job(index, item))
            while self.jobs:
                self.wait()
                yield from self.ready()
        except KeyboardInterrupt:
            yield from (job.outcome for job in self.jobs if job.outcome is not None)
            raise

    def has_room(self) -> bool:
        """Tell whether one more item may be begun."""
        ahead = AHEAD * sum(worker.threads for worker in self.workers.values())
        free = any(worker.has_room for worker in self.workers.values())
        return free and len(self.jobs) < ahead and not self.suspects

    def ready(self) -> Iterator[Any]:
        """Give the outcomes that are there, as far as none before them is missing."""
        while self.jobs and self.jobs[0].outcome is not None:
            yield self.jobs.popleft().outcome

    def begin(self, job: _Job) -> None:
        """Hand an item to the worker that has the least to do."""
        self.jobs.append(job)
        free = [worker for worker in self.workers.values() if worker.has_room]
        self.hand(job, min(free, key=lambda worker: len(worker.jobs) / worker.threads))

    def hand(self, job: _Job, worker: _Worker) -> None:
        """Send an item to a worker."""
        try:
            parcel = packed(job.item)
        except Exception as error:  # it cannot be sent
            job.outcome = failure_of(job.index, job.item, error)
            return
        job.worker = worker
        worker.jobs.append(job)
        self.submit(job, worker.address, carry, worker.function, parcel)

    def submit(self, one: _Job | _Worker, worker: str, *call: Any) -> None:
        """Have a worker call a function; what comes of it will be told to `take`."""
        future = one.future = self.client.submit(*call, workers=[worker], pure=False)
        future.add_done_callback(lambda future: self.ended.put((one, future, _MOMENT)))

    def wait(self) -> None:
        """Wait until something has ended, or for a moment; see now and then who is there."""
        with suppress(Empty):
            ended = [self.ended.get(timeout=_MOMENT)]
            ended += [self.ended.get() for _ in range(self.ended.qsize())]
            # What a lost worker had is left aside.
            current = [end for end in ended if end[0].future is end[1]]
            values = self.fetched([end for end in current if end[1].status == "finished"])
            for one, future, patience in current:
                self.take(one, future, values.get(future.key), patience)
        if monotonic() - self.looked > _MOMENT:
            self.look()
        idle = [worker for worker in self.workers.values() if worker.is_idle]
        while self.suspects and idle:
            self.hand(self.suspects.popleft(), idle.pop())

    def fetched(self, ended: Sequence[tuple[Any, Any, float]]) -> dict[str, Any]:
        """Return what several calls gave, fetched together, by key; nothing if one is lost."""
        futures = [future for _, future, _ in ended]
        gather = partial(self.client.gather, futures)  # called in the client's loop: a coroutine
        try:
            values = self.client.sync(gather, callback_timeout=sum(end[2] for end in ended))
        except Exception:  # each says for itself what is wrong, see `answer`
            return {}
        return dict(zip((future.key for future in futures), values, strict=True))

    def take(self, one: _Job | _Worker, future: Any, value: Any, patience: float) -> None:
        """Take what a worker answered; None if it is not fetched yet."""
        answer = self.answer(future, patience) if value is None else value
        if answer is None:  # its worker was lost just now, or it is long: then it is waited for
            self.ended.put((one, future, 2 * patience))
        elif isinstance(one, _Worker):
            self.greet(one, answer)
        else:
            self.finish(one, answer)

    def answer(self, future: Any, patience: float) -> Any:
        """Return what a call gave or raised; None if that does not come in time."""
        if future.cancelled():
            raise self.gone()
        try:
            return future.result(timeout=patience)
        except TimeoutError:
            return None
        except Exception as error:
            return error

    def greet(self, worker: _Worker, answer: Any) -> None:
        """Count on a worker from now on, if it says that it is as we are."""
        check_versions(worker.address, answer)
        worker.is_ready = True

    def finish(self, job: _Job, answer: Any) -> None:
        """Note what became of an item."""
        if type(answer).__name__ == "KilledWorker":
            self.suspect(job)
        else:
            job.outcome = outcome_of(answer, job.index, job.item)
        if job.worker is not None:
            job.worker.jobs.remove(job)
        job.worker = job.future = None

    def suspect(self, job: _Job) -> None:
        """Note that the worker of an item died."""
        job.deaths += 1
        if job.deaths == 1:
            self.suspects.append(job)
        else:
            job.outcome = worker_died(job.index, job.item)

    def look(self) -> None:
        """See which workers are there, and which are not any more."""
        try:
            there = self.client.nthreads() if self.client.status == "running" else None
        except OSError as error:
            raise self.gone() from error
        if there is None:
            raise self.gone()
        for address in self.workers.keys() - there.keys():
            self.lose(self.workers.pop(address))
        for address in there.keys() - self.workers.keys():
            self.admit(address, there[address])
        self.looked = monotonic()
        self.manned = self.looked if there else self.manned
        if self.looked - self.manned > _PATIENCE:
            raise ConnectionError(
                f"the scheduler at {self.address} has had no workers for {_PATIENCE} seconds; "
                f"start some with 'dask worker {self.address}'"
            )

    def admit(self, address: str, threads: int) -> None:
        """Send the function to a worker, and ask who it is."""
        with unwarned():
            function = self.client.submit(unpacked, self.function, workers=[address], pure=False)
        worker = self.workers[address] = _Worker(address, threads, function, None)
        self.submit(worker, address, introduce, function)

    def lose(self, worker: _Worker) -> None:
        """Try what a dead worker had once more, each item alone."""
        worker.future = None
        for job in worker.jobs:
            job.worker = job.future = None
            self.suspect(job)

    def gone(self) -> ConnectionError:
        """Return what to raise when there is no scheduler any more."""
        return ConnectionError(f"the scheduler at {self.address} went away")

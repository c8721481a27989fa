"""Where a function is carried out over many items, and that it is: in the order of the items."""

from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal, TypeVar, get_args

from acetate.run.outcomes import Failure, Success, attempt, name_of
from acetate.run.pool import check_importable, pooled

Item = TypeVar("Item")
Value = TypeVar("Value")
Progress = Callable[[int, int | None, str], None]
Kind = Literal["threads", "processes", "cluster"]


@dataclass(frozen=True)
class Workplace:
    """Where work is done, so that whoever passes it on need not know.

    Parameters
    ----------
    kind : {"threads", "processes", "cluster"}
        Threads for functions that wait for disks or spend their time in NumPy, OpenCV and Pillow;
        processes (started afresh) for Python code, and for code that may crash; a cluster when one
        machine is not enough: the workers of a `dask.distributed` scheduler.
    workers : int
        How many items are worked on at the same time. One thread is the caller's own. A cluster
        without the address of a scheduler is started on this machine with so many workers, each a
        process, and ends with the work.
    scheduler : str, optional
        The address of a scheduler, such as "tcp://10.0.0.5:8786". How many workers there are, and
        how many threads each has, is its own affair then.

    Raises
    ------
    ValueError
        If there are no workers, the kind is unknown, or a scheduler goes with another kind or with
        a number of workers.

    Examples
    --------
    >>> place = Workplace("threads", workers=2)
    >>> [outcome.value for outcome in place.map(abs, [-1, 2, -3])]
    [1, 2, 3]
    """

    kind: Kind = "threads"
    workers: int = 1
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"kind must be 'threads', 'processes' or 'cluster', got {self.kind!r}")
        if type(self.workers) is not int or self.workers < 1:
            raise ValueError(f"workers must be a whole number from 1, got {self.workers!r}")
        if self.scheduler is not None and (self.kind, self.workers) != ("cluster", 1):
            raise ValueError(
                f"the scheduler {self.scheduler} has workers of its own, and goes with "
                f"kind='cluster' alone, got kind={self.kind!r} and workers={self.workers}"
            )

    @property
    def is_here(self) -> bool:
        """Whether all is done in the caller's own thread, so that a function may use all cores."""
        return (self.kind, self.workers) == ("threads", 1)

    def map(
        self,
        function: Callable[[Item], Value],
        items: Iterable[Item],
        progress: Progress | None = None,
    ) -> Iterator[Success[Item, Value] | Failure[Item]]:
        """Call a function on every item here; see `acetate.run.map`."""
        if self.kind == "processes":
            check_importable(function)
        total = len(items) if isinstance(items, Sized) else None
        outcomes = self._outcomes(function, items)
        return outcomes if progress is None else _reported(outcomes, total, progress)

    def _outcomes(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        if self.is_here:
            yield from (attempt(function, index, item) for index, item in enumerate(items))
            return
        coming = iter(items)
        for first in coming:  # no workers are started for no items
            yield from self._handed_out(function, chain([first], coming))

    def _handed_out(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        if self.kind != "cluster":
            return pooled(function, items, self.workers, self.kind)
        from acetate.run.cluster import on_cluster  # loads distributed, which takes a second

        return on_cluster(function, items, self.workers, self.scheduler)


def map(
    function: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    workers: int = 1,
    kind: Kind = "threads",
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Success[Item, Value] | Failure[Item]]:
    """Call a function on every item, and give what became of each, in the order of the items.

    Parameters
    ----------
    function : callable
        Takes one item. For processes it must be importable, not a lambda; the workers of a
        scheduler must find there what it imports.
    items : iterable
        Taken a few at a time, so there may be any number of them.
    workers, kind, scheduler
        Where; as in `Workplace`.
    progress : callable, optional
        Called after each item with how many are done, how many there are (None if unknown), and
        the item's name.

    Yields
    ------
    Success or Failure
        An exception of the function makes a `Failure` and the rest goes on. When a worker process
        dies, here or on another machine, the items that were under way in it are tried once more,
        each alone; one whose worker dies then too is a failure.

    Raises
    ------
    ConnectionError
        If there is no scheduler at the address, it goes away, or it has no workers.
    ImportError
        For a cluster, without dask and distributed.
    KeyboardInterrupt
        Ctrl-C: no further item is begun, those under way are finished and given, then it ends.
        Like SystemExit it also goes through when the function raises it. A cluster is not waited
        for: what is finished is given.
    ValueError
        If `Workplace` does not take the arguments, the workers of a scheduler have another version
        of acetate, Python or distributed, or the function cannot be sent to processes, which
        import the module that it is in: a script must do its work under
        ``if __name__ == "__main__"``.

    Examples
    --------
    >>> for outcome in map(int, ["1", "x", "3"]):
    ...     print(outcome.value if isinstance(outcome, Success) else outcome)
    1
    x: ValueError: invalid literal for int() with base 10: 'x'
    3
    """
    return Workplace(kind, workers, scheduler).map(function, items, progress)


def _reported(outcomes: Iterator[Any], total: int | None, progress: Progress) -> Iterator[Any]:
    for done, outcome in enumerate(outcomes, start=1):
        progress(done, total, name_of(outcome.index, outcome.item))
        yield outcome

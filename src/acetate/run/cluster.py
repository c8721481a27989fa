"""A `dask.distributed` scheduler, elsewhere or started here: reached, quiet, and left clean."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from typing import Any

from acetate.run.crew import Crew, unwarned
from acetate.run.outcomes import Failure, Success

_ANSWER = 6  # seconds until a scheduler must answer
_NOISY = ("distributed", "tornado", "asyncio")


def on_cluster(
    function: Callable[[Any], Any],
    items: Iterable[Any],
    workers: int = 1,
    scheduler: str | None = None,
) -> Iterator[Success[Any, Any] | Failure[Any]]:
    """Give what becomes of the items, in their order; see `acetate.run.map`.

    Parameters
    ----------
    function : callable
        Takes one item.
    items : iterable
        Taken a few at a time.
    workers : int
        Of a cluster that is started here.
    scheduler : str, optional
        The address of one that runs already.
    """
    distributed = _distributed()
    with _quiet(), ExitStack() as left:
        if scheduler is None:
            address: Any = left.enter_context(_started(distributed, workers))
        else:
            address = scheduler
        client = left.enter_context(_client(distributed, address))
        crew = Crew(client, function, client.scheduler.address)
        yield from crew.carry_out(items)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise ImportError(
            f"a cluster needs dask and distributed ({error}); pip install 'acetate[mosaic]'"
        ) from error
    return distributed


@contextmanager
def _started(distributed: Any, workers: int) -> Iterator[Any]:
    """Start a scheduler in this process and workers that end with it, be it killed."""
    try:
        with _deaf_to_ctrl_c():
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
            )
    except RuntimeError as error:
        raise ValueError(
            f"workers cannot start ({error}); a script must do its work under "
            "if __name__ == '__main__', and not be typed or piped in"
        ) from error
    with cluster:
        yield cluster


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Leave Ctrl-C to this thread: what is started here never hears it; we do, a moment later."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # its start, at the first process, would let Ctrl-C in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _client(distributed: Any, address: Any) -> Iterator[Any]:
    try:
        with unwarned():
            if isinstance(address, str):
                _knock(distributed, address)
            client = distributed.Client(address, timeout=_ANSWER, set_as_default=False)
    except Exception as error:  # whatever answers there, and be it with noise
        why = str(error) or type(error).__name__
        raise ConnectionError(
            f"no scheduler answers at {address} ({why}); start one with 'dask scheduler', and "
            "pass the address that it shows"
        ) from error
    with client:
        yield client


def _knock(distributed: Any, address: str) -> None:
    """Raise if nothing answers at an address: a client that fails to start would not end either."""

    async def knock() -> None:
        how = distributed.Security().get_connection_args("client")
        comm = await distributed.comm.connect(address, timeout=_ANSWER, **how)
        await comm.close()

    with ThreadPoolExecutor(1) as apart:  # this thread may have a loop that runs, as in notebooks
        apart.submit(asyncio.run, knock()).result()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what dask logs of its own affairs from the user: what matters comes as an exception."""
    known = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    noisy = [logger for logger in known if logger.name.split(".")[0] in _NOISY]
    before = [logger.level for logger in noisy]
    for logger in noisy:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(noisy, before, strict=True):
            logger.setLevel(level)

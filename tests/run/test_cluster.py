"""Clusters: the same results as anywhere, whatever dies; nothing left behind, nothing said."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time

import chores
import pytest

from acetate import run
from acetate.run import crew, parcels
from dask_processes import DaskProcesses

HERE = os.path.dirname(__file__)


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    with DaskProcesses(tmp_path_factory.mktemp("dask"), HERE) as processes:
        yield processes


@pytest.fixture(scope="module")
def two(dask):
    """The scheduler, with two workers."""
    dask.start_worker()
    dask.start_worker()
    return dask


def on(dask, function, items, **extra):
    return run.map(function, items, kind="cluster", scheduler=dask.address, **extra)


PLACES = [
    run.Workplace(),
    run.Workplace("threads", 3),
    run.Workplace("processes", 2),
    run.Workplace("cluster", 2),
]


@pytest.fixture(scope="module", autouse=True)
def importable():
    """Let local workers import what the tests do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", HERE)
        yield


class TestEqual:
    """Each place gives what a loop would give."""

    @pytest.fixture(params=[*PLACES, None], ids=lambda p: p and f"{p.kind}-{p.workers}")
    def place(self, request, two):
        return request.param or run.Workplace("cluster", scheduler=two.address)

    def test_values_failures_and_their_order(self, place, capfd):
        items = [1, 0, 4, "x", *range(5, 30)]
        seen = []
        outcomes = list(place.map(chores.reciprocal, items, lambda *a: seen.append(a)))
        expected = list(run.map(chores.reciprocal, items))
        assert outcomes == expected
        assert [o.item for o in outcomes] == items
        assert "in reciprocal" in outcomes[1].traceback
        assert seen == [(n + 1, 29, f"item {n}" if n != 3 else "x") for n in range(29)]
        assert capfd.readouterr() == ("", "")


class TestScheduler:
    def test_what_cannot_be_sent_is_a_failure(self, two):
        (there,) = on(two, chores.reciprocal, [threading.Lock()])
        (back,) = on(two, chores.unsendable, [1])
        (error,) = on(two, chores.stubborn, [1])
        assert (there.error, "pickle" in there.message) == ("TypeError", True)
        assert (back.error, "pickle" in back.message) == ("TypeError", True)
        assert (error.error, error.message) == ("StubbornError", "1 and 2")

    def test_exit_goes_through(self, two):
        with pytest.raises(SystemExit, match="3"):
            list(on(two, chores.leave, [1]))

    def test_both_workers_work_and_items_are_taken_a_few_at_a_time(self, two):
        taken = []

        def endless():
            while True:
                taken.append(len(taken))
                yield len(taken)

        outcomes = on(two, chores.who, endless())
        pids = {next(outcomes).value for _ in range(30)}
        outcomes.close()
        assert len(pids) == 2
        assert len(taken) <= 30 + 4 * 2 + 1

    def test_what_a_script_defines_itself_and_much_of_it(self, two, capfd):
        class Point:
            def __init__(self, x):
                self.x = x

        (own,) = on(two, lambda x: Point(x + 1), [1])
        assert (type(own.value), own.value.x) == (Point, 2)
        weighty = list(on(two, chores.Weighty(12_000_000), range(3)))
        assert [outcome.value for outcome in weighty] == [12_000_000 + n for n in range(3)]
        (long,) = on(two, chores.long, [30_000_000])
        assert long.value == bytes(30_000_000)
        assert capfd.readouterr() == ("", "")

    def test_a_worker_of_two_is_killed_and_another_comes(self, two, capfd):
        outcomes = on(two, chores.rest, range(60))
        got = [next(outcomes) for _ in range(5)]
        victim = two.running[-1]
        victim.kill()
        got += [next(outcomes) for _ in range(20)]
        two.start_worker()
        got += outcomes
        assert got == [run.Success(n, n, n) for n in range(60)]
        assert capfd.readouterr() == ("", "")

    def test_other_versions(self, two, monkeypatch):
        monkeypatch.setattr(parcels, "__version__", "9.9")
        with pytest.raises(
            ValueError, match=r"the worker tcp://\S+ has acetate 0.1.0, here it is 9.9; install one"
        ):
            list(on(two, abs, [1]))

    def test_a_function_that_workers_cannot_import(self, two, tmp_path, monkeypatch):
        (tmp_path / "only_here.py").write_text("def work(x): return x\n")
        monkeypatch.syspath_prepend(tmp_path)
        import only_here

        with pytest.raises(
            ValueError, match=r"the worker tcp://\S+ cannot import the function \(ModuleNotFound"
        ):
            list(on(two, only_here.work, [1]))


class TestTrouble:
    def test_no_scheduler(self):
        start = time.monotonic()
        with pytest.raises(ConnectionError, match=r"no scheduler answers at tcp://127.0.0.1:1 "):
            list(run.map(abs, [1], kind="cluster", scheduler="tcp://127.0.0.1:1"))
        assert time.monotonic() - start < 10

    @pytest.mark.parametrize("address", ["nonsense", "carrier-pigeon://loft:1", "tls://loft:1"])
    def test_no_address(self, address, capfd):
        with pytest.raises(ConnectionError, match=f"no scheduler answers at {address} "):
            list(run.map(abs, [1], kind="cluster", scheduler=address))
        gc.collect()
        assert capfd.readouterr() == ("", "")

    def test_no_workers_then_no_scheduler(self, tmp_path, monkeypatch, capfd):
        monkeypatch.setattr(crew, "_PATIENCE", 0.6)
        with DaskProcesses(tmp_path, HERE) as dask:
            none = f"no workers for .*dask worker {dask.address}"
            with pytest.raises(ConnectionError, match=none):
                list(on(dask, abs, [1]))
            monkeypatch.setattr(crew, "_PATIENCE", 60)
            dask.start_worker()
            outcomes = on(dask, chores.rest, range(1000))
            assert next(outcomes).value == 0
            dask.scheduler.kill()
            with pytest.raises(ConnectionError, match=f"the scheduler at {dask.address} went away"):
                list(outcomes)
        assert capfd.readouterr() == ("", "")

    def test_without_the_extra(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "distributed", None)
        with pytest.raises(ImportError, match=r"pip install 'acetate\[mosaic\]'"):
            list(run.map(abs, [1], kind="cluster"))

    def test_no_items_need_no_cluster(self):
        assert list(run.map(abs, [], kind="cluster", scheduler="tcp://127.0.0.1:1")) == []

    @pytest.mark.parametrize("extra", [{"kind": "processes"}, {"kind": "cluster", "workers": 2}])
    def test_what_does_not_go_together(self, extra):
        with pytest.raises(ValueError, match=r"the scheduler tcp://a:1 has workers of its own"):
            run.map(abs, [1], scheduler="tcp://a:1", **extra)


class TestLocal:
    def test_an_item_that_kills_its_worker_is_a_row_and_the_rest_goes_on(self, capfd):
        outcomes = list(run.map(chores.die_on_3, range(12), kind="cluster", workers=2))
        assert [outcome.item for outcome in outcomes] == list(range(12))
        failures = [outcome for outcome in outcomes if isinstance(outcome, run.Failure)]
        assert [(failure.item, failure.error) for failure in failures] == [(3, "WorkerDied")]
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_however_it_ends_nobody_is_left(self, number, tmp_path):
        script = tmp_path / "slow.py"
        script.write_text(SLOW)
        child = subprocess.Popen(
            [sys.executable, "-W", "error", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        child.stdout.readline()
        if number == signal.SIGINT:  # as a terminal does: to parent and workers alike
            os.killpg(child.pid, number)
        else:
            child.send_signal(number)
        # Returns only when the workers have let go of the pipes too.
        out, errors = child.communicate(timeout=60)
        assert errors == ""
        ends = {signal.SIGINT: (0, "ended"), signal.SIGTERM: (143, "")}
        code, last = ends.get(number, (-number, ""))
        assert child.returncode == code
        assert ("".join(out.split()[-1:]) if last else "") == last


SLOW = """
import signal, sys, time
from acetate import run

def work(number):
    time.sleep(0.2)
    return number

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as `acetate` does
    try:
        for outcome in run.map(work, range(1000), workers=2, kind="cluster"):
            print(outcome.value, flush=True)
    except KeyboardInterrupt:
        print("ended", flush=True)
"""


def test_a_script_without_a_guard_is_told_so(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from acetate import run\n"
        "try:\n"
        "    list(run.map(abs, [1], kind='cluster'))\n"
        "except ValueError as error:\n"
        "    print(error)\n"
    )
    child = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert "workers cannot start" in child.stdout
    assert child.stderr == ""


def test_dask_is_not_loaded_before_it_is_asked_for():
    code = "import sys, acetate.run; print('distributed' in sys.modules, 'dask' in sys.modules)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout == "False False\n"

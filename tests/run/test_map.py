"""One function over many items: in order, failures as rows, dead workers and Ctrl-C survived."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate import run


def reciprocal(number):
    return 1 / number


def who(_):
    return os.getpid()


def die_on_3(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(path):
    """Die at the first visit of "b", work at the second."""
    if path.endswith("b") and not os.path.exists(path):
        open(path, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def leave(_):
    sys.exit(3)


def unsendable(_):
    return threading.Lock()


class StubbornError(Exception):
    """An exception that breaks when it is sent to another process."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def stubborn(_):
    raise StubbornError(1, 2)


WAYS = [(1, "threads"), (3, "threads")]


@pytest.mark.parametrize(("workers", "kind"), WAYS)
class TestInThisProcess:
    def test_in_order_with_failures_as_rows(self, workers, kind):
        outcomes = list(run.map(reciprocal, [1, 0, 4], workers=workers, kind=kind))
        assert outcomes[0] == run.Success(0, 1, 1.0)
        assert outcomes[1] == run.Failure(1, 0, "ZeroDivisionError", "division by zero")
        assert outcomes[2] == run.Success(2, 4, 0.25)
        assert "reciprocal" in outcomes[1].traceback
        assert str(outcomes[1]) == "item 1: ZeroDivisionError: division by zero"

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(-2, 2), max_size=40))
    def test_every_item_once(self, workers, kind, numbers):
        outcomes = list(run.map(reciprocal, iter(numbers), workers=workers, kind=kind))
        assert [outcome.item for outcome in outcomes] == numbers
        assert [outcome.index for outcome in outcomes] == list(range(len(numbers)))
        assert [isinstance(o, run.Failure) for o in outcomes] == [n == 0 for n in numbers]

    def test_items_are_taken_a_few_at_a_time(self, workers, kind):
        taken = []

        def endless():
            while True:
                taken.append(len(taken))
                yield len(taken)

        outcomes = run.map(reciprocal, endless(), workers=workers, kind=kind)
        for _ in range(10):
            next(outcomes)
        outcomes.close()
        assert len(taken) <= 10 + 4 * workers

    def test_progress(self, workers, kind, tmp_path):
        seen = []
        paths = [str(tmp_path / "a\n"), tmp_path / "b"]
        list(run.map(len, paths, workers=workers, kind=kind, progress=lambda *a: seen.append(a)))
        assert seen == [(1, 2, f"{tmp_path}/a\\n"), (2, 2, f"{tmp_path}/b")]
        seen.clear()
        list(run.map(abs, iter([5]), workers=workers, progress=lambda *a: seen.append(a)))
        assert seen == [(1, None, "item 0")]

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
    def test_what_ends_programs_goes_through(self, workers, kind, error):
        def function(number):
            if number == 2:
                raise error
            return number

        got = []
        with pytest.raises(error):
            got.extend(
                outcome.value for outcome in run.map(function, range(9), workers=workers, kind=kind)
            )

    def test_errors_of_the_items_go_through(self, workers, kind):
        def items():
            yield 1
            raise OSError("the list ends here")

        with pytest.raises(OSError, match="the list ends here"):
            list(run.map(reciprocal, items(), workers=workers, kind=kind))


def test_one_thread_is_the_callers_own():
    (outcome,) = run.map(lambda _: threading.current_thread(), [0])
    assert outcome.value is threading.current_thread()


def test_threads_work_at_the_same_time():
    together = threading.Barrier(3)
    outcomes = run.map(lambda _: together.wait(timeout=30), range(3), workers=3)
    assert all(isinstance(outcome, run.Success) for outcome in outcomes)


def test_ctrl_c_gives_what_was_under_way_then_ends():
    """The third item is interrupted; those begun with it are finished and given, no more begun."""
    begun, go = [], threading.Event()

    def function(number):
        begun.append(number)
        if number == 2:
            go.wait(30)
            raise KeyboardInterrupt
        if number == 3:
            go.set()
            time.sleep(0.2)
        return number

    got = []
    with pytest.raises(KeyboardInterrupt):
        got.extend(outcome.value for outcome in run.map(function, range(100), workers=2))
    assert got[:3] == [0, 1, 3]
    assert got == sorted(set(begun) - {2})
    assert len(begun) < 20


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def fail_without_words(_item):
    raise Unspeakable


def test_an_error_whose_text_cannot_be_made_is_a_row():
    (outcome,) = run.map(fail_without_words, [1])
    assert outcome.error == "Unspeakable"
    assert outcome.message == "its text cannot be made: RuntimeError"


def test_wrong_arguments():
    for workers in (0, 1.5, True, "2"):
        with pytest.raises(ValueError, match=f"whole number from 1, got {workers!r}"):
            run.map(reciprocal, [1], workers=workers)
    with pytest.raises(ValueError, match=r"kind must be 'threads', .* got 'fork'"):
        run.map(reciprocal, [1], kind="fork")
    with pytest.raises(
        ValueError, match=r"cannot be sent to worker processes \(.*use kind='thread"
    ):
        run.map(lambda x: x, [1], kind="processes")


class TestProcesses:
    def test_work_goes_on_elsewhere_and_failures_come_back(self):
        items = [1, 0, 4, threading.Lock()]
        outcomes = list(run.map(reciprocal, items, workers=2, kind="processes"))
        assert [o.value for o in outcomes if isinstance(o, run.Success)] == [1.0, 0.25]
        assert outcomes[1] == run.Failure(1, 0, "ZeroDivisionError", "division by zero")
        assert "reciprocal" in outcomes[1].traceback
        assert outcomes[3].error == "TypeError"  # a lock cannot be sent
        assert "pickle" in outcomes[3].message

    def test_values_and_errors_that_cannot_be_sent_are_failures(self):
        (outcome,) = run.map(unsendable, [1], kind="processes")
        assert (outcome.error, "pickle" in outcome.message) == ("TypeError", True)
        (outcome,) = run.map(stubborn, [1], kind="processes")
        assert (outcome.error, outcome.message) == ("StubbornError", "1 and 2")

    def test_one_worker_is_a_process_too(self):
        (outcome,) = run.map(who, [0], kind="processes")
        assert outcome.value != os.getpid()

    def test_an_item_that_kills_its_worker_is_a_row_and_the_rest_goes_on(self):
        outcomes = list(run.map(die_on_3, range(14), workers=2, kind="processes"))
        assert [outcome.item for outcome in outcomes] == list(range(14))
        failures = [outcome for outcome in outcomes if isinstance(outcome, run.Failure)]
        assert [failure.item for failure in failures] == [3]
        assert failures[0].error == "WorkerDied"
        assert "died again when it was tried alone" in failures[0].message

    def test_an_item_whose_worker_was_killed_from_outside_is_tried_again(self, tmp_path):
        paths = [str(tmp_path / name) for name in "abcdefghi"]
        outcomes = run.map(die_once, paths, workers=1, kind="processes")
        assert [outcome.value for outcome in outcomes] == ["done"] * 9

    def test_a_worker_killed_while_nobody_waits_for_it(self):
        outcomes = run.map(who, range(9), workers=1, kind="processes")
        first = next(outcomes)
        os.kill(first.value, signal.SIGKILL)
        time.sleep(0.3)
        rest = list(outcomes)
        assert [outcome.item for outcome in rest] == list(range(1, 9))
        assert all(isinstance(outcome, run.Success) for outcome in rest)

    def test_scripts_that_workers_cannot_import_are_told_so(self):
        code = (
            "from acetate import run\n"
            "def work(x): return x\n"
            "try:\n"
            "    list(run.map(work, [1], kind='processes'))\n"
            "except ValueError as error:\n"
            "    print(error)\n"
        )
        child = subprocess.run(
            [sys.executable, "-"], input=code, capture_output=True, text=True, timeout=60
        )
        assert "worker processes cannot start, or cannot import the function" in child.stdout

    def test_exit_goes_through(self):
        with pytest.raises(SystemExit):
            list(run.map(leave, [1], kind="processes"))


SLOW = """
import os, sys, time
from acetate import run

def work(number):
    time.sleep(0.6)
    open(f"{sys.argv[1]}/{number}", "w").close()
    return number

if __name__ == "__main__":
    try:
        for outcome in run.map(work, range(1000), workers=2, kind=sys.argv[2]):
            print(outcome.value, flush=True)
    except KeyboardInterrupt:
        print("ended", flush=True)
"""


def wait_for(count, folder):
    end = time.monotonic() + 60
    while len(os.listdir(folder)) < count and time.monotonic() < end:
        time.sleep(0.01)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_ctrl_c_in_a_terminal_ends_cleanly(tmp_path, kind):
    script, folder = tmp_path / "slow.py", tmp_path / "done"
    script.write_text(SLOW)
    folder.mkdir()
    child = subprocess.Popen(
        [sys.executable, script, folder, kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(2, folder)
    time.sleep(0.25)  # so that it is found waiting, not printing
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to parent and workers alike
    out, errors = child.communicate(timeout=60)
    *numbers, last = out.split()
    assert last == "ended"
    assert errors == ""
    assert child.returncode == 0
    assert sorted(numbers) == sorted(os.listdir(folder))


def test_workers_end_when_their_parent_is_killed(tmp_path):
    script, folder = tmp_path / "slow.py", tmp_path / "done"
    script.write_text(SLOW)
    folder.mkdir()
    child = subprocess.Popen(
        [sys.executable, script, folder, "processes"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    wait_for(2, folder)
    child.kill()
    child.communicate(timeout=60)  # returns only when the workers have let go of the pipe
    done = len(os.listdir(folder))
    time.sleep(1.5)
    assert len(os.listdir(folder)) == done

"""A real scheduler and real workers, each a process of its own, as on several machines."""

import json
import os
import subprocess
import sys
import time

# The command `dask`, which ends when the pipe to the tests breaks, however they end.
FOLLOWING = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(1)), daemon=True).start()
sys.argv[0] = "dask"
from dask.__main__ import main
main()
"""


class DaskProcesses:
    """A scheduler on a free port and the workers that were started; all end with the block.

    They work in `folder`, and import what lies in `modules`.
    """

    def __init__(self, folder, modules):
        self.folder = folder
        self.modules = modules
        self.running = []
        file = folder / "scheduler.json"
        self.scheduler = self.start(
            *("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
            *("--scheduler-file", str(file), "--idle-timeout", "600"),
        )
        self.address = wait_for(lambda: address_in(file))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.running:
            process.kill()
            process.communicate()

    def start(self, *words):
        """Start a `dask` command."""
        process = subprocess.Popen(
            [sys.executable, "-c", FOLLOWING, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.modules)},
        )
        self.running.append(process)
        return process

    def start_worker(self):
        """Start a worker of one thread that nobody starts again when it dies."""
        words = "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"
        return self.start("worker", self.address, *words, "--death-timeout", "60")


def address_in(file):
    try:
        return json.loads(file.read_bytes())["address"]
    except (FileNotFoundError, ValueError):  # it is being written
        return None


def wait_for(condition, seconds=60):
    """Return what a condition gives as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError("what was waited for did not come")

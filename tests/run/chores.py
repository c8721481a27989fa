"""Functions that tests hand to workers of other processes, which import them from here."""

import os
import signal
import sys
import threading
import time


def reciprocal(number):
    return 1 / number


def who(_):
    return os.getpid()


def rest(number):
    time.sleep(0.05)
    return number


def die_on_3(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def leave(_):
    sys.exit(3)


def unsendable(_):
    return threading.Lock()


def long(number):
    return bytes(number)


class Weighty:
    """A function with much in it."""

    def __init__(self, size):
        self.content = bytes(size)

    def __call__(self, number):
        return len(self.content) + number


class StubbornError(Exception):
    """An exception that breaks when it is sent to another process."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def stubborn(_):
    raise StubbornError(1, 2)

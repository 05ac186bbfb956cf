"""Run code of the course's own in this process, and get it back: silent, and within a time."""

from __future__ import annotations

import contextlib
import io
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from numgrade.errors import StudentTimedOut

if TYPE_CHECKING:
    from collections.abc import Iterator

CPU_SECONDS = 1.0
"""Processor time of one check in this process; code that takes longer is cut off."""

_WALL_SECONDS = 30.0  # for code that waits, which takes no processor time


@contextmanager
def silently() -> Iterator[None]:
    """Swallow what candidates print."""
    with contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()):
        yield


class _Nowhere(io.TextIOBase):
    """Keeps nothing of what is written to it."""

    def write(self, text: str) -> int:
        """Forget a text."""
        return len(text)


@contextmanager
def deadline() -> Iterator[None]:
    """End what does not come back, with StudentTimedOut; within, `start_clock` sets the time.

    The clock is the processor's own, so that a busy machine cuts nothing short. It strikes again
    and again: code may catch an exception in its loop.

    A signal has one handler a process, and only a main thread may set it: trials run there.
    """

    def strike(_signal: int, _frame: object) -> None:
        raise StudentTimedOut("It took too long and was cut off.")

    alarms = signal.SIGVTALRM, signal.SIGALRM
    before = {alarm: signal.signal(alarm, strike) for alarm in alarms}
    try:
        yield
    finally:
        stop_clock()
        for alarm, handler in before.items():
            signal.signal(alarm, handler)


def start_clock() -> None:
    """Give what follows its time, within `deadline`."""
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS, CPU_SECONDS)
    signal.setitimer(signal.ITIMER_REAL, _WALL_SECONDS, CPU_SECONDS)


def stop_clock() -> None:
    """End what `start_clock` began."""
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)

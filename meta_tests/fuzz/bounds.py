"""What one input may cost: time, and memory on top of what is in use.

libFuzzer's own limit of single allocations works with a sanitizer's `malloc` only, which Python has
not; so the kernel bounds the address space while an input is being read.
"""

from __future__ import annotations

import os
import resource
import time
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MB = 2**20
_PAGE = os.sysconf("SC_PAGESIZE")


class OutOfBounds(BaseException):
    """An input cost too much. No `except Exception` of the code under test hides it."""


class Bounds:
    """Bounds of every single input, and the highest cost so far.

    Parameters
    ----------
    seconds : int
        Wall time.
    megabytes : int
        Address space beyond what is in use when the input arrives.

    Attributes
    ----------
    figures : pathlib.Path or None
        A file that always names the highest cost so far: a fuzzer's process ends without a word.
    """

    def __init__(self, seconds: int, megabytes: int) -> None:
        self.figures: Path | None = None
        self.slowest = 0.0
        self.most_memory = 0
        self.seconds = seconds
        self.megabytes = megabytes

    def around(self, target: Callable[[bytes], None]) -> Callable[[bytes], None]:
        """Return `target`, which then raises OutOfBounds where an input costs too much."""

        @wraps(target)
        def bounded(data: bytes) -> None:
            before, peak = _pages_in_use(), _peak()
            usual, most = resource.getrlimit(resource.RLIMIT_AS)
            room = before[0] * _PAGE + self.megabytes * _MB
            resource.setrlimit(resource.RLIMIT_AS, (_lower(room, usual), most))
            start = time.perf_counter()
            try:
                target(data)
            except MemoryError as error:
                raise self._too_large() from error
            finally:
                seconds = time.perf_counter() - start
                resource.setrlimit(resource.RLIMIT_AS, (usual, most))
            grown = _peak()
            self._note(seconds, grown - before[1] * _PAGE if grown > peak else 0)
            if seconds > self.seconds:
                raise OutOfBounds(f"an input took {seconds:.1f} s")

        return bounded

    def watching(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, whose MemoryError reaches us even where its caller expects any."""

        @wraps(function)
        def watched(*args: Any) -> Any:  # noqa: ANN401 - whatever the function takes and returns
            try:
                return function(*args)
            except MemoryError as error:
                raise self._too_large() from error

        return watched

    def _too_large(self) -> OutOfBounds:
        return OutOfBounds(f"an input took more than {self.megabytes} MB")

    def _note(self, seconds: float, memory: int) -> None:
        if seconds <= self.slowest and memory <= self.most_memory:
            return
        self.slowest = max(self.slowest, seconds)
        self.most_memory = max(self.most_memory, memory)
        if self.figures is not None:
            self.figures.write_text(f"{self.slowest * 1e3:.0f} {self.most_memory / _MB:.0f}")


def _pages_in_use() -> tuple[int, int]:
    """Return the size of this process: its address space and what of it is in memory."""
    size, resident, *_ = Path("/proc/self/statm").read_text().split()
    return int(size), int(resident)


def _peak() -> int:
    """Return the most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _lower(limit: int, usual: int) -> int:
    return limit if usual == resource.RLIM_INFINITY else min(limit, usual)

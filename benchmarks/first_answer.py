"""Time from the order of a worker to its first answer, beside a bare fork.

A worker is a fork of a zygote, confined before it says anything: at level A with namespaces and a
file system of its own. The bare fork is of this process, which has imported NumPy and IPython as
the zygote has; it writes one byte to a pipe and ends. Both are taken in turn, so that whatever
else the machine does falls on both alike, and on one core, as in a grader.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import IPython
import numpy as np

from numgrade.protocol import Missing, Read
from numgrade.sandbox import Sandbox
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.control import Level

LEVELS: tuple[Level, ...] = ("A", "B")
_SECONDS = 60.0


def main() -> None:
    """Run the benchmark and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="workers of each level (200)")
    rounds = parser.parse_args().rounds
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with ExitStack() as stack:
        ways: dict[str, Callable[[], float]] = {"bare fork": _bare_fork}
        for level in LEVELS:
            sandbox = stack.enter_context(Sandbox(level, LimitValues()))
            ways[f"level {level}"] = lambda sandbox=sandbox: _first_answer(sandbox)
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                taken[name].append(way() * 1e3)
    print(f"NumPy {np.__version__}, IPython {IPython.__version__}; medians of {rounds}")
    base = statistics.median(taken["bare fork"])
    for name, times in taken.items():
        median, late = statistics.median(times), statistics.quantiles(times, n=10)[-1]
        print(f"{name:9}: {median:5.2f} ms (9 of 10 within {late:.2f}), ratio {median / base:.1f}")


def _first_answer(sandbox: Sandbox) -> float:
    """Return the seconds from the order of a worker to its answer to a question."""
    started = time.perf_counter()
    worker = sandbox.spawn()
    worker.channel.deadline = time.monotonic() + _SECONDS
    worker.channel.send(Read(1, "no_such_name"))
    reply, _ = worker.channel.receive_reply()
    seconds = time.perf_counter() - started
    worker.kill()
    if not isinstance(reply, Missing):
        raise TypeError(f"a worker answered with {reply}")
    return seconds


def _bare_fork() -> float:
    """Return the seconds from a fork of this process to the byte that the child writes."""
    here, there = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.write(there, b"x")
        os._exit(0)
    os.read(here, 1)
    seconds = time.perf_counter() - started
    os.waitpid(child, 0)
    os.close(here)
    os.close(there)
    return seconds


if __name__ == "__main__":
    main()

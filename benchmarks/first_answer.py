"""Time a worker's first answer, beside a bare fork of a process as large as the zygote.

Run as `python benchmarks/first_answer.py`. The two alternate, on one core, so that a busy machine
weighs on both alike; medians are printed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import sys
import time
from typing import TYPE_CHECKING

from numgrade.protocol import Call
from numgrade.sandbox import Sandbox
from numgrade.settings import LimitValues
from numgrade.shell import NotebookShell

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


def main(out: TextIO = sys.stdout) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="how often (200)")
    rounds = parser.parse_args().rounds
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with contextlib.redirect_stdout(io.StringIO()):
        NotebookShell()  # loads here what a zygote loads: a fork copies the page table of all that
    with Sandbox("A", LimitValues()) as own_root, Sandbox("B", LimitValues()) as without:
        measured: dict[str, Callable[[], float]] = {
            "bare fork, one byte": _bare_fork,
            "first answer at level A": lambda: _first_answer(own_root),
            "first answer at level B": lambda: _first_answer(without),
        }
        times: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(rounds):
            for name, measure in measured.items():
                times[name].append(measure())
    bare = statistics.median(times["bare fork, one byte"])
    for name, values in times.items():
        median = statistics.median(values)
        print(
            f"{name:24} median {median * 1e3:5.2f} ms, fastest {min(values) * 1e3:5.2f} ms, "
            f"{median / bare:4.1f} times the bare fork",
            file=out,
        )


def _bare_fork() -> float:
    """Fork, and wait for a byte of the child; return the seconds it took."""
    reading, writing = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.write(writing, b"x")
        os._exit(0)
    os.read(reading, 1)
    seconds = time.perf_counter() - started
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)
    return seconds


def _first_answer(sandbox: Sandbox) -> float:
    """Spawn a worker and have it answer a call; return the seconds it took."""
    started = time.perf_counter()
    worker = sandbox.spawn()
    worker.channel.send(Call(1, "abs", [], {}))
    reply, _ = worker.channel.receive_reply()
    seconds = time.perf_counter() - started
    assert reply.id == 1, reply  # noqa: S101 - a benchmark of something else is worth nothing
    worker.kill()
    return seconds


if __name__ == "__main__":
    main()

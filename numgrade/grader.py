"""A grader's process: collect the checks, start a zygote, grade what the coordinator sends."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numgrade import linux
from numgrade.checks import with_suite
from numgrade.errors import CourseError, NumgradeError
from numgrade.grading import Grader
from numgrade.orders import Broken, Done, Pulse, encoder, job_decoder, order_decoder, take_over
from numgrade.protection import open_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numgrade.checks import Suite
    from numgrade.orders import Order
    from numgrade.sandbox import Sandbox

_COLLECT_AFTER = 20_000
"""Objects made since the last collection that start the next; Python's own choice is 700."""

_MEMORY = 2 * 2**30
"""Bytes that a grader may use. A student chooses where f is evaluated, and f runs here."""

_SLACK_SECONDS = 20.0
"""By how much a sign of life may be late before the coordinator kills the grader."""


def main() -> None:
    """Be a grader: take an order and grade jobs until the coordinator hangs up."""
    linux.die_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's to handle
    orders, results, memory = map(int, sys.argv[1:])
    sock, connection = socket.socket(fileno=orders), Connection(results, readable=False)
    pulse = Pulse(memory)
    order = order_decoder.decode(take_over(sock))
    if order.core is not None:
        os.sched_setaffinity(0, {order.core})
    _limit_memory(order.assignment.limits.memory_mb * 2**20)

    def heartbeat(seconds: float) -> None:
        pulse.due = time.monotonic() + seconds + _SLACK_SECONDS

    try:
        _grade_all(order, sock, connection, heartbeat)
    except NumgradeError as error:
        broken = Broken(str(error), isinstance(error, CourseError))
        with contextlib.suppress(OSError):
            connection.send_bytes(encoder.encode(broken))


def _limit_memory(of_a_student: int) -> None:
    """Have NumPy raise MemoryError where the machine would start to swap.

    Workers inherit the limit, so it leaves room for theirs.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _MEMORY + of_a_student
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _grade_all(
    order: Order,
    jobs: socket.socket,
    connection: Connection[Any, Any],
    heartbeat: Callable[[float], None],
) -> None:
    assignment = order.assignment

    def start_sandbox(cells: Sequence[str]) -> Sandbox:
        weak, levels = order.allow_weak, order.levels
        return open_sandbox(assignment.limits, allow_weak=weak, levels=levels, cells=cells)

    def drive(suite: Suite) -> None:
        gc.freeze()  # what is loaded now stays: the collector need not walk it again and again
        gc.set_threshold(_COLLECT_AFTER)
        grader = Grader(assignment, start_sandbox, suite, heartbeat)
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                job = job_decoder.decode(take_over(jobs))
                connection.send_bytes(encoder.encode(Done(grader.grade(job))))
        grader.sandbox.close()

    with_suite(Path(assignment.checks), Path(assignment.root), drive)


if __name__ == "__main__":
    main()

"""A grader's process: collect the checks, start a zygote, grade what the coordinator sends."""

from __future__ import annotations

import contextlib
import gc
import mmap
import os
import resource
import signal
import socket
import struct
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from numgrade import linux
from numgrade.assignment import Assignment
from numgrade.checks import with_suite
from numgrade.control import Level
from numgrade.errors import CourseError, NumgradeError
from numgrade.grading import Graded, Grader, Job
from numgrade.protection import LEVELS, open_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.checks import Suite
    from numgrade.sandbox import Sandbox

_COLLECT_AFTER = 20_000
"""Objects made since the last collection that start the next; Python's own choice is 700."""

_MEMORY = 2 * 2**30
"""Bytes that a grader may use. A student chooses where f is evaluated, and f runs here."""

_SLACK_SECONDS = 20.0
"""By how much a sign of life may be late before the coordinator kills the grader."""


class Order(msgspec.Struct, frozen=True):
    """What a grader is started with."""

    assignment: Assignment
    allow_weak: bool
    core: int | None
    levels: tuple[Level, ...] = LEVELS


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """A grader cannot start: the course's fault, or the machine's."""

    text: str
    is_course: bool


class Done(msgspec.Struct, frozen=True, tag="done"):
    """A grader has graded a submission."""

    graded: Graded


Message: TypeAlias = Broken | Done

encoder = msgspec.msgpack.Encoder()
_TIME = struct.Struct("d")
order_decoder = msgspec.msgpack.Decoder(Order)
job_decoder = msgspec.msgpack.Decoder(Job)
message_decoder = msgspec.msgpack.Decoder(Message)


def hand_over(sock: socket.socket, content: bytes) -> None:
    """Send something to a grader without ever waiting for it: as a file in memory.

    Written to a socket, a large notebook would block until the grader reads it, while the grader
    may be blocked by a large result that waits to be read here.
    """
    with os.fdopen(os.memfd_create("order"), "wb") as file:
        file.write(content)
        file.flush()
        socket.send_fds(sock, [b"take"], [file.fileno()])


def take_over(sock: socket.socket) -> bytes:
    """Wait for what `hand_over` sends.

    Raises
    ------
    EOFError
        If the coordinator has hung up.
    """
    data, descriptors, *_ = socket.recv_fds(sock, 4, 1)
    if not data:
        raise EOFError
    with os.fdopen(descriptors[0], "rb") as file:
        file.seek(0)
        return file.read()


class Pulse:
    """A time that two processes share: by then the grader's next sign of life is due.

    Parameters
    ----------
    descriptor : int
        Memory that both have, of `SIZE` bytes. It may be closed afterwards.
    """

    SIZE = 8

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, self.SIZE)

    @property
    def due(self) -> float:
        """Time of `time.monotonic`."""
        return float(_TIME.unpack_from(self._memory)[0])

    @due.setter
    def due(self, time: float) -> None:
        _TIME.pack_into(self._memory, 0, time)


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

    def start_sandbox() -> Sandbox:
        return open_sandbox(assignment.limits, allow_weak=order.allow_weak, levels=order.levels)

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

"""A grader's process: collect the checks, start a zygote, grade what the coordinator sends."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from numgrade import linux
from numgrade.assignment import Assignment
from numgrade.checks import with_suite
from numgrade.errors import CourseError, NumgradeError
from numgrade.grading import Graded, Grader, Job
from numgrade.protection import open_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from numgrade.checks import Suite
    from numgrade.sandbox import Sandbox

_COLLECT_AFTER = 20_000
"""Objects made since the last collection that start the next; Python's own choice is 700."""

_SLACK_SECONDS = 20.0
"""By how much a sign of life may be late before the coordinator kills the grader."""


class Order(msgspec.Struct, frozen=True):
    """What a grader is started with."""

    assignment: Assignment
    allow_weak: bool
    core: int | None


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """A grader cannot start: the course's fault, or the machine's."""

    text: str
    is_course: bool


class Done(msgspec.Struct, frozen=True, tag="done"):
    """A grader has graded a submission."""

    graded: Graded


Message: TypeAlias = Broken | Done

encoder = msgspec.msgpack.Encoder()
job_decoder = msgspec.msgpack.Decoder(Job)
message_decoder = msgspec.msgpack.Decoder(Message)


def serve(order: Order, connection: Connection[Any, Any], deadline: Any) -> None:  # noqa: ANN401
    """Be a grader: grade jobs until the coordinator hangs up."""
    linux.die_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's to handle
    if order.core is not None:
        os.sched_setaffinity(0, {order.core})
    _be_silent()

    def heartbeat(seconds: float) -> None:
        deadline.value = time.monotonic() + seconds + _SLACK_SECONDS

    try:
        _grade_all(order, connection, heartbeat)
    except NumgradeError as error:
        broken = Broken(str(error), isinstance(error, CourseError))
        with contextlib.suppress(OSError):
            connection.send_bytes(encoder.encode(broken))


def _grade_all(
    order: Order, connection: Connection[Any, Any], heartbeat: Callable[[float], None]
) -> None:
    assignment = order.assignment

    def start_sandbox() -> Sandbox:
        return open_sandbox(assignment.limits, allow_weak=order.allow_weak)

    def drive(suite: Suite) -> None:
        gc.freeze()  # what is loaded now stays: the collector need not walk it again and again
        gc.set_threshold(_COLLECT_AFTER)
        grader = Grader(assignment, start_sandbox, suite, heartbeat)
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                job = job_decoder.decode(connection.recv_bytes())
                connection.send_bytes(encoder.encode(Done(grader.grade(job))))
        grader.sandbox.close()

    with_suite(Path(assignment.checks), Path(assignment.root), drive)


def _be_silent() -> None:
    """Send what checks print nowhere: it can hold expected values."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)

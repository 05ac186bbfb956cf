"""What passes between the coordinator and its graders: orders, jobs, results, signs of life."""

from __future__ import annotations

import mmap
import os
import socket
import struct
from typing import TypeAlias

import msgspec

from numgrade.assignment import Assignment
from numgrade.control import Level
from numgrade.desk import Graded, Job
from numgrade.protection import LEVELS


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

"""What grader and zygote say to each other: spawn a worker, report how one ended.

Both sides are ours; still the messages are typed, like everything that crosses a process.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

MAX_MESSAGE = 4096

Level = Literal["A", "B", "C"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How to confine workers: the same for all workers of a zygote.

    `readable` are the folders that hold Python and its packages, `scratch` is the one in which
    every worker has a folder of its own; `cpu_seconds` is the CPU time that one worker may use;
    `cells` are cells of the released notebook, which workers will run, to be compiled beforehand;
    `draws` says that workers will use Matplotlib, which is to be loaded.
    """

    level: Level
    readable: tuple[str, ...]
    scratch: str
    scratch_mb: int
    cpu_seconds: int
    cells: tuple[str, ...] = ()
    draws: bool = False


class Spawn(msgspec.Struct, tag="spawn", frozen=True):
    """Order: fork a worker; the socket of its channel comes along as a descriptor."""

    scratch: str
    address_space: int


class Reap(msgspec.Struct, tag="reap", frozen=True):
    """Order: wait for a worker that has ended or was killed."""

    pid: int


class Spawned(msgspec.Struct, tag="spawned", frozen=True):
    """Reply: the worker's process id here; a pidfd comes along as a descriptor."""

    pid: int


class Reaped(msgspec.Struct, tag="reaped", frozen=True):
    """Reply: the wait status, as `os.waitpid` gives it, and the CPU time used, in seconds."""

    status: int
    cpu_seconds: float


Order: TypeAlias = Spawn | Reap
Report: TypeAlias = Spawned | Reaped

order_decoder = msgspec.msgpack.Decoder(Order)
report_decoder = msgspec.msgpack.Decoder(Report)
encoder = msgspec.msgpack.Encoder()

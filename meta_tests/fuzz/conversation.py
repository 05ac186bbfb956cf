"""A worker that says what it is told to: what we test is the grader's side of a conversation."""

from __future__ import annotations

import signal
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from numgrade.control import Reaped
from numgrade.errors import MalformedFrame
from numgrade.protocol import Channel
from numgrade.settings import LimitValues
from numgrade.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numgrade.repair import RunnableCell
    from numgrade.sandbox import Sandbox

SECONDS = 5.0
_OTHER_END = ThreadPoolExecutor(1)
_OTHER_END.submit(int).result()  # its thread, and that thread's memory, exist from now on


def framed(body: bytes, arrays: bytes = b"") -> bytes:
    """Return a frame whose header fits."""
    return struct.pack("<II", len(body), len(arrays)) + body + arrays


class ScriptedWorker:
    """In the place of a `sandbox.Worker`: answers each request with the next of its frames."""

    def __init__(self, frames: Sequence[bytes]) -> None:
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours)
        self.is_dead = False
        self._playing = _OTHER_END.submit(_play, theirs, frames)

    def kill(self) -> Reaped:
        """Hang up."""
        self.is_dead = True
        self.channel.close()
        self._playing.result()
        return Reaped(signal.SIGKILL, 0.0)

    def wait(self, _seconds: float) -> Reaped:
        """Hang up at once: there is no process to wait for."""
        return self.kill()


class ScriptedSandbox:
    """In the place of a `Sandbox`: each worker that it starts has a script of its own."""

    def __init__(self, *scripts: Sequence[bytes]) -> None:
        self.workers: list[ScriptedWorker] = []
        self._scripts = iter(scripts)

    def spawn(self, *, draws: bool) -> ScriptedWorker:  # noqa: ARG002 - as a sandbox has it
        """Start the next worker."""
        self.workers.append(ScriptedWorker(next(self._scripts)))
        return self.workers[-1]


def submission_with(sandbox: ScriptedSandbox, *cells: RunnableCell) -> Submission:
    """Return a submission whose workers follow their scripts."""
    limits = LimitValues(cell_seconds=SECONDS, check_seconds=SECONDS)
    submission = Submission(cast("Sandbox", sandbox), cells, limits)
    submission.begin_check("exercise")
    return submission


def _play(theirs: socket.socket, frames: Sequence[bytes]) -> None:
    channel = Channel(theirs)
    channel.deadline = time.monotonic() + SECONDS
    with theirs, suppress(OSError, MalformedFrame):
        for frame in frames:
            channel.receive_request()
            theirs.sendall(frame)

"""What a Dask worker does for us: it keeps the kit of an assignment, and owns graders.

The functions here are the tasks that the coordinator sends. They take and return bytes, so that
nothing of a student's is ever pickled. The worker's own process runs no student code and no check:
a grader of its own does, started as on the coordinator's machine, with the same sandbox.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TypeAlias

import msgspec
from distributed import get_worker

from numgrade import __version__
from numgrade.errors import CourseError, NumgradeError
from numgrade.executor import LocalExecutor, Lost
from numgrade.grader import Broken, Done, encoder, job_decoder, order_decoder
from numgrade.kit import moved, unpack

_IDLE_SECONDS = 120.0
"""After this long a grader without work is stopped: its coordinator may be gone for good."""


class Fallen(msgspec.Struct, frozen=True, tag="fallen"):
    """A grader was lost over the job; the worker is well."""


class Unequipped(msgspec.Struct, frozen=True, tag="unequipped"):
    """The worker does not have the kit: it is not the process that was given it."""


class Greeting(msgspec.Struct, frozen=True):
    """What a worker says of itself."""

    version: str
    has_kit: bool


Reply: TypeAlias = Done | Broken | Fallen | Unequipped

reply_decoder = msgspec.msgpack.Decoder(Reply)
greeting_decoder = msgspec.msgpack.Decoder(Greeting)


def greet(digest: str) -> bytes:
    """Return a `Greeting`."""
    return encoder.encode(Greeting(__version__, _folder(digest).is_dir()))


def equip(digest: str, archive: bytes) -> None:
    """Keep a kit, in a folder of this worker's that is named by its digest."""
    unpack(archive, _folder(digest))


def grade(digest: str, order: bytes, job: bytes) -> bytes:
    """Grade one job; return a `Reply`."""
    folder = _folder(digest)
    if not folder.is_dir():
        return encoder.encode(Unequipped())
    return encoder.encode(_grade(folder, order, job))


def dismiss(order: bytes) -> None:
    """Stop the graders of an order: there is nothing more for them to do."""
    _bench.clear(order)


def _folder(digest: str) -> Path:
    return Path(get_worker().local_directory) / "numgrade" / digest


def _grade(folder: Path, order: bytes, job: bytes) -> Reply:
    executor = _bench.take(folder, order)
    try:
        (end,) = executor.go_on([job_decoder.decode(job)])
    except (NumgradeError, OSError) as error:
        executor.close()
        original = order_decoder.decode(order).assignment.root
        return Broken(str(error).replace(str(folder), original), isinstance(error, CourseError))
    _bench.put(folder, order, executor)
    return Fallen() if isinstance(end, Lost) else Done(end)


class _Bench:
    """Graders that wait for their next job: as many as threads of this worker have had one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[float, Path, bytes, LocalExecutor]] = []
        self._is_watched = False

    def take(self, folder: Path, order: bytes) -> LocalExecutor:
        """Return a grader that works to an order, a new one if none waits."""
        with self._lock:
            for index, (_, of_folder, of_order, executor) in enumerate(self._waiting):
                if (of_folder, of_order) == (folder, order):
                    del self._waiting[index]
                    return executor
        wanted = order_decoder.decode(order)
        here = msgspec.structs.replace(wanted, assignment=moved(wanted.assignment, folder))
        # One try: the next is another worker's. Not pinned: workers do not know of each other.
        return LocalExecutor(here, 1, tries=1, pinned=False)

    def put(self, folder: Path, order: bytes, executor: LocalExecutor) -> None:
        """Let a grader wait."""
        with self._lock:
            self._waiting.append((time.monotonic(), folder, order, executor))
            if not self._is_watched:
                self._is_watched = True
                threading.Thread(target=self._watch, name="numgrade idle", daemon=True).start()

    def clear(self, order: bytes | None = None, since: float = float("inf")) -> None:
        """Stop those of an order, or of any, that have waited since then."""
        with self._lock:
            leaving = [
                each for each in self._waiting if order in {None, each[2]} and each[0] <= since
            ]
            self._waiting = [each for each in self._waiting if each not in leaving]
        for *_, executor in leaving:
            executor.close()

    def _watch(self) -> None:
        while self._is_watched:
            time.sleep(_IDLE_SECONDS / 4)
            self.clear(since=time.monotonic() - _IDLE_SECONDS)
            with self._lock:
                self._is_watched = bool(self._waiting)


_bench = _Bench()

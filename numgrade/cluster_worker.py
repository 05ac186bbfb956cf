"""What a Dask worker does for us: it keeps the kit of an assignment, and owns graders.

The functions here are the tasks that the coordinator sends. They take and return bytes, so that
nothing of a student's is ever pickled. The worker's own process runs no student code and no check:
a grader of its own does, started as on the coordinator's machine, with the same sandbox.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from distributed import get_worker

from numgrade import __version__
from numgrade.errors import CourseError, NumgradeError
from numgrade.executor import LocalExecutor, Lost
from numgrade.kit import moved, unpack
from numgrade.orders import Broken, Done, encoder, job_decoder, order_decoder

if TYPE_CHECKING:
    from numgrade.orders import Order

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


def grade(run: str, digest: str, order: bytes, job: bytes) -> bytes:
    """Grade one job of a run; return a `Reply`."""
    folder = _folder(digest)
    if not folder.is_dir():
        return encoder.encode(Unequipped())
    wanted = order_decoder.decode(order)
    here = msgspec.structs.replace(wanted, assignment=moved(wanted.assignment, folder))
    executor = _bench.take(run, here)
    try:
        (end,) = executor.go_on([job_decoder.decode(job)])
    except Exception as error:  # noqa: BLE001 - of what is raised, Dask logs the arguments as well
        executor.close()
        kind = "" if isinstance(error, NumgradeError) else f"{type(error).__name__}: "
        said = kind + _of_the_original(str(error), folder, wanted)
        return encoder.encode(Broken(said, isinstance(error, CourseError)))
    _bench.put(run, executor)
    return encoder.encode(Fallen() if isinstance(end, Lost) else Done(end))


def dismiss(run: str) -> None:
    """Stop the graders of a run: there is nothing more for them to do."""
    _bench.dismiss(run)


def _folder(digest: str) -> Path:
    return Path(get_worker().local_directory) / "numgrade" / digest


def _of_the_original(text: str, folder: Path, order: Order) -> str:
    """Say of the course what was said of our copy; pytest names files as seen from here."""
    for ours in (str(folder), os.path.relpath(folder)):
        text = text.replace(ours, order.assignment.root)
    return text


class _Bench:
    """Graders that wait for their next job: as many as threads of this worker have had one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, float, LocalExecutor]] = []
        self._dismissed: set[str] = set()
        self._is_watched = False

    def take(self, run: str, order: Order) -> LocalExecutor:
        """Return a grader of a run, a new one if none waits."""
        with self._lock:
            for index, (of_run, _, executor) in enumerate(self._waiting):
                if of_run == run:
                    del self._waiting[index]
                    return executor
        # One try: the next is another worker's. Not pinned: workers do not know of each other.
        return LocalExecutor(order, 1, tries=1, pinned=False)

    def put(self, run: str, executor: LocalExecutor) -> None:
        """Let a grader wait, unless its run has ended meanwhile."""
        with self._lock:
            if run not in self._dismissed:
                self._waiting.append((run, time.monotonic(), executor))
                if not self._is_watched:
                    self._is_watched = True
                    threading.Thread(target=self._watch, name="idle graders", daemon=True).start()
                return
        executor.close()

    def dismiss(self, run: str) -> None:
        """Stop the graders of a run: those that wait now, those at work when they are done."""
        with self._lock:
            self._dismissed.add(run)
            leaving = [each for each in self._waiting if each[0] == run]
            self._waiting = [each for each in self._waiting if each[0] != run]
        _close(leaving)

    def _watch(self) -> None:
        while self._is_watched:
            time.sleep(_IDLE_SECONDS / 4)
            since = time.monotonic() - _IDLE_SECONDS
            with self._lock:
                leaving = [each for each in self._waiting if each[1] <= since]
                self._waiting = [each for each in self._waiting if each[1] > since]
                self._is_watched = bool(self._waiting)
            _close(leaving)


def _close(leaving: list[tuple[str, float, LocalExecutor]]) -> None:
    for *_, executor in leaving:
        executor.close()


_bench = _Bench()

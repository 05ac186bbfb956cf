"""Local graders: one process a core, each with its own zygote, watched by the coordinator.

`LocalExecutor.run` takes jobs and yields graded submissions as they come. A grader that dies or
shows no sign of life is killed; what it had in hand goes to another, and after the second time
comes back unscored: that is our failure, not the student's. The workers of a cluster grade with it
too, one job after the other.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

import msgspec

from numgrade.desk import Job
from numgrade.errors import CourseError, InfrastructureError
from numgrade.orders import Broken, Order, Pulse, encoder, hand_over, message_decoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numgrade.desk import Graded

MAX_TRIES = 2
MAX_LOST_IN_A_ROW = 8
_START_SECONDS = 120.0
_IN_HAND = 2
"""Jobs that a grader holds: the one it grades and the next, so that it never waits for us."""

_POLL_SECONDS = 0.5
_RECYCLE_AFTER = 2000
"""Submissions after which a grader is replaced: a leak in a check cannot grow for ever."""


class Lost(msgspec.Struct, frozen=True):
    """A job that took its grader down twice: it comes back unscored."""

    job: Job
    reason: str


class LocalExecutor:
    """Grades jobs in processes on this machine.

    Parameters
    ----------
    order : Order
        What to grade and how; its core is set per grader.
    workers : int
        Number of graders.
    tries : int, optional
        Graders that a job may take down until it comes back as lost.
    pinned : bool, optional
        Whether each grader keeps to a core of its own, if there are enough; for who has the
        machine to themselves.
    """

    def __init__(
        self, order: Order, workers: int, *, tries: int = MAX_TRIES, pinned: bool = True
    ) -> None:
        self._order = order
        self._workers = workers
        self._tries = tries
        self._cores = sorted(os.sched_getaffinity(0))
        self._pinned = pinned and workers <= len(self._cores)
        self._graders: list[_Grader] = []
        self._started = 0
        self._lost_in_a_row = 0

    def warm_up(self) -> None:
        """Start the graders before the first job is there; it takes them seconds."""
        while len(self._graders) < self._workers:
            self._graders.append(self._start())

    def run(self, jobs: Iterable[Job]) -> Iterator[Graded | Lost]:
        """Yield every job's graded submission, in the order in which they are done.

        Raises
        ------
        CourseError
            If the course is broken.
        InfrastructureError
            If no grader can start on this machine.
        """
        try:
            yield from self.go_on(jobs)
        finally:
            self.close()

    def go_on(self, jobs: Iterable[Job]) -> Iterator[Graded | Lost]:
        """Do as `run` does, but keep the graders for the next jobs, until `close`."""
        queue, graders = Queue(jobs), self._graders
        while True:
            if len(graders) < self._workers and queue.has_more():
                graders.append(self._start())
            for grader in graders:
                grader.feed(queue)
            if not any(grader.in_hand for grader in graders) and not queue.has_more():
                return
            more_to_start = len(graders) < self._workers and queue.has_more()
            patience = 0.0 if more_to_start else _POLL_SECONDS
            ready = wait([grader.connection for grader in graders], patience)
            for grader in [each for each in graders if each.connection in ready]:
                yield from grader.receive()
            for grader in [each for each in graders if each.has_ended]:
                graders.remove(grader)
                grader.stop()
                yield from self._take_back(grader, queue)

    def close(self) -> None:
        """Stop all graders."""
        while self._graders:
            self._graders.pop().stop()

    def _take_back(self, grader: _Grader, queue: Queue) -> Iterator[Lost]:
        """Take back what a grader had in hand; give up on what lost too many.

        Raises
        ------
        InfrastructureError
            If grader after grader is lost without having graded anything.
        """
        self._lost_in_a_row = 0 if grader.has_graded else self._lost_in_a_row + 1
        if self._lost_in_a_row > MAX_LOST_IN_A_ROW:
            raise InfrastructureError(
                f"{self._lost_in_a_row} graders in a row were lost before they graded anything: "
                "is memory or disk space short?"
            )
        if grader.in_hand:
            suspect, *waiting = grader.in_hand
            queue.put_back(waiting)
            yield from queue.retry(suspect, "grader", self._tries)

    def _start(self) -> _Grader:
        # Both ends of a wire on one core: a round trip then costs half.
        core = self._cores[self._started % len(self._cores)]
        self._started += 1
        return _Grader(msgspec.structs.replace(self._order, core=core if self._pinned else None))


class _Grader:
    """A grader's process, seen from the coordinator."""

    def __init__(self, order: Order) -> None:
        self._jobs, orders = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.connection, results = multiprocessing.Pipe(duplex=False)
        memory = os.memfd_create("pulse")
        os.ftruncate(memory, Pulse.SIZE)
        self._pulse = Pulse(memory)
        passed = (orders.fileno(), results.fileno(), memory)
        # Of its own, so that nothing stays behind of a grader that is killed.
        self._folder = tempfile.TemporaryDirectory(prefix="numgrade-", ignore_cleanup_errors=True)
        # A program of its own: multiprocessing would run the caller's main module once more.
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-m", "numgrade.grader", *map(str, passed)],
            pass_fds=passed,
            env={**os.environ, "TMPDIR": self._folder.name},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        orders.close()
        results.close()
        os.close(memory)
        self._fed = 0
        self._hung_up = False
        self.has_graded = False
        self.in_hand: deque[Job] = deque()
        self._give(encoder.encode(order))

    @property
    def is_lost(self) -> bool:
        """Whether the process is gone, or has missed the time of its next sign of life."""
        late = bool(self.in_hand) and time.monotonic() > self._pulse.due
        return self._hung_up or late

    @property
    def is_worn(self) -> bool:
        """Whether the process has graded its share."""
        return self._fed >= _RECYCLE_AFTER

    @property
    def has_ended(self) -> bool:
        """Whether another is to take its place."""
        return self.is_lost or (self.is_worn and not self.in_hand)

    def feed(self, queue: Queue) -> None:
        """Give the grader jobs up to what it may have in hand."""
        while len(self.in_hand) < _IN_HAND and self._takes_more() and queue.has_more():
            job = queue.pop()
            if not self.in_hand:
                self._pulse.due = time.monotonic() + _START_SECONDS
            self.in_hand.append(job)
            self._fed += 1
            self._give(encoder.encode(job))

    def _give(self, content: bytes) -> None:
        try:
            hand_over(self._jobs, content)
        except OSError:
            self._hung_up = True

    def _takes_more(self) -> bool:
        return not self.is_worn and not self._hung_up

    def receive(self) -> Iterator[Graded]:
        """Yield what the grader has done."""
        try:
            message = message_decoder.decode(self.connection.recv_bytes())
        except (EOFError, OSError):
            self._hung_up = True
            return
        if isinstance(message, Broken):
            kind = CourseError if message.is_course else InfrastructureError
            raise kind(message.text)
        self.in_hand.popleft()
        self.has_graded = True
        yield message.graded

    def stop(self) -> None:
        """Kill the process, and remove its files; its zygote and workers die with it."""
        self.connection.close()
        self._jobs.close()
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


class Queue:
    """The jobs to be done: read one by one as graders ask, and those that came back."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = iter(jobs)
        self._returned: deque[Job] = deque()
        self._tries: dict[tuple[str, str], int] = {}

    def has_more(self) -> bool:
        """Tell whether there is another job."""
        if not self._returned:
            self._returned.extend(itertools.islice(self._jobs, 1))
        return bool(self._returned)

    def pop(self) -> Job:
        """Return the next job; there must be one."""
        return self._returned.popleft()

    def put_back(self, jobs: Iterable[Job]) -> None:
        """Take jobs back that nobody has begun."""
        self._returned.extend(jobs)

    def retry(self, suspect: Job, lost: str, tries: int) -> Iterator[Lost]:
        """Take a job back with which something was lost; give up on it after so many tries.

        Parameters
        ----------
        suspect : Job
            The job.
        lost : str
            What was lost while it had the job: a grader, or a machine.
        tries : int
            After how many losses of that kind it is given up.
        """
        key = suspect.student, lost
        count = self._tries[key] = self._tries.get(key, 0) + 1
        if count < tries:
            self._returned.append(suspect)
        else:
            times = "once" if count == 1 else f"{count} times"
            yield Lost(suspect, f"The {lost} was lost {times} while it had this submission.")

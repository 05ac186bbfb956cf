"""The workers of a Dask cluster, seen from the coordinator: who is there, and who has which job."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import uuid
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from distributed import KilledWorker

from numgrade import __version__, cluster_worker
from numgrade.cluster_worker import Fallen, Unequipped, greeting_decoder, reply_decoder
from numgrade.errors import CourseError, InfrastructureError, NumgradeError
from numgrade.executor import MAX_LOST_IN_A_ROW, MAX_TRIES, Lost, Queue
from numgrade.kit import Kit
from numgrade.orders import Broken, encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from distributed import Client

    from numgrade.desk import Graded, Job
    from numgrade.orders import Order

End: TypeAlias = "Graded | Lost"
_T = TypeVar("_T")

MAX_WORKERS_LOST = 4
"""Workers that may be lost over a job: most are lost for other reasons than what they grade."""

_LEAVE_SECONDS = 10.0
_PATIENCE_SECONDS = 120.0
"""How long to wait for a first worker, or for another after the last one: a queue may be long."""

_POLL_SECONDS = 0.5
_NEEDED = f"Scheduler and workers need numgrade {__version__} and its extra: numgrade[dask]."


class Member:
    """A Dask worker, seen from the coordinator."""

    def __init__(self, address: str, threads: int) -> None:
        self.address = address
        self.threads = threads
        self.greeting: asyncio.Task[None] | None = None
        self.in_hand: dict[asyncio.Task[bytes], Job] = {}
        self.fallen: set[str] = set()
        self.fallen_in_a_row = 0
        self.is_refused = False

    @property
    def is_ready(self) -> bool:
        """Whether it can be given jobs."""
        return not self.is_refused and self.greeting is None

    def give_up(self) -> list[Job]:
        """Wait no longer for anything; return the jobs that were in hand, oldest first."""
        for task in (self.greeting, *self.in_hand):
            if task is not None:
                task.cancel()
        jobs = list(self.in_hand.values())
        self.greeting = None
        self.in_hand.clear()
        return jobs


class Crew:
    """The workers of a cluster, and what they have in hand.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler; `leave` closes it.
    order : Order
        What to grade and how.
    notice : callable
        Called with a sentence about each worker that is refused.
    """

    def __init__(self, client: Client, order: Order, notice: Callable[[str], None]) -> None:
        self._client = client
        self._kit = Kit.of(order.assignment)
        self._order = encoder.encode(order)
        self._run = uuid.uuid4().hex
        self._notice = notice
        self._members: dict[str, Member] = {}
        self._asked = itertools.count()
        self._mustered = 0.0
        self._seen = time.monotonic()
        self._has_graded = False
        self._refusals: list[str] = []

    @property
    def is_at_work(self) -> bool:
        """Whether anybody has a job in hand."""
        return any(member.in_hand for member in self._members.values())

    async def work(self, queue: Queue) -> list[End]:
        """Hand out jobs, wait for a moment or until something is done; return what is."""
        ends = await self._muster(queue)
        members = list(self._members.values())
        for full in (1, 2):  # first something for everybody
            for member in members:
                if member.is_ready:
                    self._feed(member, full * member.threads, queue)
        greetings = [member.greeting for member in members if member.greeting is not None]
        tasks = [*greetings, *(task for member in members for task in member.in_hand)]
        if ends:
            return ends
        if not tasks:
            await asyncio.sleep(_POLL_SECONDS)
            return []
        done, _ = await asyncio.wait(
            tasks, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        for member in members:
            if member.greeting in done:
                self._welcome(member, member.greeting)
            for task in [task for task in member.in_hand if task in done]:
                if task in member.in_hand:  # what was done before may have ended all
                    ends += self._settle(member, task, queue)
        return ends

    async def leave(self) -> None:
        """Have the graders stopped, and go."""
        for member in self._members.values():
            member.give_up()
        with contextlib.suppress(Exception):  # whatever it is, the cluster is not ours to mend
            dismissed = self._client.run(cluster_worker.dismiss, self._run, on_error="ignore")
            await asyncio.wait_for(dismissed, _LEAVE_SECONDS)
        await self._client.close()

    async def _muster(self, queue: Queue) -> list[End]:
        """See who has come and who is gone.

        Raises
        ------
        InfrastructureError
            If there is nobody left to wait for.
        """
        now = time.monotonic()
        if now - self._mustered < _POLL_SECONDS:
            return []
        self._mustered = now
        try:
            present = await self._client.nthreads()
        except (OSError, ValueError) as error:
            raise InfrastructureError("the Dask scheduler is gone.") from error
        ends: list[End] = []
        for address in self._members.keys() - present.keys():
            ends += self._lose(self._members.pop(address), queue)
        for address in present.keys() - self._members.keys():
            member = self._members[address] = Member(address, present[address])
            member.greeting = _begin(self._greet(member))
        if any(not member.is_refused for member in self._members.values()):
            self._seen = now
        elif self._members:
            raise InfrastructureError(
                "no worker of the cluster can grade. " + "; ".join(self._refusals)
            )
        elif now - self._seen > _PATIENCE_SECONDS:
            raise InfrastructureError(
                f"the cluster has had no worker for {_PATIENCE_SECONDS:g} seconds: start some with "
                "`dask worker ADDRESS`."
            )
        return ends

    async def _ask(self, member: Member, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - as Dask has it
        """Call a function in a worker, and nowhere else should that worker be lost."""
        future = self._client.submit(
            function,
            *arguments,
            workers=[member.address],
            pure=False,
            priority=-next(self._asked),  # first come, first served
        )
        try:
            return await future
        except CancelledError as error:  # Dask's, which is not asyncio's
            raise asyncio.CancelledError from error
        finally:
            future.release()

    async def _greet(self, member: Member) -> None:
        """Get a worker ready, with the kit unless it has it from before."""
        kit = self._kit
        greeting = greeting_decoder.decode(
            await self._ask(member, cluster_worker.greet, kit.digest)
        )
        if greeting.version != __version__:
            raise InfrastructureError(f"it has numgrade {greeting.version}, and not {__version__}")
        if not greeting.has_kit:
            await self._ask(member, cluster_worker.equip, kit.digest, kit.archive)

    def _welcome(self, member: Member, greeting: asyncio.Task[None]) -> None:
        member.greeting = None
        if greeting.cancelled():
            del self._members[member.address]  # if it is still there, it is greeted again
        elif error := greeting.exception():
            ours = isinstance(error, NumgradeError)
            self._refuse(member, str(error) if ours else f"{_first_line(error)} {_NEEDED}")

    def _feed(self, member: Member, full: int, queue: Queue) -> None:
        """Give a worker jobs up to what it may have in hand."""
        while len(member.in_hand) < full and queue.has_more():
            job = queue.pop()
            if job.student in member.fallen and self._has_others(member):
                queue.put_back([job])  # for another: it may be the worker that is unwell
                return
            arguments = (self._run, self._kit.digest, self._order, encoder.encode(job))
            work = self._ask(member, cluster_worker.grade, *arguments)
            member.in_hand[_begin(work)] = job

    def _has_others(self, member: Member) -> bool:
        others = (each for each in self._members.values() if each is not member)
        return any(each.is_ready for each in others)

    def _settle(self, member: Member, task: asyncio.Task[bytes], queue: Queue) -> Iterator[End]:
        """Take what a worker says of a job.

        Raises
        ------
        CourseError
            If the course is broken.
        """
        job = member.in_hand.pop(task)
        if task.cancelled():  # with the scheduler, as will turn out
            queue.put_back([job])
            return
        error = task.exception()
        if isinstance(error, KilledWorker):
            yield from queue.retry(job, "worker", MAX_WORKERS_LOST)
            return
        if error is not None:
            queue.put_back([job])
            self._refuse(member, _first_line(error), queue)
            return
        reply = reply_decoder.decode(task.result())
        if isinstance(reply, Broken):
            # Where others have graded, it is not the course that lacks something.
            if reply.is_course and not self._has_graded:
                raise CourseError(reply.text)
            queue.put_back([job])
            self._refuse(member, reply.text, queue)
        elif isinstance(reply, Fallen):
            member.fallen.add(job.student)
            member.fallen_in_a_row += 1
            yield from queue.retry(job, "grader", MAX_TRIES)
            if member.fallen_in_a_row > MAX_LOST_IN_A_ROW:
                self._refuse(member, f"{member.fallen_in_a_row} graders in a row were lost", queue)
        elif isinstance(reply, Unequipped):
            queue.put_back(self._members.pop(member.address).give_up())
            yield from queue.retry(job, "worker", MAX_WORKERS_LOST)  # with the process before
        else:
            member.fallen_in_a_row = 0
            self._has_graded = True
            yield reply.graded

    def _refuse(self, member: Member, reason: str, queue: Queue | None = None) -> None:
        """Give a worker nothing more."""
        member.is_refused = True
        if queue is not None:
            queue.put_back(member.give_up())
        self._refusals.append(f"worker {member.address} is refused: {reason}")
        self._notice(self._refusals[-1])

    def _lose(self, member: Member, queue: Queue) -> Iterator[End]:
        """Take back what a worker had in hand: it is gone."""
        jobs = member.give_up()
        queue.put_back(jobs[member.threads :])
        for job in jobs[: member.threads]:
            yield from queue.retry(job, "worker", MAX_WORKERS_LOST)


def _begin(work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
    """Start a task. Whoever gives it up need not ask what became of it, as asyncio wants."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda task: task.cancelled() or task.exception())
    return task


def _first_line(error: BaseException) -> str:
    """Return what an exception of Dask's is, and the first line of what it says."""
    return f"{type(error).__name__}: {error}".splitlines()[0]

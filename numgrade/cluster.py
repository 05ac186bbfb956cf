"""Graders on a Dask cluster: `LocalExecutor`'s part, played by the workers of a scheduler.

The coordinator hands each worker as many jobs as keep its threads busy, and no more: it knows what
was lost with a worker, and a class of any size takes the same memory. See docs/cluster.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

import dask
from distributed import Client

from numgrade.crew import Crew
from numgrade.errors import NumgradeError
from numgrade.executor import Queue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numgrade.desk import Graded, Job
    from numgrade.executor import Lost
    from numgrade.orders import Order

_CONNECT_SECONDS = 10.0


class ClusterExecutor:
    """Grades jobs on the workers of a Dask cluster.

    Parameters
    ----------
    order : Order
        What to grade and how.
    address : str
        The scheduler's address.
    notice : callable
        Called with a sentence for the person who waits: a worker that is refused, say.
    """

    def __init__(self, order: Order, address: str, notice: Callable[[str], None]) -> None:
        self._order = order
        self._address = address
        self._notice = notice

    def warm_up(self) -> None:
        """There is nothing to start: the workers are there."""

    def close(self) -> None:
        """There is nothing to end: the workers stay."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Graded | Lost]:
        """Yield every job's graded submission, in the order in which they are done.

        Raises
        ------
        CourseError
            If the course is broken.
        InfrastructureError
            If no worker can grade, or the scheduler is lost.
        NumgradeError
            If there is no scheduler at the address.
        """
        queue = Queue(jobs)
        if not queue.has_more():
            return
        # A notebook of many megabytes is what was handed in, and no mistake in a graph.
        large = {"distributed.admin.large-graph-warning-threshold": "1TB"}
        with _without_logs(), dask.config.set(large), asyncio.Runner() as runner:
            client = runner.run(_connect(self._address))
            crew = Crew(client, self._order, self._notice)
            try:
                while crew.is_at_work or queue.has_more():
                    yield from runner.run(crew.work(queue))
            finally:
                runner.run(crew.leave())


async def _connect(address: str) -> Client:
    """Connect to a scheduler.

    Raises
    ------
    NumgradeError
        If there is none.
    """
    client = Client(address, asynchronous=True, timeout=_CONNECT_SECONDS, set_as_default=False)
    try:
        await client
    except (OSError, ValueError) as error:
        await client.close()
        raise NumgradeError(
            f"--cluster {address}: no Dask scheduler answers there: is the address right "
            "(tcp://HOST:PORT), and is it running?"
        ) from error
    return client


@contextlib.contextmanager
def _without_logs() -> Iterator[None]:
    """Keep Dask from telling at length what we say in a sentence."""
    names = ("distributed", "distributed.client")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)

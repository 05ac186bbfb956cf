"""When a run is stopped before its end: by a signal, or by what goes wrong around it."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from numgrade.errors import InfrastructureError
from numgrade.results import SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from numgrade.store import ResultStore


class Stopped(KeyboardInterrupt):
    """A signal asked the run to stop: as Ctrl-C does, which has no number here.

    Parameters
    ----------
    number : int
        The signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Have SIGTERM and SIGHUP stop the block as Ctrl-C does, unless somebody sees to them.

    For the main thread. Under nohup, SIGHUP stays ignored.

    Raises
    ------
    Stopped
        In the block, when such a signal comes.
    """
    ours = [
        number
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is signal.SIG_DFL
    ]
    for number in ours:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise Stopped(number)


@contextmanager
def noting_how_far(
    store: ResultStore, students: Sequence[str], checks_sha256: str, *, force: bool
) -> Iterator[None]:
    """Add to whatever stops a run, through no fault of the course, a note of what is kept.

    Parameters
    ----------
    store : ResultStore
        The results: what stands in it is on the disk.
    students : sequence of str
        Those who are to be graded.
    checks_sha256 : str
        The checks that now count.
    force : bool
        Whether results from before the run are to be replaced, too.
    """
    try:
        yield
    except (InfrastructureError, OSError, KeyboardInterrupt) as error:
        if force:
            kept, others = store.appended, "the others keep the result that they had."
        else:
            known = (store.latest[student] for student in students if student in store.latest)
            unscored = SubmissionStatus.UNSCORED
            kept = sum(
                each.checks_sha256 == checks_sha256 and each.status is not unscored
                for each in known
            )
            others = "run the same command again to go on."
        error.add_note(f"{kept} of {len(students)} are graded and kept; {others}")
        raise

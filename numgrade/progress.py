"""Progress on a terminal as a bar, in a pipe as plain lines."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Column
from rich.text import Text

from numgrade.results import SubmissionStatus
from numgrade.wording import quoted

if TYPE_CHECKING:
    from rich.progress import Task

    from numgrade.results import SubmissionResult

_LINE_EVERY_SECONDS = 5.0
_UNITS = {"s": 1, "min": 60, "h": 3600}
_FAILURES = (SubmissionStatus.UNSCORED, SubmissionStatus.UNREADABLE)
"""What a person will want to look at, worst first."""


class Progress:
    """Shows how far a run is, how fast, what failed and what took longest. A context manager.

    Parameters
    ----------
    quiet : bool, optional
        Show nothing.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._is_live = self._console.is_interactive and not quiet
        self._bar = Bar(
            TextColumn("grading"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            _Facts(self),
            console=self._console,
            expand=True,
            disable=not self._is_live,
        )
        self._task = self._bar.add_task("grading", total=None)
        self._total = self._kept = self._graded = 0
        self._failures: Counter[SubmissionStatus] = Counter()
        self._slowest: SubmissionResult | None = None
        self._started = self._spoke = time.monotonic()

    def advance(self, result: SubmissionResult, total: int, kept: int) -> None:
        """Count one result of `total`.

        Parameters
        ----------
        result : SubmissionResult
            The result.
        total : int
            How many there will be.
        kept : int
            How many of those until now, with this one, are from an earlier run.
        """
        if kept > self._kept:
            self._kept = kept
            if not self._graded:  # what has passed until now says nothing about the rate
                self._started = time.monotonic()
        else:
            self._graded += 1
            if self._slowest is None or result.seconds > self._slowest.seconds:
                self._slowest = result
        self._failures[result.status] += 1
        self._show(total)

    def facts(self) -> str:
        """Return how fast it goes, what is left, what failed and what took longest."""
        rate = self._graded / max(time.monotonic() - self._started, 1e-9)
        left = self._total - self._kept - self._graded
        facts = [f"{self._kept} unchanged"] if self._kept else []
        if self._graded:
            facts.append(_per_unit(rate))
            if left:
                facts.append(f"{timedelta(seconds=round(left / rate))} left")
        facts += [f"{self._failures[each]} {each}" for each in _FAILURES if self._failures[each]]
        if self._slowest is not None:
            facts.append(f"slowest {quoted(self._slowest.student)} {self._slowest.seconds:.1f} s")
        return ", ".join(facts)

    def _show(self, total: int) -> None:
        self._total, done = total, self._kept + self._graded
        self._bar.update(self._task, total=total, completed=done)
        now = time.monotonic()
        if not self._is_live and (now - self._spoke > _LINE_EVERY_SECONDS or done == total):
            self._spoke = now
            line = f"graded {done} of {total}, {self.facts()}"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def __enter__(self) -> Self:
        """Start the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the bar."""
        self._bar.stop()


class _Facts(ProgressColumn):
    """What there is to say beside a bar; the end of it goes first where the terminal is narrow."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(Column(no_wrap=True, overflow="ellipsis"))
        self._progress = progress

    def render(self, task: Task) -> Text:  # noqa: ARG002 - rich's signature
        """Return them, as of now: time goes on while nothing comes."""
        return Text(self._progress.facts())


def _per_unit(rate: float) -> str:
    """Return a rate per second, minute or hour, in the first unit that makes it at least 1."""
    for unit, seconds in _UNITS.items():
        if rate * seconds >= 1:
            return f"{rate * seconds:.0f}/{unit}"
    return "less than 1/h"

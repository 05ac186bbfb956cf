"""Progress on a terminal as a bar, in a pipe as plain lines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from numgrade.results import SubmissionResult

_LINE_EVERY_SECONDS = 5.0


class Progress:
    """Shows how far a run is. A context manager.

    Parameters
    ----------
    quiet : bool, optional
        Show nothing.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._bar = Bar(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("grading", total=None, rate="")
        self._done = 0
        self._started = self._spoke = time.monotonic()

    def advance(self, _result: SubmissionResult, total: int) -> None:
        """Count one result of `total`."""
        self._done += 1
        now = time.monotonic()
        rate = f"{self._done / max(now - self._started, 1e-9):.0f}/s"
        self._bar.update(self._task, total=total, completed=self._done, rate=rate)
        due = now - self._spoke > _LINE_EVERY_SECONDS or self._done == total
        if due and not self._console.is_terminal:
            self._spoke = now
            self._console.print(f"graded {self._done} of {total}, {rate}")

    def __enter__(self) -> Self:
        """Start the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the bar."""
        self._bar.stop()

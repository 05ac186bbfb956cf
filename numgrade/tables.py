"""What the command line prints about a class."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from numgrade.results import CheckStatus, SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numgrade.results import ExerciseResult, SubmissionResult

_SHOWN = 2
"""Checks and students that a row names; the rest is a number."""


class _Exercise:
    """What a class made of one exercise; added up, since a class may be of any size."""

    def __init__(self, max_score: float) -> None:
        self.max_score = max_score
        self.count = 0
        self.total = 0.0
        self.losers = 0
        self.first_losers: list[str] = []
        self.lost: Counter[str] = Counter()

    def add(self, student: str, exercise: ExerciseResult) -> None:
        """Count a student's result."""
        self.count += 1
        self.total += exercise.score
        self.lost.update(_lost_checks(exercise))
        if exercise.score < exercise.max_score:
            self.losers += 1
            if len(self.first_losers) < _SHOWN:
                self.first_losers.append(student)

    def cells(self, name: str) -> Iterator[str]:
        """Yield the cells of the exercise's row."""
        yield name
        yield f"{self.total / self.count:.2f} / {self.max_score:g}"
        yield f"{self.count - self.losers} of {self.count}"
        often = sorted(self.lost.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
        yield "\n".join(escape(f"{check} ({count})") for check, count in often)
        more = self.losers - len(self.first_losers)
        yield escape(", ".join(self.first_losers)) + (f" +{more}" if more else "")


class _Class:
    """What a class made of an assignment."""

    def __init__(self, results: Iterable[SubmissionResult]) -> None:
        self.states: Counter[SubmissionStatus] = Counter()
        self.exercises: dict[str, _Exercise] = {}
        self._scored = 0
        self._total = 0.0
        self._levels: set[str] = set()
        for result in results:
            self._add(result)

    def _add(self, result: SubmissionResult) -> None:
        self.states[result.status] += 1
        self._levels.update(filter(None, [result.protection]))
        if result.score is not None:
            self._scored += 1
            self._total += result.score
        if result.status is SubmissionStatus.GRADED:
            for exercise in result.exercises:
                row = self.exercises.setdefault(exercise.name, _Exercise(exercise.max_score))
                row.add(result.student, exercise)

    def summary(self) -> str:
        """Return the class in a line."""
        counts = ", ".join(
            f"{self.states[status]} {status}" for status in SubmissionStatus if self.states[status]
        )
        average = f"; mean score {self._total / self._scored:.2f}" if self._scored else ""
        protection = f"; protection {', '.join(sorted(self._levels))}" if self._levels else ""
        size = self.states.total()
        return f"{size} student{'s'[: size != 1]}: {counts}{average}{protection}"


def class_table(results: Iterable[SubmissionResult]) -> Table:
    """Return a table: each exercise, its mean, the checks most often lost, and by whom."""
    whole = _Class(results)
    table = Table(title=whole.summary(), title_justify="left")
    table.add_column("exercise", no_wrap=True)
    table.add_column("mean", justify="right", no_wrap=True)
    table.add_column("full marks", justify="right", no_wrap=True)
    table.add_column("checks lost most often")
    table.add_column("by")
    for name, exercise in whole.exercises.items():
        table.add_row(*exercise.cells(name))
    return table


def _lost_checks(exercise: ExerciseResult) -> set[str]:
    """Return the names of the checks that were lost, each once whatever its parameters."""
    return {
        check.name.removeprefix("test_").partition("[")[0].replace("_", " ")
        for check in exercise.checks
        if check.status is not CheckStatus.PASSED
    }

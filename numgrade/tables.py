"""What the command line prints about a class."""

from __future__ import annotations

import math
from collections import Counter
from statistics import mean
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from numgrade.margins import WANTED, factor, words
from numgrade.results import CheckStatus, SubmissionStatus
from numgrade.trials import measuring_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numgrade.margins import Margin
    from numgrade.results import ExerciseResult, SubmissionResult
    from numgrade.verify import Report

_SHOWN = 2
"""Checks and students that a row names; the rest is a number."""


def class_table(results: Sequence[SubmissionResult]) -> Table:
    """Return a table: each exercise, its mean, the checks most often lost, and by whom."""
    scored = [result for result in results if result.status is SubmissionStatus.GRADED]
    table = Table(title=_summary(results), title_justify="left")
    table.add_column("exercise", no_wrap=True)
    table.add_column("mean", justify="right", no_wrap=True)
    table.add_column("full marks", justify="right", no_wrap=True)
    table.add_column("checks lost most often")
    table.add_column("by")
    for name in _exercises(scored):
        found = [
            (result.student, exercise)
            for result in scored
            for exercise in result.exercises
            if exercise.name == name
        ]
        losers = [student for student, exercise in found if exercise.score < exercise.max_score]
        lost = Counter(check for _, exercise in found for check in _lost_checks(exercise))
        table.add_row(
            name,
            f"{mean(exercise.score for _, exercise in found):.2f} / {found[0][1].max_score:g}",
            f"{len(found) - len(losers)} of {len(found)}",
            "\n".join(f"{check} ({count})" for check, count in lost.most_common(_SHOWN)),
            _some(losers),
        )
    return table


def margins_table(report: Report) -> Table:
    """Return a table: each check, and how far right and wrong solutions stay from its limit."""
    table = Table(title=_tried(report), title_justify="left")
    table.add_column("check", min_width=23)
    table.add_column("right:\nbelow", justify="right", no_wrap=True)
    table.add_column("wrong:\nabove", justify="right", no_wrap=True)
    table.add_column("closest mistake")
    table.add_column("caught", justify="right", no_wrap=True)
    table.add_column("calls\nof f", justify="right", no_wrap=True)
    exercise = ""
    for margin in report.margins:
        if margin.exercise != exercise:
            exercise = margin.exercise
            table.add_section()
            table.add_row(f"[bold]{exercise}[/]")
        evaluations, _ = report.evaluations.get((exercise, margin.check), (0, ""))
        table.add_row(
            escape(f"  {words(margin.check)}"),
            _side(margin, margin.below),
            _side(margin, margin.above),
            escape(margin.wrong.name.replace("-", " ")),
            str(len(margin.caught)),
            str(evaluations),
        )
    return table


def _side(margin: Margin, value: float) -> str:
    """Return a factor; there is none where no numbers are compared, or errors are 0."""
    shown = f"{factor(value)}x" if margin.is_numeric and math.isfinite(value) else "-"
    return shown if value >= WANTED else f"[red]{shown}[/]"


def _tried(report: Report) -> str:
    counts = ", ".join(f"{count} {kind}s" for kind, count in report.counts.items())
    return (
        f"{report.assignment}: {counts}; {report.seeds} seeds, {measuring_seeds(report.seeds)} of "
        f"them for the margins of mistakes; {report.seconds:.0f} s, "
        f"{report.cpu_seconds:.0f} s of processor time"
    )


def claims_in_lines(report: Report) -> Iterator[str]:
    """Yield what holds and what does not, with what speaks against it; then the notes."""
    for claim in report.claims:
        yield (
            f"[green]holds[/]  {escape(claim.text)}"
            if claim.holds
            else (f"[red]FAILS[/]  {escape(claim.text)}")
        )
        yield from (f"         {escape(problem)}" for problem in claim.problems)
    yield from (f"[yellow]note[/]   {escape(note)}" for note in report.notes)


def _lost_checks(exercise: ExerciseResult) -> set[str]:
    """Return the names of the checks that were lost, each once whatever its parameters."""
    return {
        check.name.removeprefix("test_").partition("[")[0].replace("_", " ")
        for check in exercise.checks
        if check.status is not CheckStatus.PASSED
    }


def _summary(results: Sequence[SubmissionResult]) -> str:
    states = Counter(result.status for result in results)
    scores = [result.score for result in results if result.score is not None]
    counts = ", ".join(
        f"{states[status]} {status}" for status in SubmissionStatus if states[status]
    )
    average = f"; mean score {mean(scores):.2f}" if scores else ""
    levels = sorted({result.protection for result in results if result.protection})
    protection = f"; protection {', '.join(levels)}" if levels else ""
    noun = "student" if len(results) == 1 else "students"
    return f"{len(results)} {noun}: {counts}{average}{protection}"


def _exercises(results: Sequence[SubmissionResult]) -> list[str]:
    names = (exercise.name for result in results for exercise in result.exercises)
    return list(dict.fromkeys(names))


def _some(students: Sequence[str]) -> str:
    shown = ", ".join(students[:_SHOWN])
    more = len(students) - _SHOWN
    return f"{shown} +{more}" if more > 0 else shown

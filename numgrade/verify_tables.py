"""What the command line prints about a verification."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from numgrade.margins import WANTED, factor, words
from numgrade.trials import measuring_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numgrade.margins import Margin
    from numgrade.verify import Report


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

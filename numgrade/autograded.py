"""Writing the autograded notebook, as nbgrader itself would have written it, verdicts included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import escape

from numgrade.master import NBFORMAT
from numgrade.outputs import CellOutcome, CleanOutcome, Output, clean_outcomes
from numgrade.results import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numgrade.repair import Repaired, RepairedCell
    from numgrade.results import CheckResult, ExerciseResult

STATUS_IN_WORDS = {
    CheckStatus.PASSED: "passed",
    CheckStatus.FAILED: "not passed",
    CheckStatus.ERROR: "ended with an error",
    CheckStatus.TIMED_OUT: "took too long",
    CheckStatus.KILLED: "stopped: the program crashed or hit a limit",
    CheckStatus.NOT_RUN: "could not be run; not the student's fault",
}

_LEFT = 'style="text-align: left"'
_NOTHING = CleanOutcome()


def finish(
    repaired: Repaired,
    outcomes: Mapping[int, CellOutcome],
    exercises: Iterable[ExerciseResult] = (),
) -> bytes:
    """Return the autograded notebook: nbformat 4.5, as JSON.

    Parameters
    ----------
    repaired : Repaired
        The submission, put right.
    outcomes : mapping of int to CellOutcome
        What running the cells gave, by the cell's index. Outcomes that `clean_outcomes` has not
        seen are cleaned here: nothing of the worker's is written as it came.
    exercises : iterable of ExerciseResult, optional
        The verdicts; each becomes the first output of its grade cell.
    """
    cleaned = clean_outcomes(outcomes)
    verdicts = {exercise.name: exercise for exercise in exercises}
    cells = [
        _cell(cell, cleaned.get(index, _NOTHING), verdicts.get(cell.grade_id or ""))
        for index, cell in enumerate(repaired.cells)
    ]
    return _encode(cells, repaired.metadata)


def placeholder(reasons: Iterable[str]) -> bytes:
    """Return what stands in autograded/ for a submission that is not a notebook.

    nbgrader needs a notebook there to skip the submission and to show it. The reasons are a
    comment in a code cell: the one place where no text of a student's can become markup.
    """
    lines = [line for reason in reasons for line in reason.splitlines()]
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "unreadable",
        "metadata": {},
        "source": "\n".join(f"# {line}" for line in lines).splitlines(keepends=True),
        "execution_count": None,
        "outputs": [],
    }
    return _encode([cell], {})


def verdict_output(exercise: ExerciseResult) -> Output:
    """Return the verdict on an exercise as an output of its grade cell.

    It is an `execute_result` whose plain text is the score: the first such output is what
    nbgrader's own `determine_grade` reads, so nbgrader comes to the same score should it ever read
    this notebook by itself. People see the table.
    """
    table = (
        f'<table class="dataframe"><caption>{escape(exercise.name)}: {exercise.score:g} of '
        f"{exercise.max_score:g} points</caption><thead><tr>"
        f'<th scope="col" {_LEFT}>Check</th><th scope="col">Result</th><th scope="col">Points</th>'
        f'<th scope="col" {_LEFT}>Message</th></tr></thead><tbody>'
        f"{''.join(_row(check) for check in exercise.checks)}</tbody></table>"
    )
    return {
        "output_type": "execute_result",
        "data": {"text/plain": repr(float(exercise.score)), "text/html": table},
        "metadata": {},
        "execution_count": None,
    }


def _encode(cells: list[dict[str, Any]], metadata: dict[str, Any]) -> bytes:
    notebook = {
        "cells": cells,
        "metadata": metadata,
        "nbformat": NBFORMAT[0],
        "nbformat_minor": NBFORMAT[1],
    }
    return msgspec.json.format(msgspec.json.encode(notebook), indent=1) + b"\n"


def _row(check: CheckResult) -> str:
    return (
        f'<tr><th scope="row" {_LEFT}>{escape(check.title or check.name)}</th>'
        f"<td>{STATUS_IN_WORDS[check.status]}</td>"
        f"<td>{check.points:g} of {check.max_points:g}</td>"
        f"<td {_LEFT}>{escape(check.message)}</td></tr>"
    )


def _cell(
    cell: RepairedCell, outcome: CleanOutcome, exercise: ExerciseResult | None
) -> dict[str, Any]:
    written: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": cell.id,
        "metadata": cell.metadata,
        "source": cell.source.splitlines(keepends=True),
    }
    if cell.cell_type == "code":
        verdict = [verdict_output(exercise)] if exercise else []
        written["execution_count"] = outcome.execution_count
        written["outputs"] = verdict + outcome.outputs
    elif cell.attachments:
        written["attachments"] = cell.attachments
    return written

"""The marks as Canvas and Moodle import them. What has no score has an empty cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numgrade.results import CheckStatus, SubmissionStatus
from numgrade.spreadsheet import number_cell, table, text_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numgrade.results import SubmissionResult
    from numgrade.roster import Roster

_POSSIBLE = "Points Possible"
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def canvas(assignment: str, results: Sequence[SubmissionResult], roster: Roster) -> bytes:
    """Return a Canvas gradebook CSV: a row of the points possible, and a row a student.

    Canvas looks a student up by its own number (`ID`), else by `SIS User ID`, else by `SIS Login
    ID`, else by name. Whether a student's id here is the one or the other of the two in the middle
    is the school's affair, so it stands in both.
    """
    possible = number_cell(max(result.max_score for result in results))
    rows = [(*_CANVAS, text_cell(assignment)), (f"    {_POSSIBLE}", "", "", "", "", possible)]
    for result in results:
        person = roster.person(result.student)
        # A row whose first cell speaks of the points possible would be taken for those.
        name = text_cell(person.name(result.student)).replace(_POSSIBLE, _POSSIBLE.lower())
        student = text_cell(result.student)
        score = number_cell(result.score)
        rows.append((name, text_cell(person.platform_id), student, student, "", score))
    return table(rows)


def moodle(assignment: str, results: Sequence[SubmissionResult]) -> bytes:
    """Return a CSV for Moodle's grade import: who, the points, and feedback in a few words.

    On Moodle's page the first column is to be mapped to a student's ID number, user name or e-mail
    address, whichever the ids here are. There is one such column, and it is never empty: Moodle
    takes a row that names nobody for one more of the student before.
    """
    header = ("ID number", text_cell(assignment), text_cell(f"{assignment} (feedback)"))
    rows: list[Sequence[str]] = [header]
    for result in results:
        score, said = number_cell(result.score), text_cell(_said(result))
        rows.append((text_cell(result.student), score, said))
    return table(rows)


def _said(result: SubmissionResult) -> str:
    """Return what a student is told: for each exercise its points, and the checks that were lost.

    Nothing where there is no score: feedback without a grade would clear the grade in Moodle.
    """
    match result.status:
        case SubmissionStatus.UNSCORED:
            return ""
        case SubmissionStatus.MISSING | SubmissionStatus.UNREADABLE:
            return " ".join(result.warnings)
    return "; ".join(_exercises(result))


def _exercises(result: SubmissionResult) -> Iterable[str]:
    for exercise in result.exercises:
        name = exercise.name.replace("_", " ")
        points = f"{number_cell(exercise.score)} of {number_cell(exercise.max_score)}"
        lost = [
            (check.title or check.name).rstrip(".")
            for check in exercise.checks
            if check.status is not CheckStatus.PASSED
        ]
        yield f"{name} {points}" + (f" (not passed: {', '.join(lost)})" if lost else "")

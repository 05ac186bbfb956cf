"""nbgrader's own CSV of one assignment, without a zero for what has no score."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from numgrade.errors import CourseError
from numgrade.export import OrderedCsv
from numgrade.roster import opened
from numgrade.spreadsheet import table, text_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numgrade.course import Course
    from numgrade.results import SubmissionResult

_TEXTS = ("student_id", "last_name", "first_name", "email")
_SCORES = ("raw_score", "late_submission_penalty", "score")


def marks_csv(course: Course, assignment: str, results: Sequence[SubmissionResult]) -> bytes:
    """Return what `nbgrader export` writes of an assignment: with marks by hand, and penalties.

    nbgrader gives zero to whoever has no marks. Here a student whose submission could not be
    scored, or of whom there is no record at all, has empty cells.

    Raises
    ------
    CourseError
        If there is no gradebook yet.
    InfrastructureError
        If the gradebook cannot be used.
    """
    scored = {result.student for result in results if result.score is not None}
    with opened(course) as gradebook, tempfile.TemporaryDirectory() as folder:
        if gradebook is None:
            raise CourseError(
                f"{course.root} has no gradebook; `numgrade grade {assignment}` first"
            )
        file = Path(folder) / "marks.csv"
        OrderedCsv(to=str(file), assignment=[assignment]).export(_Quoted(gradebook))
        with file.open(newline="") as lines:
            header, *rows = csv.reader(lines)
    return table([header, *(_cells(dict(zip(header, row, strict=True)), scored) for row in rows)])


def _cells(row: dict[str, str], scored: set[str]) -> list[str]:
    if row["student_id"] not in scored:
        row |= dict.fromkeys(_SCORES, "")
    row |= {name: text_cell(row[name]) for name in _TEXTS}
    return list(row.values())


class _Student(NamedTuple):
    id: str
    last_name: str
    first_name: str
    email: str


class _Quoted:
    """A gradebook whose texts are in quotation marks: nbgrader's plugin writes them as they are."""

    def __init__(self, gradebook: Any) -> None:  # noqa: ANN401 - nbgrader is untyped
        self._gradebook = gradebook
        self.assignments = gradebook.assignments
        self._ids = {_quoted(each.id): each.id for each in gradebook.students}
        self.students = [
            _Student(*(_quoted(getattr(each, name)) for name in _Student._fields))
            for each in gradebook.students
        ]

    def find_submission(self, assignment: str, student: str) -> Any:  # noqa: ANN401 - as above
        """Return a submission.

        Raises
        ------
        nbgrader.api.MissingEntry
            If there is none.
        """
        return self._gradebook.find_submission(assignment, self._ids[student])


def _quoted(text: str | None) -> str:
    return '"' + (text or "").replace('"', '""') + '"'

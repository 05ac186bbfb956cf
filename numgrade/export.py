"""`nbgrader export`: the same file from every database.

nbgrader leaves to the database where students without a name stand, how names are sorted, and in
which order points are added up: the last digit of a total follows from it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from nbgrader.plugins import CsvExportPlugin

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = 6
"""Those of the records, too."""


class OrderedCsv(CsvExportPlugin):  # type: ignore[misc]
    """nbgrader's CSV file, sorted by last name, first name and id, totals without noise."""

    def export(self, gradebook: Any) -> None:  # noqa: ANN401 - nbgrader is untyped
        """Write the file.

        Parameters
        ----------
        gradebook : nbgrader.api.Gradebook
            What is to be exported.
        """
        super().export(_Ordered(gradebook))


class _Assignment(NamedTuple):
    name: str
    duedate: datetime | None
    max_score: float


class _Submission(NamedTuple):
    timestamp: datetime | None
    score: float
    late_submission_penalty: float


class _Ordered:
    """As much of a gradebook as nbgrader's plugin asks for."""

    def __init__(self, gradebook: Any) -> None:  # noqa: ANN401 - as above
        self._gradebook = gradebook

    @property
    def assignments(self) -> Iterator[_Assignment]:
        """The assignments; first those that are never due."""
        by_date = lambda each: (each.duedate or datetime.min, each.name)  # noqa: DTZ901, E731 - nbgrader's dates have no zone
        for each in sorted(self._gradebook.assignments, key=by_date):
            yield _Assignment(each.name, each.duedate, round(each.max_score, _DIGITS))

    @property
    def students(self) -> list[Any]:
        """The students; first those without a name."""
        by_name = lambda each: (each.last_name or "", each.first_name or "", each.id)  # noqa: E731 - short
        return sorted(self._gradebook.students, key=by_name)

    def find_submission(self, assignment: str, student: str) -> _Submission:
        """Return a submission.

        Raises
        ------
        nbgrader.api.MissingEntry
            If there is none.
        """
        found = self._gradebook.find_submission(assignment, student)
        penalty = round(found.late_submission_penalty, _DIGITS)
        return _Submission(found.timestamp, round(found.score, _DIGITS), penalty)

"""The records of an assignment, in the formats that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numgrade.files import folder_below, naming, write_into
from numgrade.gradescope import gradescope
from numgrade.junit import junit
from numgrade.learning_platforms import canvas, moodle
from numgrade.marks_csv import marks_csv
from numgrade.roster import read_roster
from numgrade.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numgrade.course import Course
    from numgrade.results import SubmissionResult
    from numgrade.roster import Roster

A_FILE_EACH = "gradescope"
_SAME = 1e-6


def as_one_file(
    course: Course, assignment: str, results: Sequence[SubmissionResult], name: str
) -> tuple[bytes, list[str]]:
    """Return the records of a class in one of the formats, and what is to be known of it.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        The assignment.
    results : sequence of SubmissionResult
        Its records.
    name : str
        "canvas", "moodle", "junit" or "nbgrader".

    Raises
    ------
    CourseError
        If nbgrader's format is wanted and there is no gradebook.
    InfrastructureError
        If the gradebook cannot be used.
    """
    if name == "junit":
        return junit(assignment, results), []
    if name == "nbgrader":
        return marks_csv(course, assignment, results), []
    roster = read_roster(course, assignment)
    remarks = list(_remarks(results, roster))
    if name == "moodle":
        return moodle(assignment, results), remarks
    return canvas(assignment, results, roster), remarks


def _remarks(results: Sequence[SubmissionResult], roster: Roster) -> Iterator[str]:
    """Yield what a table of points from checks alone does not show."""
    others = [
        result.student
        for result in results
        if result.score is not None
        and abs(roster.marks.get(result.student, result.score) - result.score) > _SAME
    ]
    if others:
        yield (
            f"the gradebook has other marks of {listed(others)}, given by hand or after a penalty; "
            "what was written are the points from checks. --format nbgrader has the others."
        )


def in_a_file_each(results: Sequence[SubmissionResult], folder: Path) -> int:
    """Write Gradescope's results.json of each student; return how many.

    They go to `folder`/<student>/results.json. One that an earlier export has written for a student
    who has no score now is removed.

    Raises
    ------
    OSError
        If a file cannot be written, or a link is in the way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for result in results:
        content = gradescope(result)
        if content is None:
            (folder / result.student / "results.json").unlink(missing_ok=True)
            continue
        with (
            naming(folder / result.student),
            folder_below(folder, [result.student], make=True) as own,
        ):
            write_into(own, "results.json", content)
        written += 1
    return written

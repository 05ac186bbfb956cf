"""The records of an assignment, for what shows them and grades nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numgrade.errors import CourseError
from numgrade.store import latest_results

if TYPE_CHECKING:
    from numgrade.course import Course
    from numgrade.store import Results


def records_of(course: Course, assignment: str) -> Results:
    """Return the latest records of an assignment, by student.

    Raises
    ------
    CourseError
        If there are none.
    """
    path = course.results / f"{assignment}.jsonl"
    advice = f"nothing has been graded yet; `numgrade grade {assignment or 'ASSIGNMENT'}` first"
    if path.parent != course.results:
        raise CourseError(f"{assignment!r} is not the name of an assignment")
    try:
        results = latest_results(path)
    except FileNotFoundError:
        raise CourseError(f"{path}: {advice}") from None
    if not results:
        raise CourseError(f"{path}: {advice}")
    return results

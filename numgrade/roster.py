"""Who the students are, and which marks they have, as nbgrader's gradebook knows it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from nbgrader import api
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from numgrade.gradebook_errors import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numgrade.course import Course


class Person(msgspec.Struct, frozen=True):
    """What the gradebook knows of a student beside the id; empty where it knows nothing."""

    last_name: str = ""
    first_name: str = ""
    email: str = ""
    platform_id: str = ""
    """The number by which a learning platform knows the student: nbgrader's lms_user_id."""

    def name(self, student: str) -> str:
        """Return the name as lists sort it, or the id where there is none."""
        return ", ".join(filter(None, [self.last_name, self.first_name])) or student


class Roster(msgspec.Struct, frozen=True):
    """All students of a gradebook, and their marks of one assignment."""

    persons: dict[str, Person] = {}
    marks: dict[str, float] = {}
    """With what a person has marked, and without what a late submission costs."""

    def person(self, student: str) -> Person:
        """Return what is known of a student."""
        return self.persons.get(student, Person())


@contextmanager
def opened(course: Course) -> Iterator[Any]:
    """Open nbgrader's gradebook; give None where there is none yet.

    Raises
    ------
    CourseError
        If the driver for this kind of database is not installed.
    InfrastructureError
        If the database cannot be used.
    """
    with explained(course.db_url):
        address = make_url(course.db_url)
        if address.get_backend_name() == "sqlite" and not _exists(course, address.database):
            yield None
            return
        course_id = str(course.coursedir.course_id)
        with closing(api.Gradebook(course.db_url, course_id)) as gradebook:
            yield gradebook


def _exists(course: Course, database: str | None) -> bool:
    return bool(database) and (course.root / str(database)).is_file()


def read_roster(course: Course, assignment: str) -> Roster:
    """Return the students and marks in a course's gradebook; empty where there is none yet.

    Raises
    ------
    CourseError, InfrastructureError
        As `opened` does.
    """
    with opened(course) as gradebook:
        if gradebook is None:
            return Roster()
        return Roster(_persons(gradebook.db), _marks(gradebook.db, assignment))


def _persons(session: Any) -> dict[str, Person]:  # noqa: ANN401 - nbgrader is untyped
    row = api.Student
    columns = (row.id, row.last_name, row.first_name, row.email, row.lms_user_id)
    return {
        student: Person(*(known or "" for known in rest))
        for student, *rest in session.execute(select(*columns))
    }


def _marks(session: Any, assignment: str) -> dict[str, float]:  # noqa: ANN401 - as above
    row, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    columns = (row.student_id, row.late_submission_penalty)
    query = (
        select(*columns, func.sum(api.Grade.score))
        .join(api.Assignment, api.Assignment.id == row.assignment_id)
        .join(notebook, notebook.assignment_id == row.id)
        .join(api.Grade, api.Grade.notebook_id == notebook.id)
        .where(api.Assignment.name == assignment)
        .group_by(*columns)
    )
    return {
        student: max(0.0, score - (penalty or 0.0))
        for student, penalty, score in session.execute(query)
        if score is not None
    }

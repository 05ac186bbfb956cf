"""Write results into nbgrader's gradebook: the rows that nbgrader itself would write, in bulk.

nbgrader opens its database nine times and commits sixteen times a submission. Here a batch is one
transaction of a few statements, through nbgrader's own models and on any database they work on.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from nbgrader import api
from sqlalchemy import insert, select, update
from traitlets.config import Config

from numgrade.errors import CourseError, InfrastructureError
from numgrade.gradebook_errors import explained, is_passing
from numgrade.gradebook_late import late_penalties
from numgrade.gradebook_rows import Entry, Layout, Marked, NewRows
from numgrade.registration import is_registered, prepare_database, register, wait_for_turn
from numgrade.results import SubmissionStatus

__all__ = ["Entry", "Gradebook"]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

_SLICE = 500
"""Submissions a statement: databases bound the number of parameters of one statement."""


class Gradebook:
    """The gradebook of a course. A context manager; not to be shared among threads.

    Parameters
    ----------
    db_url : str
        The database, as `CourseDirectory.db_url` names it. It is made if it does not exist.
    course_id : str
        nbgrader's name of the course.
    config : traitlets.config.Config, optional
        The course's configuration: the plugin for late penalties is configured there.

    Raises
    ------
    CourseError
        If the driver for this kind of database is not installed.
    InfrastructureError
        If the database cannot be opened, or is not one of nbgrader's.
    """

    def __init__(self, db_url: str, course_id: str = "", config: Config | None = None) -> None:
        self._db_url = db_url
        self._config = config or Config()
        self._layouts: dict[str, Layout] = {}
        with explained(self._db_url):
            prepare_database(db_url, course_id)
            self._gradebook: Any = api.Gradebook(db_url, course_id)
        self._session: Session = self._gradebook.db()

    def __enter__(self) -> Self:
        """Return the gradebook; leaving the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._gradebook.close()

    def ensure_assignment(self, assignment: str, release: Path) -> None:
        """Make the gradebook know the assignment as it was released.

        A gradebook that knows it already, from here or from `nbgrader generate_assignment`, is
        left alone; one that knows an older release is updated as nbgrader would update it.

        Parameters
        ----------
        assignment : str
            Name of the assignment.
        release : pathlib.Path
            The released notebook.

        Raises
        ------
        CourseError
            If the release cannot be read, or no longer has the cells for which submissions in
            the gradebook have marks.
        InfrastructureError
            If the gradebook cannot be written.
        """
        self._layouts.pop(assignment, None)
        if self._knows(assignment, release):
            return
        with explained(self._db_url), self._alone():
            if not self._knows(assignment, release):
                register(self._gradebook, self._db_url, assignment, release)

    def _knows(self, assignment: str, release: Path) -> bool:
        with self._transaction():
            return is_registered(self._session, assignment, release)

    def students(self) -> set[str]:
        """Return the ids of all students whom the gradebook knows, submission or not.

        Raises
        ------
        InfrastructureError
            If the gradebook cannot be read.
        """
        with self._transaction():
            return set(self._session.scalars(select(api.Student.id)))

    def recorded(self, assignment: str) -> set[str]:
        """Return the students whose submission of the assignment has automatic scores.

        A submission that nbgrader has only begun to grade has a row, but no scores.

        Raises
        ------
        InfrastructureError
            If the gradebook cannot be read.
        """
        row, notebook = api.SubmittedAssignment, api.SubmittedNotebook
        scored = (
            select(row.student_id)
            .join(api.Assignment, api.Assignment.id == row.assignment_id)
            .join(notebook, notebook.assignment_id == row.id)
            .join(api.Grade, api.Grade.notebook_id == notebook.id)
            .where(api.Assignment.name == assignment, api.Grade.auto_score.is_not(None))
        )
        with self._transaction():
            return set(self._session.scalars(scored.distinct()))

    def record(self, batch: Iterable[Entry]) -> None:
        """Write a batch in one transaction: all of it is recorded, or nothing.

        As with nbgrader, a manual score survives and is flagged for review, a cell that a person
        marks waits for that person, and a missing submission has no row. An unreadable one has
        zeros. An unscored one leaves everything as it was.

        Raises
        ------
        CourseError
            If results and gradebook do not speak of the same cells and points.
        InfrastructureError
            If the gradebook cannot be written.
        """
        assignments: dict[str, dict[str, Entry]] = {}
        for entry in batch:
            if entry.result.status in {SubmissionStatus.GRADED, SubmissionStatus.UNREADABLE}:
                entries = assignments.setdefault(entry.result.assignment, {})
                entries[entry.result.student] = entry
        for is_last in (False, False, True):
            try:
                with self._transaction():
                    wait_for_turn(self._session.connection())
                    for assignment, entries in assignments.items():
                        self._record(self._layout(assignment), entries)
            except InfrastructureError as error:
                # To write a batch twice changes nothing, so its end need not be known.
                if is_last or not is_passing(error.__cause__):
                    raise
                self._layouts.clear()
            else:
                return

    def _record(self, layout: Layout, entries: Mapping[str, Entry]) -> None:
        for entry in entries.values():
            layout.check(entry.result)
        students = list(entries)
        for start in range(0, len(students), _SLICE):
            marked = {name: Marked(entries[name]) for name in students[start : start + _SLICE]}
            known = self._submissions(layout, marked)
            new = {*marked} - {*known.values()}
            added = self._add(layout, new, marked) if new else {}
            if known:
                self._renew(layout, known, marked)
            if layout.duedate is not None:
                submissions = known | added
                late = late_penalties(self._session, layout, submissions, self._config)
                self._update(api.SubmittedNotebook, late)

    def _submissions(self, layout: Layout, marked: Mapping[str, Marked]) -> dict[str, str]:
        """Return who has a submission in the gradebook, by its id."""
        row = api.SubmittedAssignment
        found = self._session.execute(
            select(row.id, row.student_id).where(
                row.assignment_id == layout.id, row.student_id.in_(marked)
            )
        )
        return {each.id: each.student_id for each in found}

    def _add(
        self, layout: Layout, students: set[str], marked: Mapping[str, Marked]
    ) -> dict[str, str]:
        """Add submissions, and students that are new; return students by submission."""
        known = self._session.scalars(select(api.Student.id).where(api.Student.id.in_(students)))
        self._insert(api.Student, [{"id": name} for name in sorted(students - {*known})])
        rows = NewRows(layout, {student: marked[student] for student in sorted(students)})
        self._insert(api.SubmittedAssignment, rows.submissions)
        self._insert(api.SubmittedNotebook, rows.notebooks)
        self._insert(api.Grade, rows.grades)
        self._insert(api.Comment, rows.comments)
        return {row["id"]: row["student_id"] for row in rows.submissions}

    def _renew(
        self, layout: Layout, submissions: Mapping[str, str], marked: Mapping[str, Marked]
    ) -> None:
        """Write what submissions that the gradebook knows are worth now."""
        self._update(
            api.SubmittedAssignment,
            [{"id": id_, "timestamp": marked[who].timestamp} for id_, who in submissions.items()],
        )
        notebook = api.SubmittedNotebook
        found = self._session.execute(
            select(notebook.id, notebook.assignment_id).where(*layout.notebooks_of(submissions))
        )
        of = {each.id: marked[submissions[each.assignment_id]] for each in found}
        self._update(notebook, [{"id": id_, "late_submission_penalty": None} for id_ in of])
        self._renew_grades(layout, of, len(submissions))
        self._renew_comments(layout, of)

    def _renew_grades(self, layout: Layout, of: Mapping[str, Marked], submissions: int) -> None:
        rows = self._rows_of(api.Grade, api.Grade.manual_score, layout.graded, of)
        if len(rows) != submissions * len(layout.graded):
            raise CourseError(
                f"The gradebook lacks cells of {layout.name!r} in submissions that it holds. "
                "Delete these with `nbgrader db assignment remove`, or restore a backup."
            )
        grades = []
        for grade, cell_id, notebook, manual_score in rows:
            mark = of[notebook].grade(layout.graded[cell_id], manual_score)
            if mark is not None:
                grades.append({"id": grade} | mark)
        self._update(api.Grade, grades)

    def _renew_comments(self, layout: Layout, of: Mapping[str, Marked]) -> None:
        comments = []
        rows = self._rows_of(api.Comment, api.Comment.auto_comment, layout.commented, of)
        for comment, cell_id, notebook, known in rows:
            if known != (remark := of[notebook].auto_comment(layout.commented[cell_id])):
                comments.append({"id": comment, "auto_comment": remark})
        self._update(api.Comment, comments)

    def _rows_of(
        self,
        model: Any,  # noqa: ANN401 - nbgrader is untyped
        column: Any,  # noqa: ANN401 - as above
        cells: Iterable[str],
        notebooks: Iterable[str],
    ) -> Sequence[Any]:
        """Return id, cell, notebook and one column of the grades or comments of notebooks.

        Cells are named first since the index of the table begins with them; nbgrader has none on
        notebooks alone, and all rows of the class would be read.
        """
        return self._session.execute(
            select(model.id, model.cell_id, model.notebook_id, column)
            .where(model.cell_id.in_(cells), model.notebook_id.in_(notebooks))
            .with_for_update()  # a person may be giving a mark to one of these
        ).all()

    def _insert(self, model: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - as above
        if rows:
            self._session.execute(insert(model.__table__), rows)

    def _update(self, model: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - as above
        if rows:
            self._session.execute(update(model), rows)

    def _layout(self, assignment: str) -> Layout:
        if assignment not in self._layouts:
            self._layouts[assignment] = Layout.load(self._session, assignment)
        return self._layouts[assignment]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other machines from registering: nbgrader takes several transactions for it."""
        if self._gradebook.engine.name == "sqlite":
            yield  # one lock for all: ours would keep nbgrader out
            return
        with self._gradebook.engine.begin() as connection:
            wait_for_turn(connection)
            yield

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self._db_url):
            try:
                yield
                self._session.commit()
            except BaseException:
                self._session.rollback()
                raise

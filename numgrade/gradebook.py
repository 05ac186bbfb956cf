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
            part = students[start : start + _SLICE]
            self._add_rows(layout, part)
            marked = {student: Marked(entries[student]) for student in part}
            submissions = self._write_timestamps(layout, marked)
            self._write_scores(layout, marked, submissions)
            self._write_comments(layout, marked, submissions)
            self._write_penalties(layout, submissions)

    def _add_rows(self, layout: Layout, students: Sequence[str]) -> None:
        """Add students and submissions that are new, as `nbgrader.api.Gradebook` would."""
        known = self._session.scalars(select(api.Student.id).where(api.Student.id.in_(students)))
        self._insert(api.Student, [{"id": name} for name in sorted({*students} - {*known})])
        submitted = self._session.scalars(
            select(api.SubmittedAssignment.student_id).where(*layout.submitted_by(students))
        )
        rows = NewRows(layout, sorted({*students} - {*submitted}))
        self._insert(api.SubmittedAssignment, rows.submissions)
        self._insert(api.SubmittedNotebook, rows.notebooks)
        self._insert(api.Grade, rows.grades)
        self._insert(api.Comment, rows.comments)

    def _write_timestamps(self, layout: Layout, marked: Mapping[str, Marked]) -> dict[str, str]:
        """Write the times of submission; return the students, by the id of their submission."""
        row = api.SubmittedAssignment
        found = self._session.execute(
            select(row.id, row.student_id).where(*layout.submitted_by(list(marked)))
        )
        submissions = {each.id: each.student_id for each in found}
        self._update(
            row,
            [
                {"id": submission, "timestamp": marked[student].timestamp}
                for submission, student in submissions.items()
            ],
        )
        return submissions

    def _write_scores(
        self, layout: Layout, marked: Mapping[str, Marked], submissions: Mapping[str, str]
    ) -> None:
        rows = self._rows_of(api.Grade, api.Grade.manual_score, submissions)
        if len(rows) != len(marked) * len(layout.graded):
            raise CourseError(
                f"The gradebook lacks cells of {layout.name!r} in submissions that it holds. "
                "Delete these with `nbgrader db assignment remove`, or restore a backup."
            )
        scores = []
        for grade, cell_id, submission, manual_score in rows:
            cell, entry = layout.graded[cell_id], marked[submissions[submission]]
            if cell.is_task and not entry.is_unreadable:
                continue  # nbgrader leaves tasks to the person who marks them
            score = entry.auto_score(cell)
            needs_person = manual_score is not None or score is None
            scores.append({"id": grade, "auto_score": score, "needs_manual_grade": needs_person})
        self._update(api.Grade, scores)

    def _write_comments(
        self, layout: Layout, marked: Mapping[str, Marked], submissions: Mapping[str, str]
    ) -> None:
        comments = []
        for comment, cell_id, submission, known in self._rows_of(
            api.Comment, api.Comment.auto_comment, submissions
        ):
            entry = marked[submissions[submission]]
            if known != (remark := entry.auto_comment(layout.commented[cell_id])):
                comments.append({"id": comment, "auto_comment": remark})
        self._update(api.Comment, comments)

    def _write_penalties(self, layout: Layout, submissions: Mapping[str, str]) -> None:
        """Ask nbgrader's plugin for the penalty of each late notebook."""
        notebook = api.SubmittedNotebook
        self._session.execute(
            update(notebook)
            .where(notebook.assignment_id.in_(submissions))
            .values(late_submission_penalty=None)
            .execution_options(synchronize_session=False)
        )
        if layout.duedate is None:
            return
        # Imported here: it takes half a second, and few assignments have a date.
        from nbgrader.preprocessors import AssignLatePenalties  # noqa: PLC0415

        penalties: Any = AssignLatePenalties(config=self._config)
        if not penalties.enabled:
            return
        penalties.init_plugin()
        found = select(api.SubmittedAssignment).where(api.SubmittedAssignment.id.in_(submissions))
        for submission in self._session.scalars(found).all():
            seconds = submission.total_seconds_late
            for late in submission.notebooks if seconds > 0 else ():
                penalty = penalties.plugin_inst.late_submission_penalty(
                    submission.student_id, late.score, seconds
                )
                if penalty is not None:
                    bounded = penalties._check_late_penalty(late, penalty)  # noqa: SLF001 - nbgrader's own bounds
                    late.late_submission_penalty = bounded

    def _rows_of(self, model: Any, column: Any, submissions: Mapping[str, str]) -> Sequence[Any]:  # noqa: ANN401 - nbgrader is untyped
        """Return id, cell, submission and one column of all grades or comments of submissions."""
        notebook = api.SubmittedNotebook
        return self._session.execute(
            select(model.id, model.cell_id, notebook.assignment_id, column)
            .join(notebook, notebook.id == model.notebook_id)
            .where(notebook.assignment_id.in_(submissions))
            .with_for_update(of=model)  # a person may be giving a mark to one of these
        ).all()

    def _insert(self, model: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - as above
        if rows:
            self._session.execute(insert(model), rows)

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

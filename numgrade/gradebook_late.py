"""What late submissions lose: nbgrader's plugin decides, as it does within nbgrader."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from nbgrader import api
from sqlalchemy import func, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session
    from traitlets.config import Config

    from numgrade.gradebook_rows import Layout, Row


class _LateNotebook(NamedTuple):
    """As much of a submitted notebook as nbgrader's bounds ask for."""

    id: str
    student: str
    seconds: float
    score: float


def late_penalties(
    session: Session, layout: Layout, submissions: Mapping[str, str], config: Config
) -> list[Row]:
    """Return the rows of notebooks that have a penalty, as the course's plugin gives it.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        The gradebook.
    layout : Layout
        The assignment, which has a date.
    submissions : mapping of str to str
        The students, by the id of their submission.
    config : traitlets.config.Config
        The course's configuration: it names the plugin.
    """
    # Imported here: it takes half a second, and few assignments have a date.
    from nbgrader.preprocessors import AssignLatePenalties  # noqa: PLC0415

    penalties: Any = AssignLatePenalties(config=config)
    if not penalties.enabled:
        return []
    penalties.init_plugin()
    rows = []
    for late in _late_notebooks(session, layout, submissions):
        penalty = penalties.plugin_inst.late_submission_penalty(
            late.student, late.score, late.seconds
        )
        if penalty is not None:
            bounded = penalties._check_late_penalty(late, penalty)  # noqa: SLF001 - nbgrader's own bounds
            rows.append({"id": late.id, "late_submission_penalty": bounded})
    return rows


def _late_notebooks(
    session: Session, layout: Layout, submissions: Mapping[str, str]
) -> Iterator[_LateNotebook]:
    """Yield the late ones; nbgrader's own objects would read the whole class for each."""
    seconds = _seconds_late(session, layout, submissions)
    notebook, grade = api.SubmittedNotebook, api.Grade
    scored = (
        select(notebook.id, notebook.assignment_id, func.coalesce(func.sum(grade.score), 0.0))
        .join(grade, grade.notebook_id == notebook.id)
        .where(*layout.notebooks_of(seconds), grade.cell_id.in_(layout.graded))
        .group_by(notebook.id, notebook.assignment_id)
    )
    for each, submission, score in session.execute(scored):
        yield _LateNotebook(each, submissions[submission], seconds[submission], score)


def _seconds_late(
    session: Session, layout: Layout, submissions: Mapping[str, str]
) -> dict[str, float]:
    """Return how late submissions are that are late, by their ids."""
    row = api.SubmittedAssignment
    found = select(row.id, row.timestamp, row.extension).where(
        row.id.in_(submissions), row.timestamp.is_not(None)
    )
    late = {
        each.id: each.timestamp - layout.duedate - (each.extension or timedelta())
        for each in session.execute(found)
    }
    return {id_: by.total_seconds() for id_, by in late.items() if by > timedelta()}

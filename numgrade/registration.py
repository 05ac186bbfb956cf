"""Make nbgrader's database, and make it know an assignment, as nbgrader's own commands would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
from nbgrader import api
from sqlalchemy import create_engine, func, insert, inspect, select

from numgrade.errors import CourseError
from numgrade.master import Master

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

Cells = dict[tuple[str, str], tuple[object, ...]]
"""What a gradebook knows of a notebook's cells: facts, by the cell's role and grade_id."""

_COURSE_OF_NBGRADER = "default_course"
"""nbgrader adds this one, too, whenever it registers an assignment."""

_KEY = int.from_bytes(b"numgrade")
"""PostgreSQL knows the locks of applications by a number."""

_TURN_MS = 60_000


def prepare_database(db_url: str, course_id: str) -> None:
    """Give a database what it lacks: nbgrader's tables, the version of their schema, the courses.

    nbgrader does so too, but in steps between which another machine's come, and by running the
    `alembic` command, which is found only where the environment has been activated.

    Raises
    ------
    ImportError
        If the driver for this kind of database is not installed.
    sqlalchemy.exc.SQLAlchemyError
        If the database cannot be opened.
    """
    engine = create_engine(db_url)
    # Only a server looks up the course of an assignment; there even one without a name needs a row.
    courses = {_COURSE_OF_NBGRADER, course_id} - ({""} if engine.name == "sqlite" else set())
    try:
        with engine.begin() as connection:
            if _is_prepared(connection, courses):
                return
        with engine.begin() as connection:
            wait_for_turn(connection)
            if not inspect(connection).get_table_names():
                _stamp(connection)
            api.Base.metadata.create_all(connection)
            missing = courses - {*connection.scalars(select(api.Course.id))}
            if missing:
                connection.execute(insert(api.Course), [{"id": name} for name in missing])
    finally:
        engine.dispose()


def _stamp(connection: Connection) -> None:
    """Note nbgrader's current schema as that of the database."""
    # Imported here, and below: they take half a second, once in the life of a gradebook.
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from nbgrader.dbutil import ALEMBIC_DIR  # noqa: PLC0415

    MigrationContext.configure(connection).stamp(ScriptDirectory(ALEMBIC_DIR), "head")


def wait_for_turn(connection: Connection) -> None:
    """Let no other process of ours write until this transaction, which begins here, has ended.

    What is written depends on what is there; without turns, two machines would both find that a
    student is new.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        # A machine that is lost in its turn must not keep all others waiting for hours.
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {_TURN_MS}")
        # Plans are kept: one made for a table that was small would read all of a large one.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.execute(select(func.pg_advisory_xact_lock(_KEY)))


def _is_prepared(connection: Connection, courses: set[str]) -> bool:
    if not {*api.Base.metadata.tables} <= {*inspect(connection).get_table_names()}:
        return False
    return courses <= {*connection.scalars(select(api.Course.id))}


def is_registered(session: Session, assignment: str, release: Path) -> bool:
    """Tell whether the gradebook knows exactly the cells of the released notebook.

    Raises
    ------
    CourseError
        If the release cannot be read.
    """
    named = select(api.Notebook).join(api.Assignment).where(api.Assignment.name == assignment)
    notebooks = session.scalars(named).all()
    known = {notebook.name: _registered_cells(notebook) for notebook in notebooks}
    return known == {release.stem: _released_cells(Master.load(release))}


def register(gradebook: Any, db_url: str, assignment: str, release: Path) -> None:  # noqa: ANN401 - nbgrader is untyped
    """Register the assignment as `nbgrader generate_assignment` would.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        The gradebook, outside of a transaction.
    db_url : str
        Its address: nbgrader's preprocessor opens it again.
    assignment : str
        Name of the assignment.
    release : pathlib.Path
        The released notebook.

    Raises
    ------
    CourseError
        If there are submissions with marks for cells that the release no longer has.
    """
    from nbgrader.preprocessors import SaveCells  # noqa: PLC0415

    record = gradebook.update_or_create_assignment(assignment)
    former = {notebook.name for notebook in record.notebooks} - {release.stem}
    if former and record.submissions:
        raise _marks_at_risk(assignment, f"it had the notebook {min(former)!r}")
    for name in former:
        gradebook.remove_notebook(name, assignment)
    gradebook.db.commit()
    resources = {"nbgrader": {"notebook": release.stem, "assignment": assignment, "db_url": db_url}}
    try:
        SaveCells().preprocess(_read(release), resources)
    except RuntimeError as error:
        raise _marks_at_risk(assignment, "it had other cells") from error


def _read(release: Path) -> Any:  # noqa: ANN401 - nbformat is untyped
    return nbformat.read(release, as_version=4)  # type: ignore[no-untyped-call]


def _marks_at_risk(assignment: str, what: str) -> CourseError:
    return CourseError(
        f"The gradebook holds submissions of an older release of {assignment!r}: {what}. Bring "
        "that release back, or keep a copy of the gradebook, forget the submissions with their "
        f"manual marks by `nbgrader db assignment remove {assignment} --force`, and grade again."
    )


def _released_cells(master: Master) -> Cells:
    cells: Cells = {}
    for cell in master.cells:
        known = cell.nbgrader
        if known is None:
            continue
        name, points = known.grade_id, (known.points, cell.cell_type)
        cells["source", name] = (cell.cell_type, cell.is_locked, cell.source, known.checksum)
        if known.grade:
            cells["grade", name] = points
        if known.solution:
            cells["solution", name] = ()
        if known.task:
            cells["task", name] = points
    return cells


def _registered_cells(notebook: Any) -> Cells:  # noqa: ANN401 - nbgrader is untyped
    cells: Cells = {("solution", cell.name): () for cell in notebook.solution_cells}
    for role, graded in (("grade", notebook.grade_cells), ("task", notebook.task_cells)):
        cells |= {(role, cell.name): (cell.max_score, cell.cell_type) for cell in graded}
    for cell in notebook.source_cells:
        cells["source", cell.name] = (cell.cell_type, cell.locked, cell.source, cell.checksum)
    return cells

"""What a gradebook knows of an assignment's cells, and what one submission means for each cell."""

from __future__ import annotations

import math
import secrets
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import msgspec
from nbgrader import api
from nbgrader.utils import parse_utc
from sqlalchemy import select

from numgrade.errors import CourseError
from numgrade.results import SubmissionResult, SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

NO_RESPONSE = "No response."
"""What nbgrader remarks on an answer that was left as released."""

_ROUNDING = 1e-6

Row = dict[str, Any]


class Entry(NamedTuple):
    """What the gradebook is told about one submission.

    Attributes
    ----------
    result : SubmissionResult
        The marks.
    timestamp : datetime.datetime or None
        The time in the submission's timestamp.txt, None if there is no such file. The formgrader
        takes a submission as graded only where the gradebook has the same time.
    notebook : bytes or None
        The autograded notebook: its cells show which were left without an answer.
    """

    result: SubmissionResult
    timestamp: datetime | None = None
    notebook: bytes | None = None


class Cell(NamedTuple):
    """A cell that bears a mark or a comment. `stub` is its text as released.

    A cell bears a mark if it has a `max_score`. A person gives it for a task and for an answer
    that is not tested (nbgrader's "manually graded answer").
    """

    name: str
    notebook_id: str
    max_score: float | None
    is_task: bool
    is_answer: bool
    stub: str | None


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """An assignment in the gradebook: its cells by their ids there."""

    name: str
    id: str
    duedate: datetime | None
    notebooks: tuple[str, ...]
    graded: dict[str, Cell]
    commented: dict[str, Cell]

    @classmethod
    def load(cls, session: Session, assignment: str) -> Self:
        """Read the layout of an assignment.

        Raises
        ------
        CourseError
            If the gradebook does not know the assignment.
        """
        named = select(api.Assignment).where(api.Assignment.name == assignment)
        found: Any = session.scalars(named).one_or_none()
        if found is None:
            raise CourseError(
                f"The gradebook does not know the assignment {assignment!r}. "
                f"Run `nbgrader generate_assignment {assignment}`."
            )
        graded: dict[str, Cell] = {}
        commented: dict[str, Cell] = {}
        for notebook in found.notebooks:
            stubs = {cell.name: cell.source for cell in notebook.source_cells}
            solutions, tasks = notebook.solution_cells, notebook.task_cells
            answers = {cell.name for cell in solutions}
            graded |= {
                cell.id: _cell(cell, answers, stubs) for cell in (*notebook.grade_cells, *tasks)
            }
            commented |= {cell.id: _cell(cell, answers, stubs) for cell in (*solutions, *tasks)}
        return cls(
            name=assignment,
            id=found.id,
            duedate=found.duedate,
            notebooks=tuple(notebook.id for notebook in found.notebooks),
            graded=graded,
            commented=commented,
        )

    def notebooks_of(self, submissions: Iterable[str]) -> tuple[Any, Any]:
        """Return the conditions for the notebooks of these submissions.

        The index of the table begins with the assignment's notebook; nbgrader has none on
        submissions alone, and all rows of the class would be read.
        """
        row = api.SubmittedNotebook
        return row.notebook_id.in_(self.notebooks), row.assignment_id.in_(submissions)

    def check(self, result: SubmissionResult) -> None:
        """Check that a result speaks of this assignment's cells.

        Raises
        ------
        CourseError
            If an exercise has no cell, or other points than its cell.
        """
        points = {cell.name: cell.max_score for cell in self.graded.values()}
        for exercise in result.exercises:
            name, expected = exercise.name, points.get(exercise.name)
            if expected is None:
                raise CourseError(
                    f"tests/{self.name}/test_{name}.py scores a cell named {name!r}, but the "
                    f"notebook has none. Its graded cells are: {', '.join(sorted(points))}."
                )
            if not math.isclose(expected, exercise.max_score, abs_tol=_ROUNDING):
                raise CourseError(
                    f"The checks in tests/{self.name}/test_{name}.py are worth "
                    f"{exercise.max_score:g} points, the notebook's cell {name!r} {expected:g}. "
                    "Make them agree and run `nbgrader generate_assignment` again."
                )


class NewRows:
    """The rows of submissions that the gradebook does not have yet, as nbgrader mirrors them."""

    def __init__(self, layout: Layout, marked: Mapping[str, Marked]) -> None:
        self.submissions: list[Row] = []
        self.notebooks: list[Row] = []
        self.grades: list[Row] = []
        self.comments: list[Row] = []
        for student, marks in marked.items():
            submission = _new_id()
            self.submissions.append(
                {
                    "id": submission,
                    "assignment_id": layout.id,
                    "student_id": student,
                    "timestamp": marks.timestamp,
                }
            )
            ids = {notebook: _new_id() for notebook in layout.notebooks}
            self.notebooks += [
                {"id": id_, "assignment_id": submission, "notebook_id": notebook}
                for notebook, id_ in ids.items()
            ]
            self.grades += [
                _new_row(cell_id, ids[cell.notebook_id]) | (marks.grade(cell) or _UNMARKED)
                for cell_id, cell in layout.graded.items()
            ]
            self.comments += [
                _new_row(cell_id, ids[cell.notebook_id])
                | {"auto_comment": marks.auto_comment(cell)}
                for cell_id, cell in layout.commented.items()
            ]


_UNMARKED: Row = {"auto_score": None, "needs_manual_grade": True}


def _new_row(cell_id: str, notebook: str) -> Row:
    return {"id": _new_id(), "cell_id": cell_id, "notebook_id": notebook}


def _new_id() -> str:
    """Return a UUID of version 7 (RFC 9562): later ones are greater, but for a millisecond.

    Rows with random keys lie anywhere in a table: the larger it is, the longer each takes.
    """
    milliseconds = time.time_ns() // 1_000_000
    return f"{milliseconds << 80 | secrets.randbits(80) & ~_TOLD | _VERSION_AND_VARIANT:032x}"


_TOLD = 0xF << 76 | 0x3 << 62
_VERSION_AND_VARIANT = 0x7 << 76 | 0x2 << 62


class Marked:
    """One submission, asked cell by cell."""

    def __init__(self, entry: Entry) -> None:
        self.timestamp: datetime | None = parse_utc(entry.timestamp)
        self.is_unreadable = entry.result.status is SubmissionStatus.UNREADABLE
        self._scores = {exercise.name: exercise.score for exercise in entry.result.exercises}
        is_told = entry.notebook is not None and not self.is_unreadable
        self._sources = _sources(entry.notebook or b"") if is_told else None

    def auto_comment(self, cell: Cell) -> str | None:
        """Return nbgrader's remark on a cell."""
        return NO_RESPONSE if not cell.is_task and self._is_left_as_released(cell) else None

    def _is_left_as_released(self, cell: Cell) -> bool:
        return self._sources is not None and self._sources.get(cell.name, cell.stub) == cell.stub

    def grade(self, cell: Cell, manual_score: float | None = None) -> Row | None:
        """Return what a mark becomes; None if it stays: nbgrader leaves tasks to a person.

        A person who has given a score is asked to look again.
        """
        if cell.is_task and not self.is_unreadable:
            return None
        score = self._auto_score(cell)
        needs_person = manual_score is not None or score is None
        return {"auto_score": score, "needs_manual_grade": needs_person}

    def _auto_score(self, cell: Cell) -> float | None:
        """Return the score of a cell; None if a person has to give one.

        A cell without checks of ours is left to a person, whatever it prints: no result is never
        full marks.
        """
        if self.is_unreadable:
            return 0.0
        if cell.name in self._scores:
            return self._scores[cell.name]
        return 0.0 if cell.is_answer and self._is_left_as_released(cell) else None


class _Document(msgspec.Struct):
    cells: list[_NotebookCell]


class _NotebookCell(msgspec.Struct):
    source: str | list[str]
    metadata: _Metadata


class _Metadata(msgspec.Struct):
    nbgrader: _Nbgrader | None = None


class _Nbgrader(msgspec.Struct):
    grade_id: str = ""


def _sources(notebook: bytes) -> dict[str, str]:
    """Return the text of each cell of an autograded notebook that nbgrader manages."""
    document = msgspec.json.decode(notebook, type=_Document)
    return {
        cell.metadata.nbgrader.grade_id: "".join(cell.source)
        for cell in document.cells
        if cell.metadata.nbgrader is not None
    }


def _cell(cell: Any, answers: set[str], stubs: dict[str, str | None]) -> Cell:  # noqa: ANN401 - nbgrader is untyped
    return Cell(
        name=cell.name,
        notebook_id=cell.notebook_id,
        max_score=getattr(cell, "max_score", None),
        is_task=isinstance(cell, api.TaskCell),
        is_answer=cell.name in answers,
        stub=stubs.get(cell.name),
    )

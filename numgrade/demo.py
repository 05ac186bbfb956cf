"""`numgrade demo`: a class of simulated students, graded end to end in a course of its own."""

from __future__ import annotations

import shlex
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console

from numgrade.batch import Options, grade
from numgrade.classroom import SimulatedStudent, simulate
from numgrade.course import CONFIGURATION, Course
from numgrade.errors import CourseError
from numgrade.files import write_atomically
from numgrade.progress import Progress
from numgrade.results import SubmissionStatus
from numgrade.tables import class_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numgrade.results import SubmissionResult

FOLDER = "demo"
_COPIED = ("source", "release", "reference", "tests")


def run_demo(root: Path, size: int, assignment: str | None = None) -> Sequence[SubmissionResult]:
    """Make a course in the folder demo/ of this one, simulate a class in it, and grade it.

    Parameters
    ----------
    root : pathlib.Path
        The course's folder.
    size : int
        Number of students.
    assignment : str, optional
        The assignment; the first of the course by default.

    Raises
    ------
    CourseError
        If `root` is not a course with banks of right and wrong solutions.
    """
    console = Console()
    real = Course.load(root)
    assignment = assignment or _first_assignment(real)
    students = simulate(real, assignment, size)  # what is missing is said before a demo is removed
    course = Course.load(_copy_course(real))
    for student in students:
        hand_in(course, assignment, student)
    console.print(f"A class of {size} simulated students handed in: {course.root / 'submitted'}")
    with Progress() as progress:
        results = grade(course, assignment, Options(), progress.advance)
    console.print(class_table(results))
    _name_pages(console, course, assignment, results)
    return results


def hand_in(course: Course, assignment: str, student: SimulatedStudent) -> None:
    """Put a simulated student's notebook where nbgrader's collect would."""
    folder = course.submitted(student.name, assignment)
    folder.mkdir(parents=True, exist_ok=True)
    if student.notebook is not None:
        write_atomically(folder / course.release(assignment).name, student.notebook)
        now = datetime.now(UTC).replace(tzinfo=None)
        write_atomically(folder / "timestamp.txt", f"{now} UTC\n".encode())


def _first_assignment(course: Course) -> str:
    names = sorted(path.parent.name for path in course.all_checks.glob("*/mistakes"))
    if not names:
        raise CourseError(
            f"{course.all_checks}: no assignment with banks of right and wrong solutions"
        )
    return names[0]


def _copy_course(course: Course) -> Path:
    """Copy what the demo needs, so that it touches no real submission and no real gradebook."""
    target = course.root / FOLDER
    if target.exists() and not (target / CONFIGURATION).exists():
        raise CourseError(f"{target} exists and is not a demo course; move it away first")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in _COPIED:
        if (course.root / name).is_dir():
            shutil.copytree(course.root / name, target / name)
    shutil.copy(course.root / CONFIGURATION, target)
    return target


def _name_pages(
    console: Console, course: Course, assignment: str, results: Sequence[SubmissionResult]
) -> None:
    graded = [result for result in results if result.status is SubmissionStatus.GRADED]
    by_score = sorted(graded, key=lambda result: result.score or 0.0)
    lowest, middle = by_score[:1], by_score[len(by_score) // 2 :][:1]
    page = course.release(assignment).with_suffix(".html").name
    console.print("\nOpen in a browser, a student's feedback:")
    for result in dict.fromkeys(lowest + middle):
        feedback = course.feedback(result.student, assignment) / page
        console.print(f"  {feedback}  ({result.score:g} of {result.max_score:g} points)")
    console.print("The gradebook, in nbgrader's own pages:")
    console.print(
        f"  cd {shlex.quote(str(course.root))} && jupyter lab    then: nbgrader, Formgrader"
    )
    console.print(f"The records: {course.results / assignment}.jsonl")

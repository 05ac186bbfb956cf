"""A class of simulated students, made out of the banks: for the demo, benchmarks and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from numgrade.banks import Solution, read_banks
from numgrade.errors import CourseError

if TYPE_CHECKING:
    from numgrade.course import Course

SHARE_RIGHT = 0.7
"""How many of the simulated answers are right ones."""

_SPOILT = b"PK\x03\x04 a word processor's file with the name of a notebook"


class SimulatedStudent(msgspec.Struct, frozen=True):
    """A student and what they hand in; `notebook` is None if that is nothing."""

    name: str
    notebook: bytes | None
    answers: Mapping[str, Solution]


def simulate(
    course: Course, assignment: str, size: int, seed: int = 2026
) -> list[SimulatedStudent]:
    """Return a class in which every exercise is answered rightly or with a known mistake.

    The first two of a class of ten or more hand in nothing and something that is no notebook.

    Parameters
    ----------
    course : Course
        The course whose release and banks are used.
    assignment : str
        The assignment.
    size : int
        Number of students.
    seed : int, optional
        Seed of the draw.

    Raises
    ------
    CourseError
        If the assignment has no banks.
    """
    release = course.release(assignment).read_bytes()
    by_exercise: dict[str, list[Solution]] = {}
    for solution in read_banks(course.checks(assignment)):
        by_exercise.setdefault(solution.exercise, []).append(solution)
    if not by_exercise:
        raise CourseError(f"{course.checks(assignment)}: no variants/ or mistakes/ to draw from")
    rng = np.random.default_rng(seed)
    width = len(str(size))
    students = []
    for number in range(1, size + 1):
        answers = {name: _draw(bank, rng) for name, bank in by_exercise.items()}
        notebook = fill(release, {name: answer.source for name, answer in answers.items()})
        students.append(SimulatedStudent(f"s-{number:0{width}}", notebook, answers))
    if size >= 10:  # noqa: PLR2004 - a smaller class has no place for them
        students[0] = SimulatedStudent(students[0].name, None, {})
        students[1] = SimulatedStudent(students[1].name, _SPOILT, {})
    return students


def fill(release: bytes, sources: Mapping[str, str]) -> bytes:
    """Return the released notebook with solution cells filled in.

    Parameters
    ----------
    release : bytes
        The released notebook.
    sources : mapping of str to str
        Code by exercise; the cell `<exercise>_solution` receives it.

    Raises
    ------
    CourseError
        If the release has no such cell.
    """
    notebook: dict[str, Any] = msgspec.json.decode(release)
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]
    }
    for exercise, source in sources.items():
        try:
            cells[f"{exercise}_solution"]["source"] = source
        except KeyError:
            raise CourseError(f"the release has no cell {exercise}_solution") from None
    return msgspec.json.encode(notebook)


def _draw(bank: list[Solution], rng: np.random.Generator) -> Solution:
    wanted = bool(rng.random() < SHARE_RIGHT)
    choices = [solution for solution in bank if solution.is_right is wanted] or bank
    return choices[int(rng.integers(len(choices)))]

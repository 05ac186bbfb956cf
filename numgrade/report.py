"""Write the instructor's page of an assignment, with links to the pages of each student."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from numgrade.files import write_atomically, write_into
from numgrade.report_page import Links, report_page
from numgrade.resemblance import resembling_pairs
from numgrade.results import SubmissionStatus
from numgrade.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numgrade.course import Course
    from numgrade.results import SubmissionResult

FOLDER = "report"


def write_report(
    course: Course,
    assignment: str,
    results: Iterable[SubmissionResult],
    file: Path | None = None,
) -> Path:
    """Write the report on the records of an assignment; return where it lies.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        The assignment.
    results : iterable of SubmissionResult
        Its records.
    file : pathlib.Path, optional
        Where to write it; report/<assignment>.html in the course by default. Links to notebooks and
        feedback pages lead there from wherever it lies.

    Raises
    ------
    CourseError
        If the assignment has no release, or a link is in the way.
    OSError
        If the file cannot be written.
    """
    target = (file or course.root / FOLDER / f"{assignment}.html").absolute()
    when = (course.results / f"{assignment}.jsonl").stat().st_mtime
    results = list(results)
    graded = (each.student for each in results if each.status is SubmissionStatus.GRADED)
    page = report_page(
        assignment,
        Survey(results, resembling_pairs(course, assignment, graded)),
        course.limits,
        datetime.fromtimestamp(when, UTC),
        _links(course, assignment, target.parent),
    ).encode()
    if file is not None:
        write_atomically(target, page)
    else:
        with course.writable(target.parent) as folder:
            write_into(folder, target.name, page)
    return target


def _links(course: Course, assignment: str, start: Path) -> Links:
    name = course.release(assignment).name
    page = Path(name).with_suffix(".html").name
    return Links(
        feedback=_to(lambda student: course.feedback(student, assignment) / page, start),
        notebook=_to(lambda student: course.autograded(student, assignment) / name, start),
    )


def _to(place: Callable[[str], Path], start: Path) -> Callable[[str], str | None]:
    """Return a function that gives the relative address of a student's file, if there is one."""

    def link(student: str) -> str | None:
        path = place(student)
        return quote(os.path.relpath(path, start)) if path.is_file() else None

    return link

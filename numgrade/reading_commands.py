"""The commands that show what has been graded, and grade nothing: export and report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from numgrade.errors import NumgradeError
from numgrade.exit_status import notice, print_bytes, status_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_FORMATS = ("canvas", "moodle", "junit", "gradescope", "nbgrader")


def add_export(
    parser: argparse.ArgumentParser, add_course: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Say what `numgrade export` is told, and by whom it is done."""
    parser.description = (
        "Write the latest records of an assignment for another program: a table for Canvas or "
        "Moodle, JUnit XML, Gradescope's results.json, or nbgrader's own table. What has no score "
        "is named, and is never a zero."
    )
    parser.epilog = "example: numgrade export calculus --format canvas --output canvas.csv"
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    parser.add_argument("--format", choices=_FORMATS, required=True, help="what is to read it")
    add_course(parser)
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="-",
        help="where to write it (default: stdout); of gradescope, the folder with one a student",
    )
    parser.set_defaults(run=_export)


def add_report(
    parser: argparse.ArgumentParser, add_course: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Say what `numgrade report` is told, and by whom it is done."""
    parser.description = (
        "Write one HTML page on an assignment for its instructor: what has no score, the "
        "distribution of scores, students by checks, how hard and how telling each check is, known "
        "mistakes, time, warnings. It opens offline, and holds the names of students."
    )
    parser.epilog = "example: numgrade report calculus && xdg-open report/calculus.html"
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    add_course(parser)
    parser.add_argument(
        "--output",
        metavar="FILE",
        type=Path,
        help="where to write it (default: report/ASSIGNMENT.html in the course)",
    )
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from numgrade.course import Course  # noqa: PLC0415 - as below
    from numgrade.records import records_of  # noqa: PLC0415
    from numgrade.report import write_report  # noqa: PLC0415

    course = Course.load(options.course)
    results = records_of(course, options.assignment)
    page = write_report(course, options.assignment, results, options.output)
    print_bytes([f"Open in a browser: {page}\n".encode()])
    return status_of(results)


def _export(options: argparse.Namespace) -> int:
    # Imported here since nbgrader takes a second, and `--help` should not.
    from numgrade.course import Course  # noqa: PLC0415
    from numgrade.exports import (  # noqa: PLC0415
        A_FILE_EACH,
        as_one_file,
        in_a_file_each,
    )
    from numgrade.files import write_atomically  # noqa: PLC0415
    from numgrade.records import records_of  # noqa: PLC0415

    to_stdout = options.output == "-"
    if to_stdout and options.format == A_FILE_EACH:
        raise NumgradeError(
            f"--format {A_FILE_EACH} writes a file a student: name a folder with --output"
        )
    course = Course.load(options.course)
    results = records_of(course, options.assignment)
    if options.format == A_FILE_EACH:
        in_a_file_each(results, Path(options.output))
        return status_of(results)
    content, remarks = as_one_file(course, options.assignment, results, options.format)
    if to_stdout:
        print_bytes([content])
    else:
        write_atomically(Path(options.output), content)
    for remark in remarks:
        notice(remark)
    return status_of(results)

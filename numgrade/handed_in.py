"""Find what students handed in and read it as carefully as anything from the internet."""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from nbgrader.utils import parse_utc

from numgrade.grading import Job
from numgrade.notebook_json import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numgrade.course import Course

# The formgrader writes ids into its pages and into strings of its scripts as they are.
_STUDENT_ID = re.compile(r"[^/\\<>\"\x00-\x1f\x7f]{1,200}")
_MAX_TIMESTAMP = 200
_EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")
_MAX_EXCHANGE_FILE = 1_000
_MAX_NAMED = 10
_ONLY_FOLDERS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ONLY_FILES = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_job(course: Course, assignment: str, student: str) -> Job:
    """Return the job of grading one student's submission.

    A file that is not a plain file (a link, a pipe, a device) is not read: its submission has
    empty data, which is graded as unreadable, with the reason among the warnings.
    """
    expected = course.release(assignment).name
    try:
        with _folder(course, assignment, student) as folder:
            return _read_notebook(folder, student, expected)
    except FileNotFoundError:
        return Job(student, None)
    except OSError as error:
        reason = f"'{student}/{assignment}' was not read: {error.strerror or error}."
        return Job(student, b"", (reason,))


def _read_notebook(folder: int, student: str, expected: str) -> Job:
    names = sorted(name for name in os.listdir(folder) if name.endswith(".ipynb"))
    if not names:
        return Job(student, None)
    name = expected if expected in names else names[0]
    warnings = []
    if name != expected:
        warnings.append(f"The notebook is called {name!r}, not {expected!r}; it was graded.")
    if len(names) > 1:
        others = ", ".join(repr(other) for other in names[:_MAX_NAMED] if other != name)
        warnings.append(f"Several notebooks were handed in; {others} was not graded.")
    try:
        return Job(student, _read_plain_file(folder, name, MAX_BYTES + 1), tuple(warnings))
    except OSError as error:
        return Job(student, b"", (*warnings, f"{name!r} was not read: {error.strerror or error}."))


def read_timestamp(course: Course, assignment: str, student: str) -> datetime | None:
    """Return the time in timestamp.txt, as nbgrader reads it; None if there is none."""
    try:
        with _folder(course, assignment, student) as folder:
            data = _read_plain_file(folder, "timestamp.txt", _MAX_TIMESTAMP)
        parsed = parse_utc(data.decode("utf-8", "replace").strip())
    except (OSError, ValueError, OverflowError):
        return None
    return parsed if isinstance(parsed, datetime) else None


def read_exchange_files(course: Course, assignment: str, student: str) -> dict[str, bytes]:
    """Return the files by which nbgrader's exchange knows a submission again, by their names.

    nbgrader copies them along: `release_feedback` looks for them next to the feedback.
    """
    found = {}
    with suppress(OSError), _folder(course, assignment, student) as folder:
        for name in _EXCHANGE_FILES:
            with suppress(OSError):
                found[name] = _read_plain_file(folder, name, _MAX_EXCHANGE_FILE)
    return found


def is_student_id(name: str) -> bool:
    """Tell whether a folder's name may become part of a path of ours."""
    return _STUDENT_ID.fullmatch(name) is not None and name not in {".", ".."} and name[0] != "."


@contextmanager
def _folder(course: Course, assignment: str, student: str) -> Iterator[int]:
    """Open a student's folder, one name after the other, following no link below submitted/.

    Raises
    ------
    OSError
        If there is none, or something on the way is a link or a file.
    """
    path = course.submitted(student, assignment)
    folder = os.open(path.parents[1], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in path.parts[-2:]:
            if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                raise OSError(f"{name!r} is a symbolic link")
            within = os.open(name, _ONLY_FOLDERS, dir_fd=folder)
            os.close(folder)
            folder = within
        yield folder
    finally:
        os.close(folder)


def _read_plain_file(folder: int, name: str, limit: int) -> bytes:
    """Read up to `limit` bytes of a regular file, following no link and waiting for no pipe.

    Raises
    ------
    OSError
        If it is not a regular file, has another name elsewhere (a hard link), or cannot be read.
    """
    descriptor = os.open(name, _ONLY_FILES, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is not a plain file")
        if status.st_nlink > 1:
            raise OSError("it is a hard link to a file that lies elsewhere too")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(limit)
    finally:
        os.close(descriptor)

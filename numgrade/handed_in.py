"""Find what students handed in and read it as carefully as anything from the internet."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from nbgrader.utils import parse_utc

from numgrade.desk import Job
from numgrade.files import folder_below
from numgrade.notebook_json import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    from numgrade.course import Course

# The formgrader writes ids into its pages and into strings of its scripts as they are.
# What is not UTF-8 (lone surrogates, to Python) could be written into no record.
_STUDENT_ID = re.compile('[^/\\\\<>"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,200}')
_REFUSALS = {errno.ELOOP: "it is a symbolic link", errno.ENXIO: "it is not a plain file"}
_STUDENTS_DOING = {errno.ELOOP, errno.ENXIO, errno.ENOTDIR, None}
"""What the student put there. Any other error (no permission, a broken disk) is none of theirs."""

_MAX_TIMESTAMP = 200
_USUAL_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})? UTC", re.ASCII)
_EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")
_MAX_EXCHANGE_FILE = 1_000
_MAX_NAMED = 10
_ONLY_FILES = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_job(course: Course, assignment: str, student: str) -> Job:
    """Return the job of grading one student's submission.

    A file that is not a plain file (a link, a pipe, a device) is not read: its submission has
    empty data, which is graded as unreadable, with the reason among the warnings. What this machine
    cannot read has no data and a reason, and stays unscored.
    """
    expected = course.release(assignment).name
    try:
        with _folder(course, assignment, student) as folder:
            return _read_notebook(folder, student, expected)
    except FileNotFoundError:
        return Job(student, None)
    except OSError as error:
        return _unread(student, (), f"{student}/{assignment}", error)


def _read_notebook(folder: int, student: str, expected: str) -> Job:
    present = sorted(os.listdir(folder))
    # macOS puts a "._name" that is no notebook beside each file; other hidden ones come last.
    names = [name for name in present if name.lower().endswith(".ipynb") and name[:2] != "._"]
    names.sort(key=lambda name: (name.startswith("."), name))
    if not names:
        others = _named(name for name in present if name not in _EXCHANGE_FILES)
        warning = f"There is no notebook in the folder, only {others}."
        return Job(student, None, (warning,) if others else ())
    name = expected if expected in names else names[0]
    warnings = []
    if len(names) > 1:
        others = _named(other for other in names if other != name)
        warnings.append(f"Several notebooks were handed in. Not graded: {others}.")
    try:
        data = _read_plain_file(folder, name, MAX_BYTES + 1)
    except OSError as error:
        return _unread(student, warnings, name, error)
    if name != expected:
        warnings.insert(0, f"The notebook is called {name!r}, not {expected!r}; it was graded.")
    return Job(student, data, tuple(warnings))


def _unread(student: str, warnings: Iterable[str], name: str, error: OSError) -> Job:
    reason = f"{name!r} was not read: {error.strerror or error}."
    if error.errno in _STUDENTS_DOING:
        return Job(student, b"", (*warnings, reason))
    return Job(student, None, tuple(warnings), unread=reason)


def _named(names: Iterable[str]) -> str:
    """Return the first of these names, quoted, and dots in the place of the others."""
    first = list(islice(map(repr, names), _MAX_NAMED + 1))
    return ", ".join([*first[:_MAX_NAMED], *(["…"] if len(first) > _MAX_NAMED else [])])


def timestamp_in(files: Mapping[str, bytes]) -> datetime | None:
    """Return the time in timestamp.txt, as nbgrader reads it; None if there is none.

    Parameters
    ----------
    files : mapping of str to bytes
        From `read_exchange_files`.
    """
    text = files.get("timestamp.txt", b"").decode("utf-8", "replace").strip()
    if len(text) > _MAX_TIMESTAMP:
        return None
    try:
        if _USUAL_TIME.fullmatch(text):  # as nbgrader writes it; its parser takes a millisecond
            return datetime.fromisoformat(text.removesuffix(" UTC"))
        parsed = parse_utc(text)
    except (ValueError, OverflowError):
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


def _folder(course: Course, assignment: str, student: str) -> AbstractContextManager[int]:
    """Open a student's folder; submitted/ itself may be a link, and nothing below it."""
    path = course.submitted(student, assignment)
    return folder_below(path.parents[1], path.parts[-2:])


def _read_plain_file(folder: int, name: str, limit: int) -> bytes:
    """Read up to `limit` bytes of a regular file, following no link and waiting for no pipe.

    Raises
    ------
    OSError
        If it is not a regular file, has another name elsewhere (a hard link), or cannot be read.
    """
    try:
        descriptor = os.open(name, _ONLY_FILES, dir_fd=folder)
    except OSError as error:
        raise OSError(error.errno, _REFUSALS.get(error.errno or 0, error.strerror)) from None
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

"""What a grader needs to know of an assignment: plain data that can travel to it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from numgrade.errors import CourseError
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One assignment of a course.

    Attributes
    ----------
    name : str
        nbgrader's name of it.
    root : str
        The course's folder.
    release : str
        The released notebook.
    checks : str
        The folder of the hidden checks, tests/<name>.
    limits : LimitValues
        Limits on student code.
    secret : bytes
        What seeds are derived from.
    checks_sha256 : str
        Digest of everything that decides a mark.
    """

    name: str
    root: str
    release: str
    checks: str
    limits: LimitValues
    secret: bytes
    checks_sha256: str


def digest_of_checks(root: Path, checks: Path, reference: Path, release: Path) -> str:
    """Return the digest of everything that decides a mark: checks, reference, release.

    The banks of variants and mistakes decide none, so they are left out.

    Raises
    ------
    CourseError
        If one of the files cannot be read.
    """
    digest = hashlib.sha256()
    above = [folder / "conftest.py" for folder in (root, checks.parent)]
    shared = [path for path in above if path.is_file()]
    for path in [*shared, *_python_files(checks), reference, release]:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CourseError(f"{path}: {error.strerror}") from error
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def derive_seed(assignment: Assignment, student: str) -> bytes:
    """Return the seed of a student's inputs: the same at every regrade, and nobody else's."""
    parts = (assignment.name.encode(), student.encode())
    return hashlib.blake2b(b"\0".join(parts), key=assignment.secret).digest()


def _python_files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise CourseError(f"{folder} does not exist: it should hold the hidden checks")
    yield from sorted(folder.glob("*.py"))

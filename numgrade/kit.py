"""What an assignment needs of its course, packed for machines that have no course.

A kit holds the checks with their banks, the reference and the release: no submission, no mark, no
secret. It is known by its digest, so that a machine which has it need not be sent it again.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from numgrade.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numgrade.assignment import Assignment

_LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints"}


class Kit(msgspec.Struct, frozen=True):
    """The files of an assignment, packed.

    Attributes
    ----------
    archive : bytes
        All files, by their path below the course.
    digest : str
        That of the archive.
    """

    archive: bytes
    digest: str

    @classmethod
    def of(cls, assignment: Assignment) -> Kit:
        """Pack what graders of an assignment read.

        Raises
        ------
        CourseError
            If one of the files cannot be read.
        """
        root = Path(assignment.root)
        files = {}
        for path in sorted(_files(assignment)):
            try:
                files[path.relative_to(root).as_posix()] = path.read_bytes()
            except OSError as error:
                raise CourseError(f"{path}: {error.strerror}") from error
        archive = msgspec.msgpack.encode(files)
        return cls(archive, hashlib.sha256(archive).hexdigest())


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of a kit into a folder that holds all of them or does not exist.

    Raises
    ------
    ValueError
        If a file of the archive would lie outside of the folder.
    OSError
        If the disk is full.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))  # for us alone: 0o700
    try:
        for name, content in msgspec.msgpack.decode(archive, type=dict[str, bytes]).items():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise ValueError(f"{name!r} does not lie below the course")
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(content)
        if not folder.is_dir():
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def moved(assignment: Assignment, root: Path) -> Assignment:
    """Return an assignment whose files lie below another root."""
    before = Path(assignment.root)
    places = {
        name: str(root / Path(getattr(assignment, name)).relative_to(before))
        for name in ("release", "checks")
    }
    return msgspec.structs.replace(assignment, root=str(root), **places)


def _files(assignment: Assignment) -> Iterator[Path]:
    root, checks = Path(assignment.root), Path(assignment.checks)
    yield Path(assignment.release)
    yield root / "reference" / f"{assignment.name}.py"
    for folder in (root, checks.parent):
        if (folder / "conftest.py").is_file():
            yield folder / "conftest.py"
    for path in checks.rglob("*"):
        if path.is_file() and _LEFT_BEHIND.isdisjoint(path.relative_to(checks).parts):
            yield path

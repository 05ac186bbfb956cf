"""Results on disk: one JSON object a line, appended, never changed.

The last line about a student counts; the lines before it are the history. A line that a crash cut
short is no record: it is cut off when the file is opened. In memory is only where each line
stands, so that a class may be of any size.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Self, overload

import msgspec

from numgrade.files import naming, not_through_a_link
from numgrade.results import SubmissionResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Latest(Mapping[str, SubmissionResult]):
    """The results that count, by student: read from the file when they are asked for.

    Parameters
    ----------
    descriptor : int
        The file. It may be closed afterwards.
    """

    def __init__(self, descriptor: int) -> None:
        self._file = os.dup(descriptor)
        self._places: dict[str, tuple[int, int]] = {}
        weakref.finalize(self, os.close, self._file)

    def note(self, student: str, start: int, size: int) -> None:
        """Note where the line stands that now counts."""
        self._places[student] = start, size

    def load(self, lines: Iterable[bytes]) -> int:
        """Note all whole lines, from the file's beginning; return where the last of them ends."""
        end = 0
        for line in lines:
            if not line.endswith(b"\n"):
                break
            # Of another version of this program: kept in the file, graded again.
            with suppress(msgspec.MsgspecError):
                self.note(SubmissionResult.from_json(line).student, end, len(line))
            end += len(line)
        return end

    def __getitem__(self, student: str) -> SubmissionResult:
        """Return the result that counts of a student."""
        start, size = self._places[student]
        return SubmissionResult.from_json(os.pread(self._file, size, start))

    def __iter__(self) -> Iterator[str]:
        """Iterate over the students."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return the number of students."""
        return len(self._places)


class Results(Sequence[SubmissionResult]):
    """The results of some students, in their order, each read when it is asked for.

    Parameters
    ----------
    latest : Latest
        The results.
    students : sequence of str
        Whose results these are.
    """

    def __init__(self, latest: Latest, students: Sequence[str]) -> None:
        self._latest = latest
        self._students = students

    @overload
    def __getitem__(self, index: int) -> SubmissionResult: ...
    @overload
    def __getitem__(self, index: slice) -> Results: ...
    def __getitem__(self, index: int | slice) -> SubmissionResult | Results:
        """Return one result, or those of some of the students."""
        if isinstance(index, slice):
            return Results(self._latest, self._students[index])
        return self._latest[self._students[index]]

    def __len__(self) -> int:
        """Return the number of results."""
        return len(self._students)


class ResultStore:
    """The results of one assignment. A context manager.

    Parameters
    ----------
    path : pathlib.Path
        results/<assignment>.jsonl; made if it does not exist.

    Attributes
    ----------
    latest : Latest
        What counts, by student.
    appended : int
        The number of results that were appended through this object.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self.appended = 0
        self._file = open(path, "ab+", opener=not_through_a_link)  # noqa: SIM115 - closed by close
        self.latest = Latest(self._file.fileno())
        self._file.seek(0)
        self._end = self.latest.load(self._file)
        self._file.truncate(self._end)

    def append(self, results: Iterable[SubmissionResult]) -> None:
        """Append results and wait until they are on the disk.

        Raises
        ------
        OSError
            If the disk is full: what came to lie there is cut off when the file is opened again.
        """
        lines = [(result.student, result.to_json() + b"\n") for result in results]
        with naming(self._path):
            self._file.truncate(self._end)  # of what could not be written whole, or was cut short
            self._file.write(b"".join(line for _, line in lines))
            self._file.flush()
            os.fsync(self._file.fileno())
        for student, line in lines:
            self.latest.note(student, self._end, len(line))
            self._end += len(line)
        self.appended += len(lines)

    def __enter__(self) -> Self:
        """Return the store; leaving the block closes its file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        with suppress(OSError):  # of what `append` could not write, which it has said
            self._file.close()


def latest_results(path: Path) -> Results:
    """Return the results that count, by student, without touching the file: a run may write it.

    Raises
    ------
    FileNotFoundError
        If nothing has been graded yet.
    OSError
        If the file cannot be read.
    """
    with open(path, "rb", opener=not_through_a_link) as file:
        latest = Latest(file.fileno())
        latest.load(file)
    return Results(latest, sorted(latest))

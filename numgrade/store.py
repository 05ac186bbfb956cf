"""Results on disk: one JSON object a line, appended, never changed.

The last line about a student counts; the lines before it are the history. A line that a crash cut
short is no record: it is cut off when the file is opened.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import msgspec

from numgrade.files import naming, not_through_a_link
from numgrade.results import SubmissionResult

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class ResultStore:
    """The results of one assignment. A context manager.

    Parameters
    ----------
    path : pathlib.Path
        results/<assignment>.jsonl; made if it does not exist.

    Attributes
    ----------
    latest : dict of str to SubmissionResult
        What counts, by student.
    appended : int
        The number of results that were appended through this object.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self.appended = 0
        self.latest: dict[str, SubmissionResult] = {}
        self._file = open(path, "ab+", opener=not_through_a_link)  # noqa: SIM115 - closed by close
        self._file.truncate(self._load())

    def append(self, results: Iterable[SubmissionResult]) -> None:
        """Append results and wait until they are on the disk.

        Raises
        ------
        OSError
            If the disk is full: what came to lie there is cut off when the file is opened again.
        """
        batch = list(results)
        with naming(self._path):
            self._file.write(b"".join(result.to_json() + b"\n" for result in batch))
            self._file.flush()
            os.fsync(self._file.fileno())
        self.latest.update({result.student: result for result in batch})
        self.appended += len(batch)

    def __enter__(self) -> Self:
        """Return the store; leaving the block closes its file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        with suppress(OSError):  # of what `append` could not write, which it has said
            self._file.close()

    def _load(self) -> int:
        """Read all whole lines; return where the last of them ends."""
        end = 0
        self._file.seek(0)
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            end += len(line)
            try:
                result = SubmissionResult.from_json(line)
            except msgspec.MsgspecError:
                continue  # of another version of this program: kept in the file, graded again
            self.latest[result.student] = result
        return end

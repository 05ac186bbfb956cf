"""Write results where people look, some at a time; the coordinator alone does.

The order is always the same: autograded notebook and feedback page, then the gradebook, then
results.jsonl. Only what stands in results.jsonl counts as done.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from numgrade.files import Places, write_into
from numgrade.gradebook import Entry, Gradebook
from numgrade.handed_in import read_exchange_files, timestamp_in
from numgrade.results import SubmissionStatus

if TYPE_CHECKING:
    from numgrade.course import Course
    from numgrade.desk import Graded
    from numgrade.store import ResultStore

_FLUSH_AFTER = 200
_FLUSH_SECONDS = 1.0


class Writer:
    """Writes results where people look, some at a time."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        gradebook: Gradebook,
        store: ResultStore,
        *,
        feedback: bool,
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._gradebook = gradebook
        self._store = store
        self.places = Places(course.root, course.all_submitted, course.results)
        self._feedback = feedback
        self._name = course.release(assignment).name
        self._waiting: list[Graded] = []
        self._flushed = time.monotonic()
        self.recorded = gradebook.recorded(assignment)

    def add(self, graded: Graded) -> None:
        """Take a result; it is written at the latest with those of the next second."""
        self._waiting.append(graded)
        late = time.monotonic() - self._flushed > _FLUSH_SECONDS
        if late or len(self._waiting) >= _FLUSH_AFTER:
            self.flush()

    def flush(self) -> None:
        """Write what has come: files, then gradebook, then results.jsonl."""
        batch, self._waiting = self._waiting, []
        self._flushed = time.monotonic()
        if not batch:
            return
        try:
            self.places.check()  # else folders would be made anew, where nobody looks
            entries = [self._write_files(graded) for graded in batch]
            self.places.check()  # else a timestamp might be missing that was handed in
            self._gradebook.record(entries)
            self._store.append(graded.result for graded in batch)
        except KeyboardInterrupt:
            self._waiting = batch + self._waiting  # to be written at the end
            raise

    close = flush

    def has_files(self, student: str) -> bool:
        """Tell whether the student's autograded notebook is in its place."""
        return (self._course.autograded(student, self._assignment) / self._name).exists()

    def _write_files(self, graded: Graded) -> Entry:
        student = graded.result.student
        files = read_exchange_files(self._course, self._assignment, student)
        if graded.notebook is not None:
            autograded = self._course.autograded(student, self._assignment)
            self._write_all(autograded, {self._name: graded.notebook, **files})
        elif graded.result.status is SubmissionStatus.MISSING:
            self._withdraw(student)
        if self._feedback and graded.feedback is not None:
            feedback = self._course.feedback(student, self._assignment)
            page = Path(self._name).with_suffix(".html").name
            self._write_all(feedback, {page: graded.feedback.encode(), **files})
        return Entry(graded.result, timestamp_in(files), graded.notebook)

    def _write_all(self, path: Path, files: dict[str, bytes]) -> None:
        with self._course.writable(path) as folder:
            for name, data in files.items():
                write_into(folder, name, data)

    def _withdraw(self, student: str) -> None:
        """Remove the graded notebook of a submission that is there no more."""
        path = self._course.autograded(student, self._assignment)
        with suppress(FileNotFoundError), self._course.writable(path, make=False) as folder:
            os.unlink(self._name, dir_fd=folder)

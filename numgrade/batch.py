"""A whole class: what is to be graded, who grades it, and where the results go.

The coordinator is the only writer of files and gradebook. Results go where people look in one
order: autograded notebook and feedback page, then the gradebook, then results.jsonl. Only what
stands in results.jsonl counts as done, so a run that is stopped anywhere is taken up by the next.
"""

from __future__ import annotations

import fcntl
import fnmatch
import os
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from numgrade.control import Level
from numgrade.desk import Desk, Graded, Job
from numgrade.errors import CourseError, NumgradeError
from numgrade.executor import LocalExecutor, Lost
from numgrade.files import Places, not_through_a_link, write_into
from numgrade.gradebook import Entry, Gradebook
from numgrade.handed_in import (
    is_student_id,
    read_exchange_files,
    read_job,
    read_timestamp,
)
from numgrade.master import Master
from numgrade.orders import Order
from numgrade.protection import LEVELS
from numgrade.results import SubmissionResult, SubmissionStatus
from numgrade.stopping import noting_how_far
from numgrade.store import ResultStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numgrade.cluster import ClusterExecutor
    from numgrade.course import Course

_FLUSH_AFTER = 50
_FLUSH_SECONDS = 1.0


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to grade: what the command line sets."""

    students: str = "*"
    workers: int | None = None
    force: bool = False
    feedback: bool = True
    allow_weak: bool = False
    levels: tuple[Level, ...] = LEVELS
    """The levels of protection to try, best first; all but for tests of a certain level."""

    cluster: str | None = None
    """The address of a Dask scheduler, whose workers are to grade."""


def grade(
    course: Course,
    assignment: str,
    options: Options,
    on_result: Callable[[SubmissionResult, int, int], None] = lambda _result, _total, _kept: None,
    on_notice: Callable[[str], None] = lambda _sentence: None,
) -> list[SubmissionResult]:
    """Grade every submission of an assignment that is new or has changed.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        The assignment.
    options : Options
        How to grade.
    on_result : callable, optional
        Called with each result as it comes, the number of all, and of those kept until now.
    on_notice : callable, optional
        Called with sentences about what goes wrong without stopping the run.

    Returns
    -------
    list of SubmissionResult
        The result that now counts of every student asked for, by student.

    Raises
    ------
    CourseError
        If the course is broken, or another run grades this assignment.
    InfrastructureError
        If this machine cannot grade: no sandbox, a locked gradebook, a folder that vanishes.
    OSError
        If the disk is full, or a file cannot be written.
    NumgradeError
        If the cluster cannot be used.

    Notes
    -----
    What stops a run has a note of how much is kept (`BaseException.add_note`): Ctrl-C, too.
    """
    known = course.assignment(assignment)
    executor = _executor(Order(known, options.allow_weak, None, options.levels), options, on_notice)
    desk = Desk.of(known, Master.load(Path(known.release)))
    with (
        _lock(course, assignment),
        ResultStore(course.results / f"{assignment}.jsonl") as store,
        Gradebook(course.db_url, str(course.coursedir.course_id), course.config) as gradebook,
    ):
        gradebook.ensure_assignment(assignment, course.release(assignment))
        students = _students(course, assignment, gradebook, options.students)
        nothing: list[Job] = []
        writer = _Writer(course, assignment, gradebook, store, feedback=options.feedback)

        def done(graded: Graded) -> None:
            writer.add(graded)
            on_result(graded.result, len(students), writer.kept)

        def to_do() -> Iterator[Job]:
            for job in _jobs(course, assignment, students, writer.places):
                kept = None if options.force else store.latest.get(job.student)
                if kept is not None and _still_counts(kept, job, desk, writer):
                    writer.kept += 1
                    on_result(kept, len(students), writer.kept)
                elif job.data is None:
                    nothing.append(job)
                else:
                    yield job

        counted = noting_how_far(store, students, known.checks_sha256, force=options.force)
        with counted, writer.places.watched(), closing(writer):
            for end in executor.run(to_do()):
                done(_unscored(desk, end) if isinstance(end, Lost) else end)
            # Last: until something was graded it is not known that the checks are sound.
            for job in nothing:
                done(desk.without_data(job))
        return [store.latest[student] for student in students]


def grade_one(course: Course, assignment: str, student: str) -> Graded:
    """Grade one submission and write nothing: for nbgrader's own commands, which write it.

    Raises
    ------
    CourseError
        If the course is broken.
    InfrastructureError
        If this machine cannot grade.
    """
    job = read_job(course, assignment, student)
    known = course.assignment(assignment)
    order = Order(known, allow_weak=False, core=None)
    (end,) = LocalExecutor(order, 1).run([job])
    desk = Desk.of(known, Master.load(Path(known.release)))
    return _unscored(desk, end) if isinstance(end, Lost) else end


def _executor(
    order: Order, options: Options, on_notice: Callable[[str], None]
) -> LocalExecutor | ClusterExecutor:
    """Return who grades: this machine, or a cluster.

    Raises
    ------
    NumgradeError
        If a cluster is asked for, and Dask is not installed.
    """
    if options.cluster is None:
        return LocalExecutor(order, options.workers or len(os.sched_getaffinity(0)))
    try:
        from numgrade.cluster import ClusterExecutor  # noqa: PLC0415 - an extra of its own
    except ImportError as error:
        raise NumgradeError(
            "--cluster needs Dask, which is not installed here: pip install 'numgrade[dask]'"
        ) from error
    return ClusterExecutor(order, options.cluster, on_notice)


class _Writer:
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
        self.kept = 0
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
        timestamp = read_timestamp(self._course, self._assignment, student)
        return Entry(graded.result, timestamp, graded.notebook)

    def _write_all(self, path: Path, files: dict[str, bytes]) -> None:
        with self._course.writable(path) as folder:
            for name, data in files.items():
                write_into(folder, name, data)

    def _withdraw(self, student: str) -> None:
        """Remove the graded notebook of a submission that is there no more."""
        path = self._course.autograded(student, self._assignment)
        with suppress(FileNotFoundError), self._course.writable(path, make=False) as folder:
            os.unlink(self._name, dir_fd=folder)


def _jobs(course: Course, assignment: str, students: list[str], places: Places) -> Iterator[Job]:
    for student in students:
        job = read_job(course, assignment, student)
        if job.data is None:
            places.check()  # is this student's missing, or everybody's?
        yield job


def _students(course: Course, assignment: str, gradebook: Gradebook, pattern: str) -> list[str]:
    """Return the students to grade: who handed in, and whom the gradebook knows.

    Raises
    ------
    CourseError
        If nobody matches the pattern, a folder's name cannot be a student's id, or nothing is
        there of a class that has marks.
    """
    handed_in, folder = course.students(), course.all_submitted
    if not handed_in and (marked := gradebook.recorded(assignment)):
        raise CourseError(
            f"{folder}: no submissions, but the gradebook has marks of {len(marked)}. Is the "
            "folder mounted? Nobody is taken for missing."
        )
    known = sorted(gradebook.students().union(handed_in))
    students = [name for name in known if fnmatch.fnmatchcase(name, pattern)]
    if not students:
        raise CourseError(f"{folder}: no submission of a student matching {pattern!r} was found")
    strange = [name for name in students if not is_student_id(name)]
    if strange:
        raise CourseError(f"these cannot be ids of students: {strange[:5]}; rename their folders")
    return students


def _still_counts(kept: SubmissionResult, job: Job, desk: Desk, writer: _Writer) -> bool:
    """Tell whether a result is of this very submission and these very checks."""
    if job.unread:
        return False
    now = desk.record(job, kept.status, kept.score)
    if (kept.submission_sha256, kept.checks_sha256) != (now.submission_sha256, now.checks_sha256):
        return False
    match kept.status:
        case SubmissionStatus.UNSCORED:
            return False
        case SubmissionStatus.MISSING:
            return True
        case SubmissionStatus.UNREADABLE:
            return job.student in writer.recorded
    return job.student in writer.recorded and writer.has_files(job.student)


def _unscored(desk: Desk, lost: Lost) -> Graded:
    return desk.without_checks(lost.job, SubmissionStatus.UNSCORED, lost.reason)


@contextmanager
def _lock(course: Course, assignment: str) -> Iterator[None]:
    """Keep a second run away from this assignment; the kernel frees the lock when we end."""
    path = course.state / f"{assignment}.lock"
    with course.writable(course.results):
        file = open(path, "w", opener=not_through_a_link)  # noqa: SIM115 - closed below
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                f"another run is grading {assignment} in {course.root}; wait until it has ended"
            ) from None
        yield

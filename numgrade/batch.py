"""A whole class: what is to be graded, who grades it, and where the results go.

The coordinator is the only writer of files and gradebook. Results go where people look in one
order: autograded notebook and feedback page, then the gradebook, then results.jsonl. Only what
stands in results.jsonl counts as done, so a run that is stopped anywhere is taken up by the next.
"""

from __future__ import annotations

import fcntl
import fnmatch
import os
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from numgrade.control import Level
from numgrade.desk import Desk, Graded, Job
from numgrade.errors import CourseError, NumgradeError
from numgrade.executor import LocalExecutor, Lost
from numgrade.files import Places, not_through_a_link
from numgrade.handed_in import is_student_id, read_job
from numgrade.master import Master
from numgrade.orders import Order
from numgrade.protection import LEVELS
from numgrade.results import SubmissionResult, SubmissionStatus
from numgrade.stopping import noting_how_far
from numgrade.store import Results, ResultStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numgrade.cluster import ClusterExecutor
    from numgrade.course import Course
    from numgrade.gradebook import Gradebook
    from numgrade.writer import Writer


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
) -> Results:
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
    Results
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
    order = Order(known, options.allow_weak, None, options.levels)
    desk = Desk.of(known, Master.load(Path(known.release)))
    with (
        _lock(course, assignment),
        ResultStore(course.results / f"{assignment}.jsonl") as store,
        closing(_executor(order, options, on_notice)) as executor,
    ):
        if options.force or not store.latest:
            executor.warm_up()
        # Imported only now, since it takes half a second in which the graders can start.
        from numgrade.gradebook import Gradebook  # noqa: PLC0415
        from numgrade.writer import Writer  # noqa: PLC0415

        course_id = str(course.coursedir.course_id)
        with Gradebook(course.db_url, course_id, course.config) as gradebook:
            gradebook.ensure_assignment(assignment, course.release(assignment))
            students = _students(course, assignment, gradebook, options.students)
            writer = Writer(course, assignment, gradebook, store, feedback=options.feedback)
            run = _Run(course, desk, students, store, writer, options.force, on_result)
            counted = noting_how_far(store, students, known.checks_sha256, force=options.force)
            with counted, writer.places.watched(), closing(writer):
                run.grade(executor)
        return Results(store.latest, students)


@dataclass
class _Run:
    """One run over some students of a class."""

    course: Course
    desk: Desk
    students: list[str]
    store: ResultStore
    writer: Writer
    force: bool
    on_result: Callable[[SubmissionResult, int, int], None]
    nothing: list[Job] = field(default_factory=list)
    kept: int = 0

    def grade(self, executor: LocalExecutor | ClusterExecutor) -> None:
        """Have graded what is not, and write it."""
        for end in executor.run(self._to_do()):
            self._done(_unscored(self.desk, end) if isinstance(end, Lost) else end)
        # Last: until something was graded it is not known that the checks are sound.
        for job in self.nothing:
            self._done(self.desk.without_data(job))

    def _to_do(self) -> Iterator[Job]:
        """Yield what is to be graded; what counts already is reported at once."""
        for job in _jobs(self.course, self.desk.assignment, self.students, self.writer.places):
            known = None if self.force else self.store.latest.get(job.student)
            if known is not None and _still_counts(known, job, self.desk, self.writer):
                self.kept += 1
                self._report(known)
            elif job.data is None:
                self.nothing.append(job)
            else:
                yield job

    def _done(self, graded: Graded) -> None:
        self.writer.add(graded)
        self._report(graded.result)

    def _report(self, result: SubmissionResult) -> None:
        self.on_result(result, len(self.students), self.kept)


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


def _still_counts(kept: SubmissionResult, job: Job, desk: Desk, writer: Writer) -> bool:
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

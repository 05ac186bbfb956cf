"""The main path: prepare a submission, let pytest check it, conclude.

Runs in a grader, the trusted process that owns the checks, the reference and the expected values.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from numgrade.assignment import derive_seed
from numgrade.autograded import finish, placeholder
from numgrade.errors import CourseError, InfrastructureError, UnreadableSubmission
from numgrade.explanation import Examined, Explainer
from numgrade.feedback import feedback_page
from numgrade.master import Master, essence
from numgrade.outputs import clean_outcomes
from numgrade.preparation import prepare
from numgrade.results import (
    ExerciseResult,
    SubmissionResult,
    SubmissionStatus,
    judge,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.assignment import Assignment
    from numgrade.checks import Suite
    from numgrade.items import Check
    from numgrade.preparation import Prepared
    from numgrade.repair import Repaired
    from numgrade.results import CheckResult
    from numgrade.sandbox import Sandbox


class Job(msgspec.Struct, frozen=True):
    """A submission to grade.

    Its data is None where none was handed in, or where we could not read it; then `unread` says
    why.
    """

    student: str
    data: bytes | None
    warnings: tuple[str, ...] = ()
    unread: str = ""


class Graded(msgspec.Struct, frozen=True):
    """A graded submission: its record, the autograded notebook, the feedback page."""

    result: SubmissionResult
    notebook: bytes | None = None
    feedback: str | None = None


class Desk(msgspec.Struct, frozen=True):
    """What every record of an assignment has in common."""

    assignment: str
    max_scores: dict[str, float]
    checks_sha256: str

    @classmethod
    def of(cls, assignment: Assignment, master: Master) -> Desk:
        """Return the desk of an assignment with that released notebook."""
        return cls(assignment.name, _expected_scores(master), assignment.checks_sha256)

    def record(
        self,
        job: Job,
        status: SubmissionStatus,
        score: float | None,
        **others: Any,  # noqa: ANN401
    ) -> SubmissionResult:
        """Return the record of a submission."""
        return SubmissionResult(
            assignment=self.assignment,
            student=job.student,
            status=status,
            score=score,
            max_score=round(sum(self.max_scores.values()), 6),
            submission_sha256=None if job.data is None else hashlib.sha256(job.data).hexdigest(),
            checks_sha256=self.checks_sha256,
            **others,
        )

    def without_data(self, job: Job) -> Graded:
        """Return the record of a job of which there is nothing to grade."""
        if job.unread:
            return self.without_checks(job, SubmissionStatus.UNSCORED, job.unread)
        return self.without_checks(job, SubmissionStatus.MISSING, "Nothing was handed in.")

    def without_checks(self, job: Job, status: SubmissionStatus, reason: str) -> Graded:
        """Return the record of a submission of which no check was run, and why."""
        unscored = status is SubmissionStatus.UNSCORED
        exercises = tuple(
            ExerciseResult(name=name, score=0.0, max_score=points)
            for name, points in self.max_scores.items()
        )
        score, exercises = (None, ()) if unscored else (0.0, exercises)
        warnings = (*job.warnings, reason)
        result = self.record(job, status, score, warnings=warnings, exercises=exercises)
        is_unreadable = status is SubmissionStatus.UNREADABLE
        notebook = placeholder(warnings) if is_unreadable else None
        return Graded(result, notebook, feedback_page(result))


class Grader:
    """Grades the submissions of one assignment, one after another.

    Parameters
    ----------
    assignment : Assignment
        The assignment.
    open_sandbox : callable
        Starts a sandbox; called again should one be lost.
    suite : Suite
        The assignment's hidden checks.
    heartbeat : callable, optional
        Called with the seconds within which the next sign of life is due.
    """

    def __init__(
        self,
        assignment: Assignment,
        open_sandbox: Callable[[], Sandbox],
        suite: Suite,
        heartbeat: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._assignment = assignment
        self._limits = assignment.limits
        self._open_sandbox = open_sandbox
        self._suite = suite
        self._heartbeat = heartbeat
        self._master = Master.load(Path(assignment.release))
        self._desk = Desk.of(assignment, self._master)
        _compare(self._desk.max_scores, suite.max_scores())
        self._explainer = Explainer(assignment, suite)
        self.sandbox = open_sandbox()

    def grade(self, job: Job) -> Graded:
        """Grade one submission: prepare, check, conclude."""
        started = time.perf_counter()
        if job.data is None:
            return self._desk.without_data(job)
        examined: list[Examined] = []
        try:
            with closing(self._prepare(job.student, job.data)) as prepared:

                def examine(check: Check, result: CheckResult) -> None:
                    examined.append(Examined(check, result, prepared.take_recording()))

                self._suite.run(prepared, self._before_check, examine)
        except UnreadableSubmission as reason:
            return self._desk.without_checks(job, SubmissionStatus.UNREADABLE, str(reason))
        except InfrastructureError as fault:
            return self._desk.without_checks(job, SubmissionStatus.UNSCORED, str(fault))
        return self._conclude(job, prepared, examined, started)

    def _prepare(self, student: str, data: bytes) -> Prepared:
        self._heartbeat(self._limits.submission_seconds)
        if not self.sandbox.alive:
            self.sandbox.close()
            self.sandbox = self._open_sandbox()
        seed = derive_seed(self._assignment, student)
        return prepare(data, self._master, self.sandbox, self._limits, seed)

    def _before_check(self, _name: str) -> None:
        # A check may have to bring its worker back first, which runs the cells again.
        self._heartbeat(self._limits.submission_seconds)

    def _conclude(
        self, job: Job, prepared: Prepared, examined: list[Examined], started: float
    ) -> Graded:
        self._heartbeat(self._limits.submission_seconds)
        submission, repaired = prepared.submission, prepared.repaired
        # In the notebook's order, which is the one that students and instructors know.
        names = self._desk.max_scores
        explained = self._explainer.explain(names, examined, _untouched(repaired, self._master))
        exercises = explained.exercises
        status, score = judge(exercises)
        result = self._desk.record(
            job,
            status,
            score,
            protection=self.sandbox.level,
            seconds=round(time.perf_counter() - started, 6),
            warnings=(
                *job.warnings,
                *repaired.warnings,
                *submission.warnings,
                *self._suite.warnings,
            ),
            exercises=exercises,
        )
        outcomes = clean_outcomes(submission.outcomes)
        notebook = finish(repaired, outcomes, exercises)
        return Graded(result, notebook, feedback_page(result, repaired, outcomes, explained.hints))


def _untouched(repaired: Repaired, master: Master) -> set[str]:
    """Return the exercises whose solution cell is as it was released."""
    return {
        cell.grade_id.removesuffix("_solution")
        for cell in repaired.cells
        if cell.grade_id and cell.is_students and essence(cell.source) in master.stubs
    }


def _expected_scores(master: Master) -> dict[str, float]:
    """Return the points of the grade cells that checks decide: no person marks them."""
    return {name: points for name, points in master.points.items() if name not in master.manual}


def _compare(expected: dict[str, float], checked: dict[str, float]) -> None:
    """Check that the points of the checks are those of the grade cells.

    Raises
    ------
    CourseError
        If a grade cell has no checks, or other points than its checks.
    """
    if expected == checked:
        return
    lines = [
        f"  {name}: {expected.get(name, 'no')} points in the release, "
        f"{checked.get(name, 'no')} in the checks"
        for name in sorted(expected.keys() | checked.keys())
        if expected.get(name) != checked.get(name)
    ]
    raise CourseError("release and checks disagree:\n" + "\n".join(lines))

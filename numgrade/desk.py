"""What goes into grading and what comes out: jobs, graded submissions, the desk in between."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from numgrade.autograded import placeholder
from numgrade.feedback import feedback_page
from numgrade.results import ExerciseResult, SubmissionResult, SubmissionStatus

if TYPE_CHECKING:
    from numgrade.assignment import Assignment
    from numgrade.master import Master


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


def _expected_scores(master: Master) -> dict[str, float]:
    """Return the points of the grade cells that checks decide: no person marks them."""
    return {name: points for name, points in master.points.items() if name not in master.manual}

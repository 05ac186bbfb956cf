"""The verdict: frozen records, pure scoring, and JSON.

A score is decided here and nowhere else: `earned` gives a check its points, `ExerciseResult.of`
adds up an exercise, and `judge` a submission.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

Protection = Literal["A", "B", "C"]

_DIGITS = 6
"""Points are rounded to this many digits, so that a third of a point three times is a point."""


class CheckStatus(StrEnum):
    """How a check ended. Only `NOT_RUN` is our fault; it makes the submission unscored."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    KILLED = "killed"
    NOT_RUN = "not_run"


class SubmissionStatus(StrEnum):
    """How a submission ended. `UNSCORED` is our fault: no score, graded again by the next run."""

    GRADED = "graded"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNSCORED = "unscored"


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """What all records share: immutable, by keyword, and JSON both ways."""


class CheckResult(_Record, frozen=True, kw_only=True):
    """The outcome of one hidden check on one submission.

    `title` is the first line of the check's docstring; `seconds` is wall time.
    """

    name: str
    title: str
    status: CheckStatus
    points: float
    max_points: float
    message: str = ""
    seconds: float = 0.0


class ExerciseResult(_Record, frozen=True, kw_only=True):
    """The checks of one grade cell. `name` is the cell's grade_id.

    `behaviour` is a digest of wrong answers that have no name: alike where code behaves alike.
    """

    name: str
    score: float
    max_score: float
    diagnosis: str | None = None
    behaviour: str | None = None
    checks: tuple[CheckResult, ...] = ()

    @classmethod
    def of(
        cls, name: str, checks: Iterable[CheckResult], diagnosis: str | None = None
    ) -> ExerciseResult:
        """Add up the checks of one exercise."""
        checks = tuple(checks)
        return cls(
            name=name,
            score=_total(check.points for check in checks),
            max_score=_total(check.max_points for check in checks),
            diagnosis=diagnosis,
            checks=checks,
        )


class SubmissionResult(_Record, frozen=True, kw_only=True):
    """The record of one submission: one line of results.jsonl.

    `score` is None exactly when the submission is unscored; `protection` is the sandbox level
    under which the student's code ran, None where no code ran.
    """

    assignment: str
    student: str
    status: SubmissionStatus
    score: float | None
    max_score: float
    protection: Protection | None = None
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    submission_sha256: str | None = None
    checks_sha256: str
    exercises: tuple[ExerciseResult, ...] = ()

    def to_json(self) -> bytes:
        """Encode as one line of JSON, without the newline."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, line: bytes) -> SubmissionResult:
        """Decode and check one line of results.jsonl.

        Raises
        ------
        msgspec.ValidationError
            If the line is not such a record.
        msgspec.DecodeError
            If it is not JSON.
        """
        return msgspec.json.decode(line, type=cls)


def earned(status: CheckStatus, max_points: float) -> float:
    """Return the points of a check: all of them if it passed, else none."""
    return max_points if status is CheckStatus.PASSED else 0.0


def judge(exercises: Iterable[ExerciseResult]) -> tuple[SubmissionStatus, float | None]:
    """Return status and score of a submission whose exercises have been checked.

    A check that we could not run leaves the whole submission unscored: a score that lacks a
    check's points would be ours to answer for.
    """
    exercises = tuple(exercises)
    checks = [check for exercise in exercises for check in exercise.checks]
    if not checks or any(check.status is CheckStatus.NOT_RUN for check in checks):
        return SubmissionStatus.UNSCORED, None
    return SubmissionStatus.GRADED, _total(exercise.score for exercise in exercises)


def _total(points: Iterable[float]) -> float:
    return round(math.fsum(points), _DIGITS)

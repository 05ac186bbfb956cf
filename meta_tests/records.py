"""Made-up records of a class, for what is written about a class.

PYTEST_DONT_REWRITE: it asserts nothing, and the files of tests import from it.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from numgrade.results import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    SubmissionResult,
    SubmissionStatus,
    earned,
    judge,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

ASSIGNMENT = "mini"
HOSTILE = "</script><script>owned=1</script><img src=x onerror=owned=1>&amp;\"'\u2028"
"""A text that would run, or break out of where it stands."""


def check(name: str, status: str = "passed", points: float = 1.0, message: str = "") -> CheckResult:
    """Return the outcome of a check."""
    state = CheckStatus(status)
    return CheckResult(
        name=f"test_{name}",
        title=f"{name.replace('_', ' ').capitalize()}.",
        status=state,
        points=earned(state, points),
        max_points=points,
        message=message,
        seconds=0.0125,
    )


def graded(
    student: str,
    checks: Mapping[str, Iterable[CheckResult]],
    diagnoses: Mapping[str, str] | None = None,
    behaviours: Mapping[str, str] | None = None,
    **others: Any,  # noqa: ANN401 - fields of the record
) -> SubmissionResult:
    """Return the record of a submission, with checks, diagnoses and behaviours by exercise."""
    known, seen = diagnoses or {}, behaviours or {}
    exercises = tuple(
        replace(ExerciseResult.of(name, own, known.get(name)), behaviour=seen.get(name))
        for name, own in checks.items()
    )
    status, score = judge(exercises)
    return SubmissionResult(
        **{
            "assignment": ASSIGNMENT,
            "student": student,
            "status": status,
            "score": score,
            "max_score": sum(each.max_score for each in exercises),
            "protection": "A",
            "seconds": 0.5,
            "submission_sha256": "5" * 64,
            "checks_sha256": "c" * 64,
            "exercises": exercises,
            **others,
        }
    )


def without_checks(student: str, status: str, *warnings: str) -> SubmissionResult:
    """Return the record of a submission of which no check was run."""
    state = SubmissionStatus(status)
    unscored = state is SubmissionStatus.UNSCORED
    nothing = () if unscored else (ExerciseResult(name="double", score=0.0, max_score=3.0),)
    return graded(
        student,
        {},
        status=state,
        score=None if unscored else 0.0,
        max_score=3.0,
        protection=None,
        warnings=warnings,
        exercises=nothing,
    )


def small_class() -> list[SubmissionResult]:
    """Return one submission of each kind."""
    wrong = [check("value", "failed", 2.0, "got 3, not 4"), check("array", "error", message="None")]
    slow = [check("value", points=2.0), check("array", "timed_out", message="more than 5 s")]
    broken = [check("value", points=2.0), check("array", "not_run", message="no grader")]
    return [
        graded("a-right", {"double": [check("value", points=2.0), check("array")]}),
        graded(
            "b-wrong", {"double": wrong}, {"double": "off-by-one"}, warnings=("A cell was copied.",)
        ),
        graded("c-slow", {"double": slow}, protection="B"),
        graded("d-broken", {"double": broken}, warnings=("no grader is left",)),
        without_checks("e-none", "missing", "Nothing was handed in."),
        without_checks("f-pdf", "unreadable", "It is not JSON."),
        without_checks("g-lost", "unscored", "The grader was lost twice."),
    ]


def large_class(size: int, exercises: int = 6, checks: int = 5) -> list[SubmissionResult]:
    """Return a class with as many checks as a real assignment has, and messages as long."""
    drawn = random.Random(5)  # noqa: S311 - not for secrets
    message = "the derivative of exp at 0.8371 is 2.3096, but 2.5142 was returned; allowed: 1e-4"
    results = []
    for number in range(size):
        skill = drawn.random()
        taken: dict[str, list[CheckResult]] = {}
        diagnoses, behaviours = {}, {}
        for exercise in range(exercises):
            passes = [drawn.random() < 0.3 + 0.7 * skill for _ in range(checks)]
            taken[f"exercise_{exercise}"] = [
                check(f"property_{place}_of_{exercise}")
                if passed
                else check(f"property_{place}_of_{exercise}", "failed", 1.0, f"{number}: {message}")
                for place, passed in enumerate(passes)
            ]
            if not all(passes) and drawn.random() < 0.5:
                diagnoses[f"exercise_{exercise}"] = drawn.choice(["forward", "off-by-one", "sign"])
            elif not all(passes):
                behaviours[f"exercise_{exercise}"] = f"{drawn.randrange(200):012x}"
        warned = ("A cell was copied; the last copy counts.",) if number % 7 == 0 else ()
        results.append(
            graded(f"student-{number:04}", taken, diagnoses, behaviours, warnings=warned)
        )
    return results


def write_records(root: Path, results: Iterable[SubmissionResult]) -> None:
    """Put records where a run would."""
    path = root / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(result.to_json() + b"\n" for result in results))

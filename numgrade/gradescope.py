"""A submission as Gradescope's results.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from numgrade.results import CheckStatus

if TYPE_CHECKING:
    from numgrade.results import CheckResult, SubmissionResult

_PUBLISHED = "after_published"


def gradescope(result: SubmissionResult) -> bytes | None:
    """Return what Gradescope reads of a submission; None for one without a score.

    Gradescope has no word for work that could not be scored, and a file without a score is one of
    zero or none at all: so there is none. Students see the results when grades are published, as
    they would see our feedback, and messages as plain text, whatever is in them.
    """
    if result.score is None:
        return None
    tests = [
        _test(f"{place}.{number}", exercise.name, check)
        for place, exercise in enumerate(result.exercises, 1)
        for number, check in enumerate(exercise.checks, 1)
    ]
    document = {
        "score": result.score,
        "execution_time": round(result.seconds, 3),
        "output": "\n".join(result.warnings),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": _PUBLISHED,
        "stdout_visibility": "hidden",
        "extra_data": {
            "status": result.status,
            "max_score": result.max_score,
            "submission_sha256": result.submission_sha256,
            "checks_sha256": result.checks_sha256,
        },
        "tests": tests,
    }
    return json.dumps(document, indent=1, allow_nan=False).encode()


def _test(number: str, exercise: str, check: CheckResult) -> dict[str, Any]:
    title = check.title or check.name.removeprefix("test_").replace("_", " ")
    return {
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.status is CheckStatus.PASSED else "failed",
        "name": f"{exercise.replace('_', ' ')}: {title}",
        "number": number,
        "output": check.message,
        "tags": [exercise],
        "visibility": _PUBLISHED,
        "extra_data": {"check": check.name, "status": check.status, "seconds": check.seconds},
    }

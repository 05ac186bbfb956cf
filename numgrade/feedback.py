"""The page a student reads: one file, no request to anywhere, nothing in it that could run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from numgrade.outputs import CellOutcome, Output, clean_outcomes, clean_text
from numgrade.results import CheckStatus, SubmissionStatus
from numgrade.templating import template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numgrade.repair import Repaired
    from numgrade.results import CheckResult, ExerciseResult, SubmissionResult

MAX_SHOWN = 20_000
"""Characters shown of one source or one output: a page for people."""

MAX_CELLS_SHOWN = 200

_STATUSES: Final = {
    CheckStatus.PASSED: ("good", "✓", "Passed"),
    CheckStatus.FAILED: ("bad", "✗", "Not passed"),
    CheckStatus.ERROR: ("bad", "!", "Error"),
    CheckStatus.TIMED_OUT: ("bad", "…", "Took too long"),
    CheckStatus.KILLED: ("bad", "!", "Crashed"),
    CheckStatus.NOT_RUN: ("note", "-", "Not checked"),
}
_STATES: Final = {
    SubmissionStatus.GRADED: (
        "Your score",
        "Each exercise below lists what was checked and what came out.",
    ),
    SubmissionStatus.MISSING: (
        "Nothing was handed in",
        "There was no notebook of yours for this assignment when it was graded.",
    ),
    SubmissionStatus.UNREADABLE: (
        "Your file could not be read",
        (
            "What was handed in is not a notebook, so there was nothing to check. Open your "
            "notebook in Jupyter, save it, and hand in the file that ends in .ipynb."
        ),
    ),
    SubmissionStatus.UNSCORED: (
        "Not scored yet",
        (
            "Something went wrong on our side while your notebook was being graded. You have lost "
            "no points: it will be graded again."
        ),
    ),
}
_PROTECTIONS: Final = {
    "A": "Your code ran in a sandbox (level A): its own file system, no network, limited time and "
    "memory.",
    "B": "Your code ran in a sandbox (level B): no access to files or network, limited time and "
    "memory.",
    "C": "Your code ran with limited time and memory only (level C), without a full sandbox.",
}


def feedback_page(
    result: SubmissionResult,
    repaired: Repaired | None = None,
    outcomes: Mapping[int, CellOutcome] | None = None,
    hints: Mapping[str, str] | None = None,
    figures: Mapping[str, Sequence[Markup]] | None = None,
) -> str:
    """Return the feedback on a submission as a self-contained HTML page.

    Parameters
    ----------
    result : SubmissionResult
        The record; its messages are shown as they are, escaped.
    repaired : Repaired, optional
        The notebook, of which the student's own cells are shown.
    outcomes : mapping of int to CellOutcome, optional
        What running them gave; cleaned here unless `clean_outcomes` has done it.
    hints : mapping of str to str, optional
        What a student is told about a known mistake, by "<exercise>/<diagnosis>" or, for all
        exercises alike, by "<diagnosis>".
    figures : mapping of str to sequence of markupsafe.Markup, optional
        Pictures, by exercise.
    """
    title, text = _STATES[result.status]
    return template("feedback.html.j2").render(
        result=result,
        state={"title": title, "text": text},
        exercises=[
            {**_exercise(exercise, hints or {}), "figures": (figures or {}).get(exercise.name, ())}
            for exercise in _checked(result)
        ],
        cells=list(_cells(repaired, outcomes or {})) if repaired else [],
        protection=_PROTECTIONS.get(result.protection or ""),
        percent=_percent,
    )


def _percent(score: float, max_score: float) -> str:
    return f"{100 * min(max(score / max_score, 0.0), 1.0):.0f}"


def _words(name: str) -> str:
    """Return the name of an exercise or a mistake as words."""
    return name.replace("_", " ").replace("-", " ")


def _checked(result: SubmissionResult) -> list[ExerciseResult]:
    """Return the exercises of which checks were run: without any, there is nothing to list."""
    return [exercise for exercise in result.exercises if exercise.checks]


def _exercise(exercise: ExerciseResult, hints: Mapping[str, str]) -> dict[str, Any]:
    diagnosis = exercise.diagnosis or ""
    passed = sum(check.status is CheckStatus.PASSED for check in exercise.checks)
    return {
        "title": _words(exercise.name),
        "score": exercise.score,
        "max_score": exercise.max_score,
        "passed": passed,
        "tone": "good" if passed == len(exercise.checks) else "bad",
        "diagnosis": _words(diagnosis),
        "hint": hints.get(f"{exercise.name}/{diagnosis}") or hints.get(diagnosis),
        "checks": [_check(check) for check in exercise.checks],
    }


def _check(check: CheckResult) -> dict[str, Any]:
    tone, sign, status = _STATUSES[check.status]
    return {
        "title": check.title or _words(check.name),
        "message": clean_text(check.message),
        "tone": tone,
        "sign": sign,
        "status": status,
        "points": check.points,
        "max_points": check.max_points,
    }


def _cells(repaired: Repaired, outcomes: Mapping[int, CellOutcome]) -> Iterator[dict[str, Any]]:
    cleaned = clean_outcomes(outcomes)
    students = [
        (index, cell)
        for index, cell in enumerate(repaired.cells)
        if cell.is_students and cell.source.strip()
    ]
    for index, cell in students[:MAX_CELLS_SHOWN]:
        outcome = cleaned.get(index)
        yield {
            "title": f"cell {index + 1}" + (f", {_words(cell.grade_id)}" if cell.grade_id else ""),
            "is_code": cell.cell_type == "code",
            "source": _shown(clean_text(cell.source)),
            "outputs": [_output(output) for output in outcome.outputs] if outcome else [],
        }


def _output(output: Output) -> dict[str, Any]:
    """Return a clean output as picture, HTML or text, the richest that there is."""
    data = output.get("data", {})
    picture = html = None
    text = output.get("text") or data.get("text/plain", "")
    is_error = output["output_type"] == "error"
    if mime := next((mime for mime in ("image/png", "image/jpeg") if mime in data), None):
        picture = f"data:{mime};base64,{data[mime]}"
    elif "text/html" in data:
        html = Markup(data["text/html"])  # noqa: S704 - nh3 has cleaned it
    elif is_error:
        text = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
    return {"picture": picture, "html": html, "text": _shown(text), "is_error": is_error}


def _shown(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}\n[the rest is left out here]"

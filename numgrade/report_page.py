"""The instructor's page: one file, no request to anywhere; only our own script may run in it.

All totals stand in its HTML, as tables. The script sorts and filters, and adds what is too much for
a large class at once: the end of every check of every student, and the messages.
"""

from __future__ import annotations

import base64
import glob
import hashlib
import json
import shlex
import statistics
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

from numgrade.histogram import BINS, binned, histogram
from numgrade.item_analysis import POOR
from numgrade.outputs import clean_text
from numgrade.results import CheckStatus, SubmissionStatus
from numgrade.survey import by_exercise
from numgrade.templating import template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from numgrade.results import CheckResult
    from numgrade.settings import LimitValues
    from numgrade.survey import Item, Key, Row, Survey

_TEMPLATES = Path(__file__).with_name("templates")
_SLOWEST = 10
_SHOWN = 100
"""Rows that a browser with scripts lays out at once; without scripts all are shown."""

_GROUPS = 100
"""Groups of unnamed wrong answers that a page shows."""

_ALL_ROWS = "tr[hidden] { display: table-row !important; }"
_MESSAGES = 2_500_000
"""Bytes of messages that a page may hold: a class of any size has one that opens."""
_LONGEST, _SHORTEST = 400, 40

SIGNS = {
    CheckStatus.PASSED: ("p", "✓", "passed"),
    CheckStatus.FAILED: ("f", "✗", "not passed"),
    CheckStatus.ERROR: ("e", "!", "error"),
    CheckStatus.TIMED_OUT: ("t", "…", "took too long"),
    CheckStatus.KILLED: ("k", "†", "crashed or out of memory"),
    CheckStatus.NOT_RUN: ("n", "?", "could not be run"),
}
_NO_CHECK = " "
_TONES = {
    SubmissionStatus.GRADED: "",
    SubmissionStatus.MISSING: "note",
    SubmissionStatus.UNREADABLE: "note",
    SubmissionStatus.UNSCORED: "bad",
}


class Links(NamedTuple):
    """Where a student's pages lie, relative to the report; None where there is none."""

    feedback: Callable[[str], str | None]
    notebook: Callable[[str], str | None]


def report_page(
    assignment: str, survey: Survey, limits: LimitValues, graded_at: datetime, links: Links
) -> str:
    """Return the report on a class as a self-contained HTML page."""
    groups = by_exercise(survey.items.values())
    items = [item for group in groups.values() for item in group]
    return template("report.html.j2").render(
        assignment=assignment,
        graded_at=graded_at,
        survey=survey,
        limits=limits,
        signs=list(SIGNS.values()),
        states=list(survey.states),
        poor=POOR,
        groups={words(name): [_item(item) for item in group] for name, group in groups.items()},
        rows=Markup("\n").join(
            _row(row, links, hidden=place >= _SHOWN) for place, row in enumerate(survey.rows)
        ),
        data=_data(assignment, survey.rows, items),
        **_assets(),
        **_overview(assignment, survey),
        **_concerns(survey),
        pairs=[
            ([(student, links.notebook(student)) for student in pair.students], pair)
            for pair in survey.pairs
        ],
    )


def _assets() -> dict[str, Any]:
    """Return script and styles, and what the page's content security policy calls them."""
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    style = "".join(
        (_TEMPLATES / name).read_text(encoding="utf-8") for name in ("feedback.css", "report.css")
    )
    return {
        "script": Markup(script),  # noqa: S704 - our own
        "style": Markup(style),  # noqa: S704 - our own
        "all_rows": _ALL_ROWS,
        "script_hash": _hash(script),
        "style_hashes": [_hash(style), _hash(_ALL_ROWS)],
    }


def _overview(assignment: str, survey: Survey) -> dict[str, Any]:
    """Return what stands above the table of students."""
    counts = binned(survey.scores, survey.max_score)
    return {
        "unscored": [
            (row.student, row.reason, _again(assignment, row.student))
            for row in survey.rows
            if row.score is None
        ],
        "facts": list(_facts(survey)),
        "histogram": histogram(counts, survey.max_score),
        "bins": [
            (survey.max_score * place / BINS, survey.max_score * (place + 1) / BINS, count)
            for place, count in enumerate(counts)
        ],
    }


def _concerns(survey: Survey) -> dict[str, Any]:
    """Return what stands below it and concerns some students."""
    return {
        "mistakes": [
            (words(exercise), words(name), f"{exercise}/{name}", students)
            for (exercise, name), students in survey.mistakes.items()
        ],
        "unnamed": list(_unnamed(survey)),
        "slowest": sorted(survey.rows, key=lambda row: -row.seconds)[:_SLOWEST],
        "stopped": [(row.student, found) for row in survey.rows if (found := _stopped(row))],
    }


def _unnamed(survey: Survey) -> Iterator[dict[str, Any]]:
    """Yield groups of wrong answers that nobody has named, each as its first student's."""
    rows = {row.student: row for row in survey.rows}
    for number, (key, students) in enumerate(islice(survey.unnamed.items(), _GROUPS), 1):
        exercise, _ = key
        lost = [
            check
            for (owner, _), check in rows[students[0]].checks.items()
            if owner == exercise and check.status is not CheckStatus.PASSED
        ]
        yield {
            "number": number,
            "exercise": words(exercise),
            "key": _key_of_behaviour(key),
            "students": students,
            "lost": [words(check.name) for check in lost],
            "message": clean_text(lost[0].message) if lost else "",
        }


def _key_of_behaviour(key: Key) -> str:
    return "/~".join(key)  # no mistake's file begins with a tilde


def words(name: str) -> str:
    """Return the name of an exercise, a check or a mistake as words."""
    plain, bracket, parameter = name.partition("[")
    told = plain.removeprefix("test_").replace("_", " ").replace("-", " ")
    return f"{told}, {parameter.rstrip(']')}" if bracket else told


def _label(name: str) -> str:
    """Return the name of a check for a narrow place: first what tells it from its like."""
    told, comma, parameter = words(name).partition(", ")
    return f"{parameter}: {told}" if comma else told


def _hash(text: str) -> str:
    """Return what a content security policy wants to know of an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _again(assignment: str, student: str) -> str:
    """Return the command that grades a student again."""
    return shlex.join(["numgrade", "grade", assignment, "--student", glob.escape(student)])


def _facts(survey: Survey) -> Iterator[tuple[str, str]]:
    yield "students", f"{len(survey.rows):,}"
    yield from ((state, f"{count:,}") for state, count in survey.states.items())
    if scores := survey.scores:
        yield "mean", f"{statistics.fmean(scores):.2f}"
        yield "median", f"{statistics.median(scores):g}"
        yield "points possible", f"{survey.max_score:g}"
        yield "full marks", f"{sum(score >= survey.max_score for score in scores):,}"


def _item(item: Item) -> dict[str, Any]:
    value = item.discrimination
    others = [
        f"{SIGNS[state][2]}: {count}"
        for state, count in item.ends.items()
        if state not in {CheckStatus.PASSED, CheckStatus.FAILED}
    ]
    return {
        "name": words(item.key[1]),
        "label": _label(item.key[1]),
        "title": item.title,
        "points": item.max_points,
        "rate": item.rate,
        "passed": sum(item.passed),
        "of": len(item.passed),
        "others": ", ".join(others),
        "discrimination": value,
        "is_poor": value is not None and value < POOR,
    }


def _stopped(row: Row) -> list[str]:
    """Return what was stopped of a student, an exercise at a time."""
    found = Counter(
        (words(exercise), SIGNS[check.status][2]) for (exercise, _), check in row.limits
    )
    return [
        f"{exercise}: {count} check{'s'[: count != 1]} {end}"
        for (exercise, end), count in found.items()
    ]


def _row(row: Row, links: Links, *, hidden: bool) -> Markup:
    """Return a row of the table of students. Put together by hand: there may be many."""
    page, notebook = links.feedback(row.student), links.notebook(row.student)
    name = escape(row.student)
    score = "" if row.score is None else f"{round(row.score, 2):g}"
    shown = f'<a href="{escape(page)}">{name}</a>' if page else name
    link = (
        f'<a href="{escape(notebook)}" aria-label="notebook of {name}">notebook</a>'
        if notebook
        else ""
    )
    mistakes = escape(
        ", ".join(f"{words(exercise)}: {words(each)}" for exercise, each in row.diagnoses)
    )
    made = [f"{exercise}/{each}" for exercise, each in row.diagnoses]
    keys = escape(" ".join([*made, *map(_key_of_behaviour, row.behaviours)]))
    tone = _TONES[row.status]
    status = f'<span class="status {tone}">{row.status}</span>' if tone else str(row.status)
    return Markup(  # noqa: S704 - what is a student's is escaped above
        f'<tr{" hidden" * hidden}><th scope="row" class="who">{shown}</th><td>{status}</td>'
        f'<td class="number">{score}</td><td class="made" data-made="{keys}">{mistakes}</td>'
        f'<td class="number">{row.seconds:.2f}</td><td>{link}</td></tr>'
    )


def _data(assignment: str, rows: Sequence[Row], items: Sequence[Item]) -> Markup:
    """Return what the script shows, as JSON in which a text that occurs often stands once.

    Of each student: a sign a check, the warnings, check and message of what was lost, and the
    command that grades it again.
    """
    places: dict[Key, int] = {item.key: place for place, item in enumerate(items)}
    told = {check.message for row in rows for check in row.checks.values()}
    told.update(warning for row in rows for warning in row.warnings)
    limit = min(_LONGEST, max(_SHORTEST, _MESSAGES // max(len(told), 1)))
    texts: dict[str, int] = {}

    def place_of(text: str) -> int:
        start = text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
        return texts.setdefault(text if start == text else f"{start}…", len(texts))

    data = {
        "signs": {name: sign for name, sign, _ in SIGNS.values()},
        "checks": [[words(item.key[0]), words(item.key[1]), item.title] for item in items],
        "rows": [
            [
                "".join(_sign(row.checks.get(item.key)) for item in items),
                [place_of(warning) for warning in row.warnings],
                [
                    number
                    for key, check in row.checks.items()
                    if check.status is not CheckStatus.PASSED
                    for number in (places[key], place_of(check.message))
                ],
                _again(assignment, row.student),
            ]
            for row in rows
        ],
        "texts": list(texts),  # last: it is filled by the lines above
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Nothing in it ends the script element, or opens a comment in it.
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - escaped, as JSON is


def _sign(check: CheckResult | None) -> str:
    return _NO_CHECK if check is None else SIGNS[check.status][0]

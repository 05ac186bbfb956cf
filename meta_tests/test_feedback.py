"""The feedback page: complete, self-contained, accessible, and nothing in it can act."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from numgrade.feedback import MAX_SHOWN, feedback_page
from numgrade.master import Master
from numgrade.notebook import read_notebook
from numgrade.outputs import CellOutcome
from numgrade.repair import Repaired, repair
from numgrade.results import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    SubmissionResult,
    SubmissionStatus,
)

RELEASED = Path(__file__).parent / "notebooks" / "released.json"
MASTER = Master.load(RELEASED)
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
VOID = {"meta", "img", "br", "hr", "link", "input"}
MESSAGES = {
    CheckStatus.PASSED: "Passed",
    CheckStatus.FAILED: "Not passed",
    CheckStatus.ERROR: "Error",
    CheckStatus.TIMED_OUT: "Took too long",
    CheckStatus.KILLED: "Crashed",
    CheckStatus.NOT_RUN: "Not checked",
}


class Page(HTMLParser):
    """What a page is made of; fails where tags are not balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Match an end tag with the last open one."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Remember the text, but not the style sheet."""
        if self.open and self.open[-1] != "style":
            self.text += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all tags of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def check(status: CheckStatus, **others: Any) -> CheckResult:  # noqa: ANN401 - any field
    """Return the outcome of a check."""
    fields: dict[str, Any] = {"title": "It finds the slope.", "points": 0.0, "max_points": 0.5}
    return CheckResult(name="test_slope", status=status, **fields | others)


def result(status: SubmissionStatus = SubmissionStatus.GRADED, **others: Any) -> SubmissionResult:  # noqa: ANN401 - any field
    """Return a record with one exercise."""
    exercise = ExerciseResult.of(
        "numerical_gradient",
        [check(CheckStatus.PASSED, points=0.5), check(CheckStatus.FAILED, message="Off by two.")],
        "forward-difference",
    )
    fields: dict[str, Any] = {
        "score": 0.5,
        "max_score": 20.0,
        "exercises": (exercise,),
        "protection": "A",
        "submission_sha256": "c" * 64,
    }
    fields |= {"assignment": "calculus", "student": "s-017", "checks_sha256": "d" * 64}
    return SubmissionResult(status=status, **fields | others)


def repaired(source: str) -> Repaired:
    """Return a submission in which the student wrote one cell."""
    document = json.loads(RELEASED.read_text())
    document["cells"].append({"cell_type": "code", "source": source, "metadata": {}, "id": "own"})
    return repair(read_notebook(json.dumps(document).encode()), MASTER)


def test_score_checks_points_and_messages_are_shown() -> None:
    """A student reads what was checked, what came out and why."""
    page = Page(feedback_page(result(warnings=("A cell was moved.",))))
    words = " ".join(page.text.split())
    assert "0.5 of 20 points" in words
    assert "numerical gradient" in words
    assert "It finds the slope. Off by two. ✗ Not passed 0 of 0.5" in words
    assert "A cell was moved." in words
    assert "sandbox (level A)" in words


@pytest.mark.parametrize("status", CheckStatus)
def test_each_outcome_is_told_in_words(status: CheckStatus) -> None:
    """Colour and sign are never the only difference."""
    exercise = ExerciseResult.of("derivative", [check(status)])
    page = Page(feedback_page(result(exercises=(exercise,))))
    assert MESSAGES[status] in page.text


def test_a_hint_is_shown_for_the_diagnosis() -> None:
    """The hint of the exercise's own mistake goes before one that is named alike elsewhere."""
    hints = {"forward-difference": "General.", "numerical_gradient/forward-difference": "Special."}
    assert "Special." in feedback_page(result(), hints=hints)
    assert "General." in feedback_page(result(), hints={"forward-difference": "General."})
    assert "Hint" not in Page(feedback_page(result(), hints={"other": "General."})).text


@pytest.mark.parametrize(
    ("status", "score", "text"),
    [
        (SubmissionStatus.MISSING, 0.0, "Nothing was handed in"),
        (SubmissionStatus.UNREADABLE, 0.0, "It looks like a PDF document."),
        (SubmissionStatus.UNSCORED, None, "You have lost no points"),
    ],
)
def test_a_submission_without_checks_is_explained(
    status: SubmissionStatus, score: float | None, text: str
) -> None:
    """The page says what happened and what to do, without empty tables."""
    empty = ExerciseResult(name="derivative", score=0.0, max_score=4.0)
    reason = "It looks like a PDF document." if status is SubmissionStatus.UNREADABLE else "Inner."
    page = Page(
        feedback_page(
            result(status, score=score, exercises=(empty,), warnings=(reason,), protection=None)
        )
    )
    assert text in page.text
    assert "Inner." not in page.text
    assert not page.attributes("table")
    assert ("of 20 points" in " ".join(page.text.split())) == (score is not None)


def test_everything_is_escaped() -> None:
    """No name, message, warning, hint, code or output can become part of the page."""
    exercise = ExerciseResult.of(
        XSS, [check(CheckStatus.FAILED, title=XSS, message=XSS)], diagnosis=XSS
    )
    record = result(assignment=XSS, exercises=(exercise,), warnings=(XSS,))
    submission = repaired(XSS)
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": XSS},
        {"output_type": "error", "ename": XSS, "evalue": XSS, "traceback": [XSS]},
        {"output_type": "display_data", "data": {"text/html": XSS, "text/plain": XSS}},
        {"output_type": "display_data", "data": {"image/png": f'{PNG}" onerror="alert(1)'}},
    ]
    outcomes = {len(submission.cells) - 1: CellOutcome(outputs=outputs)}
    page = Page(feedback_page(record, submission, outcomes, {XSS: XSS}))
    assert page.text.count("<script>alert(1)") >= 9
    assert not page.attributes("script")
    assert not page.attributes("img")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_the_students_own_cells_and_outputs_are_shown() -> None:
    """What the student wrote is there, what the instructor wrote is not."""
    submission = repaired("print(1 < 2)")
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "\x1b[1mTrue\x1b[0m\n"},
        {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": "<Figure>"}},
        {
            "output_type": "execute_result",
            "data": {"text/html": "<table><tr><td>7</td></tr></table>"},
        },
        {"output_type": "error", "ename": "E", "evalue": "bad", "traceback": []},
    ]
    outcomes = {len(submission.cells) - 1: CellOutcome(outputs=outputs)}
    page = Page(feedback_page(result(), submission, outcomes))
    assert "print(1 < 2)" in page.text
    assert "True\n" in page.text
    assert "E: bad" in page.text
    assert "import numpy" not in page.text
    assert "raise NotImplementedError" not in page.text
    assert [image["src"] for image in page.attributes("img")] == [f"data:image/png;base64,{PNG}"]
    assert page.attributes("img")[0]["alt"]
    assert len(page.attributes("table")) == 3


def test_long_sources_are_cut_for_the_page() -> None:
    """A page is for people; the whole source is in the notebook."""
    page = feedback_page(result(), repaired("x = 1\n" * MAX_SHOWN))
    assert len(page) < 2 * MAX_SHOWN
    assert "the rest is left out" in page


def test_the_page_asks_nothing_of_the_network() -> None:
    """The page is one file: it names no address but anchors, and forbids scripts and requests."""
    page = Page(feedback_page(result(), repaired("x = 'http://example.org'"), {}))
    policy = next(meta for meta in page.attributes("meta") if "http-equiv" in meta)
    assert (policy["content"] or "").startswith("default-src 'none'")
    for _, attributes in page.tags:
        assert (attributes.get("href") or "#").startswith("#")
        assert (attributes.get("src") or "data:").startswith("data:")
    assert not page.attributes("link")
    assert "url(" not in feedback_page(result())


def test_the_page_can_be_read_without_eyes_or_mouse() -> None:
    """Language, landmarks, headings, table headers and labels are there; what scrolls has focus."""
    page = Page(feedback_page(result(), repaired("x = 1"), {}))
    names = [name for name, _ in page.tags]
    assert page.attributes("html")[0]["lang"] == "en"
    assert names.count("main") == names.count("h1") == 1
    assert {"header", "footer", "title"} <= set(names)
    levels = [int(name[1]) for name in names if name in {"h1", "h2", "h3"}]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.attributes("caption")) == len(page.attributes("table"))
    assert all(header.get("scope") in {"row", "col"} for header in page.attributes("th"))
    assert all(pre.get("tabindex") == "0" for pre in page.attributes("pre"))
    anchors = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    labels = {attributes.get("aria-labelledby") for _, attributes in page.tags} - {None}
    assert labels <= anchors
    assert {(link["href"] or "")[1:] for link in page.attributes("a")} <= anchors
    assert len(anchors) == len([1 for _, attributes in page.tags if "id" in attributes])

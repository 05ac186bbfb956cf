"""The instructor's page says what the records say, and nothing that a student wrote runs in it."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta_tests.records import (
    ASSIGNMENT,
    HOSTILE,
    check,
    graded,
    large_class,
    small_class,
    without_checks,
    write_records,
)
from meta_tests.spine import write_course
from numgrade.cli import main
from numgrade.histogram import BINS, binned
from numgrade.item_analysis import discrimination
from numgrade.report_page import Links, report_page
from numgrade.settings import LimitValues
from numgrade.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numgrade.results import SubmissionResult

pytest_plugins = ["meta_tests.spine"]

MOST = 5_000_000
"""Bytes of the page on a class of a thousand."""

VOID = {"meta", "input"}


class Page(HTMLParser):
    """What a browser without scripts makes of a page: its elements, and the texts in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, dict[str, str], list[str]]] = []
        self.texts: list[tuple[str, dict[str, str], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element of SVG that has nothing in it."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of that name."""
        name, attributes, parts = self.open.pop()
        assert name == tag, f"</{tag}> in <{name}>"
        self.texts.append((name, attributes, "".join(parts)))

    def handle_data(self, data: str) -> None:
        """Add a text to all elements that are open."""
        for _, _, parts in self.open:
            parts.append(data)

    def all(self, tag: str, **wanted: str) -> list[str]:
        """Return the texts of the elements with a name and attributes."""
        return [
            " ".join(text.split())
            for name, attributes, text in self.texts
            if name == tag and wanted.items() <= attributes.items()
        ]

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        """What is there for the script."""
        (text,) = (text for _, attributes, text in self.texts if attributes.get("id") == "data")
        return json.loads(text)


def page_of(results: Iterable[SubmissionResult], links: Links | None = None) -> str:
    """Return the page on some results."""
    nowhere = Links(lambda _: None, lambda _: None)
    when = datetime(2026, 5, 17, 8, 30, tzinfo=UTC)
    return report_page(ASSIGNMENT, Survey(results), LimitValues(), when, links or nowhere)


@pytest.fixture(scope="module")
def page() -> Page:
    """Return the page on a class with one submission of each kind."""
    return Page(page_of(small_class()))


def test_unscored_work_comes_first(page: Page) -> None:
    """With its reason, and the command that grades it again; it is first among the students too."""
    assert page.all("h2")[0] == "2 without a score"
    rows = page.all("tr")
    assert rows[1:3] == [
        "d-brokenno grader is leftnumgrade grade mini --student d-broken",
        "g-lostThe grader was lost twice.numgrade grade mini --student g-lost",
    ]
    assert page.all("th", **{"class": "who"})[1:4] == ["d-broken", "g-lost", "a-right"]


def test_a_student_is_graded_again_by_that_name_alone() -> None:
    """What a shell or a pattern would take for something else is quoted."""
    page = Page(page_of([without_checks("a* [b]'s", "unscored")]))
    assert page.all("code")[0] == "numgrade grade mini --student 'a[*] [[]b]'\"'\"'s'"


def test_a_class_without_trouble_is_told_so() -> None:
    """There is no alarm where everything has a score."""
    page = Page(page_of(small_class()[:1]))
    assert page.all("h2")[0] == "Everything has a score"
    assert "No check was stopped by a limit." in page.all("p")
    assert "No answer was that of a known mistake." in page.all("p")


def test_the_totals_are_a_plain_table(page: Page) -> None:
    """Without scripts: who, what became of it, points, mistakes, seconds; no score is no zero."""
    rows = page.all("tr")
    assert "d-brokenunscored0.50" in rows
    assert "g-lostunscored0.50" in rows
    assert "b-wronggraded0double: off by one0.50" in rows
    assert "e-nonemissing00.50" in rows


def test_the_numbers_of_the_class(page: Page) -> None:
    """Mean and median are of those who have a score, a zero for nothing handed in included."""
    facts = dict(zip(page.all("dt"), page.all("dd"), strict=True))
    assert facts == {
        "students": "7",
        "unscored": "2",
        "graded": "3",
        "missing": "1",
        "unreadable": "1",
        "mean": "1.00",
        "median": "0",
        "points possible": "3",
        "full marks": "1",
    }


def test_checks_have_rate_and_discrimination(page: Page) -> None:
    """Over graded submissions, which alone say something about a check."""
    rows = page.all("tr")
    (value,) = (row for row in rows if row.startswith("valueValue."))
    assert "67% 2 of 3" in value
    (array,) = (row for row in rows if row.startswith("arrayArray."))
    assert "33% 1 of 3" in array
    assert "error: 1, took too long: 1" in array


def test_mistakes_limits_and_warnings_have_their_students(page: Page) -> None:
    """Each with those whom it concerns."""
    rows = page.all("tr")
    assert "off by onedouble1 b-wrong" in [
        row.removesuffix(" show").removesuffix("show") for row in rows
    ]
    assert "c-slowdouble: 1 check took too long" in rows
    assert "A cell was copied.1b-wrong" in rows
    assert page.all("li")[-2:] == ["3 at level A", "1 at level B"]


def test_equal_wrong_answers_without_a_name_stand_together() -> None:
    """Groups are ranked, each with its students and with what the first of them lost."""
    lost = [check("value", "failed", 2.0, "It is <half> of it."), check("array")]
    behaviours = {"ada": "a" * 12, "bob": "b" * 12, "cleo": "a" * 12}
    text = page_of(
        graded(name, {"double": lost}, {}, {"double": each}) for name, each in behaviours.items()
    )
    rows = [row for row in Page(text).all("tr") if "It is <half> of it." in row]
    assert [row.removesuffix("show").strip() for row in rows] == [
        "1double2 ada, cleo valueIt is <half> of it.",
        "2double1 bob valueIt is <half> of it.",
    ]
    assert text.count('data-made="double/~aaaaaaaaaaaa"') == 2


def test_weak_protection_is_named() -> None:
    """Level C is not one among others."""
    page = Page(page_of([graded("s", {"double": [check("value")]}, protection="C")]))
    assert page.all("li")[-1].startswith("1 at level C: their code ran with limits alone")


def test_records_of_different_checks_are_not_mixed_in_silence() -> None:
    """The page says so, and both versions' checks have columns."""
    old = graded("a", {"double": [check("old")]}, checks_sha256="d" * 64)
    new = graded("b", {"double": [check("new")]})
    page = Page(page_of([old, new]))
    (caution,) = page.all("p", **{"class": "caution"})
    assert caution.startswith("These records come from 2 versions of the checks")
    assert [row[0] for row in page.data["rows"]] == ["p ", " p"]


def test_the_script_is_told_every_check_and_message(page: Page) -> None:
    """A sign a check; of what was lost, the check and the message."""
    data = page.data
    told = {}
    names = page.all("th", **{"class": "who"})[1:]
    for name, (signs, warnings, lost, _) in zip(names, data["rows"], strict=True):
        pairs = zip(lost[::2], lost[1::2], strict=True)
        said = [(data["checks"][place][1], data["texts"][text]) for place, text in pairs]
        told[name] = signs, [data["texts"][place] for place in warnings], said
    assert told["b-wrong"] == (
        "fe",
        ["A cell was copied."],
        [("value", "got 3, not 4"), ("array", "None")],
    )
    assert told["c-slow"][0] == "pt"
    assert told["d-broken"][0] == "pn"
    assert told["e-none"] == ("  ", ["Nothing was handed in."], [])


# What students wrote.


def hostile_class() -> list[SubmissionResult]:
    """Return records with a hostile text wherever a text can be."""
    lost = check("value", "failed", message=HOSTILE)
    return [
        graded(HOSTILE, {"double": [lost]}, {"double": HOSTILE}, warnings=(HOSTILE,)),
        graded(f"{HOSTILE}2", {HOSTILE: [check(HOSTILE, "timed_out")]}),
        without_checks(f"{HOSTILE}3", "unscored", HOSTILE),
    ]


def test_nothing_hostile_is_markup() -> None:
    """The page has the elements and attributes that it has with harmless texts, and no others."""
    harmless = {"</script>": "s", "<": "(", ">": ")", "&": "+", '"': "'", "'": "."}

    def tame(text: str) -> str:
        for bad, good in harmless.items():
            text = text.replace(bad, good)
        return text

    results = hostile_class()
    tamed = [type(each).from_json(tame_json(each.to_json(), tame)) for each in results]
    links = Links(lambda student: f"f/{student}", lambda student: f"n/{student}")
    shapes = [
        sorted(
            (tag, *sorted(attributes)) for tag, attributes in Page(page_of(some, links)).elements
        )
        for some in (results, tamed)
    ]
    assert shapes[0] == shapes[1]


def tame_json(line: bytes, tame: Any) -> bytes:  # noqa: ANN401 - a function
    """Return a record with all its texts made harmless."""

    def walk(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, dict):
            return {key: walk(each) for key, each in value.items()}
        if isinstance(value, list):
            return [walk(each) for each in value]
        return tame(value) if isinstance(value, str) else value

    return json.dumps(walk(json.loads(line))).encode()


def test_hostile_texts_are_there_to_be_read() -> None:
    """Whole, in the table and for the script."""
    page = Page(page_of(hostile_class()))
    assert HOSTILE in page.data["texts"]
    shown = " ".join(HOSTILE.split())
    assert shown in page.all("th", **{"class": "who"})


def test_the_policy_allows_our_own_script_and_styles_only() -> None:
    """By their hashes; there is no handler, no style attribute, and no address but to pages."""
    text = page_of(hostile_class())
    page = Page(text)
    (policy,) = (
        attributes["content"]
        for tag, attributes in page.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    scripts = [code for tag, attributes, code in page.texts if tag == "script" and not attributes]
    styles = [code for tag, _, code in page.texts if tag == "style"]
    assert re.findall(r"script-src ([^;]*)", policy) == [" ".join(map(hashed, scripts))]
    (allowed,) = re.findall(r"style-src ([^;]*)", policy)
    assert {*allowed.split()} == {*map(hashed, styles)}
    assert policy.startswith("default-src 'none';")
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")} | ({"style", "src"} & names)
    links = {attributes["href"] for tag, attributes in page.elements if "href" in attributes}
    assert all(link.startswith("#") for link in links)


def hashed(code: str) -> str:
    """Return what a policy calls an inline script or style."""
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


# Large classes.


def test_a_class_of_a_thousand_is_a_small_file() -> None:
    """Names, links, checks and messages together."""
    links = Links(
        lambda student: f"../feedback/{student}/{ASSIGNMENT}/{ASSIGNMENT}.html",
        lambda student: f"../autograded/{student}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb",
    )
    text = page_of(large_class(1000), links)
    assert text.count('<th scope="row" class="who">') == 1000
    assert len(text.encode()) < MOST


def test_long_messages_of_a_large_class_are_cut() -> None:
    """Whatever students can make a check say, the page stays one that opens."""
    results = [
        graded(
            f"s-{number}",
            {
                "double": [
                    check(f"c{i}", "failed", message=f"{number} {i} {'é' * 5000}")
                    for i in range(30)
                ]
            },
        )
        for number in range(1000)
    ]
    assert len(page_of(results).encode()) < MOST


def test_messages_of_a_small_class_are_whole() -> None:
    """Up to some hundred characters; the feedback page has all of them."""
    message = "x" * 400
    page = Page(page_of([graded("s", {"double": [check("value", "failed", message=message)]})]))
    assert message in page.data["texts"]


# The numbers.


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=40),
    st.floats(0.25, 4),
)
def test_discrimination_is_pearsons_of_0_and_1(
    students: list[tuple[bool, int]], points: float
) -> None:
    """It agrees with the textbook's formula for the point-biserial correlation."""
    passed = [each for each, _ in students]
    rest = [float(score) for _, score in students]
    own = [points * each for each in passed]
    scores = [a + b for a, b in zip(rest, own, strict=True)]
    value = discrimination(passed, scores, own)
    right = [score for score, good in zip(rest, passed, strict=True) if good]
    wrong = [score for score, good in zip(rest, passed, strict=True) if not good]
    if not (right and wrong) or len({*rest}) == 1:
        assert value is None
        return
    n, mean = len(rest), sum(rest) / len(rest)
    deviation = math.sqrt(sum((score - mean) ** 2 for score in rest) / n)
    gap = sum(right) / len(right) - sum(wrong) / len(wrong)
    expected = gap / deviation * math.sqrt(len(right) * len(wrong) / n**2)
    assert value == pytest.approx(expected, abs=1e-9)


def test_a_check_does_not_correlate_with_itself() -> None:
    """Passed by chance it does not discriminate, however many points it has."""
    passed = [True, False, True, False]
    rest = [1.0, 1.0, 5.0, 5.0]
    own = [100.0 * each for each in passed]
    scores = [a + b for a, b in zip(rest, own, strict=True)]
    assert discrimination(passed, scores, own) == pytest.approx(0, abs=1e-12)


@given(st.lists(st.floats(0, 20), max_size=50))
def test_every_score_is_in_one_bin(scores: list[float]) -> None:
    """Also the highest, and those that lie on an edge."""
    counts = binned(scores, 20)
    assert len(counts) == BINS
    assert sum(counts) == len(scores)


def test_edges_belong_to_the_bin_above_them_and_full_marks_to_the_last() -> None:
    """As the page's table says; more than full marks, and no points at all, do no harm."""
    assert binned([0, 1, 19, 20, 21], 20) == [1, 1, *[0] * 17, 3]
    assert binned([0], 0)[0] == 1


# The command.


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course with records, and pages of one student."""
    root = write_course(tmp_path / "course", {}, {"double": 3}, "")
    write_records(root, small_class())
    for folder, name in (("feedback", "mini.html"), ("autograded", "mini.ipynb")):
        place = root / folder / "a-right" / ASSIGNMENT
        place.mkdir(parents=True)
        (place / name).touch()
    return root


def links_in(page: Path) -> set[str]:
    """Return the addresses that a page links to, but for places in itself."""
    elements = Page(page.read_text()).elements
    links = {attributes["href"] for _, attributes in elements if "href" in attributes}
    return {link for link in links if not link.startswith("#")}


def test_the_page_lies_in_the_course(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its place is printed; links lead to the pages that exist. Unscored work makes it status 1."""
    assert main(["report", ASSIGNMENT, "--course", str(course)]) == 1
    page = course / "report" / "mini.html"
    out, err = capsys.readouterr()
    assert out == f"Open in a browser: {page}\n"
    assert "numgrade: g-lost is unscored: The grader was lost twice." in err
    assert links_in(page) == {
        "../feedback/a-right/mini/mini.html",
        "../autograded/a-right/mini/mini.ipynb",
    }
    for link in links_in(page):
        assert (page.parent / link).is_file()


def test_links_lead_there_from_elsewhere(course: Path, tmp_path: Path) -> None:
    """Wherever the page is written to."""
    page = tmp_path / "some" / "where" / "page.html"
    assert main(["report", ASSIGNMENT, "--course", str(course), "--output", str(page)]) == 1
    assert len(links_in(page)) == 2
    for link in links_in(page):
        assert (page.parent / link).is_file()


def test_a_class_with_scores_ends_with_0(course: Path) -> None:
    """As `numgrade grade` does."""
    write_records(course, small_class()[:3])
    assert main(["report", ASSIGNMENT, "--course", str(course)]) == 0


def test_no_link_of_the_file_system_is_followed(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder of the report may not lead out of the course."""
    (course / "report").symlink_to(tmp_path)
    assert main(["report", ASSIGNMENT, "--course", str(course)]) == 2
    assert "is a symbolic link" in capsys.readouterr().err


def test_nothing_graded_is_explained(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, what to do, and no page."""
    assert main(["report", "other", "--course", str(course)]) == 2
    assert "nothing has been graded yet; `numgrade grade other` first" in capsys.readouterr().err
    assert not (course / "report").exists()

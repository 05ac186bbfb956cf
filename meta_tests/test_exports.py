"""Other programs can read what is exported, and nothing without a score becomes a zero."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from nbgrader.api import Gradebook

from meta_tests.records import ASSIGNMENT, HOSTILE, check, graded, small_class, write_records
from meta_tests.spine import notebook, write_course
from numgrade.cli import main
from numgrade.gradescope import gradescope
from numgrade.junit import junit
from numgrade.learning_platforms import canvas, moodle
from numgrade.roster import Person, Roster
from numgrade.spreadsheet import number_cell, table, text_cell
from numgrade.store import ResultStore, latest_results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numgrade.results import SubmissionResult

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

UNSCORED = ("d-broken", "g-lost")
NOBODY = Roster()


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def export(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ended]:
    """Return a function that runs `numgrade export` on the assignment."""

    def run(root: Path, *arguments: object) -> Ended:
        capfdbinary.readouterr()
        where = ["export", ASSIGNMENT, "--course", str(root)]
        try:
            status = main([*where, *map(str, arguments)])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in out + err
        return Ended(status, out.decode(), err.decode())

    return run


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course with a record of each kind, and no gradebook."""
    root = write_course(tmp_path, {}, {"double": 3}, "")
    write_records(root, small_class())
    return root


def rows_of(data: bytes | str) -> list[list[str]]:
    """Return the rows of a CSV file."""
    text = data.decode() if isinstance(data, bytes) else data
    return list(csv.reader(io.StringIO(text, newline="")))


# Canvas: header, points possible, students. What its importer asks of each row.


def canvas_rows(results: Sequence[SubmissionResult], roster: Roster = NOBODY) -> list[list[str]]:
    """Return the rows of a Canvas gradebook, of which the header is as Canvas wants it."""
    header, *rows = rows_of(canvas(ASSIGNMENT, results, roster))
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ASSIGNMENT]
    assert {len(row) for row in rows} == {len(header)}
    return rows


def test_canvas_has_a_row_of_points_and_a_row_a_student() -> None:
    """The first row after the header holds the points possible, as in Canvas's own export."""
    possible, *students = canvas_rows(small_class())
    assert possible == ["    Points Possible", "", "", "", "", "3"]
    assert {row[3]: row[5] for row in students} == {
        "a-right": "3",
        "b-wrong": "0",
        "c-slow": "2",
        "e-none": "0",
        "f-pdf": "0",
        **dict.fromkeys(UNSCORED, ""),
    }


def test_canvas_finds_students_by_what_the_gradebook_knows() -> None:
    """Name and Canvas's own number come from the gradebook; without them the id is all there is."""
    roster = Roster({"a-right": Person("Curie", "Marie", "m@x.org", "4711")})
    _, first, second, *_ = canvas_rows(small_class(), roster)
    assert first[:4] == ["Curie, Marie", "4711", "a-right", "a-right"]
    assert second[:4] == ["b-wrong", "", "b-wrong", "b-wrong"]


def test_no_student_sets_the_points_possible_of_canvas() -> None:
    """A row whose first cell contains these words would be read as another row of points."""
    name = "Points Possible"
    _, *students = canvas_rows([graded(name, {"double": [check("value")]})])
    assert [row[0] for row in students] == ["points possible"]
    assert students[0][3] == name


# Moodle: an identifier, the grade, feedback.


def test_moodle_has_one_identifier_a_grade_and_feedback() -> None:
    """Each row names a student; an empty grade, with no feedback, is one that does not exist."""
    header, *rows = rows_of(moodle(ASSIGNMENT, small_class()))
    assert header == ["ID number", ASSIGNMENT, f"{ASSIGNMENT} (feedback)"]
    assert all(row[0] for row in rows)
    told = {row[0]: row[1:] for row in rows}
    assert told["b-wrong"] == ["0", "double 0 of 3 (not passed: Value, Array)"]
    assert told["a-right"] == ["3", "double 3 of 3"]
    assert told["e-none"] == ["0", "Nothing was handed in."]
    assert [told[name] for name in UNSCORED] == [["", ""]] * len(UNSCORED)


# Cells.


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r\n-1", "\uff1d1"]
)
def test_no_text_is_a_formula(text: str) -> None:
    """An apostrophe before it makes a spreadsheet show it as it is."""
    assert text_cell(text) == f"'{text}"
    results = [graded(text, {"double": [check("value")]})]
    roster = Roster({text: Person(text, text, text, text)})
    for row in [*canvas_rows(results, roster)[1:], *rows_of(moodle(ASSIGNMENT, results))[1:]]:
        for cell in row:
            assert cell.lstrip()[:1] not in {"=", "+", "-", "@", "\uff1d"}


@pytest.mark.parametrize("text", ["", "a=b", "s-017", "1+1", "'", 'Ärger, "x"\ny', " "])
def test_other_text_is_left_alone(text: str) -> None:
    """It comes out of the file as it went in."""
    assert text_cell(text) == text
    assert rows_of(table([[text, "end"]])) == [[text, "end"]]


def test_numbers_have_the_digits_that_they_have() -> None:
    """No exponent, no noise, and nothing is not zero."""
    numbers = [0.0, 20.0, 0.1 + 0.2, 2 / 3, 1e-5, 100.0, None]
    assert [number_cell(each) for each in numbers] == [
        *("0", "20", "0.3", "0.666667", "0.00001", "100", "")
    ]


# JUnit XML: the schema that Jenkins validates against (junit-10.xsd), as a table.

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out"},
    "properties": {"property"},
    "property": set(),
    "testcase": {"failure", "error", "skipped"},
    "failure": set(),
    "error": set(),
    "skipped": set(),
    "system-out": set(),
}
COUNTS = {"tests", "failures", "errors"}
NEEDED = {
    "testsuite": {"name", *COUNTS},
    "testcase": {"name"},
    "property": {"name", "value"},
}
ALLOWED = {
    "testsuites": {"name", "time", *COUNTS},
    "testsuite": {"name", "time", "skipped", *COUNTS},
    "testcase": {"name", "time", "classname"},
    "property": {"name", "value"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
}
TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?")


def schema_problems(element: ET.Element) -> Iterator[str]:
    """Yield where a document is not as the schema has it, and where its counts are wrong."""
    names = set(element.attrib)
    yield from (f"{element.tag} lacks {name}" for name in NEEDED.get(element.tag, set()) - names)
    yield from (f"{element.tag} has {name}" for name in names - ALLOWED.get(element.tag, set()))
    if "time" in names and not TIME.fullmatch(element.attrib["time"]):
        yield f"time {element.attrib['time']}"
    kinds = {"tests": "testcase", "failures": "failure", "errors": "error"}
    for name in COUNTS & names:
        if int(element.attrib[name]) != len(list(element.iter(kinds[name]))):
            yield f"{element.tag} counts {element.attrib[name]} {name}"
    for child in element:
        if child.tag not in CHILDREN[element.tag]:
            yield f"{child.tag} in {element.tag}"
        else:
            yield from schema_problems(child)


def test_junit_is_as_the_schema_has_it() -> None:
    """Elements, attributes, times and counts, for submissions of every kind."""
    root = ET.fromstring(junit(ASSIGNMENT, small_class()))  # noqa: S314 - our own
    assert root.tag == "testsuites"
    assert list(schema_problems(root)) == []
    assert [suite.attrib["name"] for suite in root] == [each.student for each in small_class()]


@pytest.mark.parametrize(
    "text",
    [
        '<testsuites><testsuite name="a" tests="0" failures="0"/></testsuites>',
        '<testsuites><testcase name="a"/></testsuites>',
        '<testsuites tests="1"/>',
        '<testsuites time="1e-5"/>',
        '<testsuites points="1"/>',
    ],
)
def test_what_is_against_the_schema_is_found(text: str) -> None:
    """The table above does refuse."""
    assert list(schema_problems(ET.fromstring(text)))  # noqa: S314 - our own


def test_junit_errors_are_ours_and_failures_the_students() -> None:
    """Whatever an answer did is a failure with its kind; a check that was not run is an error."""
    root = ET.fromstring(junit(ASSIGNMENT, small_class()))  # noqa: S314 - our own
    found = {
        suite.attrib["name"]: [
            (each.tag, each.attrib["type"]) for each in suite.iterfind("*/*[@type]")
        ]
        for suite in root
    }
    assert found == {
        "a-right": [],
        "b-wrong": [("failure", "failed"), ("failure", "error")],
        "c-slow": [("failure", "timed_out")],
        "d-broken": [("error", "not_run")],
        "e-none": [("failure", "failed")],
        "f-pdf": [("failure", "failed")],
        "g-lost": [("error", "not_run")],
    }
    (failure, *_) = root.iter("failure")
    assert failure.attrib["message"] == failure.text == "got 3, not 4"


def test_junit_has_no_score_where_there_is_none() -> None:
    """The properties of a suite have the score, unless there is none."""
    root = ET.fromstring(junit(ASSIGNMENT, small_class()))  # noqa: S314 - our own
    scores = {
        suite.attrib["name"]: suite.find("properties/property[@name='score']") for suite in root
    }
    assert {name for name, score in scores.items() if score is None} == {*UNSCORED}


def test_junit_survives_any_message() -> None:
    """Characters that XML cannot hold are replaced; all others come out as they went in."""
    text = f"{HOSTILE}]]>\x00\x1b[31m\ufffe\nsecond"
    results = [graded("s", {"double": [check("value", "failed", message=text)]})]
    (failure,) = ET.fromstring(junit(ASSIGNMENT, results)).iter("failure")  # noqa: S314 - our own
    assert failure.text == f"{HOSTILE}]]>\ufffd\ufffd[31m\ufffd\nsecond"


# Gradescope: the fields of its specification, and their values.

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
OUTPUT_FORMATS = {"text", "html", "simple_format", "md", "ansi"}
TOP: dict[str, Any] = {
    "score": (int, float),
    "execution_time": (int, float),
    "output": str,
    "output_format": OUTPUT_FORMATS,
    "test_output_format": OUTPUT_FORMATS,
    "test_name_format": OUTPUT_FORMATS,
    "visibility": VISIBILITIES,
    "stdout_visibility": VISIBILITIES,
    "extra_data": dict,
    "tests": list,
}
TEST: dict[str, Any] = {
    "score": (int, float),
    "max_score": (int, float),
    "status": {"passed", "failed"},
    "name": str,
    "number": str,
    "output": str,
    "tags": list,
    "visibility": VISIBILITIES,
    "extra_data": dict,
}


def against_the_fields(document: dict[str, Any], fields: dict[str, Any]) -> list[str]:
    """Return the fields that the specification does not know, or not with this value."""
    return [
        name
        for name, value in document.items()
        if name not in fields
        or not (
            value in fields[name]
            if isinstance(fields[name], set)
            else isinstance(value, fields[name])
        )
    ]


def test_gradescope_has_the_documented_fields() -> None:
    """Names and values, of the whole and of each test; the tests add up to the score."""
    for result in small_class():
        data = gradescope(result)
        assert (data is None) == (result.student in UNSCORED)
        if data is None:
            continue
        document = json.loads(data)
        assert against_the_fields(document, TOP) == []
        assert [against_the_fields(test, TEST) for test in document["tests"]] == [
            [] for _ in document["tests"]
        ]
        assert document["score"] == result.score == sum(t["score"] for t in document["tests"])


def test_gradescope_shows_each_check_as_text() -> None:
    """With its points, whether it was passed, and the message, which is rendered as plain text."""
    wrong = graded("s", {"double": [check("value", "failed", 2.0, HOSTILE), check("array")]})
    document = json.loads(gradescope(wrong) or b"")
    first, second = document["tests"]
    assert (first["name"], first["number"], first["status"]) == ("double: Value.", "1.1", "failed")
    assert (first["score"], first["max_score"], first["output"]) == (0, 2, HOSTILE)
    assert (second["score"], second["status"]) == (1, "passed")
    assert document["test_output_format"] == document["output_format"] == "text"


# The command.


@pytest.mark.parametrize("name", ["canvas", "moodle", "junit"])
def test_a_file_is_what_goes_to_standard_output(
    course: Path, export: Callable[..., Ended], name: str, tmp_path: Path
) -> None:
    """Status 1, for some are unscored, and a sentence about each of them."""
    ended = export(course, "--format", name)
    assert ended.status == 1
    assert ended.err.splitlines() == [
        "numgrade: d-broken is unscored: no grader is left",
        "numgrade: g-lost is unscored: The grader was lost twice.",
    ]
    file = tmp_path / "new" / "marks"
    assert export(course, "--format", name, "--output", file) == ended._replace(out="")
    assert file.read_bytes().decode() == ended.out


def test_gradescope_gets_a_file_a_student(
    course: Path, export: Callable[..., Ended], tmp_path: Path
) -> None:
    """In a folder of each student; what an earlier export wrote for one without a score is gone."""
    folder = tmp_path / "out"
    stale = folder / "g-lost" / "results.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}")
    assert export(course, "--format", "gradescope", "--output", folder).status == 1
    written = {path.parent.name for path in folder.glob("*/results.json")}
    assert written == {each.student for each in small_class()} - {*UNSCORED}


def test_a_class_with_scores_ends_with_0(course: Path, export: Callable[..., Ended]) -> None:
    """And says nothing."""
    write_records(course, small_class()[:3])
    ended = export(course, "--format", "canvas")
    assert (ended.status, ended.err) == (0, "")


def test_the_last_record_of_a_student_counts(course: Path, export: Callable[..., Ended]) -> None:
    """A student without a score who was graded again has one."""
    again = graded("g-lost", {"double": [check("value", points=2.0)]})
    write_records(course, [*small_class(), again])
    assert ",g-lost,g-lost,,2\r\n" in export(course, "--format", "canvas").out


def test_a_run_that_writes_is_not_disturbed(tmp_path: Path) -> None:
    """Reading leaves alone a line that is only half written; opening to write would cut it off."""
    path = tmp_path / "mini.jsonl"
    whole, half = (result.to_json() for result in small_class()[:2])
    path.write_bytes(whole + b"\n" + half[:50])
    assert [each.student for each in latest_results(path)] == ["a-right"]
    assert path.read_bytes().endswith(half[:50])
    with ResultStore(path) as store:
        assert list(store.latest) == ["a-right"]
    assert path.read_bytes() == whole + b"\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "gradescope"], "name a folder with --output"),
        (["--format", "word"], "invalid choice: 'word'"),
        ([], "the following arguments are required: --format"),
        (["--format", "canvas", "--output", "/dev/null/x"], "/dev/null"),
        (["--format", "nbgrader"], "has no gradebook"),
    ],
)
def test_wrong_use_is_explained(
    course: Path, export: Callable[..., Ended], arguments: list[str], said: str
) -> None:
    """Status 2, and what to do."""
    ended = export(course, *arguments)
    assert ended.status == 2
    assert said in ended.err


@pytest.mark.parametrize("name", ["nothing", "../results/mini", ""])
def test_an_assignment_without_records_is_explained(
    course: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Status 2; no file of records is made, and none elsewhere is read."""
    before = sorted(course.rglob("*"))
    assert main(["export", name, "--course", str(course), "--format", "junit"]) == 2
    assert capsys.readouterr().err.startswith("numgrade: error: ")
    assert sorted(course.rglob("*")) == before


# With a gradebook.

REFERENCE = "def double(x):\n    return 2 * x\n"
CHECK = '''
@pytest.mark.points(2)
def test_value(student):
    """Twice the number comes out."""
    assert student.double(1.0) == 2
'''


@pytest.fixture
def marked(memory: Path, tmp_path: Path, no_graders: None) -> Path:  # noqa: ARG001 - faster
    """Return a course with a gradebook: marks by hand, names, and one who is unscored since."""
    root = write_course(memory / tmp_path.name, {"double": CHECK}, {"double": 2}, REFERENCE)
    for student in ("by-hand", "lost", "right"):
        folder = root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        data = notebook(root, double="def double(x):\n    return 2 * x")
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(data)
    assert main(["grade", ASSIGNMENT, "--course", str(root), "--quiet"]) == 0
    with Gradebook(f"sqlite:///{root}/gradebook.db", ASSIGNMENT) as gradebook:
        gradebook.update_or_create_student(
            "right", first_name="Marie, Dr.", last_name='=HYPERLINK("x")', lms_user_id="4711"
        )
        gradebook.add_student("unheard-of")
        grade = gradebook.find_grade("double", ASSIGNMENT, ASSIGNMENT, "by-hand")
        grade.manual_score = 1.5
        gradebook.db.commit()
    latest = latest_results(root / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl")
    lost = graded("lost", {}, status="unscored", score=None, max_score=2.0)
    write_records(root, [*latest, lost])
    return root


def test_nbgraders_table_has_marks_by_hand_and_no_false_zero(
    marked: Path, export: Callable[..., Ended]
) -> None:
    """The columns are nbgrader's. Whoever has no score has empty cells, whatever nbgrader says."""
    ended = export(marked, "--format", "nbgrader")
    assert ended.status == 1
    header, *rows = rows_of(ended.out)
    assert header == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
        "late_submission_penalty,score,max_score"
    ).split(",")
    table_of = {row[3]: row for row in rows}
    assert {name: row[7:] for name, row in table_of.items()} == {
        "by-hand": ["1.5", "0.0", "1.5", "2.0"],
        "lost": ["", "", "", "2.0"],
        "right": ["2.0", "0.0", "2.0", "2.0"],
        "unheard-of": ["", "", "", "2.0"],
    }
    assert table_of["right"][4:6] == ['\'=HYPERLINK("x")', "Marie, Dr."]


def test_other_marks_of_the_gradebook_are_not_passed_over(
    marked: Path, export: Callable[..., Ended]
) -> None:
    """Canvas gets the points from checks; whose marks are others by now is said."""
    ended = export(marked, "--format", "canvas")
    scores = {row[3]: row[5] for row in rows_of(ended.out)[2:]}
    assert scores == {"by-hand": "2", "lost": "", "right": "2"}
    assert "other marks of by-hand, given by hand or after a penalty" in ended.err
    assert '\'=HYPERLINK(""x""), Marie, Dr.",4711,right,right,,2' in ended.out

"""A class is graded once, whatever is stopped or changes in between; the gradebook agrees."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbgrader import api

from meta_tests.runs import Run, records, wait_until
from meta_tests.spine import ASSIGNMENT, assignment_in, notebook, release_of, write_course
from numgrade.batch import Options, grade
from numgrade.course import Course
from numgrade.errors import CourseError
from numgrade.results import SubmissionResult, SubmissionStatus
from numgrade.store import ResultStore

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

REFERENCE = "def double(x):\n    return 2 * x\n"
CHECKS = '''
@pytest.mark.points(1)
def test_value(student, rng):
    """Twice the number comes out."""
    x = rng.uniform(1, 2)
    assert student.double(x) == 2 * x, "Twice x is asked for."

@pytest.mark.points(1)
def test_text(student):
    assert student.double(1.0) == 2.0
'''
RIGHT, WRONG = "return 2 * x", "return 3 * x"


def answering(root: Path, body: str) -> bytes:
    """Return a notebook with that body of the function."""
    return notebook(root, double=f"def double(x):\n    {body}")


def hand_in(root: Path, student: str, data: bytes | None) -> None:
    """Put a notebook where nbgrader collects it; None puts the folder alone."""
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    if data is not None:
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(data)
        (folder / "timestamp.txt").write_text("2025-03-01 12:00:00 UTC")


def new_course(root: Path) -> Path:
    """Write the course of these tests."""
    return write_course(root, {"double": CHECKS}, {"double": 2}, REFERENCE)


class Class:
    """A course with submissions; counts which of them are graded, and which are kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.results: dict[str, SubmissionResult] = {}

    def grade(self, **options: object) -> dict[str, float | None]:
        """Grade; return what was written in this run, by student."""
        before = self.lines()
        results = grade(Course.load(self.root), ASSIGNMENT, Options(workers=1, **options))  # type: ignore[arg-type]
        self.results = {result.student: result for result in results}
        return {result.student: result.score for result in self.lines()[len(before) :]}

    def lines(self) -> list[SubmissionResult]:
        """Return all records of the history."""
        return records(self.root)

    def totals(self) -> dict[str, float]:
        """Return the scores in the gradebook."""
        return totals(self.root)


def totals(root: Path) -> dict[str, float]:
    """Return the scores in a course's gradebook, by student."""
    with api.Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        return {each.student_id: each.score for each in book.db.query(api.SubmittedAssignment)}


@pytest.fixture(scope="module")
def graded(memory: Path) -> Class:
    """Return a class of all kinds of submissions, graded once."""
    root = new_course(memory / "batch")
    hand_in(root, "right", answering(root, RIGHT))
    hand_in(root, "wrong", answering(root, WRONG))
    hand_in(root, "unreadable", b"%PDF-1.4 an essay")
    hand_in(root, "missing", None)
    hand_in(root, "release", release_of(root))
    hand_in(root, "text", answering(root, "return str(x)"))
    folder = root / "submitted" / "renamed" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / "my copy.ipynb").write_bytes(answering(root, RIGHT))
    pupils = Class(root)
    pupils.grade()
    return pupils


@pytest.fixture
def pupils(graded: Class, memory: Path, no_graders: None) -> Iterator[Class]:  # noqa: ARG001 - faster
    """Return a copy of that class, to be changed."""
    root = memory / "batch-copy"
    shutil.copytree(graded.root, root)
    yield Class(root)
    shutil.rmtree(root)


SCORES = {
    "right": 2,
    "wrong": 0,
    "unreadable": 0,
    "missing": 0,
    "release": 0,
    "text": 0,
    "renamed": 2,
}


def test_everybody_has_a_record(graded: Class) -> None:
    """One line a student, with the score that belongs to what was handed in."""
    assert {name: result.score for name, result in graded.results.items()} == SCORES
    assert len(graded.lines()) == len(SCORES)
    statuses = {name: str(result.status) for name, result in graded.results.items()}
    assert statuses == {
        **dict.fromkeys(SCORES, "graded"),
        "unreadable": "unreadable",
        "missing": "missing",
    }


def test_records_are_as_contracted(graded: Class) -> None:
    """Every field is there, of its type; what is unknown is null; no others are there."""
    path = graded.root / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl"
    for line in path.read_text().splitlines():
        record = json.loads(line)
        assert_contract(record)
        assert (record["submission_sha256"] is None) == (record["status"] == "missing")
        assert (record["protection"] is None) == (record["status"] != "graded")


def assert_contract(record: dict[str, object]) -> None:
    """Check a record against the contract: names, types and what adds up."""
    types: dict[str, tuple[type, ...]] = {
        "assignment": (str,),
        "student": (str,),
        "status": (str,),
        "max_score": (float,),
        "score": (float, type(None)),
        "protection": (str, type(None)),
        "seconds": (float,),
        "warnings": (list,),
        "submission_sha256": (str, type(None)),
        "checks_sha256": (str,),
        "exercises": (list,),
    }
    assert_types(record, types)
    assert record["status"] in {"graded", "missing", "unreadable", "unscored"}
    assert record["protection"] in {"A", "B", "C", None}
    exercises = record["exercises"]
    assert isinstance(exercises, list)
    for exercise in exercises:
        number = (float,)
        types = {"name": (str,), "score": number, "max_score": number, "checks": (list,)}
        assert_types(
            exercise, {**types, "diagnosis": (str, type(None)), "behaviour": (str, type(None))}
        )
        for check in exercise["checks"]:
            texts = dict.fromkeys(("name", "title", "status", "message"), (str,))
            assert_types(
                check, {**texts, **dict.fromkeys(("points", "max_points", "seconds"), number)}
            )
            statuses = {"passed", "failed", "error", "timed_out", "killed", "not_run"}
            assert check["status"] in statuses
        assert exercise["score"] == sum(check["points"] for check in exercise["checks"])
    if record["score"] is not None:
        assert record["score"] == sum(exercise["score"] for exercise in exercises)


def assert_types(record: dict[str, object], types: dict[str, tuple[type, ...]]) -> None:
    """Check that a JSON object has these fields, of these types."""
    assert record.keys() == types.keys()
    for name, value in record.items():
        assert isinstance(value, types[name]), f"{name} is {value!r}"


def test_gradebook_agrees_with_the_records(graded: Class) -> None:
    """Totals in the gradebook are the scores; who handed in nothing has no row."""
    assert graded.totals() == {name: SCORES[name] for name in SCORES if name != "missing"}


def test_files_lie_where_people_look(graded: Class) -> None:
    """Autograded notebooks and feedback pages, under the name of the release."""
    for student in ("right", "renamed", "unreadable"):
        assert (graded.root / "autograded" / student / ASSIGNMENT / "mini.ipynb").exists()
        assert (graded.root / "feedback" / student / ASSIGNMENT / "mini.html").exists()
    assert not (graded.root / "autograded" / "missing").exists()
    assert "my copy.ipynb" in graded.results["renamed"].warnings[0]


def test_messages_of_checks_hold_no_values(graded: Class) -> None:
    """In a grader nothing rewrites assertions: a message is what the author wrote."""
    messages = [check.message for check in graded.results["wrong"].exercises[0].checks]
    assert messages == ["Twice x is asked for.", "This does not hold."]


def test_a_second_run_grades_nothing(pupils: Class) -> None:
    """Neither a record nor a file is written again, and no grader is started."""
    pages = {path: path.stat().st_mtime_ns for path in pupils.root.rglob("*.html")}
    started = time.monotonic()
    assert pupils.grade() == {}
    assert time.monotonic() - started < 2
    assert {name: result.score for name, result in pupils.results.items()} == SCORES
    assert {path: path.stat().st_mtime_ns for path in pages} == pages


def test_only_what_has_changed_is_graded_again(pupils: Class) -> None:
    """A new notebook, one handed in late, one withdrawn, and one whose graded copy was removed."""
    hand_in(pupils.root, "wrong", answering(pupils.root, RIGHT))
    hand_in(pupils.root, "missing", answering(pupils.root, RIGHT))
    hand_in(pupils.root, "new", answering(pupils.root, WRONG))
    shutil.rmtree(pupils.root / "autograded" / "release")
    (pupils.root / "submitted" / "text" / ASSIGNMENT / "mini.ipynb").unlink()
    changed = {"wrong": 2, "missing": 2, "new": 0, "release": 0, "text": 0}
    assert pupils.grade() == changed
    assert pupils.results["text"].status is SubmissionStatus.MISSING
    assert pupils.totals()["wrong"] == 2
    assert len(pupils.lines()) == len(SCORES) + len(changed)


def test_changed_checks_grade_everybody_again(pupils: Class) -> None:
    """A change of what decides a mark makes all records old."""
    with (pupils.root / "tests" / "mini" / "test_double.py").open("a") as file:
        file.write("\n# changed\n")
    assert pupils.grade() == SCORES


@pytest.mark.parametrize(
    ("path", "decides"),
    [
        ("tests/mini/test_double.py", True),
        ("tests/mini/test_new.py", True),
        ("tests/mini/helpers.py", True),
        ("tests/mini/conftest.py", True),
        ("tests/conftest.py", True),
        ("conftest.py", True),
        ("reference/mini.py", True),
        ("release/mini/mini.ipynb", True),
        ("tests/mini/mistakes/double/other.py", False),
        ("tests/mini/variants/double/other.py", False),
        ("source/mini/mini.ipynb", False),
        ("tests/other/test_double.py", False),
    ],
)
def test_the_digest_covers_what_decides_a_mark(tmp_path: Path, path: str, decides: bool) -> None:  # noqa: FBT001 - parametrised
    """A change of that and of nothing else makes a record old."""
    root = new_course(tmp_path)
    before = assignment_in(root).checks_sha256
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    with (root / path).open("a") as file:
        file.write(" ")
    assert (assignment_in(root).checks_sha256 != before) == decides


def test_a_pattern_and_force_choose_whom_to_grade(pupils: Class) -> None:
    """--student grades those alone, --force those that have not changed."""
    assert pupils.grade(students="r*", force=True) == {"right": 2, "release": 0, "renamed": 2}
    assert sorted(pupils.results) == ["release", "renamed", "right"]
    assert pupils.grade(students="r*") == {}
    with pytest.raises(CourseError, match=r"no submission of a student matching 'q\*'"):
        pupils.grade(students="q*")


def test_students_of_the_gradebook_are_missing(pupils: Class) -> None:
    """Who is enrolled and has no folder at all has handed in nothing."""
    with api.Gradebook(f"sqlite:///{pupils.root}/gradebook.db") as book:
        book.add_student("enrolled")
    assert pupils.grade() == {"enrolled": 0}
    assert pupils.results["enrolled"].status is SubmissionStatus.MISSING


def test_a_second_run_at_once_is_refused(pupils: Class) -> None:
    """Two coordinators never write at the same time; the lock ends with whoever held it."""
    with (pupils.root / ".numgrade" / f"{ASSIGNMENT}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(CourseError, match="another run is grading mini"):
            pupils.grade()
    assert pupils.grade() == {}


def test_a_broken_check_leaves_everybody_unscored(pupils: Class) -> None:
    """No score is made out of a check that fails on the reference; the next run tries again."""
    file = pupils.root / "tests" / "mini" / "test_double.py"
    whole = file.read_text()
    file.write_text(whole + "    undefined\n")
    before = pupils.totals()
    scores = pupils.grade(students="[rw]*")
    assert scores == {"right": None, "wrong": 0, "release": 0, "renamed": None}
    assert pupils.results["right"].status is SubmissionStatus.UNSCORED
    assert pupils.totals() == before
    file.write_text(whole)
    assert pupils.grade(students="[rw]*") == {"right": 2, "wrong": 0, "release": 0, "renamed": 2}


def test_what_we_cannot_read_is_unscored(pupils: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing disk costs nobody a mark: the score stays, and the next run tries again."""
    hand_in(pupils.root, "right", answering(pupils.root, WRONG))
    opened = os.open

    def failing(path: str, *args: int, **kwargs: int) -> int:
        if path == "mini.ipynb" and kwargs:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", failing)
    assert pupils.grade(students="right") == {"right": None}
    assert pupils.results["right"].warnings[-1] == "'mini.ipynb' was not read: Input/output error."
    assert pupils.totals()["right"] == 2
    monkeypatch.undo()
    assert pupils.grade(students="right") == {"right": 0}


def test_a_broken_course_is_found_before_anything_is_graded(pupils: Class) -> None:
    """No line is written when checks and release do not fit together."""
    file = pupils.root / "tests" / "mini" / "test_double.py"
    file.write_text(file.read_text().replace("points(1)", "points(2)", 1))
    before = pupils.lines()
    hand_in(pupils.root, "another", None)
    with pytest.raises(
        CourseError, match=r"double: 2\.0 points in the release, 3\.0 in the checks"
    ):
        pupils.grade()
    assert pupils.lines() == before


def test_folders_that_cannot_be_students_are_refused(pupils: Class) -> None:
    """A folder whose name could not be a part of a path of ours stops the run."""
    hand_in(pupils.root, "two\nlines", release_of(pupils.root))
    with pytest.raises(CourseError, match="cannot be ids of students"):
        pupils.grade()


def grader_of_this_process() -> int:
    """Return the process id of the grader that works for this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").parent.parent.glob("*/children")
    ids = [int(pid) for path in children for pid in path.read_text().split()]
    (grader,) = [
        pid for pid in ids if "numgrade.grader" in Path(f"/proc/{pid}/cmdline").read_text()
    ]
    return grader


CLASS_SIZE = 80
SLOW = "return 2 * x\n\nimport time; time.sleep(0.05)"


@pytest.fixture
def large_class(memory: Path) -> Path:
    """Return a course whose grading takes a few seconds."""
    root = new_course(memory / "large")
    for number in range(CLASS_SIZE):
        hand_in(root, f"s{number:03}", answering(root, SLOW if number % 3 else WRONG))
    return root


def test_a_run_that_is_killed_is_taken_up_by_the_next(large_class: Path) -> None:
    """Kill -9 of the coordinator leaves no process, and every result in the end counts once.

    In the second run the grader is killed: what it had in hand is graded by another.
    """
    first = Run(large_class)
    wait_until(Class(large_class).lines)
    assert len(first.processes()) >= 5
    first.process.kill()
    first.process.communicate()
    wait_until(lambda: not first.processes())
    done = Class(large_class).lines()
    assert 0 < len(done) < CLASS_SIZE

    pupils = Class(large_class)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(pupils.grade)
        wait_until(lambda: len(pupils.lines()) > len(done))
        os.kill(grader_of_this_process(), signal.SIGKILL)
        second.result(60)

    with ResultStore(large_class / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl") as store:
        latest = store.latest
    expected = {f"s{number:03}": 2.0 if number % 3 else 0.0 for number in range(CLASS_SIZE)}
    assert {name: result.score for name, result in latest.items()} == expected
    assert totals(large_class) == expected
    written = [result.student for result in Class(large_class).lines()]
    assert sorted(written[len(done) :]) == sorted({*expected} - {result.student for result in done})

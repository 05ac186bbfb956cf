"""The gradebook that we write is the one that nbgrader would have written."""

from __future__ import annotations

import csv
import os
import shutil
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin, LateSubmissionPlugin
from sqlalchemy import create_engine, event, inspect
from traitlets.config import Config

from numgrade.errors import CourseError, InfrastructureError
from numgrade.gradebook import Entry, Gradebook
from numgrade.results import ExerciseResult, SubmissionResult, SubmissionStatus

pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:nbgrader"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:nbconvert"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

NAME = "week"
SUBMITTED = datetime(2025, 3, 1, 12, 0, 0)  # noqa: DTZ001 - nbgrader stores UTC without a zone
STUB = "def f(x):\n    raise NotImplementedError"
ANSWER = "def f(x):\n    return x"


def cell(kind: str, grade_id: str, source: str, **flags: Any) -> Any:  # noqa: ANN401 - nbformat is untyped
    """Return a cell with nbgrader's metadata."""
    flags = {"grade": False, "solution": False, "locked": False, "task": False} | flags
    new = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    metadata = {"nbgrader": {"schema_version": 3, "grade_id": grade_id} | flags}
    return new(source, metadata=metadata, id=grade_id)  # type: ignore[no-untyped-call]


def notebook(*, solution: str, essay: str, test: str = "assert f(1) == 1") -> Any:  # noqa: ANN401
    """Return a notebook with each kind of cell that nbgrader knows."""
    cells = [
        cell("markdown", "intro", "Read this.", locked=True),
        cell("code", "f_solution", solution, solution=True),
        cell("code", "f", test, grade=True, locked=True, points=4),
        cell("code", "g", "assert f(2) == 2", grade=True, locked=True, points=1),
        cell("markdown", "essay", essay, grade=True, solution=True, points=2),
        cell("markdown", "project", "Do it.", task=True, locked=True, points=3),
    ]
    return v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]


SOURCE = notebook(
    solution="def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION",
    essay="Because.",
)


class School:
    """A course on disk, driven by nbgrader's own API."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = Config()
        self.config.CourseDirectory.root = str(root)
        self.config.CourseDirectory.course_id = "numerics"
        self.db_url = f"sqlite:///{root}/gradebook.db"
        self.release = root / "release" / NAME / "week.ipynb"
        self.write(root / "source" / NAME / "week.ipynb", SOURCE)

    def write(self, path: Path, content: Any) -> None:  # noqa: ANN401 - nbformat is untyped
        """Write a notebook."""
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(content, path)  # type: ignore[no-untyped-call]

    def submit(self, student: str, answers: dict[str, str]) -> bytes:
        """Hand in the released notebook with other texts in some cells; return it."""
        handed_in: Any = nbformat.read(self.release, as_version=4)  # type: ignore[no-untyped-call]
        for each in handed_in.cells:
            each.source = answers.get(each.metadata.nbgrader.grade_id, each.source)
        path = self.root / "submitted" / student / NAME / "week.ipynb"
        self.write(path, handed_in)
        (path.parent / "timestamp.txt").write_text(f"{SUBMITTED} UTC")
        return path.read_bytes()

    def nbgrader(self, **settings: Config) -> Any:  # noqa: ANN401 - nbgrader is untyped
        """Return nbgrader's API over this course."""
        return NbGraderAPI(config=Config(self.config, **settings))

    def generate(self) -> None:
        """Run `nbgrader generate_assignment`."""
        outcome = self.nbgrader().generate_assignment(NAME)
        assert outcome["success"], outcome

    def gradebook(self, config: Config | None = None) -> Gradebook:
        """Open our gradebook, which knows the assignment."""
        book = Gradebook(self.db_url, "numerics", config)
        book.ensure_assignment(NAME, self.release)
        return book

    def record(self, *entries: Entry, config: Config | None = None) -> None:
        """Record entries through our gradebook."""
        with self.gradebook(config) as book:
            book.record(entries)

    def facts(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return everything in the gradebook, in names instead of random ids."""
        with api.Gradebook(self.db_url, "numerics") as book:
            courses = book.db.query(api.Course).all()
            return {
                "courses": sorted((each.id,) for each in courses),
                "assignments": [(a.name, a.duedate, a.course_id) for a in book.assignments],
                "notebooks": [
                    (a.name, n.name, n.kernelspec) for a in book.assignments for n in a.notebooks
                ],
                "cells": sorted(
                    (c.name, c.type, str(getattr(c, "max_score", "")), getattr(c, "cell_type", ""))
                    for c in book.db.query(api.BaseCell)
                ),
                "sources": sorted(
                    (c.name, c.cell_type, c.locked, c.source, c.checksum)
                    for c in book.db.query(api.SourceCell)
                ),
                "students": sorted((s.id, str(s.email), str(s.last_name)) for s in book.students),
                "submissions": sorted(
                    (s.student_id, str(s.timestamp), s.late_submission_penalty, s.score)
                    for s in book.db.query(api.SubmittedAssignment)
                ),
                "grades": sorted(
                    (
                        g.student.id,
                        g.name,
                        str(g.auto_score),
                        str(g.manual_score),
                        g.needs_manual_grade,
                    )
                    for g in book.db.query(api.Grade)
                ),
                "comments": sorted(
                    (c.student.id, c.name, str(c.auto_comment)) for c in book.db.query(api.Comment)
                ),
            }

    def exported(self) -> dict[str, dict[str, str]]:
        """Run `nbgrader export` and return its rows by student."""
        path = self.root / "grades.csv"
        with api.Gradebook(self.db_url, "numerics") as book:
            CsvExportPlugin(to=str(path)).export(book)
        with path.open(newline="") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def generated(memory: Path) -> School:
    """Return a course whose gradebook nbgrader itself has made; not to be changed."""
    school = School(memory / "generated")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader runs `alembic`, which is next to this Python.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        school.generate()
    return school


@pytest.fixture
def school(generated: School, memory: Path, request: pytest.FixtureRequest) -> School:
    """Return a course of the test's own, released, its gradebook made by nbgrader."""
    root = memory / request.node.name
    shutil.copytree(generated.root, root)
    return School(root)


def result(
    student: str = "ada",
    f: float = 3.5,
    g: float = 1.0,
    *,
    status: str = "graded",
    **fields: Any,  # noqa: ANN401 - fields of a record
) -> SubmissionResult:
    """Return a result with the scores of the two tested exercises."""
    exercises = (
        ExerciseResult(name="f", score=f, max_score=4.0),
        ExerciseResult(name="g", score=g, max_score=1.0),
    )
    known: dict[str, Any] = {"score": f + g, "max_score": 5.0, "exercises": exercises}
    return SubmissionResult(
        assignment=NAME,
        student=student,
        status=SubmissionStatus(status),
        checks_sha256="0",
        **known | fields,
    )


def grade(school: School, student: str, name: str) -> Any:  # noqa: ANN401 - nbgrader is untyped
    """Return the row of one grade in the dump of facts."""
    return next(row for row in school.facts()["grades"] if row[:2] == (student, name))


def schema(school: School) -> tuple[set[str], str]:
    """Return the tables of a gradebook and the version of its schema."""
    engine = create_engine(school.db_url)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    engine.dispose()
    return tables, str(version)


def test_fresh_gradebook_equals_that_of_generate_assignment(
    school: School, generated: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gradebook that we make has the rows and the schema version that nbgrader's would have."""
    (school.root / "gradebook.db").unlink()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")  # no `alembic` command is needed either
        school.gradebook().close()
    assert school.facts() == generated.facts()
    assert schema(school) == schema(generated)


def test_marks_equal_those_of_autograde(school: School, generated: School, memory: Path) -> None:
    """Students, submissions, grades and comments are those that `nbgrader autograde` writes."""
    theirs = School(memory / "theirs")
    shutil.copytree(generated.root, theirs.root, dirs_exist_ok=True)
    answers: dict[str, dict[str, str]] = {
        "ada": {"f_solution": ANSWER, "essay": "I think so."},
        "bob": {"f_solution": ANSWER},
        "eve": {},
    }
    entries = []
    for student, texts in answers.items():
        theirs.submit(student, texts)
        data = school.submit(student, texts)
        entries.append(Entry(result(student, 4.0, 1.0), SUBMITTED, data))
    # Without outputs and without a kernel, every test counts as passed to nbgrader.
    quiet = Config({"enabled": False})
    outcome = theirs.nbgrader(Execute=quiet).autograde(NAME, "*")
    assert outcome["success"], outcome
    school.record(*entries)
    assert school.facts() == theirs.facts()
    assert ("eve", "f_solution", "No response.") in school.facts()["comments"]


def test_known_assignment_is_left_alone(school: School) -> None:
    """Opening the gradebook again neither removes nor renews what it knows."""
    with api.Gradebook(school.db_url) as book:
        before = {each.id for each in book.db.query(api.BaseCell)}
    school.gradebook().close()
    with api.Gradebook(school.db_url) as book:
        assert {each.id for each in book.db.query(api.BaseCell)} == before


def test_changed_release_updates_the_gradebook(school: School, generated: School) -> None:
    """An author's later change of a cell reaches the gradebook; marks given before stay."""
    school.record(Entry(result(), SUBMITTED))
    changed = notebook(solution=STUB, essay="Why?", test="assert f(3) == 3")
    school.write(school.root / "source" / NAME / "week.ipynb", changed)
    database = (school.root / "gradebook.db").read_bytes()
    school.generate()
    expected = school.facts()
    (school.root / "gradebook.db").write_bytes(database)
    school.gradebook().close()
    assert school.facts() == expected
    assert expected["sources"] != generated.facts()["sources"]
    assert grade(school, "ada", "f")[2] == "3.5"


def test_release_with_other_cells_puts_no_marks_at_risk(school: School) -> None:
    """Once there are submissions, a release with other cells is refused, with what to do."""
    changed = notebook(solution=STUB, essay="Why?")
    del changed.cells[3]
    school.record(Entry(result(), SUBMITTED))
    before = school.facts()
    school.write(school.release, changed)
    with pytest.raises(CourseError, match="nbgrader db assignment remove week --force"):
        school.gradebook()
    assert school.facts() == before


def test_release_with_other_cells_is_taken_before_the_first_submission(school: School) -> None:
    """While there are no submissions, cells may come and go, and a notebook be renamed."""
    changed = notebook(solution=STUB, essay="Why?")
    del changed.cells[3]
    school.release = school.release.with_name("other.ipynb")
    school.write(school.release, changed)
    school.gradebook().close()
    assert [row[1] for row in school.facts()["notebooks"]] == ["other"]
    assert "g" not in {row[0] for row in school.facts()["cells"]}


def test_exported_totals_equal_the_records(school: School) -> None:
    """`nbgrader export` tells for each student the score of the record, thirds of a point too."""
    results = [result(f"s-{n:03}", n / 3 % 4, n % 2) for n in range(60)]
    school.record(*(Entry(each, SUBMITTED) for each in results))
    rows = school.exported()
    assert len(rows) == len(results)
    for each in results:
        assert float(rows[each.student]["score"]) == pytest.approx(each.score, abs=1e-9)
        assert rows[each.student]["timestamp"] == str(SUBMITTED)


def test_manual_score_survives_a_regrade_and_is_flagged(school: School) -> None:
    """What a person has given stays the score, and the person is asked to look again."""
    school.record(Entry(result(f=1.0), SUBMITTED))
    with api.Gradebook(school.db_url) as book:
        given = book.find_grade("f", "week", NAME, "ada")
        given.manual_score, given.extra_credit = 2.5, 0.5
        remark = book.find_comment("f_solution", "week", NAME, "ada")
        remark.manual_comment = "Nearly."
        book.db.commit()
    school.record(Entry(result(f=4.0), SUBMITTED))
    assert grade(school, "ada", "f")[2:] == ("4.0", "2.5", True)
    assert grade(school, "ada", "g")[2:] == ("1.0", "None", False)
    assert float(school.exported()["ada"]["score"]) == 2.5 + 0.5 + 1.0
    with api.Gradebook(school.db_url) as book:
        assert book.find_comment("f_solution", "week", NAME, "ada").comment == "Nearly."


def test_cells_without_checks_wait_for_a_person(school: School) -> None:
    """A graded cell of which the result says nothing is worth nothing until a person looks."""
    only_f = (ExerciseResult(name="f", score=4.0, max_score=4.0),)
    data = school.submit("ada", {"essay": "I think so."})
    school.record(Entry(result(exercises=only_f, score=4.0), SUBMITTED, data))
    for name in ("g", "essay", "project"):
        assert grade(school, "ada", name)[2:] == ("None", "None", True)
    assert float(school.exported()["ada"]["score"]) == 4.0


def test_person_who_marked_a_task_is_not_asked_again(school: School) -> None:
    """A regrade leaves a marked task alone, as nbgrader does."""
    school.record(Entry(result(), SUBMITTED))
    with api.Gradebook(school.db_url) as book:
        given = book.find_grade("project", "week", NAME, "ada")
        given.manual_score, given.needs_manual_grade = 2.0, False
        book.db.commit()
    school.record(Entry(result(), SUBMITTED))
    assert grade(school, "ada", "project")[2:] == ("None", "2.0", False)


def test_missing_submission_has_no_rows(school: School) -> None:
    """Who has handed in nothing appears nowhere, as with nbgrader."""
    before = school.facts()
    school.record(Entry(result(status="missing", score=0.0, exercises=())))
    assert school.facts() == before


def test_unreadable_submission_has_zeros(school: School) -> None:
    """A file that is no notebook is worth zero and waits for nobody."""
    school.record(Entry(result(status="unreadable", score=0.0, exercises=()), SUBMITTED))
    assert [row[2:] for row in school.facts()["grades"]] == [("0.0", "None", False)] * 4
    row = school.exported()["ada"]
    assert (float(row["score"]), row["timestamp"]) == (0.0, str(SUBMITTED))


def test_unscored_submission_leaves_what_was_there(school: School) -> None:
    """Our failure changes no mark and no time, nor makes a row."""
    school.record(Entry(result("ada"), SUBMITTED))
    before = school.facts()
    later = SUBMITTED + timedelta(days=1)
    failed = [result(student, status="unscored", score=None) for student in ("ada", "bob")]
    school.record(*(Entry(each, later) for each in failed))
    assert school.facts() == before


def test_time_of_submission_follows_the_file(school: School) -> None:
    """The gradebook has the time of the submission that was graded; none if it has none."""
    for timestamp in (SUBMITTED, SUBMITTED + timedelta(hours=2), None):
        school.record(Entry(result(), timestamp))
        assert school.facts()["submissions"][0][1] == str(timestamp)
    assert len(school.facts()["submissions"]) == 1


def test_gradebook_knows_whom_it_has_marked(school: School) -> None:
    """A student without a submission, or with one that nbgrader only began, is not marked."""
    with api.Gradebook(school.db_url) as book:
        book.add_student("bob")
        book.add_student("eve")
        book.add_submission(NAME, "eve")
    school.record(Entry(result("ada"), SUBMITTED))
    with school.gradebook() as book:
        assert book.students() == {"ada", "bob", "eve"}
        assert book.recorded(NAME) == {"ada"}
        assert book.recorded("other") == set()


class HalfAPointADay(LateSubmissionPlugin):  # type: ignore[misc]
    """A penalty of a course's own."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """Return half a point for each day."""
        assert (student_id, score) == ("ada", 4.5)
        return total_seconds_late / 86_400 / 2


@pytest.mark.parametrize(
    ("settings", "days", "penalty"),
    [
        pytest.param({}, 2, 0.0, id="nbgrader's default gives none"),
        pytest.param({"LateSubmissionPlugin": {"penalty_method": "zero"}}, 2, 4.5, id="zero"),
        pytest.param({"LateSubmissionPlugin": {"penalty_method": "zero"}}, 0, 0.0, id="in time"),
        pytest.param({"AssignLatePenalties": {"plugin_class": HalfAPointADay}}, 2, 1.0, id="own"),
        pytest.param({"AssignLatePenalties": {"plugin_class": HalfAPointADay}}, 99, 4.5, id="cap"),
        pytest.param(
            {"AssignLatePenalties": {"plugin_class": HalfAPointADay, "enabled": False}},
            2,
            0.0,
            id="disabled",
        ),
    ],
)
def test_late_penalty_is_that_of_the_configured_plugin(
    school: School, settings: dict[str, Any], days: int, penalty: float
) -> None:
    """The plugin that the course configured for nbgrader decides what a late submission loses."""
    with api.Gradebook(school.db_url) as book:
        book.update_or_create_assignment(NAME, duedate=SUBMITTED)
    late = Entry(result(), SUBMITTED + timedelta(days=days))
    school.record(late, config=Config(settings))
    row = school.exported()["ada"]
    assert float(row["late_submission_penalty"]) == penalty
    assert float(row["score"]) == 4.5 - penalty


def test_extension_takes_a_penalty_back(school: School) -> None:
    """After an extension, a regrade no longer counts the submission as late."""
    strict = Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})
    with api.Gradebook(school.db_url) as book:
        book.update_or_create_assignment(NAME, duedate=SUBMITTED)
    late = Entry(result(), SUBMITTED + timedelta(days=1))
    school.record(late, config=strict)
    assert float(school.exported()["ada"]["score"]) == 0.0
    with api.Gradebook(school.db_url) as book:
        book.grant_extension(NAME, "ada", days=3)
    school.record(late, config=strict)
    assert float(school.exported()["ada"]["score"]) == 4.5


@pytest.mark.parametrize(
    ("exercise", "message"),
    [
        (ExerciseResult(name="h", score=1.0, max_score=1.0), "test_h.py scores a cell named 'h'"),
        (ExerciseResult(name="f", score=1.0, max_score=5.0), "worth 5 points.*cell 'f' 4"),
    ],
)
def test_result_of_other_cells_is_refused_whole(
    school: School, exercise: ExerciseResult, message: str
) -> None:
    """A result that does not fit the notebook is the author's mistake; none of its batch counts."""
    before = school.facts()
    odd = result("bob", exercises=(exercise,))
    with pytest.raises(CourseError, match=message):
        school.record(Entry(result("ada"), SUBMITTED), Entry(odd, SUBMITTED))
    assert school.facts() == before


def test_unknown_assignment_is_refused(school: School) -> None:
    """Results of an assignment that was never registered are not written anywhere."""
    other = SubmissionResult(
        assignment="other",
        student="ada",
        status=SubmissionStatus.GRADED,
        score=0.0,
        max_score=0.0,
        checks_sha256="0",
    )
    with school.gradebook() as book, pytest.raises(CourseError, match=r"not know.*'other'"):
        book.record([Entry(other)])


def test_large_class_takes_a_fraction_of_a_millisecond_each(school: School) -> None:
    """A class beyond one statement's size is written, and written again, quickly."""
    entries = [Entry(result(f"s-{n:04}"), SUBMITTED) for n in range(1_200)]
    with school.gradebook() as book:
        start = time.perf_counter()
        book.record(entries)
        book.record(entries)
        seconds = time.perf_counter() - start
    with api.Gradebook(school.db_url) as book:
        assert book.db.query(api.SubmittedAssignment).count() == len(entries)
        assert book.db.query(api.Grade).filter_by(auto_score=3.5).count() == len(entries)
    assert seconds / len(entries) / 2 < 0.002  # a generous multiple of what it takes


def test_no_statement_reads_the_whole_class(school: School) -> None:
    """To record, again and late too, rows are found by an index: a large class is no dearer."""
    with api.Gradebook(school.db_url) as book:
        book.update_or_create_assignment(NAME, duedate=SUBMITTED)
    plans: list[tuple[str, str]] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            first = parameters[0] if isinstance(parameters, list) else parameters
            raw = connection.connection.cursor()
            raw.execute(f"EXPLAIN QUERY PLAN {statement}", first)
            plans.extend((statement, row[3]) for row in raw)

    late = SUBMITTED + timedelta(days=1)
    data = school.submit("ada", {})
    with school.gradebook(Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})) as book:
        event.listen(book._gradebook.engine, "before_cursor_execute", explain)
        for kept in (None, data):
            book.record(Entry(result(f"s-{n}"), late, kept) for n in range(3))
    read = {statement for statement, _ in plans}
    grown = {"submitted_assignment", "submitted_notebook", "grade", "comment"}
    for table in grown:
        assert any(f"FROM {table}" in statement for statement in read)
        assert any(f"UPDATE {table} " in statement for statement in read)
    scans = [plan.split() for _, plan in plans if plan.startswith("SCAN")]
    assert [table for _, table, *_ in scans if table in {"student", *grown}] == []


@pytest.mark.parametrize("content", [b"", b"this is no database, whatever its name says" * 99])
def test_unusable_database_is_our_failure(tmp_path: Path, content: bytes) -> None:
    """A gradebook that cannot be opened is reported with its place, never as anybody's zero."""
    path = tmp_path / "gradebook.db"
    path.write_bytes(content)
    address = f"sqlite:///{path}" if content else f"sqlite:///{tmp_path}/missing/gradebook.db"
    with pytest.raises(InfrastructureError, match=r"gradebook sqlite:.*cannot be used.*db_url"):
        Gradebook(address)


def test_gradebook_named_with_coursedir_is_the_one_nbgrader_uses(school: School) -> None:
    """`CourseDirectory` gives the address that we take."""
    assert CourseDirectory(config=school.config).db_url == school.db_url

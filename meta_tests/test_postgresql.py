"""A gradebook on a PostgreSQL server is the one that SQLite has, whoever writes to it at once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from sqlalchemy import create_engine, event, select, text
from traitlets.config import Config

from meta_tests.spine import ASSIGNMENT
from meta_tests.test_batch import RIGHT, WRONG, answering, hand_in, new_course
from meta_tests.test_gradebook import NAME, STUB, SUBMITTED, School, notebook, result
from numgrade.batch import Options, grade
from numgrade.course import Course
from numgrade.errors import CourseError, InfrastructureError
from numgrade.gradebook import Entry, Gradebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from meta_tests.conftest import Ended
    from meta_tests.postgresql import Server

pytest_plugins = ["meta_tests.spine", "meta_tests.postgresql"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

MACHINES = 4
LISTED = ("student", "timestamp", "autograded", "score", "max_score", "needs_manual_grade")
"""What the formgrader's list of submissions shows."""

AT_ONCE = """
import os, sys
from numgrade.cli import main
from numgrade.sparing import import_less
import_less()
import numgrade.batch, numgrade.gradebook, numgrade.writer  # once for all
assignment, *folders = sys.argv[1:]
for folder in folders:
    if not os.fork():
        sys.exit(main(["grade", assignment, "--workers", "1", "--course", folder]))
sys.exit(sum(os.wait()[1] != 0 for _ in folders))
"""
"""Grades in several courses at once, in a process each."""


def contents(db_url: str) -> dict[str, list[str]]:
    """Return all rows of all tables, with what a random id stands for in its place."""
    engine = create_engine(db_url)
    stands_for: dict[str, str] = {}
    rows: dict[str, list[str]] = {}
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version"))
        rows["alembic_version"] = [str(row) for row in version]
        for table in api.Base.metadata.sorted_tables:  # what is referred to comes first
            rows[table.name] = []
            for row in connection.execute(select(table)).mappings():
                own = row.get("id", "")
                is_random = re.fullmatch(r"[0-9a-f]{32}", own) is not None
                told = [
                    (name, stands_for.get(value, value) if isinstance(value, str) else value)
                    for name, value in row.items()
                    if not (is_random and name == "id" and own not in stands_for)
                ]
                stands_for.setdefault(own, f"{table.name}{told}")
                rows[table.name].append(str(told))
    engine.dispose()
    return {name: sorted(found) for name, found in rows.items()}


def on(root: Path, db_url: str) -> Path:
    """Have a course keep its gradebook somewhere else, and export it by our plugin."""
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {db_url!r}\n")
        file.write("c.ExportApp.plugin_class = 'numgrade.export.OrderedCsv'\n")
    return root


def name_somebody(db_url: str) -> None:
    """Give some students names, and one a mark by hand."""
    with api.Gradebook(db_url, ASSIGNMENT) as book:
        book.update_or_create_student("s-3", last_name="de Boor", first_name="Carl")
        book.update_or_create_student("s-2", last_name="Young")
        book.update_or_create_student("s-0", last_name="Zygmund")
        book.find_grade("double", ASSIGNMENT, ASSIGNMENT, "s-2").manual_score = 1 / 3
        book.db.commit()


@pytest.fixture(scope="module")
def pupils(memory: Path) -> Path:
    """Return a course whose gradebook is still to be made; not to be changed."""
    root = new_course(memory / "pupils")
    for number in range(10):
        hand_in(root, f"s-{number}", answering(root, WRONG if number % 3 else RIGHT))
    hand_in(root, "s-10", b"%PDF-1.4 an essay")
    hand_in(root, "s-11", None)
    return root


@pytest.fixture
def school(memory: Path, request: pytest.FixtureRequest) -> Iterator[School]:
    """Return a released course whose gradebook is still to be made, with every kind of cell."""
    school = School(memory / request.node.name)
    school.write(school.release, notebook(solution=STUB, essay="Why?"))
    yield school
    shutil.rmtree(school.root)


@pytest.mark.usefixtures("no_graders")
def test_grading_exporting_and_listing_are_as_with_sqlite(
    pupils: Path, memory: Path, server: Server, nbgrader: Callable[..., Ended]
) -> None:
    """Both have the same rows; `nbgrader export` and the formgrader's list say the same."""
    seen = []
    for kind in ("sqlite", "postgresql"):
        root = memory / f"class-on-{kind}"
        db_url = server.new("class") if kind == "postgresql" else f"sqlite:///{root}/gradebook.db"
        shutil.copytree(pupils, root)
        course = Course.load(on(root, db_url))
        # The other way round, since the order of rows must not show.
        for pattern in ("*", "*") if kind == "sqlite" else ("s-[6-9]", "s-?", "*"):
            grade(course, ASSIGNMENT, Options(workers=1, students=pattern, force=True))
        name_somebody(db_url)
        ended = nbgrader(root, "export", "--to", "grades.csv")
        assert ended.status == 0, ended.log
        listed = NbGraderAPI(config=course.config).get_submissions(ASSIGNMENT)
        facts = sorted(str([each[name] for name in LISTED]) for each in listed)
        seen.append((contents(db_url), (root / "grades.csv").read_bytes(), facts))
    assert seen[0] == seen[1]
    rows, exported, _ = seen[0]
    assert len(rows["submitted_assignment"]) == 11
    assert exported.count(b"\n") == 1 + 11
    assert b"s-2,Young,,,0.333333," in exported


def test_every_kind_of_cell_is_recorded_as_on_sqlite(school: School, server: Server) -> None:
    """Comments, marks by hand, penalties, times, unreadable submissions: the rows are the same."""
    late = Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})
    seen = []
    for db_url in (school.db_url, server.new("cells")):
        school.db_url = db_url
        school.gradebook().close()
        with api.Gradebook(db_url) as book:
            book.update_or_create_assignment(NAME, duedate=SUBMITTED)
        entries = [
            Entry(result("ada", 1 / 3), SUBMITTED, school.submit("ada", {"essay": "I think."})),
            Entry(result("bob"), SUBMITTED.replace(year=2026), school.submit("bob", {})),
            Entry(result("eve", status="unreadable", score=0.0, exercises=()), None),
            Entry(result("kim", status="unscored", score=None), SUBMITTED),
        ]
        school.record(*entries, config=late)
        with api.Gradebook(db_url) as book:
            book.find_grade("f", "week", NAME, "ada").manual_score = 2.5
            book.db.commit()
        school.record(*entries, config=late)
        seen.append((contents(db_url), school.facts()))
    assert seen[0] == seen[1]
    assert ("bob", str(SUBMITTED.replace(year=2026)), 4.5, 4.5) in seen[0][1]["submissions"]


@pytest.mark.usefixtures("no_graders")  # of this process: the four have their own
def test_four_graders_machines_at_once(pupils: Path, memory: Path, server: Server) -> None:
    """Four runs on an empty database, a part of the class each, leave what one run leaves."""
    db_url = server.new("four")
    folders = []
    for number in range(MACHINES):
        root = memory / f"machine-{number}"
        shutil.copytree(pupils, root, ignore=shutil.ignore_patterns("submitted"))
        for student in sorted((pupils / "submitted").iterdir())[number::MACHINES]:
            shutil.copytree(student, root / "submitted" / student.name)
        folders.append(str(on(root, db_url)))
    command = [sys.executable, "-c", AT_ONCE, ASSIGNMENT, *folders]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    alone = memory / "one-machine"
    shutil.copytree(pupils, alone)
    grade(Course.load(alone), ASSIGNMENT, Options(workers=1))
    assert contents(db_url) == contents(f"sqlite:///{alone}/gradebook.db")


def test_machines_that_meet_on_the_same_students(school: School, server: Server) -> None:
    """Who is recorded by several machines at the same moment has one submission, not two."""
    students = [f"s-{number:02}" for number in range(40)]
    expected = School(school.root / "expected")
    expected.release = school.release
    expected.record(*(Entry(result(student), SUBMITTED) for student in students))
    school.db_url = server.new("meeting")
    barrier = Barrier(MACHINES, timeout=60)

    def machine(number: int) -> None:
        order = students[10 * number :] + students[: 10 * number]
        barrier.wait()
        with school.gradebook() as book:
            barrier.wait()
            for start in range(0, len(order), 5):
                book.record(Entry(result(each), SUBMITTED) for each in order[start : start + 5])

    with ThreadPoolExecutor(MACHINES) as pool:
        list(pool.map(machine, range(MACHINES)))
    assert contents(school.db_url) == contents(expected.db_url)


def test_nbgrader_itself_adds_the_student_meanwhile(school: School, server: Server) -> None:
    """Where the formgrader has just added a student whom we found to be new, we look again."""
    school.db_url = server.new("meanwhile")
    added: set[str] = set()
    with school.gradebook() as book, api.Gradebook(school.db_url, "numerics") as theirs:

        def watch(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
            if "INSERT INTO student" in arguments[2] and "ada" not in added:
                added.add("ada")
                theirs.add_student("ada", first_name="Ada")

        event.listen(book._gradebook.engine, "before_cursor_execute", watch)
        book.record([Entry(result("ada"), SUBMITTED)])
    with api.Gradebook(school.db_url) as read:
        assert read.find_student("ada").first_name == "Ada"
        assert read.find_submission(NAME, "ada").score == 4.5


@pytest.mark.parametrize("times", [1, 99])
def test_connection_that_the_server_closes(school: School, server: Server, times: int) -> None:
    """A new connection takes a lost batch up; where none lasts, that is said, and a run goes on."""
    school.db_url = server.new(f"closing-{times}")
    entries = [Entry(result(student), SUBMITTED) for student in ("ada", "bob")]
    closed = 0

    def close(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        nonlocal closed
        if "INSERT INTO grade" in arguments[2] and closed < times:
            closed += 1
            server.close_connections(f"closing-{times}")

    with school.gradebook() as book:
        event.listen(book._gradebook.engine, "before_cursor_execute", close)
        if times == 1:
            book.record(entries)
        else:
            with pytest.raises(InfrastructureError, match=r"server closed the connection"):
                book.record(entries)
            assert book.recorded(NAME) == set()
    assert closed == min(times, 3)
    school.record(*entries)
    with school.gradebook() as book:
        assert book.recorded(NAME) == {"ada", "bob"}


def test_no_statement_reads_the_whole_class(school: School, server: Server) -> None:
    """Plans made while tables are empty, which the server keeps, suit a large class."""
    school.db_url = server.new("large")
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if statement.startswith(("SELECT", "UPDATE")):
            first = parameters[0] if isinstance(parameters, list) else parameters
            with connection.connection.cursor() as raw:
                plans.extend(row[0] for row in raw.execute(f"EXPLAIN {statement}", first))

    with school.gradebook() as book:
        event.listen(book._gradebook.engine, "before_cursor_execute", explain)
        for data in (None, school.submit("ada", {})):
            book.record(Entry(result(f"s-{n}"), SUBMITTED, data) for n in range(3))
    for table in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment"):
        assert any(f" on {table} " in line for line in plans)
        assert [line for line in plans if f"Seq Scan on {table} " in line] == []


def test_course_without_a_name(school: School, server: Server) -> None:
    """A course needs no name, as with nbgrader's default, though a server looks names up."""
    db_url = server.new("nameless")
    with Gradebook(db_url) as book:
        book.ensure_assignment(NAME, school.release)
        book.record([Entry(result(), SUBMITTED)])
        assert book.recorded(NAME) == {"ada"}


def test_tables_of_others_are_left_alone(school: School, server: Server) -> None:
    """A database in which something else lives gets the gradebook's tables, and nothing is lost."""
    school.db_url = server.new("shared")
    engine = create_engine(school.db_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE hub AS SELECT 1 AS one"))
    school.record(Entry(result(), SUBMITTED))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT one FROM hub")).scalar() == 1
    engine.dispose()
    assert [row[0] for row in school.facts()["submissions"]] == ["ada"]


def test_what_cannot_be_reached_is_named_without_its_password(server: Server) -> None:
    """No server, no such database, a wrong password: a sentence says so, and keeps the secret."""
    server.new("known")
    for db_url, said in {
        server.url("unknown"): 'database "unknown" does not exist',
        server.url("known", "hunter2"): 'password authentication failed for user "grader"',
        "postgresql://grader:hunter2@127.0.0.1:1/known": "Connection refused",
        "postgresql://grader@127.0.0.1:1/known?password=hunter2": "Connection refused",
        "postgres:grader:hunter2": "Could not parse",
        "postgrsql://grader:hunter2@127.0.0.1/known": "Can't load plugin",
    }.items():
        with pytest.raises(InfrastructureError) as caught:
            Gradebook(db_url)
        message = str(caught.value)
        assert said in message
        assert "c.CourseDirectory.db_url" in message
        assert "hunter2" not in message
        assert server.url("").split("@")[0].rpartition(":")[2] not in message
        assert "\n" not in message


def test_missing_driver_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that speaks to PostgreSQL, the message says what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(CourseError, match=r"'psycopg'.*pip install 'numgrade\[postgresql\]'") as e:
        Gradebook("postgresql+psycopg://grader:hunter2@127.0.0.1/known")
    assert "hunter2" not in str(e.value)

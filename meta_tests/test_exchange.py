"""The student's road with nbgrader's own tools: fetch, submit, collect, and feedback back home."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader import api

from numgrade.batch import Options, grade
from numgrade.course import Course

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[1]
NOTEBOOK = Path("calculus", "calculus.ipynb")
MOODLE = r".*/(?P<student_id>[^/_]+)_\d+_assignsubmission_file/(?P<file_id>[^/]+)"

pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Exchange:
    """A course, an exchange folder, and the home of a student who has only nbgrader."""

    def __init__(self, course: Path, nbgrader: Callable[..., Any]) -> None:
        self.course = course
        self.root = course.with_name("exchange")
        self.root.mkdir()
        self.root.chmod(0o777)  # as nbgrader asks of a shared exchange
        self.home = course.with_name("home")
        self.home.mkdir()
        self._nbgrader = nbgrader

    def instructor(self, *arguments: str) -> str:
        """Run a command in the course; return its log."""
        return self._run(self.course, *arguments)

    def student(self, *arguments: str) -> str:
        """Run a command in the student's home; return its log."""
        return self._run(self.home, *arguments, "--course=calculus")

    def solve(self) -> None:
        """Put the instructor's solutions in the place of the student's stubs."""
        solutions = cells_of(PROJECT / "source" / NOTEBOOK)
        notebook = json.loads((self.home / NOTEBOOK).read_bytes())
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = solutions[cell["id"]]["source"]
        (self.home / NOTEBOOK).write_text(json.dumps(notebook))

    def grade(self) -> dict[str, float | None]:
        """Run `numgrade grade`; return the scores of its records."""
        results = grade(Course.load(self.course), "calculus", Options())
        return {result.student: result.score for result in results}

    def marks(self) -> dict[str, tuple[float, str]]:
        """Return scores and times of submission as the gradebook has them."""
        with api.Gradebook(f"sqlite:///{self.course}/gradebook.db") as book:
            return {
                each.student_id: (each.score, str(each.timestamp))
                for each in book.db.query(api.SubmittedAssignment)
            }

    def _run(self, folder: Path, *arguments: str) -> str:
        ended = self._nbgrader(folder, *arguments, f"--Exchange.root={self.root}")
        assert ended.status == 0, ended.log
        return str(ended.log)


def cells_of(path: Path) -> dict[str, Any]:
    """Return the cells of a notebook by their ids."""
    return {cell["id"]: cell for cell in json.loads(path.read_bytes())["cells"]}


@pytest.fixture(scope="module")
def exchange(copy_of_course: Callable[[str], Path], nbgrader: Callable[..., Any]) -> Exchange:
    """Return a course that has been released, fetched, solved and submitted."""
    exchange = Exchange(copy_of_course("exchange-course"), nbgrader)
    exchange.instructor("release_assignment", "calculus")
    exchange.student("fetch_assignment", "calculus")
    exchange.student("submit", "calculus", "--student=idle")
    exchange.solve()
    exchange.student("submit", "calculus", "--student=busy")
    exchange.instructor("collect", "calculus")
    return exchange


def test_students_fetch_what_was_released(exchange: Exchange) -> None:
    """The notebook that arrives is the release, and nothing else of the course comes with it."""
    released = exchange.root / "calculus/outbound" / NOTEBOOK
    assert released.read_bytes() == (PROJECT / "release" / NOTEBOOK).read_bytes()
    there = {path.name for path in (exchange.root / "calculus/outbound").rglob("*")}
    assert there == {"calculus", "calculus.ipynb"}
    assert [path.name for path in (exchange.home / "calculus").iterdir()] == ["calculus.ipynb"]


def test_collected_submissions_are_graded_and_given_back(exchange: Exchange) -> None:
    """What `collect` brings in is graded; a resubmission too; feedback finds its way back."""
    assert exchange.grade() == {"busy": 20.0, "idle": 0.0}
    first = exchange.marks()
    for student, score in (("busy", 20.0), ("idle", 0.0)):
        file = exchange.course / "submitted" / student / "calculus/timestamp.txt"
        assert first[student] == (score, file.read_text().removesuffix(" UTC"))

    exchange.student("submit", "calculus", "--student=idle")  # the solved notebook, by now
    log = exchange.instructor("collect", "calculus", "--update")
    assert "Updating submission: idle calculus" in log
    assert exchange.grade() == {"busy": 20.0, "idle": 20.0}
    second = exchange.marks()
    assert second["busy"] == first["busy"]
    assert second["idle"][1] > first["idle"][1]

    exchange.instructor("release_feedback", "calculus")
    exchange.student("fetch_feedback", "calculus", "--student=busy")
    pages = list((exchange.home / "calculus/feedback").rglob("*.html"))
    expected = exchange.course / "feedback/busy/calculus/calculus.html"
    assert expected.read_bytes() in [page.read_bytes() for page in pages]


def test_download_of_a_learning_platform_is_collected(
    copy_of_course: Callable[[str], Path], nbgrader: Callable[..., Any]
) -> None:
    """`zip_collect` takes the ZIP that Moodle makes, and its submissions are graded."""
    assert MOODLE in (PROJECT / "nbgrader_config.py").read_text()
    root = copy_of_course("platform")
    archive = root / "downloaded/calculus/archive/calculus-submissions.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as file:
        for student, kind in (("Ada Lovelace", "source"), ("Bob", "release")):
            data = (PROJECT / kind / NOTEBOOK).read_bytes()
            file.writestr(f"{student}_4711_assignsubmission_file/calculus.ipynb", data)
        file.writestr("Eve_4713_assignsubmission_file/calculus.ipynb", b"an empty page")
    ended = nbgrader(
        root, "zip_collect", "calculus", f"--FileNameCollectorPlugin.named_regexp={MOODLE}"
    )
    assert ended.status == 0, ended.log
    results = grade(Course.load(root), "calculus", Options())
    assert [(each.student, each.status.value, each.score) for each in results] == [
        ("Ada Lovelace", "graded", 20.0),
        ("Bob", "graded", 0.0),
        ("Eve", "unreadable", 0.0),
    ]

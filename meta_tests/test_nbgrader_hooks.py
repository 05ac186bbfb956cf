"""nbgrader's own commands reach our grader, and without a result there is never a mark."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from numgrade import nbgrader_hooks
from numgrade.batch import Options, grade
from numgrade.course import Course
from numgrade.desk import Graded
from numgrade.gradebook import Gradebook
from numgrade.results import SubmissionResult, SubmissionStatus
from numgrade.settings import Limits, LimitValues

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[1]
SOURCE = Path("source", "calculus", "calculus.ipynb")
TIME = "2025-03-01 12:00:00"

pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


def hand_in(root: Path, student: str, data: bytes) -> None:
    """Put a submission where nbgrader collects them."""
    folder = root / "submitted" / student / "calculus"
    folder.mkdir(parents=True)
    (folder / "calculus.ipynb").write_bytes(data)
    (folder / "timestamp.txt").write_text(f"{TIME} UTC")


def broken_notebook() -> bytes:
    """Return a right solution in a notebook with everything that makes nbgrader itself give up."""
    notebook = json.loads((PROJECT / SOURCE).read_bytes())
    cells = notebook["cells"]
    for cell in cells:
        cell["id"] = "twice"
        named = cell["metadata"].get("nbgrader", {})
        if named.get("grade"):
            cell["source"] = "7.0"
            named.update(points=700, grade=False, solution=True, cell_type="markdown")
    cells.append(cells[4])
    cells.append({"cell_type": "markdown", "source": "<script>alert(1)</script>", "metadata": {}})
    return json.dumps(notebook).encode()


def forged_notebook() -> bytes:
    """Return the untouched release with outputs that stock nbgrader would take for full marks."""
    notebook = json.loads((PROJECT / "release/calculus/calculus.ipynb").read_bytes())
    for cell in notebook["cells"]:
        points = cell["metadata"].get("nbgrader", {}).get("points")
        if points:
            data = {"text/plain": [str(points)]}
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "data": data,
                    "metadata": {},
                    "execution_count": 1,
                }
            ]
    return json.dumps(notebook).encode()


SUBMISSIONS: dict[str, tuple[bytes, float]] = {
    "breaker": (broken_notebook(), 20.0),
    "forger": (forged_notebook(), 0.0),
    "stranger": (b"%PDF-1.4 this is an essay", 0.0),
}


def scores(root: Path) -> dict[str, tuple[float, bool]]:
    """Return each student's score in the gradebook, and whether a person has to look."""
    with api.Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        return {
            each.student_id: (each.score, each.needs_manual_grade)
            for each in book.db.query(api.SubmittedAssignment)
        }


def formgrader(root: Path) -> Any:  # noqa: ANN401 - nbgrader is untyped
    """Return what the formgrader calls when its buttons are pressed."""
    config = Config(Course.load(root).config)
    config.CourseDirectory.root = str(root)
    return NbGraderAPI(config=config)


@pytest.fixture(scope="module")
def course(copy_of_course: Callable[[str], Path]) -> Path:
    """Return a course with submissions and a gradebook, not graded yet."""
    root = copy_of_course("hooks")
    for student, (data, _) in SUBMISSIONS.items():
        hand_in(root, student, data)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "calculus") as gradebook:
        gradebook.ensure_assignment("calculus", root / "release/calculus/calculus.ipynb")
    return root


@pytest.fixture(scope="module")
def autograded(course: Path, jupyter_environment: dict[str, str]) -> str:
    """Run `nbgrader autograde` as people do; return what it said."""
    command = [sys.executable, "-m", "nbgrader", "autograde", "calculus"]
    ended = subprocess.run(
        command, cwd=course, env=jupyter_environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def test_autograde_gives_our_marks(course: Path, autograded: str) -> None:
    """Right, mangled, forged and unreadable submissions get from nbgrader what they deserve."""
    assert "Autograding" in autograded
    expected = {student: (score, False) for student, (_, score) in SUBMISSIONS.items()}
    assert scores(course) == expected


@pytest.mark.usefixtures("autograded")
def test_autograded_notebooks_are_ours(course: Path) -> None:
    """What nbgrader has written is the notebook with our verdicts, in our repaired form."""
    path = course / "autograded/breaker/calculus/calculus.ipynb"
    cells = json.loads(path.read_bytes())["cells"]
    named = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in cells
        if "nbgrader" in cell["metadata"]
    }
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert named["derivative"]["outputs"][0]["data"]["text/plain"] == ["4.0"]
    assert named["derivative"]["metadata"]["nbgrader"]["points"] == 4
    stranger = (course / "autograded/stranger/calculus/calculus.ipynb").read_text()
    assert "looks like a PDF document" in stranger


@pytest.mark.usefixtures("autograded")
def test_formgrader_takes_the_submissions_as_graded(course: Path) -> None:
    """The formgrader lists every submission as autograded, none as waiting for a person."""
    listed = {each["student"]: each for each in formgrader(course).get_submissions("calculus")}
    assert set(listed) == set(SUBMISSIONS)
    for student, (_, score) in SUBMISSIONS.items():
        assert listed[student]["autograded"], student
        assert not listed[student]["needs_manual_grade"], student
        assert listed[student]["score"] == score


@pytest.mark.usefixtures("autograded")
def test_nbgraders_feedback_shows_the_marks(course: Path) -> None:
    """`nbgrader generate_feedback` works on these notebooks; no student's script is in its page."""
    outcome = formgrader(course).generate_feedback("calculus")
    assert outcome["success"], outcome
    page = (course / "feedback/breaker/calculus/calculus.html").read_text()
    assert "Score: 20.0 / 20.0" in page
    assert "<script>alert" not in page
    unread = (course / "feedback/stranger/calculus/calculus.html").read_text()
    assert "Score: 0.0 / 20.0" in unread
    assert "looks like a PDF document" in unread


@pytest.mark.usefixtures("autograded")
def test_formgraders_button_keeps_manual_marks(course: Path) -> None:
    """The Autograde button grades again by our engine; a person's mark stays, and is flagged."""
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        book.find_grade("quiz", "calculus", "calculus", "forger").manual_score = 0.5
        book.db.commit()
    outcome = formgrader(course).autograde("calculus", "forger")
    assert outcome["success"], outcome
    assert scores(course)["forger"] == (0.5, True)


@pytest.mark.usefixtures("autograded")
def test_export_tells_the_same(course: Path, nbgrader: Callable[..., Any], autograded: str) -> None:
    """`nbgrader export` gives the marks of the gradebook."""
    assert autograded
    assert nbgrader(course, "export", "--to=marks.csv").status == 0
    with (course / "marks.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        name: score for name, (score, _) in scores(course).items()
    }
    assert {row["timestamp"] for row in rows.values()} == {TIME}


def test_nbgrader_skips_what_we_have_graded(
    copy_of_course: Callable[[str], Path], nbgrader: Callable[..., Any]
) -> None:
    """After `numgrade grade`, `nbgrader autograde` has nothing to do until a new submission."""
    root = copy_of_course("skips")
    hand_in(root, "solver", (PROJECT / SOURCE).read_bytes())
    grade(Course.load(root), "calculus", Options())
    before = scores(root)
    assert before == {"solver": (20.0, False)}
    ended = nbgrader(root, "autograde", "calculus")
    assert ended.status == 0
    assert "Skipping existing assignment" in ended.log
    folder = root / "submitted/solver/calculus"
    (folder / "calculus.ipynb").write_bytes(forged_notebook())
    (folder / "timestamp.txt").write_text("2025-03-02 12:00:00 UTC")
    assert "solver" not in formgrader(root).get_autograded_students("calculus")
    ended = nbgrader(root, "autograde", "calculus")
    assert "Updating existing assignment" in ended.log
    assert scores(root) == {"solver": (0.0, False)}


@pytest.fixture
def ungraded(copy_of_course: Callable[[str], Path], request: pytest.FixtureRequest) -> Path:
    """Return a course with a right solution that nobody has graded."""
    root = copy_of_course(request.node.name)
    hand_in(root, "solver", (PROJECT / SOURCE).read_bytes())
    with Gradebook(f"sqlite:///{root}/gradebook.db", "calculus") as gradebook:
        gradebook.ensure_assignment("calculus", root / "release/calculus/calculus.ipynb")
    return root


def assert_no_mark(root: Path, reason: str) -> None:
    """Assert that the Autograde button fails, says why, and leaves no mark and no notebook."""
    outcome = formgrader(root).autograde("calculus", "solver")
    assert not outcome["success"]
    assert reason in outcome["log"]
    with api.Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        assert {each.auto_score for each in book.db.query(api.Grade)} == {None}
    assert scores(root) == {"solver": (0.0, True)}
    assert not (root / "autograded/solver/calculus").exists()


def test_broken_checks_give_no_mark(ungraded: Path) -> None:
    """With checks that cannot be imported there is an error instead of a mark."""
    (ungraded / "tests/calculus/test_quiz.py").write_text("import nothing_of_that_name\n")
    assert_no_mark(ungraded, "nothing_of_that_name")


def test_unscored_submission_gives_no_mark(ungraded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where our engine fails, nbgrader is told so, and what to do."""
    unscored = SubmissionResult(
        assignment="calculus",
        student="solver",
        status=SubmissionStatus.UNSCORED,
        score=None,
        max_score=20.0,
        warnings=("The zygote was lost.",),
        checks_sha256="0",
    )
    monkeypatch.setattr(nbgrader_hooks, "grade_one", lambda *_: Graded(unscored))
    assert_no_mark(ungraded, "The zygote was lost. This is not the student's fault")


def test_hook_that_is_gone_gives_no_mark(ungraded: Path) -> None:
    """A configuration that has lost the preprocessor grades nothing at all."""
    path = ungraded / "nbgrader_config.py"
    line = 'c.Autograde.autograde_preprocessors = ["numgrade.nbgrader_hooks.GradeSubmission"]'
    assert line in path.read_text()
    path.write_text(path.read_text().replace(line, "c.Autograde.autograde_preprocessors = []"))
    formgrader(ungraded).autograde("calculus", "solver")
    assert scores(ungraded) == {"solver": (0.0, True)}


def test_configuration_shows_the_real_defaults() -> None:
    """The limits that the configuration shows as comments are the ones that hold without it."""
    text = (PROJECT / "nbgrader_config.py").read_text()
    shown = [line[2:] for line in text.splitlines() if line.startswith("# c.Limits.")]
    assert [line.split()[0] for line in shown] == [
        f"c.Limits.{name}" for name in LimitValues.__struct_fields__
    ]
    config = Config()
    exec("\n".join(shown), {"c": config})  # noqa: S102 - lines of our own configuration
    assert Limits.from_config(config) == LimitValues()

"""The second assignment: nothing in the grader is made for calculus alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from numgrade.batch import Options, grade
from numgrade.classroom import simulate
from numgrade.course import Course
from numgrade.demo import hand_in

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

PROJECT = Path(__file__).parents[1]
NAME = "rootfinding"


def test_solved_notebook_passes_its_own_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """The source's solutions satisfy all public examples."""
    cells = json.loads((PROJECT / "source" / NAME / f"{NAME}.ipynb").read_bytes())["cells"]
    namespace: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code" and "tags" not in cell["metadata"]:
            exec("".join(cell["source"]), namespace)  # noqa: S102 - our own notebook
    assert capsys.readouterr().out.count("The hidden checks decide the mark.") == 3


def test_an_authors_pytest_checks_both_assignments() -> None:
    """Each reference meets its own checks, in one session of plain pytest."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:]
    assert " passed" in ended.stdout


@pytest.mark.usefixtures("no_graders")
def test_a_class_gets_its_marks_and_its_hints(copy_of_course: Callable[[str], Path]) -> None:
    """Right solutions earn all points, mistakes lose some, and nearly all are named rightly."""
    root = copy_of_course("of-roots")
    shutil.rmtree(root / "tests" / "calculus")
    course = Course.load(root)
    students = simulate(course, NAME, 80)
    for student in students:
        hand_in(course, NAME, student)
    results = {result.student: result for result in grade(course, NAME, Options())}
    found: Counter[str] = Counter()
    for student in students[2:]:
        assert results[student.name].warnings == ()
        for exercise in results[student.name].exercises:
            solution = student.answers[exercise.name]
            is_full = exercise.score == exercise.max_score
            assert is_full is solution.is_right, f"{exercise.name}: {solution.name}"
            assert exercise.diagnosis in {None, solution.name if not is_full else None}
            found["wrong"] += not is_full
            found["named"] += exercise.diagnosis is not None
    assert found["wrong"] > 40
    assert found["named"] >= 0.95 * found["wrong"]

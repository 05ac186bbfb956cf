"""The calculus course is complete: its notebook, and its banks of right and wrong solutions."""

from __future__ import annotations

import ast
import json
import types
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[1]
SOURCE = PROJECT / "source" / "calculus" / "calculus.ipynb"
RELEASE = PROJECT / "release" / "calculus" / "calculus.ipynb"
TESTS = PROJECT / "tests" / "calculus"
POINTS = {
    "derivative": 4,
    "numerical_gradient": 4,
    "trapezoidal_integration": 4,
    "gradient_descent": 4,
    "partial_derivative": 3,
    "quiz": 1,
}
NAMES = {exercise: exercise for exercise in POINTS} | {"quiz": "quiz_answer"}
"""What a solution of each exercise defines."""

BANK = sorted((*TESTS.glob("variants/*/*.py"), *TESTS.glob("mistakes/*/*.py")))


def cells_of(path: Path) -> dict[str, Any]:
    """Return a notebook's cells by nbgrader's name for them, or by id where there is none."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    named = {
        cell["metadata"].get("nbgrader", {}).get("grade_id", cell["id"]): cell for cell in cells
    }
    assert len(named) == len(cells), "two cells share a name"
    return named


def text_of(cell: dict[str, Any]) -> str:
    """Return the source of a cell."""
    return "".join(cell["source"])


def solution_lines(cell: dict[str, Any]) -> set[str]:
    """Return the lines between the solution marks of a cell that are too long to be anybody's."""
    _, _, region = text_of(cell).partition("### BEGIN SOLUTION\n")
    region, mark, _ = region.partition("### END SOLUTION")
    assert mark, "a solution cell has no solution region"
    lines = {line.strip() for line in region.splitlines()}
    return {line for line in lines if len(line) > len("return x")}


def run(path: Path) -> dict[str, Any]:
    """Run every code cell of a notebook that is not only for show, and return what they define."""
    namespace: dict[str, Any] = {}
    for name, cell in cells_of(path).items():
        if cell["cell_type"] == "code" and "show-only" not in cell["metadata"].get("tags", []):
            exec(compile(text_of(cell), name, "exec"), namespace)  # noqa: S102 - our own notebook
    return namespace


def test_grade_cells_carry_the_points() -> None:
    """There is a locked grade cell for each exercise, and the points add up to 20."""
    graded = {
        name: cell["metadata"]["nbgrader"]
        for name, cell in cells_of(SOURCE).items()
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    assert {name: about["points"] for name, about in graded.items()} == POINTS
    assert sum(POINTS.values()) == 20
    assert all(about["locked"] and not about["solution"] for about in graded.values())


@pytest.mark.parametrize("exercise", POINTS)
def test_solution_comes_before_its_examples(exercise: str) -> None:
    """A student meets the text, then the place for the solution, then the public examples."""
    order = list(cells_of(SOURCE))
    place = order.index(f"{exercise}_solution")
    assert order[place - 1 : place + 2] == [f"{exercise}_text", f"{exercise}_solution", exercise]


def test_solved_notebook_passes_its_own_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """The source's solutions run, satisfy all public examples, and define every name."""
    namespace = run(SOURCE)
    assert capsys.readouterr().out.count("public examples") == 5
    assert set(NAMES.values()) <= namespace.keys()


def test_nothing_secret_is_in_the_source_notebook() -> None:
    """No hidden tests lie in the notebook, for nbgrader would carry them to the student's side."""
    assert not any("HIDDEN TESTS" in text_of(cell) for cell in cells_of(SOURCE).values())
    assert not any(cell.get("outputs") for cell in cells_of(SOURCE).values())


@pytest.mark.parametrize("exercise", POINTS)
def test_release_leaks_no_solution(exercise: str) -> None:
    """No line of a solution is in the student's notebook, not even in another cell."""
    lines = solution_lines(cells_of(SOURCE)[f"{exercise}_solution"])
    released = {
        line.strip() for cell in cells_of(RELEASE).values() for line in text_of(cell).splitlines()
    }
    assert lines
    assert not released & lines


def test_released_quiz_is_unanswered() -> None:
    """The stub of the quiz defines an empty answer, so that an untouched one earns nothing."""
    stub = text_of(cells_of(RELEASE)["quiz_solution"])
    namespace: dict[str, Any] = {}
    with pytest.raises(NotImplementedError):
        exec(stub, namespace)  # noqa: S102 - our own notebook
    assert namespace["quiz_answer"] == ""


@pytest.mark.parametrize("exercise", [name for name in POINTS if name != "quiz"])
def test_picture_survives_an_unfinished_exercise(
    exercise: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before its exercise is solved, a cell that only shows says so in a line of its own."""
    cells = cells_of(RELEASE)
    picture = cells[f"{exercise}-picture".replace("_", "-")]
    assert picture["metadata"]["tags"] == ["show-only"]
    namespace: dict[str, Any] = {}
    for cell in (cells["setup"], cells[f"{exercise}_solution"], picture):
        exec(text_of(cell), namespace)  # noqa: S102 - our own notebook
    assert capsys.readouterr().out.startswith(f"No picture yet: finish {exercise}")


@pytest.mark.parametrize("exercise", POINTS)
def test_banks_are_large_enough(exercise: str) -> None:
    """There are right solutions in other words, and known mistakes, for every exercise."""
    assert len(list((TESTS / "variants" / exercise).glob("*.py"))) >= 6
    assert len(list((TESTS / "mistakes" / exercise).glob("*.py"))) >= 8


def test_banks_belong_to_exercises() -> None:
    """Every file of a bank is in the folder of an exercise, so that none is overlooked."""
    assert {path.parent.name for path in BANK} == POINTS.keys()
    assert len(BANK) == sum(
        1 for kind in ("variants", "mistakes") for _ in (TESTS / kind).rglob("*.py")
    )


@pytest.mark.parametrize("path", BANK, ids=lambda path: "/".join(path.with_suffix("").parts[-3:]))
def test_bank_file_says_what_it_is(path: Path) -> None:
    """A file of a bank has a docstring, and defines what the exercise asks for."""
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring
    assert docstring.endswith((".", "?"))
    module = types.ModuleType(path.stem)
    exec(compile(text, str(path), "exec"), vars(module))  # noqa: S102 - our own file
    assert hasattr(module, NAMES[path.parent.name])


@pytest.mark.parametrize("exercise", POINTS)
def test_hints_differ(exercise: str) -> None:
    """No two mistakes of an exercise give a student the same hint."""
    hints = [
        ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        for path in (TESTS / "mistakes" / exercise).glob("*.py")
    ]
    assert len(set(hints)) == len(hints)

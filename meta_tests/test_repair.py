"""Repairing submissions: nobody gains by changing a notebook, and nobody's work is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade.master import Master
from numgrade.matching import longest_in_order
from numgrade.notebook import read_notebook
from numgrade.repair import Repaired, repair

if TYPE_CHECKING:
    from collections.abc import Callable

Cells: TypeAlias = list[dict[str, Any]]

RELEASED = Path(__file__).parent / "notebooks" / "released.json"
MASTER = Master.load(RELEASED)
SLOPE = "def derivative(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)"
AREA = "def trapezoid(f, a, b, n=1000):\n    return np.trapezoid(f(np.linspace(a, b, n)))"


def submitted() -> Cells:
    """Return the cells of a submission with three answers."""
    cells: Cells = json.loads(RELEASED.read_text())["cells"]
    for name, source in (
        ("derivative-solution", SLOPE),
        ("trapezoid-solution", AREA),
        ("quiz-solution", "quiz_answer = 'c'"),
    ):
        at(cells, name)["source"] = source
    return cells


def at(cells: Cells, name: str) -> dict[str, Any]:
    """Return the cell with this id."""
    return cells[where(cells, name)]


def where(cells: Cells, name: str) -> int:
    """Return the place of the cell with this id."""
    return next(n for n, cell in enumerate(cells) if cell.get("id") == name)


def own(
    source: str, name: str = "own", cell_type: str = "code", **metadata: object
) -> dict[str, Any]:
    """Return a cell of the student's own."""
    return {"cell_type": cell_type, "id": name, "metadata": metadata, "source": source}


def repaired(cells: Cells, **others: object) -> Repaired:
    """Read and repair a notebook of these cells."""
    document = {"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}, **others}
    return repair(read_notebook(json.dumps(document).encode()), MASTER)


def ids(result: Repaired) -> list[str]:
    """Return the ids of the repaired cells, in order."""
    return [cell.id for cell in result.cells]


def sources(result: Repaired) -> dict[str, str]:
    """Return the sources of the repaired cells by their ids."""
    return {cell.id: cell.source for cell in result.cells}


def executed(result: Repaired) -> dict[str, Any]:
    """Run what would run, without NumPy, and return the namespace."""
    namespace: dict[str, Any] = {}
    for cell in result.runnable():
        if "def " in cell.source or "quiz_answer =" in cell.source:
            exec(cell.source, namespace)  # noqa: S102 - sources written in this file
    return namespace


def insert_after(cells: Cells, name: str, cell: dict[str, Any]) -> None:
    """Put a cell behind another one."""
    cells.insert(where(cells, name) + 1, cell)


def without_nbgrader(cells: Cells) -> None:
    """Lose nbgrader's metadata, as other editors do."""
    for cell in cells:
        cell["metadata"].pop("nbgrader", None)


def test_an_ordinary_submission_needs_no_repair() -> None:
    """The released cells come back with the answers, and without a warning."""
    result = repaired(submitted())
    assert not result.warnings
    assert ids(result) == [cell.id for cell in MASTER.cells]
    assert sources(result)["derivative-solution"] == SLOPE
    assert result.metadata["kernelspec"]["name"] == "python3"


def test_an_untouched_release_comes_back_as_it_was() -> None:
    """A student who did nothing gets the released cells, which nbgrader takes as no response."""
    result = repaired(json.loads(RELEASED.read_text())["cells"])
    assert not result.warnings
    assert [cell.source for cell in result.cells] == [cell.source for cell in MASTER.cells]
    assert not any(cell.is_students for cell in result.cells)


# --- one kind of damage each: (what the student's file has been through, part of the warning)


def duplicate_answer(cells: Cells) -> None:
    """Copy a finished solution cell to the end."""
    cells.append(at(cells, "derivative-solution") | {"id": "copy"})


def duplicate_answer_with_stub_last(cells: Cells) -> None:
    """Paste the untouched stub behind the answer."""
    stub = at(json.loads(RELEASED.read_text())["cells"], "derivative-solution")
    cells.append(stub | {"id": "copy"})


def duplicate_stub(cells: Cells) -> None:
    """Copy a solution cell that nobody has worked on."""
    cells.append(at(cells, "plot") | {"id": "copy"})


def duplicate_test(cells: Cells) -> None:
    """Copy a test cell."""
    cells.append(at(cells, "derivative-test") | {"id": "copy"})


def delete_answer(cells: Cells) -> None:
    """Delete a solution cell."""
    cells.remove(at(cells, "trapezoid-solution"))


def delete_test(cells: Cells) -> None:
    """Delete a test cell."""
    cells.remove(at(cells, "trapezoid-test"))


def delete_text(cells: Cells) -> None:
    """Delete a locked text."""
    cells.remove(at(cells, "end"))


def delete_everything(cells: Cells) -> None:
    """Hand in an empty notebook."""
    cells.clear()


def retype_answer(cells: Cells) -> None:
    """Turn a solution cell into Markdown."""
    at(cells, "derivative-solution")["cell_type"] = "markdown"


def retype_test(cells: Cells) -> None:
    """Turn a test cell into raw text, so that it would not run."""
    at(cells, "derivative-test")["cell_type"] = "raw"


def move_answer(cells: Cells) -> None:
    """Move a solution cell to the top."""
    cells.insert(0, cells.pop(where(cells, "trapezoid-solution")))


def reverse(cells: Cells) -> None:
    """Turn the whole notebook round."""
    cells.reverse()


def flip_grade(cells: Cells) -> None:
    """Unmark a test cell."""
    at(cells, "derivative-test")["metadata"]["nbgrader"]["grade"] = False


def flip_solution(cells: Cells) -> None:
    """Make a test cell a solution."""
    at(cells, "derivative-test")["metadata"]["nbgrader"]["solution"] = True


def flip_locked(cells: Cells) -> None:
    """Unlock a test cell."""
    at(cells, "derivative-test")["metadata"]["nbgrader"]["locked"] = False


def edit_test(cells: Cells) -> None:
    """Make a test cell pass."""
    at(cells, "derivative-test")["source"] = "assert True"


def forge_points(cells: Cells) -> None:
    """Give oneself more points, in a cell whose text is changed too."""
    at(cells, "derivative-test")["metadata"]["nbgrader"]["points"] = 400
    edit_test(cells)


def lose_metadata(cells: Cells) -> None:
    """Lose nbgrader's metadata and keep the ids, as VS Code may."""
    without_nbgrader(cells)


def lose_metadata_in_colab(cells: Cells) -> None:
    """Lose nbgrader's metadata; Colab keeps the id among the metadata."""
    without_nbgrader(cells)
    for cell in cells:
        cell["metadata"]["id"] = cell.pop("id")


def lose_everything(cells: Cells) -> None:
    """Lose metadata and ids."""
    without_nbgrader(cells)
    for cell in cells:
        del cell["id"]


def foreign_grade_id(cells: Cells) -> None:
    """Paste a solution cell of another assignment."""
    nbgrader = {"grade_id": "fourier_solution", "solution": True}
    cells.append(own("fourier = 1", nbgrader=nbgrader))


def stolen_grade_id(cells: Cells) -> None:
    """Give a cell of one's own the grade_id of a test cell."""
    nbgrader = at(cells, "derivative-test")["metadata"]["nbgrader"]
    cells.insert(0, own("x = 1", nbgrader=nbgrader))


def define_twice(cells: Cells) -> None:
    """Define a function in a second cell."""
    cells.append(own("def derivative(f, x, h=1e-5):\n    return 7.0"))


def answer_in_test(cells: Cells) -> None:
    """Write the answer into the test cell, where an editor ignores locks."""
    stub = at(json.loads(RELEASED.read_text())["cells"], "derivative-solution")["source"]
    at(cells, "derivative-solution")["source"] = stub
    at(cells, "derivative-test")["source"] = f"{SLOPE}\nprint('done')"


DAMAGE: dict[Callable[[Cells], None], str] = {
    duplicate_answer: "occur more than once: 'derivative_solution'; the last one that differs",
    duplicate_answer_with_stub_last: "'derivative_solution'; the last one that differs",
    duplicate_stub: "as released: 'plot'",
    duplicate_test: "instructor's cells that occur more than once: 'derivative'",
    delete_answer: "Solution cells that had been deleted: 'trapezoid_solution'",
    delete_test: "Test cells that had been deleted: 'trapezoid'",
    delete_text: "Other cells of the instructor's that had been deleted: 'the-end'",
    delete_everything: "'derivative_solution', 'plot', 'trapezoid_solution', 'essay'",
    retype_answer: "type had been changed (code, Markdown or raw): 'derivative_solution'",
    retype_test: "type had been changed (code, Markdown or raw): 'derivative'",
    move_answer: "Cells that had been moved: 'trapezoid_solution'",
    reverse: "Cells that had been moved: 'cell 1', 'setup', 'derivative_solution'",
    flip_grade: "settings (grade, solution, locked) had been changed: 'derivative'",
    flip_solution: "settings (grade, solution, locked) had been changed: 'derivative'",
    flip_locked: "settings (grade, solution, locked) had been changed: 'derivative'",
    edit_test: "Locked cells that had been edited: 'derivative'",
    forge_points: "Locked cells that had been edited: 'derivative'",
    lose_metadata: "by the id of the cell: 'setup', 'derivative_solution'",
    lose_metadata_in_colab: "by the id of the cell: 'setup', 'derivative_solution'",
    lose_everything: "'derivative_solution', 'trapezoid_solution' and 'quiz_solution'",
    foreign_grade_id: "that this assignment does not have",
    stolen_grade_id: "instructor's cells that occur more than once: 'derivative'",
    define_twice: "'derivative' (2 cells); the last definition counts",
    answer_in_test: "in which the student wrote an answer: 'derivative'",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_each_repair_is_a_warning(damage: Callable[[Cells], None]) -> None:
    """The instructor learns in full sentences what was repaired, and in which cells."""
    cells = submitted()
    damage(cells)
    result = repaired(cells)
    assert any(DAMAGE[damage] in warning for warning in result.warnings), result.warnings
    assert all(warning.endswith(".") for warning in result.warnings)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_the_instructors_cells_survive_any_damage(damage: Callable[[Cells], None]) -> None:
    """Order, type, metadata and locked texts are the instructor's, whatever a student did."""
    cells = submitted()
    damage(cells)
    kept = [cell for cell in repaired(cells).cells if cell.id in MASTER.by_id]
    assert [cell.id for cell in kept] == [cell.id for cell in MASTER.cells]
    for cell, wanted in zip(kept, MASTER.cells, strict=True):
        assert cell.metadata == wanted.metadata
        if wanted.nbgrader:
            assert cell.cell_type == wanted.cell_type
        if wanted.is_locked:
            assert cell.source == wanted.source


@pytest.mark.parametrize(
    "damage",
    [damage for damage in DAMAGE if damage not in (delete_answer, delete_everything, define_twice)],
    ids=lambda damage: damage.__name__,
)
def test_the_answers_survive_any_damage(damage: Callable[[Cells], None]) -> None:
    """The functions that end up defined are the student's."""
    cells = submitted()
    damage(cells)
    namespace = executed(repaired(cells))
    assert namespace["derivative"](lambda x: x * x, 3.0) == pytest.approx(6.0)
    assert namespace["quiz_answer"] == "c"
    assert "np" in namespace["trapezoid"].__code__.co_names


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_ids_are_unique_and_only_the_instructors_cells_are_known_to_nbgrader(
    damage: Callable[[Cells], None],
) -> None:
    """No cell can be taken for another one."""
    cells = submitted()
    damage(cells)
    result = repaired(cells)
    assert len(set(ids(result))) == len(result.cells)
    grade_ids = [cell.metadata["nbgrader"]["grade_id"] for cell in result.cells if cell.grade_id]
    assert grade_ids == [cell.grade_id for cell in MASTER.cells if cell.grade_id]
    assert all(not cell.metadata for cell in result.cells if cell.id not in MASTER.by_id)


def test_own_cells_stay_where_they_stood() -> None:
    """A student's own cell follows the cell that it followed."""
    cells = submitted()
    insert_after(cells, "derivative-solution", own("a = 1", "first"))
    insert_after(cells, "first", own("notes", "second", "markdown"))
    cells.insert(0, own("b = 1", "top"))
    cells.append(own("c = 1", "bottom"))
    result = repaired(cells)
    assert not result.warnings
    assert [name for name in ids(result) if name not in MASTER.by_id] == [
        "top",
        "first",
        "second",
        "bottom",
    ]
    order = ids(result)
    assert order[0] == "top"
    assert order[order.index("first") - 1] == "derivative-solution"
    assert order[order.index("second") - 1] == "first"
    assert order[-1] == "bottom"


@pytest.mark.parametrize("moved", ["derivative-solution", "trapezoid-solution", "setup"])
@pytest.mark.parametrize("neighbour", ["trapezoid-test", "quiz-test"])
def test_a_moved_cell_does_not_take_its_neighbours_along(moved: str, neighbour: str) -> None:
    """Cells of the student's own keep their place when an instructor's cell was moved there."""
    cells = submitted()
    insert_after(cells, neighbour, own("a = 1"))
    insert_after(cells, neighbour, cells.pop(where(cells, moved)))
    order = ids(repaired(cells))
    assert order[order.index("own") - 1] == neighbour
    cells.append(cells.pop(where(cells, moved)))
    order = ids(repaired(cells))
    assert order[order.index("own") - 1] == neighbour


def test_a_changed_copy_of_a_locked_cell_is_the_students_own() -> None:
    """A student may try things out in a copy of a test cell; the original is not taken for it."""
    cells = submitted()
    cells.append(at(cells, "derivative-test") | {"id": "copy", "source": "print('tried')"})
    result = repaired(cells)
    assert sources(result)["copy"] == "print('tried')"
    assert len(result.warnings) == 1
    assert "copies that the student changed" in result.warnings[0]


def test_the_last_definition_stays_the_last() -> None:
    """The definition that a student made last counts, wherever the instructor's order puts it."""
    for places in ((0, 12), (12, 0), (4, 8), (8, 4)):
        cells = [cell for cell in submitted() if cell["id"] != "derivative-solution"]
        for place, value in sorted(zip(places, "12", strict=True)):
            cell = own(f"def derivative(f, x, h=1e-5):\n    return {value}", f"at-{value}")
            if value == "1":
                cell["metadata"] = at(submitted(), "derivative-solution")["metadata"]
            cells.insert(place, cell)
        last = max(zip(places, "12", strict=True))[1]
        result = repaired(cells)
        assert executed(result)["derivative"](None, 0) == int(last)
        assert any("2 cells" in warning for warning in result.warnings)


def test_an_untouched_stub_does_not_undo_an_answer_elsewhere() -> None:
    """A student who wrote all functions into one cell is graded on them."""
    cells: Cells = json.loads(RELEASED.read_text())["cells"]
    at(cells, "derivative-solution")["source"] = f"{SLOPE}\n{AREA}"
    result = repaired(cells)
    assert executed(result)["trapezoid"].__code__.co_names[0] == "np"
    assert "not run" in result.warnings[0]
    assert "'trapezoid_solution'" in result.warnings[0]
    assert sources(result)["trapezoid-solution"].endswith("raise NotImplementedError()")


def test_an_untouched_stub_runs_where_there_is_no_answer() -> None:
    """Without an answer the stub runs, so that the public examples say what is missing."""
    cells: Cells = json.loads(RELEASED.read_text())["cells"]
    result = repaired(cells)
    assert {"derivative", "trapezoid", "quiz_answer"} <= executed(result).keys()


def test_one_big_cell_without_metadata_is_enough() -> None:
    """A notebook that holds nothing but one cell with all answers is graded."""
    result = repaired([{"cell_type": "code", "source": f"{SLOPE}\n{AREA}\nquiz_answer = 'c'"}])
    namespace = executed(result)
    assert namespace["derivative"](lambda x: x * x, 3.0) == pytest.approx(6.0)
    assert namespace["quiz_answer"] == "c"


def test_a_cell_is_recognised_by_an_assigned_lambda() -> None:
    """A function may be defined in any way that Python has."""
    for source in ("derivative = lambda f, x, h=1e-5: 1", "derivative: object = print"):
        cells = [cell for cell in submitted() if cell["id"] != "derivative-solution"]
        insert_after(cells, "setup", own(source))
        result = repaired(cells)
        assert sources(result)["derivative-solution"] == source
        assert "own" not in ids(result)


def test_a_comparison_or_a_call_is_no_definition() -> None:
    """Using a function is not defining it."""
    cells = [cell for cell in submitted() if cell["id"] != "quiz-solution"]
    cells.append(own("quiz_answer == 'a'\nderivative(np.sin, x=3)\n    derivative = 1"))
    result = repaired(cells)
    assert "own" in ids(result)
    assert sources(result)["quiz-solution"] == "quiz_answer = None"


def test_an_unlocked_cell_of_the_instructors_is_the_students_to_change() -> None:
    """A cell without nbgrader metadata keeps the student's text and type, without a warning."""
    cells = submitted()
    at(cells, "example")["source"] = "print('mine')"
    at(cells, "title").update(cell_type="code", source="y = 2")
    result = repaired(cells)
    assert not result.warnings
    assert sources(result)["example"] == "print('mine')"
    assert result.cells[0].runs


def test_what_the_author_marked_decides_what_is_shown_and_drawn() -> None:
    """Tags of the author's count, tags of a student's do not, and changed cells always run."""
    cells = submitted()
    insert_after(cells, "setup", own("z = 1", "mine", tags=["show-only", "render-figures"]))
    result = repaired(cells)
    by_id = {result.cells[cell.cell_index].id: cell for cell in result.runnable()}
    assert {name for name, cell in by_id.items() if cell.render_figures} == {"plot", "error-plot"}
    skipping = result.runnable(skip_show_only=True)
    skipped = by_id.keys() - {result.cells[cell.cell_index].id for cell in skipping}
    assert skipped == {"example"}
    at(cells, "example")["source"] = "w = 1"
    assert len(repaired(cells).runnable(skip_show_only=True)) == len(by_id)
    assert all(cell.render_figures for cell in result.runnable(render_all_figures=True))


def test_white_space_is_no_change() -> None:
    """Editors strip and add white space; nobody is warned about that."""
    cells = submitted()
    test = at(cells, "derivative-test")
    test["source"] = "".join(test["source"]).replace("\n", "  \r\n") + "\n\n"
    assert not repaired(cells).warnings


def test_student_markdown_is_harmless_and_its_metadata_are_rebuilt() -> None:
    """Neither text nor metadata of a student's reach nbgrader's pages as they came."""
    cells = submitted()
    at(cells, "essay")["source"] = "<script>alert(1)</script> since $a<b$"
    cells.append(own("<img src=x onerror=alert(1)>", "raw", "raw", format="text/html"))
    cells.append(own("x = '<b>'", "code", magics_language="html"))
    result = repaired(cells)
    assert sources(result)["essay"] == "< script>alert(1)< /script> since $a< b$"
    assert sources(result)["raw"] == "< img src=x onerror=alert(1)>"
    assert sources(result)["code"] == "x = '<b>'"
    assert result.cells[-1].metadata == result.cells[-2].metadata == {}


def test_hostile_names_are_shortened_and_quoted_in_warnings() -> None:
    """A grade_id of a student's cannot flood or forge the instructor's terminal."""
    name = "\x1b[2J<b>" + "x" * 10_000
    cells = [own("x = 1", f"c{n}", nbgrader={"grade_id": f"{name}{n}"}) for n in range(100)]
    warnings = repaired(submitted() + cells).warnings
    assert len(warnings) == 1
    assert "\x1b" not in warnings[0]
    assert len(warnings[0]) < 700
    assert "95 more" in warnings[0]


def test_invalid_cell_ids_are_replaced() -> None:
    """Ids of a student's that nbformat does not allow, or that are taken, are replaced."""
    wrong = ["own", "own", "", "a b", "x" * 65, "derivative-test", 'a"b']
    cells = submitted() + [own(f"v{n} = 1", name) for n, name in enumerate(wrong)]
    own_ids = [name for name in ids(repaired(cells)) if name not in MASTER.by_id]
    assert own_ids == ["own", *(f"student-{n}" for n in range(1, len(wrong)))]


@given(st.permutations(range(12)))
def test_only_moved_cells_count_as_moved(order: list[int]) -> None:
    """What stands in order is in order, and no larger set of cells is."""
    kept = longest_in_order(order)
    places = [position for position in order if position in kept]
    assert places == sorted(places)
    best = [1] * len(order)
    for n, position in enumerate(order):
        best[n] = 1 + max((best[m] for m in range(n) if order[m] < position), default=0)
    assert len(kept) == max(best)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([cell.grade_id for cell in MASTER.cells] + ["foreign"]),
            st.sampled_from([cell.id for cell in MASTER.cells] + ["own", None]),
            st.sampled_from([SLOPE, AREA, "quiz_answer = 'c'", "x = 1", "", "YOUR ANSWER HERE"]),
            st.sampled_from(["code", "markdown", "raw"]),
        ),
        max_size=14,
    )
)
def test_whatever_the_mixture_the_result_is_a_sound_notebook(
    mixture: list[tuple[str | None, str | None, str, str]],
) -> None:
    """Any mixture of names, ids, texts and types yields the instructor's notebook, nothing lost."""
    cells: Cells = [
        {"cell_type": kind, "source": text, "metadata": {"nbgrader": {"grade_id": name}}, "id": cid}
        for name, cid, text, kind in mixture
    ]
    result = repaired(cells)
    assert [name for name in ids(result) if name in MASTER.by_id] == [
        cell.id for cell in MASTER.cells
    ]
    assert len(set(ids(result))) == len(result.cells)
    ran = [cell.source for cell in result.runnable()]
    answers = [text for name, _, text, kind in mixture if kind == "code" and "def" in text]
    assert all(answer in ran for answer in answers)

"""The released notebook: read once, and refused with advice where it is broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from numgrade.errors import CourseError
from numgrade.master import Master

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASED = Path(__file__).parent / "notebooks" / "released.json"


def nbgrader(document: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell."""
    found = (cell["metadata"].get("nbgrader", {}) for cell in document["cells"])
    return next(metadata for metadata in found if metadata.get("grade_id") == grade_id)


def test_points_names_and_manual_cells_are_known() -> None:
    """The gradebook needs the points, the matching needs the names, in the notebook's order."""
    master = Master.load(RELEASED)
    assert list(master.points.items()) == [
        ("derivative", 4.0),
        ("plot", 2.0),
        ("trapezoid", 4.0),
        ("essay", 3.0),
        ("quiz", 1.0),
    ]
    assert master.manual == {"plot", "essay"}
    assert master.names == {"derivative", "trapezoid", "quiz_answer"}
    assert master.metadata["kernelspec"]["name"] == "python3"


def test_a_stub_with_a_function_is_known_by_the_function_alone() -> None:
    """A constant that stands beside the function is not what is asked for."""
    stub = next(cell for cell in Master.load(RELEASED).cells if "trapezoid" in cell.names)
    assert stub.names == {"trapezoid"}
    assert stub.is_same_text("\n" + stub.source.replace("\n", "  \n") + "\n\n")
    assert not stub.is_same_text(stub.source.replace("YOUR", "MY"))


def no_ids(document: dict[str, Any]) -> None:
    """Save in an old format."""
    document["nbformat_minor"] = 4


def broken_id(document: dict[str, Any]) -> None:
    """Damage a cell's id."""
    document["cells"][0]["id"] = "a b"


def same_id(document: dict[str, Any]) -> None:
    """Copy a cell by hand."""
    document["cells"][1]["id"] = document["cells"][0]["id"]


def same_grade_id(document: dict[str, Any]) -> None:
    """Copy a grade_id by hand."""
    nbgrader(document, "quiz")["grade_id"] = "derivative"


def no_points(document: dict[str, Any]) -> None:
    """Forget the points of a test cell."""
    del nbgrader(document, "quiz")["points"]


def no_grade_id(document: dict[str, Any]) -> None:
    """Forget the name of a cell."""
    nbgrader(document, "quiz")["grade_id"] = ""


def old_schema(document: dict[str, Any]) -> None:
    """Keep metadata of an old nbgrader."""
    nbgrader(document, "quiz")["schema_version"] = 2


def no_flag(document: dict[str, Any]) -> None:
    """Lose a flag."""
    del nbgrader(document, "quiz")["grade"]


def half_answer(document: dict[str, Any]) -> None:
    """Make a Markdown answer that nobody marks."""
    nbgrader(document, "essay")["grade"] = False


BROKEN: dict[Callable[[dict[str, Any]], None], str] = {
    no_ids: "format 4.4; 4.5 is needed",
    broken_id: "cell 1: its id 'a b'",
    same_id: "cell id 'title' occurs more than once",
    same_grade_id: "grade_id 'derivative' occurs more than once",
    no_points: "needs points",
    no_grade_id: "needs a grade_id",
    old_schema: "nbgrader update",
    no_flag: "metadata are broken",
    half_answer: "manually graded answer",
}


@pytest.mark.parametrize("damage", BROKEN, ids=lambda damage: damage.__name__)
def test_a_broken_release_is_the_authors_to_mend(
    damage: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    """The message names the file and what to do."""
    document = json.loads(RELEASED.read_text())
    damage(document)
    path = tmp_path / "released.ipynb"
    path.write_text(json.dumps(document))
    with pytest.raises(CourseError, match=BROKEN[damage]) as caught:
        Master.load(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cells": 1}', '{"nbformat": 4}'])
def test_what_is_not_a_notebook_is_no_release(text: str, tmp_path: Path) -> None:
    """A release that is not a notebook is reported as such."""
    path = tmp_path / "released.ipynb"
    path.write_text(text)
    with pytest.raises(CourseError, match="is not a notebook"):
        Master.load(path)


def test_a_missing_release_says_how_to_make_it(tmp_path: Path) -> None:
    """An author who forgot a step is told which one."""
    with pytest.raises(CourseError, match="nbgrader generate_assignment"):
        Master.load(tmp_path / "none.ipynb")

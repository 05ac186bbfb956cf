"""The released notebook is what nbgrader makes of the source, with or without a Colab badge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from traitlets import TraitError
from traitlets.config import Config

from numgrade.colab import CELL_ID, ColabBadge
from numgrade.registration import prepare_database

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[1]
NOTEBOOK = Path("release", "calculus", "calculus.ipynb")

pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


@pytest.fixture(scope="module")
def course(copy_of_course: Callable[[str], Path]) -> Path:
    """Return a copy of the course, without its release."""
    root = copy_of_course("release-of-source")
    (root / NOTEBOOK).unlink()
    prepare_database(f"sqlite:///{root}/gradebook.db", "")  # quicker than nbgrader's way
    return root


def read(path: Path) -> Any:  # noqa: ANN401 - nbformat is untyped
    """Read a notebook."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", ["calculus", "rootfinding"])
def test_committed_release_is_what_the_source_generates(
    course: Path, nbgrader: Callable[..., Any], name: str
) -> None:
    """Generating the assignment again gives the committed file, byte for byte."""
    path = Path("release", name, f"{name}.ipynb")
    assert nbgrader(course, "generate_assignment", name, "--force").status == 0
    assert (course / path).read_bytes() == (PROJECT / path).read_bytes()


def test_release_holds_no_solution_and_no_output() -> None:
    """Each solution cell is a stub, and nothing of the instructor's runs is left."""
    notebook = json.loads((PROJECT / NOTEBOOK).read_bytes())
    solutions = [
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")
    ]
    assert len(solutions) == 6
    assert all("raise NotImplementedError()" in "".join(cell["source"]) for cell in solutions)
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    assert "BEGIN SOLUTION" not in (PROJECT / NOTEBOOK).read_text()
    assert "HIDDEN TESTS" not in (PROJECT / "source/calculus/calculus.ipynb").read_text()


def test_badge_is_the_only_difference(course: Path, nbgrader: Callable[..., Any]) -> None:
    """With a repository set, a read-only badge stands on top, once, and opens that repository."""
    setting = "--ColabBadge.repository=someone/lessons"
    assert nbgrader(course, "generate_assignment", "calculus", "--force", setting).status == 0
    released = read(course / NOTEBOOK)
    badge = released.cells.pop(0)
    assert released == read(PROJECT / NOTEBOOK)
    assert badge.id == CELL_ID
    assert badge.metadata == {"deletable": False, "editable": False}
    address = (
        "https://colab.research.google.com/github/someone/lessons/blob/main/calculus/calculus.ipynb"
    )
    assert badge.source.endswith(f"({address})")


@pytest.mark.parametrize(
    "repository", ["lessons", "https://github.com/a/b", "a/b/c", "a/b?x", "a/"]
)
def test_badge_wants_a_repository(repository: str) -> None:
    """Anything but owner/name is refused, with what to write."""
    with pytest.raises(TraitError, match=r"c\.ColabBadge\.repository is .*'owner/name'"):
        ColabBadge(config=Config({"ColabBadge": {"repository": repository}}))

"""`numgrade new` makes a whole assignment or nothing, and overwrites nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbgrader.converters import GenerateAssignment

from numgrade.cli import main
from numgrade.errors import CourseError
from numgrade.scaffold import new_assignment

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the content of each file, by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def new(memory: Path) -> Path:
    """Return a new course with a new assignment."""
    root = memory / "a new course"
    new_assignment(root, "week-3")
    return root


def test_the_release_is_the_sources(new: Path, nbgrader: Callable[..., object]) -> None:
    """From the source nbgrader makes the same release, byte for byte."""
    before = files_in(new / "release")
    shutil.rmtree(new / "release")
    nbgrader(new, "generate_assignment", "week-3", "--force")
    assert files_in(new / "release") == before
    assert b"BEGIN SOLUTION" not in before["week-3/week-3.ipynb"]


def test_no_placeholder_is_left(new: Path) -> None:
    """Names stand where the templates have placeholders; the course is named after its folder."""
    for name, content in files_in(new).items():
        assert b"_NAME" not in content, name
    assert b'course_id = "a-new-course"' in (new / "nbgrader_config.py").read_bytes()


def test_a_second_assignment_finds_its_place(new: Path) -> None:
    """In a course that exists, the assignment is added and nothing else is touched."""
    before = files_in(new)
    made = new_assignment(new, "second")
    after = files_in(new)
    assert {name: after[name] for name in before} == before
    assert len(made) == 4
    assert all("second" in name for name in after.keys() - before.keys())


@pytest.mark.parametrize("taken", ["source/x", "release/x", "reference/x.py", "tests/x"])
def test_nothing_is_overwritten(tmp_path: Path, taken: str) -> None:
    """If any of an assignment's places is taken, even by a broken link, nothing is made."""
    (tmp_path / taken).parent.mkdir()
    (tmp_path / taken).symlink_to("nowhere")
    with pytest.raises(CourseError, match=r"exists, and nothing is overwritten"):
        new_assignment(tmp_path, "x")
    assert [path.name for path in tmp_path.iterdir()] == [taken.partition("/")[0]]


def test_a_stop_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the last move fails, what was moved before is taken back."""
    rename = Path.rename

    def fail_at_the_checks(path: Path, target: Path) -> Path:
        if target == tmp_path / "tests" / "x":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_at_the_checks)
    with pytest.raises(OSError, match="No space left"):
        new_assignment(tmp_path, "x")
    assert files_in(tmp_path) == {}


def test_a_release_that_cannot_be_made_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nbgrader says is passed on, without a traceback, and nothing is left behind."""

    def fail(_: object) -> None:
        raise RuntimeError("no such preprocessor")

    monkeypatch.setattr(GenerateAssignment, "start", fail)
    with pytest.raises(CourseError, match=r"release of x: RuntimeError: no such preprocessor$"):
        new_assignment(tmp_path, "x")
    assert not files_in(tmp_path)


@pytest.mark.parametrize("name", ["", "3rd", "../x", "a b", "-x", "x.y", "ä"])
def test_a_name_is_checked(tmp_path: Path, name: str) -> None:
    """A name that cannot be a folder's and a file's on all systems is refused, with an example."""
    with pytest.raises(CourseError, match=r"use letters, digits, _ and -.*as in quadrature"):
        new_assignment(tmp_path, name)
    assert not files_in(tmp_path)


def test_a_source_elsewhere_is_explained(tmp_path: Path) -> None:
    """A course whose source lies outside its folder is told what to do."""
    setting = f"c = get_config()\nc.CourseDirectory.source_directory = {str(tmp_path / 's')!r}\n"
    root = tmp_path / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text(setting)
    with pytest.raises(CourseError, match="outside the course's folder"):
        new_assignment(root, "x")
    assert not (tmp_path / "s").exists()


def test_what_is_next_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The command names what it made and the next commands, for the folder where one stands."""
    assert main(["new", "x", "--course", str(tmp_path / "of somebody")]) == 0
    printed = capfd.readouterr().out
    assert "  tests/x\n" in printed
    assert f"cd '{tmp_path}/of somebody' && numgrade verify x " in printed

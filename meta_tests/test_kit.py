"""What travels to a cluster's workers: what graders read, and nothing else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pytest

from meta_tests.spine import ASSIGNMENT, assignment_in, write_course
from numgrade.kit import Kit, moved, unpack

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["meta_tests.spine"]

CHECK = "@pytest.mark.points(1)\ndef test_it(student):\n    assert student.double(1.0) == 2.0\n"
NEEDED = {
    "conftest.py",
    "tests/conftest.py",
    "tests/mini/test_double.py",
    "tests/mini/data/points.csv",
    "tests/mini/mistakes/double/triple.py",
    "reference/mini.py",
    "release/mini/mini.ipynb",
}
OTHERS = {
    "nbgrader_config.py",
    "gradebook.db",
    ".numgrade/secret",
    ".numgrade/results/mini.jsonl",
    "submitted/somebody/mini/mini.ipynb",
    "autograded/somebody/mini/mini.ipynb",
    "feedback/somebody/mini/mini.html",
    "source/mini/mini.ipynb",
    "tests/other/test_double.py",
    "tests/mini/__pycache__/test_double.cpython-311.pyc",
    "reference/other.py",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course with everything that may lie in one."""
    root = write_course(tmp_path / "course", {"double": CHECK}, {"double": 1}, "double = float\n")
    for name in NEEDED | OTHERS:
        if not (root / name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(f"# {name}\n")
    return root


def test_what_graders_read_travels_and_nothing_else(course: Path, tmp_path: Path) -> None:
    """No submission, no mark and no secret; each file arrives as it is."""
    assignment = assignment_in(course)
    unpack(Kit.of(assignment).archive, tmp_path / "there")
    found = {path.relative_to(tmp_path / "there") for path in (tmp_path / "there").rglob("*.*")}
    assert {str(name) for name in found} == NEEDED
    for name in NEEDED:
        assert (tmp_path / "there" / name).read_bytes() == (course / name).read_bytes()
    there = moved(assignment, tmp_path / "there")
    assert there.checks == str(tmp_path / "there" / "tests" / ASSIGNMENT)
    assert there.release == str(tmp_path / "there" / "release" / ASSIGNMENT / "mini.ipynb")


def test_a_kit_is_known_by_its_digest(course: Path) -> None:
    """The same files have the same one; a change of a hint, which decides no mark, has another."""
    kit = Kit.of(assignment_in(course))
    assert kit == Kit.of(assignment_in(course))
    assert kit.digest == hashlib.sha256(kit.archive).hexdigest()
    (course / "tests/mini/mistakes/double/triple.py").write_text('"""A better hint."""\n')
    assert Kit.of(assignment_in(course)).digest != kit.digest


@pytest.mark.parametrize("name", ["../above", "/tmp/above", "tests/../../above"])  # noqa: S108 - refused
def test_no_file_lies_outside(tmp_path: Path, name: str) -> None:
    """An archive that would write elsewhere is refused, and leaves nothing behind."""
    with pytest.raises(ValueError, match="does not lie below the course"):
        unpack(msgspec.msgpack.encode({name: b""}), tmp_path / "kits" / "there")
    assert list((tmp_path / "kits").iterdir()) == []


def test_a_kit_that_is_there_stays(course: Path, tmp_path: Path) -> None:
    """Whoever unpacks second changes nothing, and others cannot read what is unpacked."""
    archive = Kit.of(assignment_in(course)).archive
    unpack(archive, tmp_path / "there")
    before = (tmp_path / "there").stat()
    unpack(archive, tmp_path / "there")
    assert (tmp_path / "there").stat().st_ino == before.st_ino
    assert before.st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

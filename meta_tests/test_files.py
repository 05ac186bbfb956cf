"""Whatever lies in submitted/, autograded/ or feedback/, nothing outside is read or written."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import ASSIGNMENT, ExecutorHere, notebook, write_course
from numgrade.batch import Options, grade
from numgrade.course import Course
from numgrade.errors import CourseError
from numgrade.files import folder_below, write_atomically, write_into

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numgrade.results import SubmissionResult
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

CHECK = "@pytest.mark.points(1)\ndef test_it(student):\n    assert student.double(1.0) == 2\n"
REFERENCE = "def double(x):\n    return 2 * x\n"
PRIVATE = b"of nobody's business: 6f0c1d"


def submit(root: Path, student: str) -> Path:
    """Hand in a right solution; return its folder."""
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / "mini.ipynb").write_bytes(notebook(root, double=REFERENCE))
    return folder


def new_course(root: Path) -> Path:
    """Write a course in which one honest student has handed in."""
    write_course(root, {"double": CHECK}, {"double": 1}, REFERENCE)
    submit(root, "ada")
    return root


@pytest.fixture(scope="module")
def run(sandbox: Sandbox) -> Iterator[Callable[[Path], dict[str, SubmissionResult]]]:
    """Return a function that grades in this process, and returns the results by student."""
    replacement = lambda order, _: ExecutorHere(sandbox, order)  # noqa: E731 - a stand-in

    def grade_all(root: Path) -> dict[str, SubmissionResult]:
        results = grade(Course.load(root), ASSIGNMENT, Options())
        return {result.student: result for result in results}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("numgrade.batch.LocalExecutor", replacement)
        yield grade_all


def without(path: Path) -> Path:
    """Remove the notebook that was handed in; return its place, or that of a folder."""
    if path.is_dir():
        path.rename(path.with_name(f".{path.name}"))
    else:
        path.unlink()
    return path


def bind(path: Path) -> None:
    """Make a socket; the address of one may be no longer than 107 bytes."""
    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


def wrap(folder: Path) -> None:
    """Put a notebook into a folder within."""
    (folder / "mine").mkdir()
    (folder / NOTEBOOK).rename(folder / "mine" / NOTEBOOK)


def fill(folder: Path) -> None:
    """Put thousands of files beside a notebook."""
    for number in range(3000):
        (folder / f"{number}.ipynb").touch()


NOTEBOOK = "mini.ipynb"
REFUSED: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "link": (
        lambda at, out: without(at / NOTEBOOK).symlink_to(out),
        "'mini.ipynb' was not read: it is a symbolic link.",
    ),
    "dangling": (
        lambda at, out: without(at / NOTEBOOK).symlink_to(out / "nowhere"),
        "'mini.ipynb' was not read: it is a symbolic link.",
    ),
    "circle": (
        lambda at, _: without(at / NOTEBOOK).symlink_to(NOTEBOOK),
        "'mini.ipynb' was not read: it is a symbolic link.",
    ),
    "device": (
        lambda at, _: without(at / NOTEBOOK).symlink_to("/dev/zero"),
        "'mini.ipynb' was not read: it is a symbolic link.",
    ),
    "above": (
        lambda at, _: without(at / NOTEBOOK).symlink_to("../../ada/mini/mini.ipynb"),
        "'mini.ipynb' was not read: it is a symbolic link.",
    ),
    "hardlink": (
        lambda at, out: without(at / NOTEBOOK).hardlink_to(out),
        "'mini.ipynb' was not read: it is a hard link to a file that lies elsewhere too.",
    ),
    "pipe": (
        lambda at, _: os.mkfifo(without(at / NOTEBOOK)),
        "'mini.ipynb' was not read: it is not a plain file.",
    ),
    "socket": (
        lambda at, _: bind(without(at / NOTEBOOK)),
        "'mini.ipynb' was not read: it is not a plain file.",
    ),
    "folder": (
        lambda at, _: without(at / NOTEBOOK).mkdir(),
        "'mini.ipynb' was not read: it is not a plain file.",
    ),
    "linked-assignment": (
        lambda at, out: without(at).symlink_to(out.parent),
        "'linked-assignment/mini' was not read: 'mini' is a symbolic link.",
    ),
    "linked-student": (
        lambda at, out: without(at.parent).symlink_to(out.parents[1]),
        "'linked-student/mini' was not read: 'linked-student' is a symbolic link.",
    ),
    "linked-neighbour": (
        lambda at, _: without(at.parent).symlink_to("ada"),
        "'linked-neighbour/mini' was not read: 'linked-neighbour' is a symbolic link.",
    ),
    "linked-above": (
        lambda at, _: without(at).symlink_to("../../.."),
        "'linked-above/mini' was not read: 'mini' is a symbolic link.",
    ),
    "holes": (
        lambda at, _: os.truncate(at / NOTEBOOK, 10**12),
        "at most 50 MB are read.",
    ),
}
"""What is refused, by student: how to make it of a right solution, and the reason in the record."""

GRADED: dict[str, tuple[Callable[[Path], object], str]] = {
    "newline": (lambda at: (at / NOTEBOOK).rename(at / "a\nb.ipynb"), r"called 'a\nb.ipynb', not"),
    "bytes": (
        lambda at: (at / NOTEBOOK).rename(at / "\udcff.ipynb"),
        r"called '\udcff.ipynb', not",
    ),
    "long": (lambda at: (at / NOTEBOOK).rename(at / ("x" * 249 + ".ipynb")), "called 'xxxxxx"),
    "case": (lambda at: (at / NOTEBOOK).rename(at / "Mini.IPYNB"), "called 'Mini.IPYNB', not"),
    "hidden": (lambda at: (at / NOTEBOOK).rename(at / ".mini.ipynb"), "called '.mini.ipynb', not"),
    "dots": (lambda at: (at / NOTEBOOK).rename(at / "x..ipynb"), "called 'x..ipynb', not"),
    "many": (fill, "Several notebooks were handed in. Not graded: '0.ipynb', '1.ipynb'"),
}
"""What is graded all the same, with a warning."""

MISSING: dict[str, tuple[Callable[[Path], object], str]] = {
    "within": (
        wrap,
        "There is no notebook in the folder, only 'mine'.",
    ),
    "by-product": (
        lambda at: (at / NOTEBOOK).rename(at / "._mini.ipynb"),
        "There is no notebook in the folder, only '._mini.ipynb'.",
    ),
}
"""What is no notebook in its place."""


class Outside:
    """A folder beside the course, with what nobody may read or change through a link."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.notebook = root / ASSIGNMENT / NOTEBOOK
        self.notebook.parent.mkdir(parents=True)
        self.notebook.write_bytes(PRIVATE)

    def state(self) -> dict[str, tuple[bytes, int]]:
        """Return content and time of change of all that is in it, by path."""
        return {
            str(path): (
                path.read_bytes() if path.is_file() else b"",
                path.stat().st_mtime_ns,
            )
            for path in (self.root, *self.root.rglob("*"))
        }


class Class:
    """A graded course of strange submissions."""

    def __init__(
        self, root: Path, results: dict[str, SubmissionResult], *, untouched: bool
    ) -> None:
        self.root = root
        self.results = results
        self.untouched = untouched


@pytest.fixture(scope="module")
def strange(memory: Path, run: Callable[[Path], dict[str, SubmissionResult]]) -> Class:
    """Return a course of strange submissions, graded once."""
    root, outside = new_course(memory / "strange"), Outside(memory / "strange-outside")
    for student, (make, _) in REFUSED.items():
        make(submit(root, student), outside.notebook)
    for student, (change, _) in (GRADED | MISSING).items():
        change(submit(root, student))
    (root / "submitted" / ".ipynb_checkpoints").mkdir()
    (root / "submitted" / "all.zip").touch()
    before = outside.state()
    return Class(root, run(root), untouched=outside.state() == before)


@pytest.mark.parametrize("student", REFUSED)
def test_what_leads_elsewhere_is_refused_with_the_reason(strange: Class, student: str) -> None:
    """It is unreadable and worth nothing, and its record says why."""
    result = strange.results[student]
    assert (result.status, result.score) == ("unreadable", 0)
    assert any(REFUSED[student][1] in warning for warning in result.warnings), result.warnings


@pytest.mark.parametrize("student", GRADED)
def test_strange_names_are_graded_with_a_warning(strange: Class, student: str) -> None:
    """The name is quoted in the record, on one line."""
    result = strange.results[student]
    assert (result.status, result.score) == ("graded", 1)
    assert GRADED[student][1] in result.warnings[0]
    assert result.warnings[0].isprintable()


@pytest.mark.parametrize("student", MISSING)
def test_a_notebook_elsewhere_is_missing_and_what_was_there_is_named(
    strange: Class, student: str
) -> None:
    """Nothing is guessed from a folder within, or from what macOS puts beside a file."""
    result = strange.results[student]
    assert (result.status, result.score) == ("missing", 0)
    assert result.warnings == (MISSING[student][1], "Nothing was handed in.")


def test_nothing_of_what_was_linked_is_shown_or_changed(strange: Class) -> None:
    """No page, record or mark has it, and nobody else was graded than who handed in."""
    assert strange.untouched
    assert set(strange.results) == {"ada", *REFUSED, *GRADED, *MISSING}
    assert strange.results["ada"].score == 1
    folders = ("autograded", "feedback", ".numgrade")
    written = [path for name in folders for path in (strange.root / name).rglob("*")]
    files = [path for path in (*written, strange.root / "gradebook.db") if path.is_file()]
    assert len(files) > len(strange.results)
    assert [path for path in files if PRIVATE in path.read_bytes()] == []
    assert [path for path in written if path.is_symlink()] == []


PLACES = (
    "autograded",
    "autograded/ada",
    "autograded/ada/mini",
    "feedback",
    "feedback/ada",
    "feedback/ada/mini",
    ".numgrade",
    ".numgrade/results",
)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_written_through_a_folder_that_is_a_link(
    tmp_path: Path, run: Callable[[Path], dict[str, SubmissionResult]], place: str
) -> None:
    """The run stops and names the link; the place where it leads is as it was."""
    root, outside = new_course(tmp_path / "course"), Outside(tmp_path / "outside")
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).symlink_to(outside.root)
    before = outside.state()
    with pytest.raises(CourseError, match=rf"{Path(place).name}' is a symbolic link, .*remove it"):
        run(root)
    assert outside.state() == before
    (root / place).unlink()
    assert run(root)["ada"].score == 1
    assert (root / "autograded/ada/mini/mini.ipynb").is_file()
    assert (root / "feedback/ada/mini/mini.html").is_file()


@pytest.mark.parametrize("place", ["autograded/ada/mini/mini.ipynb", "feedback/ada/mini/mini.html"])
def test_a_file_that_is_a_link_is_replaced(
    tmp_path: Path, run: Callable[[Path], dict[str, SubmissionResult]], place: str
) -> None:
    """What it leads to is as it was, and the student has their files."""
    root, outside = new_course(tmp_path / "course"), Outside(tmp_path / "outside")
    partial = (root / place).with_name(f".{Path(place).name}.partial")
    partial.parent.mkdir(parents=True)
    for link in (root / place, partial):
        link.symlink_to(outside.notebook)
    before = outside.state()
    assert run(root)["ada"].score == 1
    assert outside.state() == before
    assert (root / place).is_file()
    assert not (root / place).is_symlink()
    assert not partial.is_symlink()


@pytest.mark.parametrize("place", [".numgrade/mini.lock", ".numgrade/results/mini.jsonl"])
def test_a_file_of_our_own_that_is_a_link_stops_the_run(
    tmp_path: Path, run: Callable[[Path], dict[str, SubmissionResult]], place: str
) -> None:
    """Neither the lock nor the records are made anew somewhere else."""
    root, outside = new_course(tmp_path / "course"), Outside(tmp_path / "outside")
    (root / place).parent.mkdir(parents=True)
    (root / place).symlink_to(outside.notebook)
    before = outside.state()
    with pytest.raises(OSError, match=r"symbolic links: .*mini"):
        run(root)
    assert outside.state() == before


def test_nothing_is_removed_through_a_link(
    tmp_path: Path, run: Callable[[Path], dict[str, SubmissionResult]]
) -> None:
    """When a submission is withdrawn, the graded notebook goes, and no other of that name."""
    root, outside = new_course(tmp_path / "course"), Outside(tmp_path / "outside")
    run(root)
    (root / "submitted/ada/mini/mini.ipynb").unlink()
    without(root / "autograded/ada").symlink_to(outside.root)
    before = outside.state()
    with pytest.raises(CourseError, match="'ada' is a symbolic link"):
        run(root)
    assert outside.state() == before


def test_the_course_itself_may_be_reached_by_a_link(
    tmp_path: Path, run: Callable[[Path], dict[str, SubmissionResult]]
) -> None:
    """So may submitted/, and a folder elsewhere that the configuration names."""
    root = new_course(tmp_path / "course")
    (root / "submitted").rename(tmp_path / "large")
    (root / "submitted").symlink_to(tmp_path / "large")
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.autograded_directory = {str(tmp_path / 'graded')!r}\n")
    (tmp_path / "link").symlink_to(root)
    assert run(tmp_path / "link")["ada"].score == 1
    assert (tmp_path / "graded/ada/mini/mini.ipynb").is_file()
    assert (root / "feedback/ada/mini/mini.html").is_file()


def test_a_folder_is_opened_by_descriptor(tmp_path: Path) -> None:
    """Whoever puts a link in its place while it is written to gains nothing."""
    with folder_below(tmp_path, ("a", "b"), make=True) as folder:
        (tmp_path / "a").rename(tmp_path / "moved")
        (tmp_path / "outside" / "b").mkdir(parents=True)
        (tmp_path / "a").symlink_to(tmp_path / "outside")
        write_into(folder, "file", b"content")
    assert (tmp_path / "moved" / "b" / "file").read_bytes() == b"content"
    assert list((tmp_path / "outside" / "b").iterdir()) == []


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """The old file stays, and no part of the new one."""
    write_atomically(tmp_path / "folder" / "file", b"old")
    (tmp_path / "folder" / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "folder" / "taken", b"new")
    write_atomically(tmp_path / "folder" / "file", b"new")
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == ["file", "taken"]
    assert (tmp_path / "folder" / "file").read_bytes() == b"new"


def test_descriptors_are_closed(tmp_path: Path) -> None:
    """Also where a link was in the way."""
    (tmp_path / "link").symlink_to(tmp_path)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - descriptors, not files
    for _ in range(5):
        with folder_below(tmp_path, ("a", "b"), make=True):
            pass
        with (
            pytest.raises(OSError, match="symbolic link"),
            folder_below(tmp_path, ("a", "../link")),
        ):
            pass
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208

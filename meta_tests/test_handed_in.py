"""What students hand in is read as carefully as anything from the internet."""

from __future__ import annotations

import errno
import os
import socket
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import ASSIGNMENT, release_of, write_course
from numgrade.course import Course
from numgrade.files import folder_below
from numgrade.handed_in import (
    _read_plain_file,
    is_student_id,
    read_exchange_files,
    read_job,
    timestamp_in,
)
from numgrade.notebook_json import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["meta_tests.spine"]

CHECK = "@pytest.mark.points(1)\ndef test_it(student):\n    assert student.double(1.0) == 2\n"
SECRET = b"the instructor's"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course."""
    reference = "def double(x):\n    return 2 * x\n"
    return Course.load(write_course(tmp_path, {"double": CHECK}, {"double": 1}, reference))


@pytest.fixture
def folder(course: Course) -> Path:
    """Return the folder of a student who has handed in nothing yet."""
    folder = course.submitted("student", ASSIGNMENT)
    folder.mkdir(parents=True)
    return folder


def test_a_notebook_is_read(course: Course, folder: Path) -> None:
    """Its bytes are those of the file, and there is nothing to say about it."""
    (folder / "mini.ipynb").write_bytes(release_of(course.root))
    job = read_job(course, ASSIGNMENT, "student")
    assert (job.data, job.warnings) == (release_of(course.root), ())


@pytest.mark.parametrize("others", [(), ("notes.txt", "mini.py", "mini.ipynb.bak")])
def test_no_notebook_is_nothing_handed_in(
    course: Course, folder: Path, others: tuple[str, ...]
) -> None:
    """An empty folder, one without a notebook, and none at all are the same."""
    for name in others:
        (folder / name).write_text("x")
    assert read_job(course, ASSIGNMENT, "student").data is None
    assert read_job(course, ASSIGNMENT, "nobody").data is None


def test_another_name_is_graded_with_a_warning(course: Course, folder: Path) -> None:
    """A renamed notebook counts if it is the only one."""
    (folder / "mini (1).ipynb").write_bytes(b"{}")
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data == b"{}"
    assert job.warnings == (
        "The notebook is called 'mini (1).ipynb', not 'mini.ipynb'; it was graded.",
    )


def test_of_several_notebooks_the_right_name_counts(course: Course, folder: Path) -> None:
    """The others are named, so that somebody can look."""
    for name in ("a.ipynb", "mini.ipynb", "z.ipynb"):
        (folder / name).write_text(name)
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data == b"mini.ipynb"
    assert job.warnings == ("Several notebooks were handed in. Not graded: 'a.ipynb', 'z.ipynb'.",)


def _symlink(path: Path, secret: Path) -> None:
    path.symlink_to(secret)


def _dangling(path: Path, secret: Path) -> None:
    path.symlink_to(secret / "nowhere")


def _hard_link(path: Path, secret: Path) -> None:
    path.hardlink_to(secret)


def _fifo(path: Path, _secret: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path, _secret: Path) -> None:
    path.mkdir()


def _to_zero(path: Path, _secret: Path) -> None:
    path.symlink_to("/dev/zero")


def _socket(path: Path, _secret: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as server:  # an address may be no longer than 107 bytes
        server.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


MAKERS: list[tuple[Callable[[Path, Path], None], str]] = [
    (_symlink, "symbolic link"),
    (_dangling, "symbolic link"),
    (_to_zero, "symbolic link"),
    (_hard_link, "hard link"),
    (_fifo, "not a plain file"),
    (_socket, "not a plain file"),
    (_folder, "not a plain file"),
]


@pytest.mark.parametrize(("make", "reason"), MAKERS)
def test_what_is_not_a_plain_file_is_not_read(
    course: Course,
    folder: Path,
    make: Callable[[Path, Path], None],
    reason: str,
    tmp_path: Path,
) -> None:
    """Links, pipes and folders with a notebook's name are unreadable, and say what they are."""
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET)
    make(folder / "mini.ipynb", secret)
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data == b""
    assert reason in job.warnings[0]
    assert job.warnings[0].startswith("'mini.ipynb' was not read: ")


@pytest.mark.parametrize("linked", ["student", "student/mini"])
def test_a_folder_that_is_a_link_is_not_followed(
    course: Course, folder: Path, linked: str, tmp_path: Path
) -> None:
    """Neither the student's folder nor the assignment's may lead elsewhere; the reason says so."""
    submitted = folder.parents[1]
    (folder / "mini.ipynb").write_bytes(SECRET)
    (folder / "timestamp.txt").write_text("2025-03-01 12:00:00 UTC")
    place = submitted / linked
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data == b""
    assert job.warnings == (f"'student/mini' was not read: {place.name!r} is a symbolic link.",)
    assert timestamp_in(read_exchange_files(course, ASSIGNMENT, "student")) is None
    assert read_exchange_files(course, ASSIGNMENT, "student") == {}


@pytest.mark.parametrize("name", ["null", "zero", "full"])
def test_devices_are_not_read(name: str) -> None:
    """Those of this machine stand for one in a submission, which only root could make."""
    with folder_below(Path("/"), ["dev"]) as devices, pytest.raises(OSError, match="plain file"):
        _read_plain_file(devices, name, 10)


def test_a_file_in_the_place_of_a_folder_is_not_read(course: Course, folder: Path) -> None:
    """It is nothing that could hold a notebook."""
    folder.rmdir()
    folder.write_bytes(SECRET)
    job = read_job(course, ASSIGNMENT, "student")
    assert (job.data, job.warnings) == (b"", ("'student/mini' was not read: Not a directory.",))


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.ipynb",
        "-rf.ipynb",
        "$(touch x);`id`.ipynb",
        "<script>1<&sol;script>.ipynb",
        "x\\..\\..\\etc.ipynb",
        "MINI.IPYNB",
        "\u202ebnypi.ipynb",
        "\udcff.ipynb",
        "x" * 249 + ".ipynb",
    ],
)
def test_strange_names_of_notebooks_are_quoted(course: Course, folder: Path, name: str) -> None:
    """A notebook of any name is graded; the warning keeps to one line."""
    (folder / name).write_bytes(b"{}")
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data == b"{}"
    assert len(job.warnings) == 1
    assert repr(name) in job.warnings[0]
    assert job.warnings[0].isprintable()


def test_hidden_notebooks_are_by_products(course: Course, folder: Path) -> None:
    """What macOS and editors put beside a notebook does not stand in its way."""
    for name in ("._homework.ipynb", ".~homework.ipynb", "homework.ipynb"):
        (folder / name).write_text(name)
    assert read_job(course, ASSIGNMENT, "student").data == b"homework.ipynb"


def test_a_notebook_in_a_folder_within_is_not_looked_for(course: Course, folder: Path) -> None:
    """The record says what was there instead of a notebook."""
    (folder / "mine").mkdir()
    (folder / "mine" / "mini.ipynb").write_bytes(b"{}")
    (folder / "mini.py").touch()
    (folder / "timestamp.txt").touch()
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data is None
    assert job.warnings == ("There is no notebook in the folder, only 'mine', 'mini.py'.",)


def test_thousands_of_files_are_not_listed(course: Course, folder: Path) -> None:
    """The right notebook is found among them, and a warning names a few."""
    for number in range(2000):
        (folder / f"{number}.ipynb").touch()
    (folder / "mini.ipynb").write_bytes(b"{}")
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data == b"{}"
    assert job.warnings[0].endswith(", '1004.ipynb', '1005.ipynb', ….")


@pytest.mark.parametrize("make", [make for make, _ in MAKERS])
def test_refusing_a_file_leaves_no_descriptor_open(
    course: Course, folder: Path, make: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    """A class full of strange files does not use up what a process may open."""
    (tmp_path / "secret").write_bytes(SECRET)
    make(folder / "mini.ipynb", tmp_path / "secret")
    read_job(course, ASSIGNMENT, "student")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - descriptors, not files
    for _ in range(5):
        read_job(course, ASSIGNMENT, "student")
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_an_enormous_file_is_read_as_far_as_a_notebook_may_go(course: Course, folder: Path) -> None:
    """Of a file of 100 GB no more is read than shows that it is too large."""
    with (folder / "mini.ipynb").open("wb") as file:
        file.truncate(10**11)
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data is not None
    assert len(job.data) == MAX_BYTES + 1


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-03-01 12:00:00 UTC", datetime(2025, 3, 1, 12)),  # noqa: DTZ001 - nbgrader's are naive
        ("2025-03-01T12:00:00.5+01:00\n", datetime(2025, 3, 1, 11, 0, 0, 500_000)),  # noqa: DTZ001
        ("tomorrow", None),
        ("", None),
        ("9" * 10_000, None),
        ("99999-01-01", None),
    ],
)
def test_timestamps_are_read_as_nbgrader_reads_them(
    course: Course, folder: Path, text: str, time: datetime | None
) -> None:
    """The time of handing in comes from timestamp.txt, or from nowhere."""
    (folder / "timestamp.txt").write_text(text)
    assert timestamp_in(read_exchange_files(course, ASSIGNMENT, "student")) == time
    assert timestamp_in(read_exchange_files(course, ASSIGNMENT, "nobody")) is None


def test_a_timestamp_that_is_a_link_is_not_read(course: Course, folder: Path) -> None:
    """Nor is any other file of the exchange."""
    (folder / "timestamp.txt").symlink_to("/dev/zero")
    assert timestamp_in(read_exchange_files(course, ASSIGNMENT, "student")) is None
    assert read_exchange_files(course, ASSIGNMENT, "student") == {}


def test_files_of_the_exchange_are_copied(course: Course, folder: Path) -> None:
    """Those by which nbgrader knows a submission again, and no others."""
    for name in ("timestamp.txt", "submission_secret.txt", "essay.txt"):
        (folder / name).write_text(name)
    assert read_exchange_files(course, ASSIGNMENT, "student") == {
        "timestamp.txt": b"timestamp.txt",
        "submission_secret.txt": b"submission_secret.txt",
    }


@pytest.mark.parametrize("name", ["s-017", "Zoë", "a b", "x@y.edu", "a" * 200])
def test_ids_of_students(name: str) -> None:
    """Any name that can be a folder is an id."""
    assert is_student_id(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "a\0b",
        "a\nb",
        "\x7f",
        "a" * 201,
        "<b>",
        'a"b',
        "\udcff",
        "a\u2028b",
    ],
)
def test_names_that_are_no_ids(name: str) -> None:
    """What could lead out of a folder, hide, or break a line is refused."""
    assert not is_student_id(name)


@pytest.mark.parametrize("where", ["folder", "notebook"])
def test_what_we_cannot_read_is_our_failure(
    course: Course, folder: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails, or a file that is not ours to read, is no empty submission."""
    (folder / "mini.ipynb").write_bytes(SECRET)
    refused = {"folder": folder.name, "notebook": "mini.ipynb"}[where]
    opened = os.open

    def failing(path: str, *args: int, **kwargs: int) -> int:
        if path == refused:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", failing)
    job = read_job(course, ASSIGNMENT, "student")
    assert job.data is None
    assert job.unread.endswith("was not read: Input/output error.")

"""Pairs of similar submissions: uncommon code in common, whatever its names and its layout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import ASSIGNMENT, notebook, write_course
from numgrade.classroom import SimulatedStudent
from numgrade.cli import main
from numgrade.course import Course
from numgrade.demo import hand_in
from numgrade.resemblance import MAX_PAIRS, MIN_SHARED, pairs_of, resembling_pairs

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

CHECK = '''
@pytest.mark.points(2)
def test_value(student):
    """Twice the number comes out."""
    assert student.double(1.0) == 2
'''
ODD = """def double(x):
    total = 0
    for step in range(7):
        if step % 2 == 1 and total >= 0:
            total = total + (x * 3 - x) / 3
        else:
            total += abs(x) * 0 - 0 * total
    return total if total != x ** 9 else max(total, x ** 9 - 0)
"""
DISGUISED = re.sub(r"\btotal\b", "s", ODD).replace("step", "k")
COMMENTED = "# all my own work\n" + DISGUISED.replace("    ", "  ").replace("\n", "  # so\n")
PLAIN = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course without submissions."""
    write_course(tmp_path, {"double": CHECK}, {"double": 2}, PLAIN)
    return Course.load(tmp_path)


def submit(course: Course, student: str, data: bytes) -> None:
    """Hand in a notebook."""
    hand_in(course, ASSIGNMENT, SimulatedStudent(student, data, {}))


def test_new_names_and_comments_hide_nothing(course: Course) -> None:
    """Two who have the same uncommon code are a pair; short right solutions are none."""
    sources = {"ada": ODD, "bob": PLAIN, "cleo": COMMENTED, "dan": PLAIN, "eve": "x = ("}
    for student, source in sources.items():
        submit(course, student, notebook(course.root, double=source))
    submit(course, "finn", b"%PDF")
    everybody = [*sources, "finn", "nobody"]
    (pair,) = resembling_pairs(course, ASSIGNMENT, everybody)
    assert pair.students == ("ada", "cleo")
    assert pair.share > 0.9


def test_the_released_text_is_nobodys(tmp_path: Path) -> None:
    """Those who leave long released code in their cells are not similar for that."""
    write_course(tmp_path, {"double": CHECK}, {"double": 2}, PLAIN)
    course = Course.load(tmp_path)
    release = course.release(ASSIGNMENT)
    given = release.read_bytes().replace(
        b"raise NotImplementedError\\n", ODD.encode("unicode_escape")
    )
    for student in ("ada", "bob"):
        submit(course, student, given)
    assert resembling_pairs(course, ASSIGNMENT, ["ada", "bob"]) != []
    release.write_bytes(given)
    assert resembling_pairs(course, ASSIGNMENT, ["ada", "bob"]) == []


def test_what_many_have_is_common() -> None:
    """A passage that four of a class have is no sign; the closest pairs come first, and not all."""
    common = frozenset(range(500))
    uncommon = {f"s{n}": common | frozenset(range(1000 * n, 1000 * n + 90)) for n in range(1, 5)}
    assert pairs_of(uncommon) == []
    uncommon["t"] = frozenset(range(1000, 1000 + MIN_SHARED))
    (pair,) = pairs_of(uncommon)
    assert (pair.students, pair.shared, pair.share) == (("s1", "t"), MIN_SHARED, 1.0)
    many = {
        f"{n}{side}": frozenset(range(1000 * n, 1000 * n + 60 + n))
        for n in range(MAX_PAIRS + 9)
        for side in "ab"
    }
    found = pairs_of(many)
    assert len(found) == MAX_PAIRS
    assert found[0].shared == 60 + MAX_PAIRS + 8


def test_the_report_shows_pairs_and_judges_nobody(course: Course) -> None:
    """Both names stand there, with links to their notebooks, and what the number is not."""
    for student, source in {"ada": ODD, "bob": COMMENTED}.items():
        submit(course, student, notebook(course.root, double=source))
    root = str(course.root)
    assert main(["grade", ASSIGNMENT, "--course", root, "--quiet"]) == 0
    assert main(["report", ASSIGNMENT, "--course", root]) == 0
    page = (course.root / "report" / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert 'aria-label="notebook of ada">ada</a>, <a href=' in page
    assert "Pairs to look at, and no verdict" in page

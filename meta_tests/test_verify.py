"""Verification says that sound checks are sound, and names what is broken where something is."""

from __future__ import annotations

import re
import shutil
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import ASSIGNMENT, PROJECT, notebook, write_course
from numgrade.candidates import Candidate, Tally, Trial
from numgrade.claims import Evidence, notes_of
from numgrade.cli import main
from numgrade.course import Course
from numgrade.errors import CourseError
from numgrade.settings import LimitValues
from numgrade.verify import Effort, Report, verify
from numgrade.verify_page import verification_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

REFERENCE = "def double(x):\n    return 2 * x\n"
CHECK = '''
from numgrade.assertions import assert_close
from numgrade.tolerance import round_off


@pytest.mark.points(1)
def test_value(student, rng):
    """Twice a number comes out."""
    x = rng.uniform(3, 4)
    assert_close(student.double(x), 2 * x, round_off(x))


@pytest.mark.points(1)
def test_array(student, rng):
    """Twice every number comes out."""
    x = rng.uniform(3, 4, size=3)
    assert_close(student.double(x), 2 * x, round_off(x))
'''
BANKS = {
    "variants/double/sum.py": '"""A sum."""\n\ndef double(x):\n    return x + x\n',
    "mistakes/double/once.py": '"""Once."""\n\ndef double(x):\n    return x\n',
    "mistakes/double/floats-only.py": '"""Floats."""\n\ndef double(x):\n    return float(2 * x)\n',
}
NEVER_STOPS = '"""Never."""\n\ndef double(x):\n    while True:\n        pass\n'

REFERENCE_HOLDS = "the reference earns full marks"
SOURCE_HOLDS = "the source's own solutions earn full marks"
RELEASE_HOLDS = "the untouched release earns nothing"
VARIANTS_HOLD = "every variant earns full marks"
MISTAKES_LOSE = "every mistake loses marks"
MARGINS_HOLD = "right and wrong lie 10 times below and above what is allowed"
NO_DRAW = "no mistake is caught by the draw alone"
MUTANTS_DIE = "every mutant of the reference is killed"
POINTS_ADD_UP = "points add up to those of the grade cells"
EXCUSES_HOLD = "mutants that are declared fair exist and survive"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of one exercise, whose checks are sound."""
    root = write_course(tmp_path / "course", {"double": CHECK}, {"double": 2}, REFERENCE)
    for name, text in BANKS.items():
        put(root, f"tests/{ASSIGNMENT}/{name}", text)
    put_notebook(root, "source", REFERENCE)
    return root


@pytest.fixture
def examine(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Report]:
    """Return a function that verifies a course in this process, in a sandbox that is there."""
    monkeypatch.setattr("numgrade.laboratory.open_sandbox", lambda *_, **__: nullcontext(sandbox))
    effort = Effort(seeds=6, sandbox_seeds=1, workers=0)
    return lambda root: verify(Course.load(root), ASSIGNMENT, effort)


def put(root: Path, path: str, text: str) -> None:
    """Write a file of a course."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def put_notebook(root: Path, folder: str, solution: str) -> None:
    """Write a notebook of the course with that solution."""
    put(root, f"{folder}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb", notebook(root, double=solution).decode())


def broken(report: Report) -> dict[str, str]:
    """Return what does not hold, with all that speaks against it."""
    return {claim.text: "\n".join(claim.problems) for claim in report.claims if not claim.holds}


def test_sound_checks_hold(course: Path, examine: Callable[[Path], Report]) -> None:
    """Nothing speaks against them; margins, evaluations and what was tried are reported."""
    put(course, f"tests/{ASSIGNMENT}/mistakes/double/never.py", NEVER_STOPS)
    report = examine(course)
    assert broken(report) == {}
    assert report.holds
    assert report.counts == {"reference": 1, "variant": 1, "mistake": 3, "mutant": 4}
    value, array = report.margins
    assert (value.check, value.wrong.name) == ("test_value", "once")
    assert array.caught == ("floats-only", "never", "once")
    assert min(value.above, value.below, array.above, array.below) >= 10
    assert report.evaluations == {
        ("double", "test_value"): (0, "sum"),
        ("double", "test_array"): (0, "sum"),
    }
    notes = "\n".join(report.notes)
    assert "double, never: cut off" in notes
    assert "others catch every mistake that each catches: test_value\n" in notes
    assert "double: 1 variants and 3 mistakes" in notes


@pytest.mark.parametrize(
    ("tally", "says"),
    [
        (Tally(evaluations=50_000), "double, sum in the sandbox: 50000 evaluations in test_value"),
        (Tally(seconds=1.2), "double, sum in the sandbox: 1.2 s of 5 s in test_value"),
        (Tally(evaluations=39_000, seconds=0.9), None),
    ],
)
def test_a_right_solution_near_a_limit_is_pointed_out(tally: Tally, says: str | None) -> None:
    """More than a fifth of a limit is too much: other machines are slower, other students too."""
    candidate = Candidate("variant", "double", "sum", "")
    trial = Trial(candidate, checks={"test_value": tally}, seeds=1, full_marks=1, in_sandbox=True)
    evidence = Evidence(
        expected_points={"double": 1.0},
        points={"double": 1.0},
        trials=(trial,),
        mutants=(),
        margins=(),
        fair_mutants={},
        limits=LimitValues(check_seconds=5),
    )
    found = [note for note in notes_of(evidence) if "test_value" in note]
    assert found == ([] if says is None else [says])


def test_a_check_that_lets_everything_pass(course: Path, examine: Callable[[Path], Report]) -> None:
    """Mistakes and mutants get through, and are named."""
    lax = "@pytest.mark.points(2)\ndef test_value(student):\n    assert student.double(1.0) > 0\n"
    put(course, f"tests/{ASSIGNMENT}/test_double.py", f"import pytest\n\n{lax}")
    found = broken(examine(course))
    assert "once: full marks with 6 of 6 seeds" in found[MISTAKES_LOSE]
    assert "once in the sandbox: full marks" in found[MISTAKES_LOSE]
    assert "double: 2 * x -> 2 + x" in found[MUTANTS_DIE]


def test_a_check_that_refuses_right_answers(
    course: Path, examine: Callable[[Path], Report]
) -> None:
    """The check that costs a right solution its marks is named, with how it ended."""
    edit(course, f"tests/{ASSIGNMENT}/test_double.py", "2 * x, round_off", "3 * x, round_off")
    found = broken(examine(course))
    assert {REFERENCE_HOLDS, SOURCE_HOLDS, VARIANTS_HOLD, MARGINS_HOLD} <= found.keys()
    assert "test_value (failed with 6 of 6 seeds)" in found[REFERENCE_HOLDS]
    assert "double, sum: loses test_value" in found[VARIANTS_HOLD]


@pytest.mark.parametrize(
    ("scale", "problem"),
    [("3e14 * x", "once is wrong and errs by"), ("0 * x", "sum is right and errs by")],
)
def test_a_band_that_is_too_wide_or_too_narrow(
    course: Path, examine: Callable[[Path], Report], scale: str, problem: str
) -> None:
    """The margin names the solution that comes too close, though every mark is right still."""
    edit(course, f"tests/{ASSIGNMENT}/test_double.py", "round_off(x)", f"round_off({scale})")
    if scale == "0 * x":
        edit(course, f"tests/{ASSIGNMENT}/variants/double/sum.py", "x + x", "2.0000000001 * x")
    found = broken(examine(course))
    assert problem in found[MARGINS_HOLD]
    assert (scale == "0 * x") is (VARIANTS_HOLD in found)


def test_a_variant_that_is_wrong(course: Path, examine: Callable[[Path], Report]) -> None:
    """It is named, with the checks that it loses, in process and in the sandbox."""
    edit(course, f"tests/{ASSIGNMENT}/variants/double/sum.py", "x + x", "x + 1")
    found = broken(examine(course))
    assert "double, sum: loses test_value (failed with 6 of 6 seeds)" in found[VARIANTS_HOLD]
    assert "double, sum in the sandbox: loses test_value" in found[VARIANTS_HOLD]
    assert REFERENCE_HOLDS not in found


def test_a_reference_that_is_wrong(course: Path, examine: Callable[[Path], Report]) -> None:
    """It is the one that loses; the source's solution and the variants do not."""
    edit(course, f"reference/{ASSIGNMENT}.py", "2 * x", "2.5 * x")
    found = broken(examine(course))
    assert "double, reference: loses test_value" in found[REFERENCE_HOLDS]
    assert not {SOURCE_HOLDS, VARIANTS_HOLD} & found.keys()


def test_a_mistake_that_is_right(course: Path, examine: Callable[[Path], Report]) -> None:
    """A mistake that loses nothing is none."""
    edit(course, f"tests/{ASSIGNMENT}/mistakes/double/once.py", "return x", "return x + x")
    assert "double, once: full marks" in broken(examine(course))[MISTAKES_LOSE]


def test_a_mistake_that_the_draw_decides(course: Path, examine: Callable[[Path], Report]) -> None:
    """With some seeds it gets away: that is neither always losing nor surely caught."""
    edit(
        course,
        f"tests/{ASSIGNMENT}/mistakes/double/once.py",
        "return x",
        "return 2 * x if round(1000 * np.max(x)) % 2 else x",
    )
    edit(course, f"tests/{ASSIGNMENT}/mistakes/double/once.py", "def", "import numpy as np\ndef")
    found = broken(examine(course))
    assert "once fails with some seeds and passes others" in found[NO_DRAW]
    assert "double, once: full marks" in found[MISTAKES_LOSE]


def test_a_source_that_is_wrong(course: Path, examine: Callable[[Path], Report]) -> None:
    """The instructor's own solution is graded as a student's."""
    put_notebook(course, "source", "def double(x):\n    return x")
    assert broken(examine(course)).keys() == {SOURCE_HOLDS}


def test_a_release_with_the_solution_in_it(course: Path, examine: Callable[[Path], Report]) -> None:
    """A release that earns marks as it is was made in haste."""
    put_notebook(course, "release", REFERENCE)
    found = broken(examine(course))
    assert found.keys() == {RELEASE_HOLDS}
    assert "double: passes test_value, test_array" in found[RELEASE_HOLDS]


def test_points_that_do_not_add_up(course: Path, examine: Callable[[Path], Report]) -> None:
    """The checks of an exercise are worth what its grade cell is worth."""
    edit(course, f"tests/{ASSIGNMENT}/test_double.py", "points(1)", "points(1.5)")
    found = broken(examine(course))
    assert found[POINTS_ADD_UP] == "double: 2.0 points in the release, 2.5 in the checks"


def test_a_fair_mutant_is_excused_while_it_lives(
    course: Path, examine: Callable[[Path], Report]
) -> None:
    """A declared survivor is a note; one that does not exist, or is killed, is a problem."""
    reference = "def double(x, unused=1):\n    y = unused\n    return 2 * x\n"
    put(course, f"reference/{ASSIGNMENT}.py", reference)
    fair = '"double: without y = unused" = "For show."\n"double: 2 -> 3" = "No."\n"gone" = "No."\n'
    put(course, f"tests/{ASSIGNMENT}/fair-mutants.toml", fair)
    report = examine(course)
    found = broken(report)
    assert found.keys() == {EXCUSES_HOLD}
    assert found[EXCUSES_HOLD].count("declared fair") == 2
    assert any("unused is declared fair: For show." in note for note in report.notes)
    assert any("bit for bit" in note for note in report.notes)


def test_a_bank_for_no_exercise(course: Path, examine: Callable[[Path], Report]) -> None:
    """A folder that is called like no exercise would be of no use: it is refused."""
    put(course, f"tests/{ASSIGNMENT}/mistakes/duble/once.py", '"""Once."""\nx = 1\n')
    with pytest.raises(CourseError, match=re.escape("there is no test_duble.py")):
        examine(course)


def test_the_page_holds_what_was_found(course: Path, examine: Callable[[Path], Report]) -> None:
    """One file, no request to anywhere, names escaped, a picture that follows light and dark."""
    put(
        course,
        f"tests/{ASSIGNMENT}/mistakes/double/<script>alert(1)<script>.py",
        '"""Right."""\n\ndef double(x):\n    return 2 * x\n',
    )
    page = verification_page(examine(course))
    assert "Something does not hold" in page
    assert "&lt;script&gt;alert(1)&lt;script&gt;: full marks" in page
    assert "<script" not in page
    assert page.count("<svg") == 1
    assert "currentColor" in page
    assert "var(--good)" in page
    assert "#0102" not in page
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)


def test_the_command_line_says_what_does_not_hold(
    course: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In processes of their own: exit status 1, the problem on the terminal, and a page."""
    edit(course, f"tests/{ASSIGNMENT}/variants/double/sum.py", "x + x", "x + 1")
    page = tmp_path / "pages" / "mini.html"
    command = ["verify", ASSIGNMENT, "--course", str(course), "--seeds", "2", "--page", str(page)]
    assert main(command) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "FAILS every variant earns full marks" in said
    assert "double, sum: loses test_value" in said
    assert "Something does not hold" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["calculus", "rootfinding"])
def test_the_course_of_this_project_is_sound(tmp_path: Path, name: str) -> None:
    """The checks of its assignments hold, with a few seeds; `make verify` takes 200."""
    for folder in ("source", "release", "reference", "tests"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.copy(PROJECT / "nbgrader_config.py", tmp_path)
    report = verify(Course.load(tmp_path), name, Effort(seeds=2, sandbox_seeds=1))
    assert broken(report) == {}
    by_the_page = verification_page(report)
    assert "Everything holds" in by_the_page
    numeric = {margin.exercise for margin in report.margins if margin.is_numeric}
    assert by_the_page.count("<svg") == len(numeric) >= 3


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace text in a file of a course, once."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    put(root, path, text.replace(old, new, 1))

"""Hidden checks are plain pytest, whatever an author uses of it, and their points add up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import (
    assignment_in,
    checks_of,
    grade_here,
    notebook,
    release_of,
    run_suite,
    write_course,
)
from numgrade.errors import CourseError
from numgrade.local import load_module
from numgrade.pytest_plugin import ReferenceSubject
from numgrade.results import CheckStatus, SubmissionStatus

if TYPE_CHECKING:
    from numgrade.checks import Suite
    from numgrade.results import CheckResult
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

REFERENCE = "def double(x):\n    return 2 * x\n"
STYLES = '''
@pytest.mark.points(1)
def test_plain(student, rng):
    """A plain function."""
    x = rng.uniform(1, 2)
    assert student.double(x) + 0 == 2 * x

@pytest.mark.points(1)
def test_request(request, student):
    assert student.double(1.0) + 0 == 2 * request.node.get_closest_marker("points").args[0]

@pytest.mark.points(1)
def test_fixture_of_the_author(student, one):
    assert student.double(one) + 0 == 2

@pytest.mark.points(1)
def test_fixture_with_the_answer(answer):
    assert answer + 0 == 2

@pytest.mark.points(1)
def test_fixture_that_calculates(half_the_answer):
    assert half_the_answer == 1

@pytest.mark.points(1)
@pytest.mark.usefixtures("one")
def test_marked(student):
    assert student.double(1.0) + 0 == 2

@pytest.mark.points(1)
@pytest.mark.parametrize("one", [5.0], indirect=True)
def test_indirect(student, one):
    assert student.double(one) + 0 == 10

@pytest.mark.points(1)
@pytest.mark.parametrize("x", [1.0, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("y", [0.0])
def test_parametrized(student, x, y):
    assert student.double(x) + y == 2 * x

@pytest.mark.points(1)
def test_torn_down(student, watched):
    watched.append(student.double(1.0) + 0)

class TestGroup:
    @pytest.fixture(autouse=True)
    def remember(self):
        self.one = 1.0

    @pytest.mark.points(1)
    def test_plain(self, student):
        assert student.double(self.one) + 0 == 2

    @pytest.mark.points(1)
    @pytest.mark.parametrize("x", [1.0, 2.0])
    def test_in_class(self, student, x):
        assert student.double(x) + 0 == 2 * x

class TestOther:
    @pytest.mark.points(1)
    def test_plain(self, student, reference, rng):
        assert student.double(1.0) + 0 == reference.double(1.0)
'''
CONFTEST = """
import pytest

@pytest.fixture
def one(request):
    return getattr(request, "param", 1.0)

@pytest.fixture
def answer(student):
    return student.double(1.0)

@pytest.fixture
def half_the_answer(student):
    return student.double(1.0) / 2

@pytest.fixture
def watched():
    seen = []
    yield seen
    assert seen == [2.0]
"""
NAMES = [
    *("test_plain", "test_request", "test_fixture_of_the_author", "test_fixture_with_the_answer"),
    *("test_fixture_that_calculates", "test_marked", "test_indirect[5.0]"),
    *(f"test_parametrized[0.0-{x}.0]" for x in range(1, 5)),
    *("test_torn_down", "TestGroup::test_plain"),
    *(f"TestGroup::test_in_class[{x}.0]" for x in (1, 2)),
    "TestOther::test_plain",
]
POINTS = dict.fromkeys(NAMES, 1.0) | {
    name: 1 / (4 if "parametrized" in name else 2)
    for name in NAMES
    if "[0.0-" in name or "in_class" in name
}
ANSWERS = {
    "right": ("return 2 * x", CheckStatus.PASSED),
    "wrong": ("return 3 * x", CheckStatus.FAILED),
    "raises": ("return 1 / 0", CheckStatus.ERROR),
    "none": ("pass", CheckStatus.ERROR),
    "dies": ("import os; os._exit(0)", CheckStatus.KILLED),
}


@pytest.fixture(scope="module")
def styles(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, CheckResult]]:
    """Return the results of checks in many styles, by what the notebook holds."""
    points = round(sum(POINTS.values()), 6)
    course = write_course(
        tmp_path_factory.mktemp("styles"), {"double": STYLES}, {"double": points}, REFERENCE
    )
    (course / "tests" / "mini" / "conftest.py").write_text(CONFTEST)
    notebooks: dict[str, bytes | None] = {
        name: notebook(course, double=f"def double(x):\n    {body}")
        for name, (body, _) in ANSWERS.items()
    }
    graded = grade_here(assignment_in(course), sandbox, notebooks)
    return {name: checks_of(each.result) for name, each in graded.items()}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_style_gives_the_same_verdict(
    styles: dict[str, dict[str, CheckResult]], answer: str, name: str
) -> None:
    """Fixtures, classes, parameters and marks make no difference to how a check ends."""
    check = styles[answer][name]
    expected = ANSWERS[answer][1]
    if answer == "dies" and NAMES.index(name) >= 2:
        expected = CheckStatus.TIMED_OUT  # two deaths are what an exercise may cost
    assert check.status is expected
    assert check.max_points == pytest.approx(POINTS[name])
    assert check.points == (check.max_points if expected is CheckStatus.PASSED else 0)


def test_titles_come_from_docstrings_and_names(styles: dict[str, dict[str, CheckResult]]) -> None:
    """The first line of a docstring is the title; without one the name is put into words."""
    titles = {name: check.title for name, check in styles["right"].items()}
    assert titles["test_plain"] == "A plain function."
    assert titles["test_fixture_of_the_author"] == "fixture of the author"
    assert titles["test_parametrized[0.0-3.0]"] == "parametrized (3 of 4)"


CHECK = "@pytest.mark.points({})\ndef test_it(student):\n    assert student.double(1.0) == 2\n"


def suite_of(root: Path, double: str, points: float = 1, conftest: str = "") -> list[str]:
    """Collect the checks of a course as grading would; return their names."""
    write_course(root, {"double": double}, {"double": points}, REFERENCE)
    (root / "tests" / "mini" / "conftest.py").write_text(conftest)
    names: list[str] = []
    run_suite(assignment_in(root), lambda suite: names.extend(c.name for c in suite.checks))
    return names


@pytest.mark.parametrize(
    ("checks", "reason"),
    [
        ("def test_it(student):\n    pass\n", r"test_it has no points: write @pytest.mark.points"),
        (CHECK.format(""), "has no points"),
        (CHECK.format("'2'"), "has no points"),
        (CHECK.format("-1"), "has no points"),
        (CHECK.format("float('nan')"), "has no points"),
        (CHECK.format("1, 2"), "has no points"),
        ("import nowhere\n", "(?s)cannot be collected.*test_double.py.*No module named 'nowhere'"),
        ("def test_it(:\n", "(?s)cannot be collected.*SyntaxError"),
        ("raise ValueError('at import')\n", "(?s)cannot be collected.*at import"),
        ("pytest.skip('no', allow_module_level=True)\n", "no check was found"),
        ("x = 1\n", "no check was found"),
        (
            "@pytest.mark.pionts(1)\ndef test_it(student):\n    pass\n",
            "(?s)cannot be collected.*pionts",
        ),
    ],
)
def test_broken_checks_are_the_courses_fault(tmp_path: Path, checks: str, reason: str) -> None:
    """Checks that cannot be imported, or are worth nothing, stop everything before it starts."""
    with pytest.raises(CourseError, match=reason):
        suite_of(tmp_path, checks)


def test_a_broken_conftest_is_the_courses_fault(tmp_path: Path) -> None:
    """Pytest ends before any check is seen, and that is an error."""
    with pytest.raises(CourseError, match="before any check ran"):
        suite_of(tmp_path, CHECK.format(1), conftest="import nowhere")


def test_banks_are_no_checks(tmp_path: Path) -> None:
    """Files in variants/ and mistakes/ are not collected, whatever they are called."""
    for bank in ("variants", "mistakes"):
        folder = tmp_path / "tests" / "mini" / bank / "double"
        folder.mkdir(parents=True)
        (folder / "test_double.py").write_text("raise ValueError('imported')")
    assert suite_of(tmp_path, CHECK.format(1)) == ["test_it"]


@pytest.mark.parametrize(
    ("points", "worth"),
    [({"double": 2}, "1"), ({"double": 1, "other": 3}, "1"), ({"other": 1}, "1")],
)
def test_points_that_disagree_with_the_release_are_the_courses_fault(
    sandbox: Sandbox, tmp_path: Path, points: dict[str, float], worth: str
) -> None:
    """Each grade cell and its checks are named, with the points of both."""
    root = write_course(tmp_path, {"double": CHECK.format(worth)}, points, REFERENCE)
    with pytest.raises(CourseError, match="release and checks disagree") as error:
        grade_here(assignment_in(root), sandbox, {"student": release_of(root)})
    for name in points.keys() | {"double"}:
        line = f"{name}: {float(points[name]) if name in points else 'no'} points in the release"
        assert (line in str(error.value)) == (points.get(name) != {"double": 1.0}.get(name))


def run_twice(root: Path, checks: str) -> list[list[CheckStatus]]:
    """Run the checks twice in one session, on the reference; return the statuses of both runs."""
    write_course(root, {"double": checks}, {"double": 1}, REFERENCE)
    runs: list[list[CheckStatus]] = []

    def drive(suite: Suite) -> None:
        reference = load_module(root / "reference" / "mini.py", "reference_of_mini")
        for seed in (b"one", b"two"):
            results = suite.run(ReferenceSubject(reference, seed))
            runs.append([check.status for check in results["double"]])

    run_suite(assignment_in(root), drive)
    return runs


def test_fixtures_of_modules_are_set_up_once_for_a_class(tmp_path: Path) -> None:
    """What is dear to set up is kept from submission to submission."""
    checks = (
        "made = []\n\n@pytest.fixture(scope='module')\ndef table():\n    made.append(1)\n"
        "    return made\n\n@pytest.mark.points(0.5)\ndef test_it(student, table):\n"
        "    assert len(table) == 1\n\n@pytest.mark.points(0.5)\ndef test_again(table):\n"
        "    assert len(table) == 1\n"
    )
    assert run_twice(tmp_path, checks) == [[CheckStatus.PASSED] * 2] * 2


def test_an_only_check_gets_each_student_anew(sandbox: Sandbox, tmp_path: Path) -> None:
    """Nothing of one submission is left when its only check runs on the next."""
    check = "class TestIt:\n    @pytest.mark.points(1)\n    def test_it(self, student):\n"
    check += "        assert student.double(1.0) == 2\n"
    root = write_course(tmp_path, {"double": check}, {"double": 1}, REFERENCE)
    notebooks: dict[str, bytes | None] = {
        name: notebook(root, double=f"def double(x):\n    return {name[0]} * x")
        for name in ("2-right", "3-wrong", "2-right-again", "3-wrong-again")
    }
    graded = grade_here(assignment_in(root), sandbox, notebooks)
    assert [each.result.score for each in graded.values()] == [1, 0, 1, 0]


def test_inputs_differ_between_students_and_not_between_runs(tmp_path: Path) -> None:
    """The draw depends on the seed and on the check's name, on nothing else."""
    check = (
        "@pytest.mark.points(0.5)\ndef test_{}(rng):\n"
        "    with open({!r}, 'a') as file:\n        file.write(f'{{rng.integers(2**60)}} ')\n"
    )
    file = str(tmp_path / "drawn.txt")
    run_twice(tmp_path, check.format("a", file) + check.format("b", file))
    drawn = Path(file).read_text().split()
    assert len(set(drawn)) == 4
    Path(file).unlink()
    run_twice(tmp_path, check.format("b", file) + check.format("c", file))
    assert [Path(file).read_text().split()[place] for place in (0, 2)] == [drawn[1], drawn[3]]


def test_installed_plugins_do_not_take_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin that happens to be installed cannot change a mark, and nothing is left behind."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    check = (
        "@pytest.mark.points(1)\ndef test_it(request):\n"
        "    plugins = request.config.pluginmanager\n"
        "    assert not plugins.has_plugin('hypothesispytest')\n"
    )
    assert run_twice(tmp_path, check)[0] == [CheckStatus.PASSED]
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ


def test_a_driver_that_fails_fails_outside_of_pytest(tmp_path: Path) -> None:
    """What goes wrong while the suite is driven is not swallowed by pytest."""
    write_course(tmp_path, {"double": CHECK.format(1)}, {"double": 1}, REFERENCE)

    def drive(_: Suite) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run_suite(assignment_in(tmp_path), drive)


def test_checks_print_to_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither the checks nor pytest's own report reach the terminal: they can hold answers."""
    check = (
        "@pytest.mark.points(0.5)\ndef test_it(student):\n    print('expected 42')\n"
        "@pytest.mark.points(0.5)\nclass TestIt:\n    def test_it(self, student):\n"
        "        print('expected 42')\n"
    )
    run_twice(tmp_path, check)
    out, err = capfd.readouterr()
    assert "TestIt" not in out + err


def test_statuses_of_a_submission_need_all_checks(sandbox: Sandbox, tmp_path: Path) -> None:
    """One check that could not run leaves the whole submission without a score."""
    checks = CHECK.format(1) + "\n@pytest.mark.points(1)\ndef test_ours(student):\n    1 / 0\n"
    root = write_course(tmp_path, {"double": checks}, {"double": 2}, REFERENCE)
    right = notebook(root, double="def double(x):\n    return 2 * x")
    result = grade_here(assignment_in(root), sandbox, {"student": right})["student"].result
    statuses = [check.status for check in checks_of(result).values()]
    assert statuses == [CheckStatus.PASSED, CheckStatus.NOT_RUN]
    assert (result.status, result.score) == (SubmissionStatus.UNSCORED, None)

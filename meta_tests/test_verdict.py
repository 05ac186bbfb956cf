"""No answer is never full marks, and nobody pays for what somebody else did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import (
    assignment_in,
    checks_of,
    grade_here,
    notebook,
    release_of,
    within,
    write_course,
)
from numgrade.errors import (
    AnswerRefused,
    CourseError,
    InfrastructureError,
    NameMissing,
    StudentKilled,
    StudentRaised,
    StudentTimedOut,
)
from numgrade.results import CheckStatus, SubmissionStatus
from numgrade.verdict import MAX_MESSAGE, blame, outcome_of

if TYPE_CHECKING:
    from pathlib import Path

    from numgrade.results import CheckResult, SubmissionResult
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

REFERENCE = "def double(x):\n    return 2 * x\n\ndef other(x):\n    return x\n"
CHECKS = {
    "double": '''
@pytest.mark.points(1)
def test_value(student, reference, rng):
    """Twice the number comes out."""
    x = rng.uniform(1, 2)
    assert student.double(x) == reference.double(x), "Twice x is asked for."

@pytest.mark.points(1)
def test_arithmetic(student):
    """The answer can be calculated with."""
    assert student.double(1.0) - 2.0 == 0.0
''',
    "other": """
@pytest.mark.points(2)
def test_other(student):
    assert student.other(3.0) == 3.0
""",
}
POINTS = {"double": 2.0, "other": 2.0}
LIMITS = within(check_seconds=0.4, cell_seconds=2)
DOUBLE = "def double(x):\n    "
OTHER = "def other(x):\n    return x\n"
ANSWERS = {
    "right": f"{DOUBLE}return x + x",
    "wrong": f"{DOUBLE}return 3 * x",
    "none": f"{DOUBLE}print(2 * x)",
    "text": f"{DOUBLE}return str(2 * x)",
    "raises": f"{DOUBLE}return 1 / 0",
    "asserts": f"{DOUBLE}raise AssertionError('passed, trust me')",
    "exits": f"{DOUBLE}import sys; sys.exit(0)",
    "yields": f"{DOUBLE}yield 2 * x",
    "missing": "pass",
    "value": "double = 2.0",
    "syntax": f"{DOUBLE}return 2 * * x",
    "loop": f"{DOUBLE}while True: pass",
    "dies": f"{DOUBLE}import os; os._exit(0)",
    "segfault": f"{DOUBLE}import ctypes; ctypes.string_at(0)",
}
EXPECTED = {
    "right": (CheckStatus.PASSED, CheckStatus.PASSED),
    "wrong": (CheckStatus.FAILED, CheckStatus.FAILED),
    "none": (CheckStatus.FAILED, CheckStatus.ERROR),
    "text": (CheckStatus.FAILED, CheckStatus.ERROR),
    "raises": (CheckStatus.ERROR, CheckStatus.ERROR),
    "asserts": (CheckStatus.ERROR, CheckStatus.ERROR),
    "exits": (CheckStatus.ERROR, CheckStatus.ERROR),
    "yields": (CheckStatus.ERROR, CheckStatus.ERROR),
    "missing": (CheckStatus.ERROR, CheckStatus.ERROR),
    "value": (CheckStatus.ERROR, CheckStatus.ERROR),
    "syntax": (CheckStatus.ERROR, CheckStatus.ERROR),
    "loop": (CheckStatus.TIMED_OUT, CheckStatus.TIMED_OUT),
    "dies": (CheckStatus.KILLED, CheckStatus.KILLED),
    "segfault": (CheckStatus.KILLED, CheckStatus.KILLED),
}
MESSAGES = {
    "wrong": "Twice x is asked for.",
    "raises": "double raised ZeroDivisionError.",
    "asserts": "double raised AssertionError.",
    "exits": "double raised SystemExit.",
    "yields": "double gave a generator, which is not an answer.",
    "missing": "The notebook does not define double.",
    "value": "The notebook does not define double.",
    "loop": "Stopped: still running when its time was over.",
    "dies": "The process exited with status 0 while this ran.",
    "segfault": "The process was killed (SIGSEGV) while this ran.",
}


@pytest.fixture(scope="module")
def results(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, SubmissionResult]:
    """Return the results of notebooks that answer one exercise in all sorts of ways."""
    root = write_course(tmp_path_factory.mktemp("verdict"), CHECKS, POINTS, REFERENCE)
    notebooks: dict[str, bytes | None] = {
        name: notebook(root, double=source, other=OTHER) for name, source in ANSWERS.items()
    }
    notebooks["release"] = release_of(root)
    graded = grade_here(assignment_in(root, limits=LIMITS), sandbox, notebooks)
    return {name: each.result for name, each in graded.items()}


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_end_of_a_check_is_a_status(results: dict[str, SubmissionResult], answer: str) -> None:
    """Each way in which student code can end has its status; only passing earns points."""
    checks = checks_of(results[answer])
    statuses = checks["test_value"].status, checks["test_arithmetic"].status
    assert statuses == EXPECTED[answer]
    for check in checks.values():
        assert check.points == (check.max_points if check.status == "passed" else 0)
    if answer in MESSAGES:
        # The pytest that runs this test rewrites the assertions of checks, too: more lines follow.
        assert checks["test_value"].message.splitlines()[0] == MESSAGES[answer]


@pytest.mark.parametrize("answer", ANSWERS)
def test_other_exercises_keep_their_marks(
    results: dict[str, SubmissionResult], answer: str
) -> None:
    """Whatever one function does, the next exercise is scored on its own; all are scored."""
    result = results[answer]
    assert result.status is SubmissionStatus.GRADED
    assert [each.name for each in result.exercises] == ["double", "other"]
    assert result.exercises[1].score == 2
    assert result.score == result.exercises[0].score + 2


def test_a_check_that_falls_over_an_answer_is_an_error_and_a_warning(
    results: dict[str, SubmissionResult],
) -> None:
    """The student's None loses the points; the author is told to assert the type first."""
    for answer in ("none", "text"):
        check = checks_of(results[answer])["test_arithmetic"]
        assert check.message == "The check could not work with what the function returned."
        (warning,) = results[answer].warnings
        assert "test_arithmetic: fell over the student's answer: TypeError" in warning
        assert "Assert its type first" in warning


def test_the_untouched_release_scores_nothing(results: dict[str, SubmissionResult]) -> None:
    """Stubs raise NotImplementedError, and every check says that they are unfinished."""
    assert results["release"].score == 0
    assert {check.message[-32:] for check in checks_of(results["release"]).values()} == {
        " Is it still the unfinished cell?"[-32:]
    }


def only_check(
    sandbox: Sandbox, root: Path, check: str, source: str = f"{DOUBLE}return 2 * x"
) -> tuple[SubmissionResult, CheckResult]:
    """Grade a notebook with a course of one check; return the result, and that of the check."""
    write_course(root, {"double": check}, {"double": 1}, REFERENCE)
    graded = grade_here(assignment_in(root), sandbox, {"student": notebook(root, double=source)})
    result = graded["student"].result
    (check_result,) = checks_of(result).values()
    return result, check_result


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("assert student.double(1.0) + 'x'", "fails on the reference too: TypeError"),
        ("undefined", "fails on the reference too: NameError: name 'undefined' is not defined"),
        ("assert reference.treble(1.0)", "fails on the reference too: AttributeError"),
        ("student.double({1})", "a check calls double with a set, which cannot travel"),
        ("pytest.skip('not today')", "the check ended with Skipped: not today"),
        ("raise KeyError('student')", "fails on the reference too: KeyError: 'student'"),
    ],
)
def test_a_broken_check_leaves_the_submission_unscored(
    sandbox: Sandbox, tmp_path: Path, body: str, warning: str
) -> None:
    """What the author did wrong is not run: no score, full or zero, is made out of it."""
    check = f"@pytest.mark.points(1)\ndef test_it(student, reference):\n    {body}\n"
    result, check_result = only_check(sandbox, tmp_path, check)
    assert check_result.status is CheckStatus.NOT_RUN
    assert check_result.points == 0
    assert (result.status, result.score) == (SubmissionStatus.UNSCORED, None)
    assert result.warnings[0].startswith("double, test_it: ")
    assert warning in result.warnings[0]


def test_a_check_that_swallows_student_errors_gives_no_marks_for_them(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """pytest.raises around the student's function does not catch what ends the process."""
    check = (
        "@pytest.mark.points(1)\ndef test_it(student):\n"
        "    with pytest.raises(ValueError):\n        student.double(1.0)\n"
    )
    _, ended = only_check(sandbox, tmp_path, check, f"{DOUBLE}raise ValueError")
    assert ended.status is CheckStatus.ERROR
    _, ended = only_check(sandbox, tmp_path, check)
    assert ended.status is CheckStatus.FAILED


def test_the_second_run_has_the_same_inputs(sandbox: Sandbox, tmp_path: Path) -> None:
    """A check that stumbles over its own draw, not over the answer, stumbles on the reference."""
    check = (
        "@pytest.mark.points(1)\ndef test_it(student, rng):\n"
        "    x = rng.integers(10**6)\n    student.double(float(x))\n"
        "    with open('drawn.txt', 'a') as file:\n        file.write(f'{x}\\n')\n"
        "    raise KeyError(str(x))\n"
    ).replace("'drawn.txt'", repr(str(tmp_path / "drawn.txt")))
    only_check(sandbox, tmp_path, check)
    first, second = (tmp_path / "drawn.txt").read_text().split()
    assert first == second


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, CheckStatus.PASSED),
        (AssertionError(), CheckStatus.FAILED),
        (pytest.fail.Exception("no"), CheckStatus.FAILED),
        (StudentTimedOut("late"), CheckStatus.TIMED_OUT),
        (StudentKilled("dead"), CheckStatus.KILLED),
        (StudentRaised("raised", "ValueError"), CheckStatus.ERROR),
        (AnswerRefused("a set"), CheckStatus.ERROR),
        (NameMissing("f"), CheckStatus.ERROR),
        (InfrastructureError("ours"), CheckStatus.NOT_RUN),
        (CourseError("the author's"), CheckStatus.NOT_RUN),
        (pytest.skip.Exception("skipped"), CheckStatus.NOT_RUN),
        (SystemExit(0), CheckStatus.NOT_RUN),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_table_of_ends(error: BaseException | None, status: CheckStatus) -> None:
    """Every kind of exception has its place; only the absence of one is a pass."""
    outcome = outcome_of(error)
    assert outcome is not None
    assert outcome.status is status
    assert bool(outcome.warning) == (status is CheckStatus.NOT_RUN)


def test_a_check_that_fell_over_waits_for_the_reference() -> None:
    """Any other exception decides nothing until the check has run on the reference."""
    error = TypeError("unsupported\noperand")
    assert outcome_of(error) is None
    assert blame(error, None).status is CheckStatus.ERROR
    assert "TypeError: unsupported operand" in blame(error, None).warning
    assert blame(error, AssertionError()).status is CheckStatus.NOT_RUN
    assert blame(error, KeyError("x")).status is CheckStatus.NOT_RUN


def test_messages_are_bounded_and_never_empty() -> None:
    """An assertion without a text has a message, and one with a long text is cut."""
    silent, long = outcome_of(AssertionError()), outcome_of(AssertionError("x" * 10**6))
    assert silent is not None
    assert silent.message == "This does not hold."
    assert long is not None
    assert len(long.message) == MAX_MESSAGE

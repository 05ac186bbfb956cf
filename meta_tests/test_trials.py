"""Candidates are tried in process as they would be in the sandbox, and cannot hold anything up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import AMPLE, assignment_in, run_suite, write_course
from numgrade.candidates import Candidate, Trial
from numgrade.deadline import deadline, start_clock, stop_clock
from numgrade.errors import CourseError, StudentTimedOut
from numgrade.trials import Here, names_asked_for, namespace_of, run_check, try_here, try_in_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numgrade.checks import Suite
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

CHECKS = {
    "mean": '''
@pytest.mark.points(1)
def test_of_two(student, rng):
    """The mean of two values of f is half their sum."""
    x = rng.uniform(1, 2)
    assert abs(student.mean(lambda t: 3 * t, x) - 3 * x) < 1e-9


@pytest.mark.points(1)
def test_of_none(student):
    """An unlucky number is read, too."""
    assert student.value("unlucky") == 13
'''
}
RIGHT = "unlucky = 13\ndef mean(f, x):\n    return (f(x + 1) + f(x - 1)) / 2\n"


def candidate(source: str, kind: str = "mistake") -> Candidate:
    """Return a candidate of the exercise with that code."""
    return Candidate(kind, "mean", "candidate", source)


@pytest.fixture
def with_checks(tmp_path: Path) -> Callable[[Callable[[Suite], None]], None]:
    """Return a function that calls another with the suite of a small course."""
    write_course(tmp_path, CHECKS, {"mean": 2}, RIGHT)
    return lambda drive: run_suite(assignment_in(tmp_path), drive)


def test_runs_are_added_up(with_checks: Callable[[Callable[[Suite], None]], None]) -> None:
    """Evaluations are counted, and marks are kept per seed."""
    found: list[Trial] = []

    def drive(suite: Suite) -> None:
        found.extend(try_here(suite, [candidate(RIGHT), candidate("unlucky = 7")], 4))

    with_checks(drive)
    right, wrong = found
    assert (right.seeds, right.full_marks, right.lost()) == (4, 4, [])
    assert right.checks["test_of_two"].evaluations == 2
    assert (wrong.full_marks, wrong.lost()) == (0, ["test_of_two", "test_of_none"])
    assert wrong.checks["test_of_two"].how == {"error"}
    assert wrong.checks["test_of_none"].how == {"failed"}


def test_the_sandbox_agrees(
    with_checks: Callable[[Callable[[Suite], None]], None], sandbox: Sandbox
) -> None:
    """What a candidate loses in process it loses in the sandbox: mistakes until the first loss."""
    sources = [RIGHT, RIGHT.replace("13", "7"), "raise SystemExit(1)"]
    found: list[Trial] = []

    def drive(suite: Suite) -> None:
        candidates = [candidate(source) for source in sources]
        found.extend(try_in_sandbox(suite, candidates, sandbox, AMPLE, 2))

    with_checks(drive)
    assert [trial.lost() for trial in found] == [
        [],
        ["test_of_none"],
        ["test_of_two"],
    ]
    assert all(trial.in_sandbox and trial.seeds == 2 for trial in found)


def test_what_hangs_is_given_up(with_checks: Callable[[Callable[[Suite], None]], None]) -> None:
    """A candidate that does not come back is cut off and tried no more; the next has its turn."""
    hanging = "def mean(f, x):\n    while True:\n        pass\n"
    found: list[Trial] = []

    def drive(suite: Suite) -> None:
        suite.checks = [suite.checks[0]] * 2  # the hanging function is asked for twice
        found.extend(try_here(suite, [candidate(hanging), candidate(RIGHT)], 3))

    with_checks(drive)
    given_up, right = found
    assert given_up.cut_off
    assert given_up.seeds == 1
    assert given_up.full_marks == 0
    assert given_up.checks["test_of_two"].how == {"timed_out"}
    assert right.full_marks == right.seeds == 3


def test_a_transcript_tells_answers_and_points(
    with_checks: Callable[[Callable[[Suite], None]], None],
) -> None:
    """Another answer or point makes another transcript; another order of points does not."""
    transcripts: dict[str, bytes] = {}
    sources = {
        "right": RIGHT,
        "order": RIGHT.replace("f(x + 1) + f(x - 1)", "f(x - 1) + f(x + 1)"),
        "point": RIGHT.replace("return", "f(x)\n    return"),
        "answer": RIGHT.replace("/ 2", "/ 3"),
    }

    def drive(suite: Suite) -> None:
        check = suite.checks[0]
        with deadline():
            for name, source in sources.items():
                subject = Here(namespace_of(candidate(source)), b"seed", transcribe=True)
                run_check(suite, check, subject)
                transcripts[name] = subject.transcript()

    with_checks(drive)
    assert transcripts["right"] == transcripts["order"]
    assert len(set(transcripts.values())) == 3


def test_names_that_checks_ask_for(
    with_checks: Callable[[Callable[[Suite], None]], None],
) -> None:
    """Functions and plain variables both count: mutants are made of these."""
    asked: list[dict[str, set[str]]] = []
    with_checks(lambda suite: asked.append(names_asked_for(suite, candidate(RIGHT))))
    assert asked == [{"mean": {"mean", "unlucky"}}]


@pytest.mark.parametrize("source", ["x = y", "raise SystemExit", "def f(:", "while True: pass"])
def test_code_that_does_not_run_is_the_authors_fault(source: str) -> None:
    """Whose it is, and what happened, is said; code that never ends does not hold us up."""
    with pytest.raises(CourseError, match="mean, mistake candidate: "):
        namespace_of(candidate(source))


def stubborn(patience: int) -> int:
    """Loop on through some exceptions; return how many there were before the last."""
    caught = 0
    try:
        while True:
            try:
                while True:
                    pass
            except StudentTimedOut:
                caught += 1
                if caught > patience:
                    raise
    except StudentTimedOut:
        return caught


def test_the_clock_strikes_until_it_is_heard() -> None:
    """Code that catches an exception in its loop is stopped by a later one."""
    with deadline():
        start_clock()
        assert stubborn(2) == 3
        stop_clock()

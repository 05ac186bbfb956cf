"""Whoever waits is told how far it is, how fast it goes, what failed and what takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from numgrade import progress
from numgrade.progress import Progress
from numgrade.results import SubmissionResult, SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return its time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock by which progress is measured."""
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """Return a function that returns the lines since its last call; they go to standard error."""

    def lines() -> list[str]:
        out, err = capsys.readouterr()
        assert out == ""
        return err.splitlines()

    return lines


def result(
    student: str, seconds: float = 1.0, status: SubmissionStatus = SubmissionStatus.GRADED
) -> SubmissionResult:
    """Return a result."""
    return SubmissionResult(
        assignment="mini",
        student=student,
        status=status,
        score=None,
        max_score=1.0,
        seconds=seconds,
        checks_sha256="",
        exercises=(),
    )


@pytest.mark.parametrize(
    ("seconds", "rate", "left"),
    [
        (0.1, "10/s", "0:00:10"),
        (1.0, "1/s", "0:01:38"),
        (2.0, "30/min", "0:03:16"),
        (59.0, "1/min", "1:36:22"),
        (120.0, "30/h", "3:16:00"),
        (3000.0, "1/h", "3 days, 9:40:00"),
    ],
)
def test_rates_are_in_the_unit_that_suits(
    clock: Clock, seconds: float, rate: str, left: str
) -> None:
    """None is 0/s; what is left follows from it."""
    shown = Progress()
    for number in (1, 2):
        clock.now += seconds
        shown.advance(result(f"s{number}"), 100, 0)
    assert shown.facts().startswith(f"{rate}, {left} left, ")


def test_lines_in_a_pipe_come_every_few_seconds(
    clock: Clock, said: Callable[[], list[str]]
) -> None:
    """Not one a result; each has all there is to say, and the last one is of the end."""
    with Progress() as shown:
        for number in range(1, 13):
            clock.now += 1
            shown.advance(result(f"s{number:02}", number / 10), 12, 0)
    assert said() == [
        "graded 6 of 12, 1/s, 0:00:06 left, slowest 's06' 0.6 s",
        "graded 12 of 12, 1/s, slowest 's12' 1.2 s",
    ]


def test_kept_results_say_nothing_about_the_rate(
    clock: Clock, said: Callable[[], list[str]]
) -> None:
    """Neither their number nor the time that it took to look through them, nor how long they took.

    They come first here, and in between.
    """
    shown = Progress()
    for number in range(90):
        clock.now += 0.1
        shown.advance(result("kept", 50.0), 100, number + 1)
    for _ in range(5):
        clock.now += 10
        shown.advance(result("new", 9.0), 100, 90)
    assert said()[-1] == "graded 95 of 100, 90 unchanged, 6/min, 0:00:50 left, slowest 'new' 9.0 s"
    shown.advance(result("kept", 50.0), 100, 91)
    assert shown.facts() == "91 unchanged, 6/min, 0:00:40 left, slowest 'new' 9.0 s"


def test_failures_are_counted_by_kind(clock: Clock) -> None:
    """What could not be scored or read is for a person to look at; who is missing is not."""
    shown = Progress()
    clock.now += 6
    failed = {"unscored": 2, "unreadable": 1, "missing": 3, "graded": 1}
    for status, count in failed.items():
        for _ in range(count):
            shown.advance(result("s", 1.0, SubmissionStatus(status)), 10, 0)
    facts = "1/s, 0:00:03 left, 2 unscored, 1 unreadable, slowest 's' 1.0 s"
    assert shown.facts() == facts


def test_names_of_students_are_shown_as_they_are(
    clock: Clock, said: Callable[[], list[str]]
) -> None:
    """They are no markup, and act on no terminal."""
    shown = Progress()
    clock.now += 1
    shown.advance(result("[red]\x1b[2J\r"), 1, 0)
    assert said() == ["graded 1 of 1, 1/s, slowest '[red]?[2J?' 1.0 s"]


def test_quiet_is_quiet(clock: Clock, said: Callable[[], list[str]]) -> None:
    """Nothing is shown, to the end."""
    with Progress(quiet=True) as shown:
        clock.now += 10
        shown.advance(result("s"), 1, 0)
    assert said() == []


def test_a_terminal_that_cannot_draw_gets_lines(
    clock: Clock, said: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dumb terminal is as good as a pipe."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("FORCE_COLOR", "1")  # as if it were a terminal
    with Progress() as shown:
        clock.now += 10
        shown.advance(result("s"), 1, 0)
    assert said() == ["graded 1 of 1, 6/min, slowest 's' 1.0 s"]

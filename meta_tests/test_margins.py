"""Margins say how far right and wrong answers stay from what a check allows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from numgrade.assertions import assert_close, assert_order, assert_unchanged
from numgrade.candidates import Candidate, Tally, Trial
from numgrade.margins import factor, margins_of, redundant, uncovered_draws, words
from numgrade.memory import remembered, remembering
from numgrade.observation import observed
from numgrade.results import CheckResult, CheckStatus
from numgrade.tolerance import Band

BAND = Band(0.1, "For a test.")


def run_of(status: CheckStatus) -> CheckResult:
    """Return the result of a check worth one point that ended in some way."""
    points = float(status is CheckStatus.PASSED)
    return CheckResult(
        name="test_it",
        title="",
        status=status,
        points=points,
        max_points=1,
        message="",
        seconds=0.1,
    )


def trial_of(kind: str, name: str, **errors: list[float | None]) -> Trial:
    """Return a trial: per check the errors of its runs; None is an exception."""
    trial = Trial(Candidate(kind, "slope", name, ""))
    for check, ratios in errors.items():
        tally = trial.checks.setdefault(check, Tally())
        for ratio in ratios:
            status = CheckStatus.ERROR if ratio is None else CheckStatus.PASSED
            status = CheckStatus.FAILED if ratio and ratio > 1 else status
            tally.add(run_of(status), [] if ratio is None else [ratio], 7)
    return trial


def test_comparisons_are_observed() -> None:
    """Each comparison tells its error and what was allowed, passed or not; nobody need listen."""
    seen: list[tuple[float, float]] = []
    with observed(lambda error, allowed: seen.append((error, allowed))):
        assert_close(1.05, 1.0, BAND, safety=2)
        assert_unchanged(np.ones(2), np.ones(2), name="x")
        with pytest.raises(AssertionError):
            assert_close(9.0, 1.0, BAND, safety=2)
    assert_close(1.05, 1.0, BAND, safety=2)
    (close, unchanged, far) = seen
    assert close == pytest.approx((0.05, 0.2))
    assert unchanged[0] == 0 < unchanged[1]
    assert far == pytest.approx((8.0, 0.2))


@pytest.mark.parametrize(("order", "ratio"), [(1, 20), (2, 0), (3, 0)])
def test_a_measured_order_is_observed(order: int, ratio: float) -> None:
    """What is missing to the order that is asked for counts; a higher order misses nothing."""
    seen: list[float] = []
    with observed(lambda error, allowed: seen.append(error / allowed)):
        try:
            assert_order(lambda h: 1 + h**order, 1.0, at_least=2)
        except AssertionError:
            assert order < 2
    assert seen == pytest.approx([ratio], abs=1e-6)


def test_the_extremes_are_named() -> None:
    """The largest error of a right solution and the smallest of a mistake that always fails."""
    (margin,) = margins_of(
        [
            trial_of("reference", "reference", check=[0.0, 0.01]),
            trial_of("variant", "forward", check=[0.05, 0.02]),
            trial_of("mistake", "far", check=[900.0, 800.0]),
            trial_of("mistake", "near", check=[90.0, 30.0]),
            trial_of("mistake", "raises", check=[None, None]),
            trial_of("mistake", "draw", check=[0.5, 3.0]),
            trial_of("mistake", "passes", check=[0.5, 0.3]),
        ]
    )
    assert (margin.right.name, margin.wrong.name) == ("forward", "near")
    assert margin.below == pytest.approx(20)
    assert margin.above == pytest.approx(30)
    assert margin.caught == ("far", "near", "raises")
    assert margin.by_the_draw == ("draw",)
    assert margin.is_numeric


def test_a_right_solution_that_fails_has_no_margin() -> None:
    """Its error counts, though the check has not let it pass."""
    (margin,) = margins_of([trial_of("variant", "poor", check=[0.01, 4.0])])
    assert margin.below == pytest.approx(0.25)


def test_without_numbers_there_is_no_margin() -> None:
    """A check that compares no numbers is not numeric, and its margins are infinite."""
    (margin,) = margins_of([trial_of("mistake", "raises", check=[None])])
    assert not margin.is_numeric
    assert margin.above == math.inf


def test_redundant_checks_are_found() -> None:
    """A check is needed if it alone catches some mistake; items of a parameter count as one."""
    of_one: dict[str, list[float | None]] = {"test_c[0]": [0.0]}
    of_three: dict[str, list[float | None]] = {"test_c[0]": [50.0], "test_c[1]": [50.0]}
    margins = margins_of(
        [
            trial_of("mistake", "one", test_a=[50.0], test_b=[50.0], **of_one),
            trial_of("mistake", "two", test_a=[50.0], test_b=[0.0]),
            trial_of("mistake", "three", **of_three),
        ]
    )
    assert redundant(margins) == [("slope", "test_b")]


@pytest.mark.parametrize(("sure", "is_covered"), [(50.0, True), (5.0, False), (0.1, False)])
def test_a_draw_must_be_covered(sure: float, *, is_covered: bool) -> None:
    """A mistake may fail by the draw where another check catches it by far, with every seed."""
    trial = trial_of("mistake", "draw", test_a=[0.5, 3.0], test_b=[sure, sure])
    assert (not uncovered_draws(margins_of([trial]))) is is_covered


def test_an_exception_covers_a_draw() -> None:
    """There is nothing near a limit about an answer that is none."""
    trial = trial_of("mistake", "draw", test_a=[0.5, 3.0], test_b=[None, None])
    assert not uncovered_draws(margins_of([trial]))


@pytest.mark.parametrize(
    ("value", "text"), [(math.inf, "-"), (12.345, "12.3"), (0.25, "0.25"), (4.2e7, "10^7")]
)
def test_factors_are_short(value: float, text: str) -> None:
    """A table has room for a few digits, and nobody needs more."""
    assert factor(value) == text


def test_words_of_a_check() -> None:
    """A check's name reads as words."""
    assert words("test_few_nodes[two]") == "few nodes[two]"


def test_a_pure_function_is_remembered_within() -> None:
    """Equal arguments are computed once, arrays by their values; outside nothing is kept."""
    calls: list[object] = []

    @remembered
    def count(x: object, y: object = 0) -> int:
        calls.append((x, y))
        return len(calls)

    with remembering():
        assert count(np.array([1.0, 2.0])) == count(np.array([1.0, 2.0])) == 1
        assert count([1, (2.0, 3)]) == count([1, (2.0, 3)]) == 2
        assert count(1) == 3
        assert count(1.0) == 4  # an integer is another input than a float
        assert count(np.array([1, 2])) == 5
        assert count({}) == 6  # cannot be remembered
        assert count({}) == 7
        assert count(1, y=2) == 8
    assert count(1) == 9
    assert count(1) == 10

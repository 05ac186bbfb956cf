"""Orders of convergence are measured as the field knows them, and a wrong one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from numgrade.convergence import assert_convergence_order, simple_root

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = (1 + 5**0.5) / 2
ROOT = 2**0.5


def newton(steps: int, slope: Callable[[float], float] = lambda x: 2 * x) -> float:
    """Return the root of 2 after some steps from 1.6 on."""
    x = 1.6
    for _ in range(steps):
        x -= (x**2 - 2) / slope(x)
    return x


def secant(steps: int) -> float:
    """Return the root of 2 after some steps from 2 and 1.9 on."""
    x, y = 2.0, 1.9
    for _ in range(steps):
        x, y = y, y - (y**2 - 2) * (y - x) / (y**2 - x**2)
    return y


def test_known_orders_hold() -> None:
    """Newton's method is of order 2, the secant method of the golden ratio, the chord's of 1."""
    assert_convergence_order(newton, ROOT, at_least=1.95, iterations=range(5))
    assert_convergence_order(secant, ROOT, at_least=GOLDEN - 0.05, iterations=range(1, 6))
    chord = lambda k: newton(k, lambda _: 3.2)  # noqa: E731 - the slope of the start
    assert_convergence_order(chord, ROOT, at_least=0.98, iterations=range(3, 9))


@pytest.mark.parametrize(
    ("iterate", "measured"),
    [
        (lambda k: newton(k, lambda _: 3.2), r"order 0\.9"),
        (lambda k: ROOT + 0.5**k, r"order 1\.0"),
        (lambda _: 1.5, r"order 0\.0"),
        (lambda k: ROOT + 2.0**k, r"order 0\.0"),
        (lambda k: ROOT + (-1) ** k * 0.1, r"order 0\.0"),
    ],
)
def test_slower_ones_fail(iterate: Callable[[int], float], measured: str) -> None:
    """A chord, a halving, a standstill, a divergence and a swing have a lower order."""
    with pytest.raises(AssertionError, match=measured):
        assert_convergence_order(iterate, ROOT, at_least=1.5, iterations=range(6))


def test_who_has_arrived_is_of_every_order() -> None:
    """A method that is exact at once has no errors left to be measured."""
    assert_convergence_order(lambda _: ROOT, ROOT, at_least=3, iterations=range(4))
    assert_convergence_order(
        lambda k: [1.5, ROOT][min(k, 1)], ROOT, at_least=3, iterations=range(4)
    )


def test_errors_after_arrival_count_for_nothing() -> None:
    """At the round-off floor errors stop falling, which is no fault of the method."""
    assert_convergence_order(newton, ROOT, at_least=1.9, iterations=range(12))


def test_arrays_and_wrong_answers() -> None:
    """The largest error of an array counts; None and NaN fail with their own messages."""
    both = lambda k: np.array([newton(k), secant(k + 1)])  # noqa: E731 - two roots at once
    assert_convergence_order(both, [ROOT, ROOT], at_least=1.5, iterations=range(5))
    for answer, message in ((None, "returned None"), (np.nan, "NaN"), ([1.0], "of shape")):
        with pytest.raises(AssertionError, match=message):
            assert_convergence_order([answer].__getitem__, ROOT, at_least=1, iterations=[0] * 3)


def test_the_band_of_a_root_is_its_condition() -> None:
    """A flat function moves its root by more: the band grows as 1 / f'."""
    steep, flat = simple_root(4.0, 2.8, ROOT), simple_root(4.0, 2.8e-3, ROOT)
    moved = max(abs(newton(k) - ROOT) for k in range(5, 20))
    assert 0 < moved <= steep.allowed < 1e-13
    assert flat.allowed > 100 * steep.allowed

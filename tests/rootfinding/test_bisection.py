"""Hidden checks of `bisection`.

The exercise says how often to halve and what to return, so right answers differ by rounding alone.
"""

import numpy as np
import pytest

from numgrade.assertions import assert_close
from numgrade.tolerance import Band, round_off

ROUNDINGS = 4  # of a middle, whatever way it is computed

# Each has one root between 1 and 3, for every s between 1.3 and 1.6, at s or next to it.
FUNCTIONS = {
    "rising": lambda s: lambda x: x**3 - s**3,
    "falling": lambda s: lambda x: np.cos(x - s + np.pi / 2),
    "exponential": lambda s: lambda x: np.exp(x) - np.exp(s),
}


def draw_root(rng):
    """Return a root that is no binary fraction of the interval."""
    return rng.uniform(1.3, 1.6)


@pytest.mark.points(1.5)
@pytest.mark.parametrize("family", FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, family):
    """The middle of the interval that is left comes out, for rising and falling functions."""
    f = family(draw_root(rng))
    a, b = rng.uniform(0.9, 1.0), rng.uniform(2.4, 2.6)
    n = int(rng.integers(6, 9))
    expected = reference.bisection(f, a, b, n)
    assert_close(student.bisection(f, a, b, n), expected, round_off(b, ROUNDINGS))


@pytest.mark.points(0.5)
def test_root_near_the_right_end(student, reference, rng):
    """The root may lie at either end of the interval, and the interval left of zero."""
    s = draw_root(rng)
    a, b = -s - rng.uniform(1.5, 1.7), -s + rng.uniform(0.05, 0.06)
    for n in (2, 5):
        expected = reference.bisection(lambda x: x + s, a, b, n)
        answer = student.bisection(lambda x: x + s, a, b, n)
        assert_close(answer, expected, round_off(a, ROUNDINGS))


@pytest.mark.points(0.5)
def test_default_iterations(student, reference, rng):
    """Without a number of iterations the interval is halved twenty times."""
    s = draw_root(rng)
    expected = reference.bisection(lambda x: x - s, 1.0, 2.0)
    answer = student.bisection(lambda x: x - s, 1.0, 2.0)
    assert_close(answer, expected, round_off(2.0, ROUNDINGS))


@pytest.mark.points(0.5)
def test_no_halving(student, rng):
    """Without any halving the answer is the middle of the interval."""
    a, b = rng.uniform(0.9, 1.0), rng.uniform(2.4, 2.6)
    s = draw_root(rng)
    answer = student.bisection(lambda x: x - s, a, b, 0)
    assert_close(answer, (a + b) / 2, round_off(b, ROUNDINGS))


@pytest.mark.points(0.5)
def test_root_in_the_middle(student):
    """A middle that is the root itself is found, and not lost again."""
    n = 12
    band = Band(2.0 / 2**n, "After n halvings the root is no further than (b - a) / 2^n away.")
    answer = student.bisection(lambda x: 3.0 * x - 6.0, 1.0, 3.0, n)
    assert_close(answer, 2.0, band)


@pytest.mark.points(0.5)
def test_whole_bounds(student, reference, rng):
    """Bounds may be whole numbers."""
    s = draw_root(rng)
    expected = reference.bisection(lambda x: x**2 - s**2, 1, 2, 6)
    answer = student.bisection(lambda x: x**2 - s**2, 1, 2, 6)
    assert_close(answer, expected, round_off(2.0, ROUNDINGS))

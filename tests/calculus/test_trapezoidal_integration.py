"""Hidden checks of `trapezoidal_integration`.

n read as the number of sample points (n - 1 panels) and n read as the number of panels are both
fair. The checks about signs and kinds of numbers allow a rule of first order: a slip that is a
matter of accuracy costs the points for accuracy, once.
"""

import numpy as np
import pytest

from numgrade.assertions import assert_close, assert_close_to_one, assert_order
from numgrade.tolerance import composite_rectangle, composite_trapezoid, sum_round_off

# Midpoints lie 1.5 bands from trapezoids, Simpson's rule 1: test_few_nodes tells them apart.
SAFETY = 3

# Slips of accuracy, such as a sum divided by n in place of n - 1 or without its last panel, lie at
# most 3 rectangles' bands away; twice the integral, or nodes cut to integers, at least 45. Straight
# lines let a single trapezoid pass as well: what it loses, it loses for accuracy.
SAFETY_OF_SIGNS, NODES_OF_SIGNS = 4, 100

# Positive and monotone where bounds are drawn, with f'' no larger than f and f'. No integral comes
# near that of x**2 over the same bounds, which is the answer of some whatever f is.
FUNCTIONS = {
    "exponential": lambda x: 2 * np.exp(x / 2),
    "root": lambda x: 2 * np.sqrt(1 + 2 * x),
    "parabola": lambda x: x**2 + 2 * x + 1,
    "reciprocal": lambda x: 9 / (2 + x),
}


def draw_bounds(rng):
    """Return bounds a < b; neither is 0, and b - a is not 1."""
    a = rng.uniform(0.3, 0.7)
    return a, a + rng.uniform(1.1, 1.4)


@pytest.mark.points(2)
@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, f):
    """The integral of a smooth function comes out right."""
    a, b = draw_bounds(rng)
    n = int(rng.integers(90, 100))
    expected = reference.trapezoidal_integration(f, a, b, n)
    band = composite_trapezoid(f, a, b, n - 1)
    assert_close(student.trapezoidal_integration(f, a, b, n), expected, band, safety=SAFETY)


@pytest.mark.points(0.25)
def test_default_n(student, reference, rng):
    """Without n the integral is as accurate as with 1000 sample points."""
    a, b = draw_bounds(rng)
    expected = reference.trapezoidal_integration(np.exp, a, b)
    band = composite_trapezoid(np.exp, a, b, 999)
    assert_close(student.trapezoidal_integration(np.exp, a, b), expected, band, safety=SAFETY)


@pytest.mark.points(0.5)
def test_few_nodes(student, reference, rng):
    """A handful of nodes shows that the rule is the trapezoidal one."""
    a, b = draw_bounds(rng)
    by_points = {n: reference.trapezoidal_integration(np.exp, a, b, n) for n in range(2, 8)}
    band = sum_round_off(np.exp, a, b, 6)
    for n in range(2, 7):
        answer = student.trapezoidal_integration(np.exp, a, b, n)
        assert_close_to_one(answer, [by_points[n], by_points[n + 1]], band)


@pytest.mark.points(0.5)
def test_uses_n(student, rng):
    """Twice as many sample points at least halve the error."""

    def f(x):
        return np.sqrt(x)

    a, b = draw_bounds(rng)
    exact = 2 / 3 * (b**1.5 - a**1.5)
    assert_order(
        lambda h: student.trapezoidal_integration(f, a, b, round((b - a) / h)),
        exact,
        at_least=1,
        steps=(b - a) / np.array([8, 16, 32]),
    )


@pytest.mark.points(0.5)
def test_reversed_bounds(student, reference, rng):
    """From a bound down to a lower one the integral changes its sign; bounds may be negative."""

    def f(x):
        return x + 0.8

    a, b = rng.uniform(0.1, 0.3), rng.uniform(0.8, 1.0)
    arguments = b, -a, NODES_OF_SIGNS
    expected = reference.trapezoidal_integration(f, *arguments)
    band = composite_rectangle(f, *arguments)
    answer = student.trapezoidal_integration(f, *arguments)
    assert_close(answer, expected, band, safety=SAFETY_OF_SIGNS)


@pytest.mark.points(0.25)
def test_integer_bounds(student, reference, rng):
    """Bounds may be whole numbers."""

    def f(x):
        return 5 - x

    a = int(rng.integers(1, 3))
    arguments = a, a + 2, NODES_OF_SIGNS
    expected = reference.trapezoidal_integration(f, *arguments)
    band = composite_rectangle(f, *arguments)
    answer = student.trapezoidal_integration(f, *arguments)
    assert_close(answer, expected, band, safety=SAFETY_OF_SIGNS)

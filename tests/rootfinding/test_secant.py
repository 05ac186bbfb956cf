"""Hidden checks of `secant`: a given number of steps has one result, but for rounding."""

import numpy as np
import pytest

from numgrade.assertions import assert_close
from numgrade.convergence import assert_convergence_order, simple_root
from numgrade.tolerance import round_off

# f and its derivative at the root s, with the sum of the terms of f there.
FUNCTIONS = {
    "square": (lambda s: lambda x: x**2 - s**2, lambda s: 2 * s, lambda s: 2 * s**2),
    "cubic": (lambda s: lambda x: x**3 - s**3, lambda s: 3 * s**2, lambda s: 2 * s**3),
    "exponential": (lambda s: lambda x: np.exp(x) - np.exp(s), np.exp, lambda s: 2 * np.exp(s)),
}


def draw_root(rng):
    """Return a root of all these functions."""
    return rng.uniform(1.3, 1.6)


@pytest.mark.points(1.5)
@pytest.mark.parametrize("family", FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, family):
    """Each step leads to where the line through the last two points is zero."""
    s = draw_root(rng)
    f, slope, terms = (each(s) for each in family)
    starts = s + rng.uniform(0.6, 0.7), s + rng.uniform(0.3, 0.4)
    band = simple_root(terms, slope, s)
    for n in (1, 3):
        assert_close(student.secant(f, *starts, n), reference.secant(f, *starts, n), band)


@pytest.mark.points(1)
def test_is_of_higher_order(student, rng):
    """The number of right digits grows by more than half with each step."""
    s = draw_root(rng)
    assert_convergence_order(
        lambda k: student.secant(lambda x: x**2 - s**2, s + 0.6, s + 0.5, k),
        exact=s,
        at_least=1.55,
        iterations=range(1, 6),
    )


@pytest.mark.points(0.5)
def test_default_iterations(student, reference, rng):
    """Without a number of iterations five steps are made."""
    s, far = draw_root(rng), rng.uniform(80, 90)

    def f(x):
        return x**2 - s**2

    band = simple_root(2 * s**2, 2 * s, far)
    assert_close(student.secant(f, far, far - 20), reference.secant(f, far, far - 20), band)


@pytest.mark.points(0.5)
def test_stops_at_the_root(student, rng):
    """Where two values of f are equal there is no next step: the last point is the answer."""
    # Plain numbers, which cannot be divided by zero, and eighths: a step leads exactly to the root.
    root = round(8 * float(draw_root(rng))) / 8
    answer = student.secant(lambda x: 2 * (x - root), root + 2.0, root + 1.0, 4)
    assert_close(answer, root, round_off(root, 16))


@pytest.mark.points(0.5)
def test_no_steps(student, rng):
    """Without any step the answer is the second of the points where one started."""
    s = draw_root(rng)
    answer = student.secant(lambda x: x**2 - s**2, s + 0.7, s + 0.4, 0)
    assert_close(answer, s + 0.4, round_off(s, 16))

"""Hidden checks of `newton`: a given number of steps has one result, but for rounding."""

import numpy as np
import pytest

from numgrade.assertions import assert_close
from numgrade.convergence import assert_convergence_order, simple_root

# f, f' and the sum of the terms of f at its root s.
FUNCTIONS = {
    "square": (lambda s: lambda x: x**2 - s**2, lambda _: lambda x: 2 * x, lambda s: 2 * s**2),
    "cubic": (lambda s: lambda x: x**3 - s**3, lambda _: lambda x: 3 * x**2, lambda s: 2 * s**3),
    "exponential": (
        lambda s: lambda x: np.exp(x) - np.exp(s),
        lambda _: np.exp,
        lambda s: 2 * np.exp(s),
    ),
}


def draw_root(rng):
    """Return a root of all these functions."""
    return rng.uniform(1.3, 1.6)


@pytest.mark.points(1.5)
@pytest.mark.parametrize("family", FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, family):
    """Each step leads to where the tangent is zero."""
    s = draw_root(rng)
    f, df, terms = (each(s) for each in family)
    x0 = s + rng.uniform(0.5, 0.7)
    for n in (1, 3):
        expected = reference.newton(f, df, x0, n)
        assert_close(student.newton(f, df, x0, n), expected, simple_root(terms, df(s), s))


@pytest.mark.points(1)
def test_is_of_second_order(student, rng):
    """The number of right digits doubles with each step."""
    s = draw_root(rng)
    assert_convergence_order(
        lambda k: student.newton(lambda x: x**2 - s**2, lambda x: 2 * x, s + 0.2, k),
        exact=s,
        at_least=1.9,
        iterations=range(5),
    )


@pytest.mark.points(0.5)
def test_default_iterations(student, reference, rng):
    """Without a number of iterations five steps are made."""
    s, x0 = draw_root(rng), rng.uniform(80, 90)

    def f(x):
        return x**2 - s**2

    def df(x):
        return 2 * x

    band = simple_root(2 * s**2, 2 * s, s)
    assert_close(student.newton(f, df, x0), reference.newton(f, df, x0), band)


@pytest.mark.points(0.5)
def test_no_steps(student, rng):
    """Without any step the answer is where one started."""
    s = draw_root(rng)
    answer = student.newton(lambda x: x**2 - s**2, lambda x: 2 * x, s + 0.5, 0)
    assert_close(answer, s + 0.5, simple_root(0.0, 1.0, s))


@pytest.mark.points(0.5)
def test_whole_start(student, reference, rng):
    """The start may be a whole number, and the root negative."""
    s = draw_root(rng)

    def f(x):
        return (x + s) * (x - 4)

    def df(x):
        return 2 * x + s - 4

    expected = reference.newton(f, df, -3, 2)
    band = simple_root(4 * s + 8, df(-s), s)
    assert_close(student.newton(f, df, -3, 2), expected, band)

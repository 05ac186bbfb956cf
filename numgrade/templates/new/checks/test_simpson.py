"""Hidden checks of the grade cell `simpson`: plain pytest, with points.

`student` calls the student's function, `reference` is reference/ASSIGNMENT_NAME.py, and `rng` is seeded
for each student and check. The first line of a docstring is what the student reads.
"""

import numpy as np
import pytest

from numgrade.assertions import assert_close, assert_order
from numgrade.tolerance import sum_round_off

FUNCTIONS = {
    "exponential": lambda x: 2 * np.exp(x),
    "root": lambda x: 3 * np.sqrt(x),
    "reciprocal": lambda x: 2 / x,
}


def draw_bounds(rng):
    """Return bounds a < b, neither of them 0."""
    a = rng.uniform(0.3, 0.7)
    return a, a + rng.uniform(1.1, 1.4)


@pytest.mark.points(2)
@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, f):
    """The integral of a smooth function comes out right."""
    a, b = draw_bounds(rng)
    n = 8
    # All right solutions add up the same numbers: they differ by round-off alone.
    band = sum_round_off(f, a, b, n)
    assert_close(student.simpson(f, a, b, n), reference.simpson(f, a, b, n), band)


@pytest.mark.points(1)
def test_is_of_fourth_order(student, rng):
    """Half the panels' width, a sixteenth of the error."""
    a, b = draw_bounds(rng)
    assert_order(
        lambda h: student.simpson(np.exp, a, b, round((b - a) / h)),
        exact=np.exp(b) - np.exp(a),
        at_least=4,
        steps=(b - a) / np.array([8, 16, 32]),
    )


@pytest.mark.points(0.5)
def test_reversed_bounds(student, reference, rng):
    """From a bound down to a lower one the integral changes its sign."""
    a, b = draw_bounds(rng)
    band = sum_round_off(np.exp, b, a, 4)
    assert_close(student.simpson(np.exp, b, a, 4), reference.simpson(np.exp, b, a, 4), band)


@pytest.mark.points(0.5)
def test_default_n(student, reference, rng):
    """Without n there are ten panels."""
    a, b = draw_bounds(rng)
    band = sum_round_off(np.exp, a, b, 10)
    assert_close(student.simpson(np.exp, a, b), reference.simpson(np.exp, a, b), band)

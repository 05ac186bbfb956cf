import numpy as np
import pytest

from numgrade.assertions import STEPS, assert_close, assert_order, assert_unchanged
from numgrade.tolerance import forward_gradient

H = 1e-5  # the exercise's default step
SHORT = 1e-5  # a function that varies over so short a length shows any step of the student's own

# Every coordinate matters in its own way; points are drawn from (0.5, 1.2), where no gradient has
# the length 1 or is one of whole numbers.
FUNCTIONS = {
    "quadratic": (2, lambda x: 0.2 * x[0] ** 2 + 0.3 * x[0] * x[1] + 3 * x[1] ** 2),
    "product": (2, lambda x: 3 * np.sin(x[0]) * np.exp(x[1])),
    "logarithm": (3, lambda x: 2.5 * np.log(x[0] + 2 * x[1] + 3 * x[2])),
    "rational": (4, lambda x: 2 * x[0] * x[1] ** 2 + 3 * x[2] / (1 + x[3])),
}


def weighted_sines(x):
    """Return a function of any number of coordinates, each with a weight of its own."""
    return np.dot(np.arange(1, len(x) + 1), np.sin(x))


@pytest.mark.points(2)
@pytest.mark.parametrize(("n", "f"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, n, f):
    """The gradient of a smooth function comes out right."""
    x = rng.uniform(0.5, 1.2, size=n)
    expected = reference.numerical_gradient(f, x)
    assert_close(student.numerical_gradient(f, x), expected, forward_gradient(f, x, H))


@pytest.mark.points(0.75)
def test_works_in_1_to_6_dimensions(student, reference, rng):
    """There is one component for each coordinate, however many there are."""
    for n in (1, 3, 6):
        x = rng.uniform(0.5, 1.2, size=n)
        expected = reference.numerical_gradient(weighted_sines, x)
        band = forward_gradient(weighted_sines, x, H)
        assert_close(student.numerical_gradient(weighted_sines, x), expected, band)


@pytest.mark.points(0.75)
def test_converges_with_h(student, rng):
    """Halving h at least halves the error: the step is the one that the caller asks for."""

    def f(x):
        return np.exp(x[0] / SHORT) + 2 * np.exp(x[1] / SHORT / 2)

    x = SHORT * rng.uniform(0.5, 1.2, size=2)
    exact = np.exp(x / SHORT / [1, 2]) / SHORT
    steps = SHORT * np.array(STEPS)
    assert_order(lambda h: student.numerical_gradient(f, x, h), exact, at_least=1, steps=steps)


@pytest.mark.points(0.25)
def test_works_on_integers(student, reference, rng):
    """A point of whole numbers has a gradient that is not of whole numbers."""
    x = rng.integers(1, 5, size=3)
    expected = reference.numerical_gradient(weighted_sines, x)
    band = forward_gradient(weighted_sines, x, H)
    assert_close(student.numerical_gradient(weighted_sines, x), expected, band)


@pytest.mark.points(0.25)
def test_leaves_x_unchanged(student, reference, rng):
    """The gradient is right, and the point is as it was."""
    x = rng.uniform(0.5, 1.2, size=3)
    gradient = student.numerical_gradient(weighted_sines, x)
    expected = reference.numerical_gradient(weighted_sines, x)
    assert_close(gradient, expected, forward_gradient(weighted_sines, x, H))
    assert_unchanged(x, student.last_call.arguments_after[1], name="x")

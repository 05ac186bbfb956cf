import numpy as np
import pytest

from numgrade.assertions import STEPS, assert_close, assert_order, assert_unchanged
from numgrade.tolerance import forward_gradient

H = 1e-5  # the exercise's default step
SHORT = 1e-5  # a function that varies over so short a length shows any step of the student's own

# Every coordinate matters in its own way; points are drawn from (0.5, 1.2), where first and second
# derivatives along the first coordinate stay apart.
FUNCTIONS = {
    "quadratic": (2, lambda x: x[0] ** 2 / 4 + 6 * x[0] * x[1] + 6 * x[1] ** 2),
    "product": (2, lambda x: np.exp(x[0] / 2) * np.cos(x[1])),
    "root": (3, lambda x: np.sqrt(x[0] + 3 * x[1] * x[2])),
}


def weighted_exponentials(x):
    """Return a function of any number of coordinates, each with a weight of its own."""
    return 3 * np.dot(2.0 ** np.arange(len(x)), np.exp(np.divide(x, 2)))


@pytest.mark.points(1.5)
@pytest.mark.parametrize(("n", "f"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, n, f):
    """Each partial derivative of a smooth function comes out right."""
    x = rng.uniform(0.5, 1.2, size=n)
    band = forward_gradient(f, x, H)
    for i in range(n):
        expected = reference.partial_derivative(f, x, i)
        assert_close(student.partial_derivative(f, x, i), expected, band)


@pytest.mark.points(0.5)
def test_uses_i(student, reference, rng):
    """Coordinates are counted from 0, in 1 to 6 dimensions."""
    f = weighted_exponentials
    for n, i in ((1, 0), (5, int(rng.integers(1, 4))), (6, 5)):
        x = rng.uniform(0.5, 1.2, size=n)
        expected = reference.partial_derivative(f, x, i)
        assert_close(student.partial_derivative(f, x, i), expected, forward_gradient(f, x, H))


@pytest.mark.points(0.5)
def test_converges_with_h(student, rng):
    """Halving h at least halves the error: the step is the one that the caller asks for."""

    def f(x):
        return np.exp((x[0] / 2 + x[1]) / SHORT)

    x = SHORT * rng.uniform(0.5, 1.2, size=2)
    exact = f(x) / SHORT
    steps = SHORT * np.array(STEPS)
    assert_order(lambda h: student.partial_derivative(f, x, 1, h), exact, at_least=1, steps=steps)


@pytest.mark.points(0.25)
def test_works_on_integers(student, reference, rng):
    """A point of whole numbers has partial derivatives that are not whole numbers."""
    f = weighted_exponentials
    x = rng.integers(1, 5, size=3)
    expected = reference.partial_derivative(f, x, 1)
    assert_close(student.partial_derivative(f, x, 1), expected, forward_gradient(f, x, H))


@pytest.mark.points(0.25)
def test_leaves_x_unchanged(student, reference, rng):
    """The partial derivative is right, and the point is as it was."""
    f = weighted_exponentials
    x = rng.uniform(0.5, 1.2, size=3)
    slope = student.partial_derivative(f, x, 2)
    assert_close(slope, reference.partial_derivative(f, x, 2), forward_gradient(f, x, H))
    assert_unchanged(x, student.last_call.arguments_after[1], name="x")

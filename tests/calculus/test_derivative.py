import numpy as np
import pytest

from numgrade.assertions import assert_close, assert_order, assert_unchanged
from numgrade.tolerance import forward_difference

H = 1e-5  # the exercise's default step
SHORT = 1e-5  # a function that varies over so short a length shows any step of the student's own

# Where x is drawn each slope stays away from whole numbers, 0 among them, and f'' is of its size.
FUNCTIONS = {
    "cubic": lambda x: x**3 / 10 + x / 10,
    "sine": lambda x: 1.5 * np.sin(x / 2),
    "decay": lambda x: np.exp(-x / 2),
    "rational": lambda x: 1 / (1 + x**2),
}


@pytest.mark.points(2)
@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_agrees_with_the_reference(student, reference, rng, f):
    """The slope of a smooth function comes out right."""
    x = rng.uniform(0.5, 1.5)
    assert_close(student.derivative(f, x), reference.derivative(f, x), forward_difference(f, x, H))


@pytest.mark.points(0.75)
def test_is_second_order(student, rng):
    """Halving h quarters the error of a central difference."""
    x = rng.uniform(0.5, 1.5)
    assert_order(lambda h: student.derivative(np.exp, x, h), exact=np.exp(x), at_least=2)


@pytest.mark.points(0.25)
def test_uses_h(student, rng):
    """The step h is the one that the caller asks for."""

    def f(x):
        return np.exp(x / SHORT)

    x = SHORT * rng.uniform(0.5, 1.5)
    steps = SHORT * np.array([2**-6, 2**-7])
    exact = np.exp(x / SHORT) / SHORT
    assert_order(lambda h: student.derivative(f, x, h), exact, at_least=1, steps=steps)


@pytest.mark.points(0.5)
def test_works_on_arrays(student, reference, rng):
    """An array of points gives an array of slopes, of the same shape."""
    f = FUNCTIONS["sine"]
    x = rng.uniform(0.5, 1.5, size=(2, 3))
    assert_close(student.derivative(f, x), reference.derivative(f, x), forward_difference(f, x, H))


@pytest.mark.points(0.25)
def test_works_on_integers(student, reference, rng):
    """A whole number, and an array of whole numbers, are points like others."""
    f = FUNCTIONS["cubic"]
    for x in (int(rng.integers(1, 4)), rng.integers(1, 4, size=3)):
        band = forward_difference(f, x, H)
        assert_close(student.derivative(f, x), reference.derivative(f, x), band)


@pytest.mark.points(0.25)
def test_leaves_x_unchanged(student, reference, rng):
    """The slopes are right, and the array of points is as it was."""
    f = FUNCTIONS["decay"]
    x = rng.uniform(0.5, 1.5, size=3)
    slopes = student.derivative(f, x)
    assert_close(slopes, reference.derivative(f, x), forward_difference(f, x, H))
    assert_unchanged(x, student.last_call.arguments_after[1], name="x")

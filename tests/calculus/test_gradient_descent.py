from typing import NamedTuple

import numpy as np
import pytest

from numgrade.assertions import assert_close, assert_unchanged
from numgrade.tolerance import fixed_step_descent

RATE = 0.01  # the exercise's default learning rate


class Bowl:
    """The quadratic f(x) = (x - m)' H (x - m) / 2, with its minimum m and its Hessian H."""

    def __init__(self, hessian, minimum):
        self.hessian = np.asarray(hessian)
        self.minimum = np.asarray(minimum)

    def f(self, x):
        """Return the height at x."""
        return (x - self.minimum) @ self.hessian @ (x - self.minimum) / 2

    def grad_f(self, x):
        """Return the gradient at x."""
        return self.hessian @ (x - self.minimum)

    def assert_exact(self, answer, start, rate, iterations):
        """Assert that descent has ended at m + (I - rate H)^iterations (start - m)."""
        contraction = np.eye(len(self.minimum)) - rate * self.hessian
        rest = np.linalg.matrix_power(contraction, iterations) @ (start - self.minimum)
        scale = np.concatenate([start, self.minimum])
        band = fixed_step_descent(np.linalg.eigvalsh(self.hessian), rate, iterations, scale)
        assert_close(answer, self.minimum + rest, band)


class Problem(NamedTuple):
    """A convex function of n coordinates, its gradient and a bound of its curvature."""

    f: object
    grad_f: object
    n: int
    curvature: float


PARABOLA = Bowl([[8.0]], [-1.0])
ELLIPSE = Bowl(np.diag([2.0, 12.0]), [1.0, -2.0])
COUPLED = Bowl([[6.0, 2.0, 0.0], [2.0, 5.0, 1.0], [0.0, 1.0, 4.0]], [1.0, 2.0, -1.0])

# In the few steps that are taken nobody gets near a minimum: to stop early there changes nothing.
PROBLEMS = {
    "parabola": Problem(PARABOLA.f, PARABOLA.grad_f, 1, 8),
    "ellipse": Problem(ELLIPSE.f, ELLIPSE.grad_f, 2, 12),
    "coupled": Problem(COUPLED.f, COUPLED.grad_f, 3, 9),
    "log-cosh": Problem(lambda x: np.sum(9 * np.log(np.cosh(x))), lambda x: 9 * np.tanh(x), 4, 9),
}


def draw_start_and_minimum(rng):
    """Return two points in the plane, some way apart."""
    return rng.uniform(4, 6, size=2), rng.uniform(1, 2, size=2)


@pytest.mark.points(2)
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_agrees_with_the_reference(student, reference, rng, problem):
    """Descent ends where steps against the gradient lead."""
    start, iterations = rng.uniform(4, 6, size=problem.n), int(rng.integers(6, 12))
    arguments = problem.f, problem.grad_f, start, RATE, iterations
    expected = reference.gradient_descent(*arguments)
    band = fixed_step_descent([0, problem.curvature], RATE, iterations, start)
    assert_close(student.gradient_descent(*arguments), expected, band)


@pytest.mark.points(0.25)
def test_one_step(student, rng):
    """One step goes against the gradient, by learning_rate times the gradient."""
    start, minimum = draw_start_and_minimum(rng)
    bowl, rate = Bowl(np.diag([3.0, 2.0]), minimum), rng.uniform(0.05, 0.2)
    answer = student.gradient_descent(bowl.f, bowl.grad_f, start, rate, 1)
    bowl.assert_exact(answer, start, rate, 1)


@pytest.mark.points(0.25)
def test_narrow_valley(student, rng):
    """Where one direction is much steeper than the other, a fixed step jumps across the valley."""
    start, minimum = draw_start_and_minimum(rng)
    bowl = Bowl(np.diag([1.0, 15.0]), minimum)
    rate, iterations = rng.uniform(0.1, 0.12), int(rng.integers(5, 10))
    answer = student.gradient_descent(bowl.f, bowl.grad_f, start, rate, iterations)
    bowl.assert_exact(answer, start, rate, iterations)


@pytest.mark.points(0.25)
def test_defaults(student, rng):
    """Without learning_rate and iterations, 100 steps are taken with a rate of 0.01."""
    start, minimum = draw_start_and_minimum(rng)
    bowl = Bowl(np.diag([1.0, 0.5]), minimum)
    answer = student.gradient_descent(bowl.f, bowl.grad_f, start)
    bowl.assert_exact(answer, start, RATE, 100)


@pytest.mark.points(0.25)
def test_uses_learning_rate_and_iterations(student, rng):
    """Another learning rate, or another number of steps, leads to another place."""
    start, minimum = draw_start_and_minimum(rng)
    bowl = Bowl(np.diag([2.0, 3.0]), minimum)
    for rate, iterations in ((0.002, 3), (0.05, 3), (0.002, 8)):
        answer = student.gradient_descent(bowl.f, bowl.grad_f, start, rate, iterations)
        bowl.assert_exact(answer, start, rate, iterations)


@pytest.mark.points(0.5)
def test_float_start(student, reference, rng):
    """The start may be a plain number; then the answer is one, too."""
    start, minimum, iterations = rng.uniform(4, 6), rng.uniform(1, 2), int(rng.integers(5, 10))

    def f(x):
        return 3 * (x - minimum) ** 2

    def grad_f(x):
        return 6 * (x - minimum)

    expected = reference.gradient_descent(f, grad_f, start, RATE, iterations)
    band = fixed_step_descent(6, RATE, iterations, start)
    assert_close(student.gradient_descent(f, grad_f, start, RATE, iterations), expected, band)


@pytest.mark.points(0.25)
def test_integer_start(student, rng):
    """From a start of whole numbers descent leads to places between them."""
    _, minimum = draw_start_and_minimum(rng)
    bowl, start = Bowl(np.diag([3.0, 2.0]), minimum), rng.integers(4, 7, size=2)
    answer = student.gradient_descent(bowl.f, bowl.grad_f, start, RATE, 6)
    bowl.assert_exact(answer, start, RATE, 6)


@pytest.mark.points(0.25)
def test_leaves_x0_unchanged(student, rng):
    """The answer is right, and the start is as it was."""
    start, minimum = draw_start_and_minimum(rng)
    bowl = Bowl(np.diag([3.0, 2.0]), minimum)
    answer = student.gradient_descent(bowl.f, bowl.grad_f, start, RATE, 6)
    bowl.assert_exact(answer, start, RATE, 6)
    assert_unchanged(start, student.last_call.arguments_after[2], name="x0")

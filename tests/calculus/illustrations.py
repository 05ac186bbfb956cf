"""Pictures on feedback pages, on public inputs: each function's first sentence stands below it."""

import numpy as np

from numgrade.illustrations import illustrates
from numgrade.plots import area_plot, descent_plot, error_plot

STEPS = (1e-1, 1e-2, 1e-3, 1e-5, 1e-8, 1e-11)
FEW_STEPS = (1e-1, 1e-2, 1e-3, 1e-8)  # each is a round trip to the student's process
POINT = np.array([1.0, 2.0])
SLOPES_AT_POINT = np.array([4 * np.e, 4 * np.e])
BOUNDS, NODES = (0.0, 2.0), 5
CURVATURES, MINIMUM = np.array([1.0, 6.0]), np.array([0.0, 0.0])
START, RATE, ITERATIONS = np.array([4.0, 1.5]), 0.25, 10


@illustrates("derivative")
def error_of_the_derivative(student, reference):
    """Error of your derivative of exp at x = 1, against the step h."""
    return error_plot(
        lambda h: student.derivative(np.exp, 1.0, h),
        lambda h: reference.derivative(np.exp, 1.0, h),
        exact=np.e,
        steps=STEPS,
    )


def surface(x):
    """Return the height of a surface with curved sides."""
    return np.exp(x[0]) * x[1] ** 2


@illustrates("numerical_gradient")
def error_of_the_gradient(student, reference):
    """Largest error in your gradient of exp(x₀) x₁² at (1, 2), against the step h."""
    return error_plot(
        lambda h: student.numerical_gradient(surface, POINT, h),
        lambda h: reference.numerical_gradient(surface, POINT, h),
        exact=SLOPES_AT_POINT,
        steps=FEW_STEPS,
    )


@illustrates("partial_derivative")
def error_of_the_partial_derivative(student, reference):
    """Error of your derivative of exp(x₀) x₁² along x₀ at (1, 2), against the step h."""
    return error_plot(
        lambda h: student.partial_derivative(surface, POINT, 0, h),
        lambda h: reference.partial_derivative(surface, POINT, 0, h),
        exact=SLOPES_AT_POINT[0],
        steps=FEW_STEPS,
    )


@illustrates("trapezoidal_integration")
def trapezoids(student, reference):  # noqa: ARG001 - every picture is given both
    """Your integral of exp from 0 to 2, with n = 5."""
    answer = student.trapezoidal_integration(np.exp, *BOUNDS, NODES)
    return area_plot(np.exp, BOUNDS, answer=answer, call=student.last_call, exact=np.exp(2) - 1)


def bowl(x):
    """Return the height of an elongated bowl."""
    return np.sum(CURVATURES * (x - MINIMUM) ** 2) / 2


def slope_of_bowl(x):
    """Return the gradient of the bowl."""
    return CURVATURES * (x - MINIMUM)


@illustrates("gradient_descent")
def way_down(student, reference):
    """Your descent into an elongated bowl, with 10 steps and a learning rate of 0.25."""
    answer = student.gradient_descent(bowl, slope_of_bowl, START, RATE, ITERATIONS)
    exact = [
        reference.gradient_descent(bowl, slope_of_bowl, START, RATE, steps)
        for steps in range(ITERATIONS + 1)
    ]
    return descent_plot(
        minimum=tuple(MINIMUM),
        curvatures=tuple(CURVATURES),
        answer=answer,
        call=student.last_call,
        reference=exact,
    )

"""Pictures on feedback pages, on public inputs: each function's first sentence stands below it."""

from numgrade.illustrations import illustrates
from numgrade.plots import convergence_plot

ROOT = 2**0.5


def f(x):
    """Return x squared less 2."""
    return x**2 - 2


def df(x):
    """Return its derivative."""
    return 2 * x


@illustrates("bisection")
def error_of_bisection(student, reference):
    """Error of your root of x² - 2 between 1 and 2, after each number of halvings."""
    return convergence_plot(
        lambda n: student.bisection(f, 1.0, 2.0, n),
        lambda n: reference.bisection(f, 1.0, 2.0, n),
        exact=ROOT,
        iterations=(0, 2, 4, 8, 12),
    )


@illustrates("newton")
def error_of_newton(student, reference):
    """Error of your root of x² - 2 from 2 on, after each number of steps."""
    return convergence_plot(
        lambda n: student.newton(f, df, 2.0, n),
        lambda n: reference.newton(f, df, 2.0, n),
        exact=ROOT,
        iterations=range(6),
    )


@illustrates("secant")
def error_of_secant(student, reference):
    """Error of your root of x² - 2 from 1 and 2 on, after each number of steps."""
    return convergence_plot(
        lambda n: student.secant(f, 1.0, 2.0, n),
        lambda n: reference.secant(f, 1.0, 2.0, n),
        exact=ROOT,
        iterations=range(7),
    )

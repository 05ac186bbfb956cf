"""Raise what a test runner takes for success: skip, xfail, exit, an exception that hides itself.

Must be observed: an exception is no answer, whatever its class is called.
"""


# %% derivative
def named(name, *bases, **attributes):
    return type(name, bases or (BaseException,), attributes)


kinds = [
    named("Skipped"),
    named("XFailed"),
    named("Exit"),
    named("OutcomeException"),
    named("AssertionError", Exception),
    named("InfrastructureError", Exception, __module__="numgrade.errors"),
    named("CourseError", Exception, __module__="numgrade.errors"),
    SystemExit,
    GeneratorExit,
    StopIteration,
]


def derivative(f, x, h=1e-5):
    kinds.append(kinds.pop(0))
    raise kinds[-1](0)


# %% numerical_gradient
class Hostile(Exception):
    __str__ = __repr__ = __class__ = property(lambda self: os._exit(0))


def numerical_gradient(f, x, h=1e-5):
    raise Hostile


# %% gradient_descent
import unittest


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    raise unittest.SkipTest("not today")

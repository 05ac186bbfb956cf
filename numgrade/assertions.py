"""What hidden checks assert, with messages that a student can act on.

Students read these messages. They say what kind of answer came back, how large its error is
relative to the band that was allowed, and why that band is fair; they never hold an expected
value or a hidden input. An answer of a wrong kind is a failed assertion with a plain sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from numgrade.errors import CourseError
from numgrade.observation import is_within
from numgrade.tolerance import round_off

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from numgrade.tolerance import Band

    Floats: TypeAlias = NDArray[np.float64]

SAFETY = 10.0
"""By how much the error of an answer may exceed its band, unless a check says otherwise."""

STEPS = (2.0**-6, 2.0**-7, 2.0**-8, 2.0**-9)
"""Steps of a measured order, for functions that vary over lengths of about 1.

Powers of two add no round-off; truncation is far above it, the next term of the error far below.
"""

_FLOATS = frozenset({float, np.float64})
_ORDER_SLACK = 0.05  # the order of a right answer is off by a tenth of it, of a wrong one by 1
_QUOTIENT_OPERATIONS = 16  # roundings in a formula of several points, with room


def assert_close(
    actual: object,
    expected: ArrayLike,
    band: Band,
    *,
    safety: float = SAFETY,
    what: str = "The answer",
) -> None:
    """Assert that an answer lies within an error band of the expected one.

    Parameters
    ----------
    actual : object
        What the student's function returned: a number, an array, or a list of numbers.
    expected : array_like
        The right answer; `actual` must have its shape.
    band : Band
        The error that numerical analysis allows.
    safety : float
        Factor on the band.
    what : str
        What the answer is, as the first words of a message.

    Raises
    ------
    AssertionError
        If the answer is of a wrong kind or shape, holds NaN or infinity, or errs too much.
    numgrade.errors.CourseError
        If `expected` is not finite.
    """
    assert_close_to_one(actual, [expected], band, safety=safety, what=what)


def assert_close_to_one(
    actual: object,
    alternatives: Sequence[ArrayLike],
    band: Band,
    *,
    safety: float = SAFETY,
    what: str = "The answer",
) -> None:
    """Assert that an answer lies within an error band of one of several fair ones.

    Parameters
    ----------
    alternatives : sequence of array_like
        The fair answers, all of one shape: a definition that can be read in two ways has two.
    actual, band, safety, what
        As for `assert_close`.

    Raises
    ------
    AssertionError, numgrade.errors.CourseError
        As for `assert_close`.
    """
    fair = [np.asarray(alternative, dtype=float) for alternative in alternatives]
    if not all(np.isfinite(alternative).all() for alternative in fair):
        raise CourseError("a check expects an answer that is not finite: look at its inputs.")
    answer = finite_numbers(actual, fair[0].shape, what)
    error = min(_largest(answer - alternative) for alternative in fair)
    allowed = safety * band.allowed
    if is_within(error, allowed):
        return
    largest = "error" if answer.ndim == 0 else "largest error"
    raise AssertionError(
        f"{what} is not right: its {largest} is {_times(error, allowed)} what is allowed. "
        f"{band.reason} Allowed is {safety:g} times that."
    )


def assert_order(
    approximation: Callable[[float], object],
    exact: ArrayLike,
    *,
    at_least: float,
    steps: Sequence[float] = STEPS,
    scale: ArrayLike = 1.0,
) -> None:
    """Assert that the error of an approximation shrinks with a power of its step.

    The order is the slope of a line fitted to log(error) against log(step), over the steps whose
    error is above the round-off floor. An approximation that is exact but for round-off at all
    steps, or at all but one, is of every order.

    Parameters
    ----------
    approximation : callable
        Takes a step, returns an answer: ``lambda h: student.derivative(f, x, h)``.
    exact : array_like
        The limit for vanishing steps.
    at_least : float
        The order that is asked for.
    steps : sequence of float
        At least two different steps, large enough for truncation to dominate round-off.
    scale : array_like
        Magnitude of the numbers that the approximation combines; `exact` counts as well.

    Raises
    ------
    AssertionError
        If the measured order is lower, or an answer is of a wrong kind or shape, or not finite.
    """
    limit = np.asarray(exact, dtype=float)
    answers = [finite_numbers(approximation(step), limit.shape, "The answer") for step in steps]
    errors = np.array([_largest(answer - limit) for answer in answers])
    magnitude = max(_largest(scale), _largest(limit))
    floor = round_off(magnitude, _QUOTIENT_OPERATIONS).allowed / np.asarray(steps)
    visible = errors > floor
    if np.count_nonzero(visible) < 2:  # noqa: PLR2004 - a line has two points
        return
    order = slope(np.log(np.asarray(steps)[visible]), np.log(errors[visible]))
    if is_within(max(at_least - order, 0.0), _ORDER_SLACK):
        return
    advice = (
        f"It should shrink by a factor of {2**at_least:g} when the step is halved."
        if order > _ORDER_SLACK
        else "Is the step really used, and is the limit the right one?"
    )
    raise AssertionError(
        f"The error shrinks with order {max(order, 0.0):.1f} in the step; order {at_least:g} is "
        f"asked for. {advice}"
    )


def assert_shape(actual: object, shape: tuple[int, ...], *, what: str = "The answer") -> None:
    """Assert that an answer consists of real numbers and has a shape.

    Parameters
    ----------
    actual : object
        What the student's function returned.
    shape : tuple of int
        The shape that is asked for; () is a single number.
    what : str
        What the answer is, as the first words of a message.

    Raises
    ------
    AssertionError
        If it is of another kind or shape.
    """
    _of_shape(actual, shape, what)


def assert_unchanged(before: ArrayLike, after: object, *, name: str) -> None:
    """Assert that a call left an argument as it was, but for the round-off of putting it back.

    Parameters
    ----------
    before : array_like
        The argument as it was passed.
    after : object
        The same argument after the call: an item of ``student.last_call.arguments_after``.
    name : str
        What the argument is called in the exercise.

    Raises
    ------
    AssertionError
        If it has changed.
    """
    original, final = np.asarray(before, dtype=float), _real_numbers(after)
    # x + h - h may be off by the rounding of each operation, x + h - 2 h + h by one more.
    allowed = SAFETY * round_off(original, operations=3).allowed
    if original.shape == final.shape and is_within(_largest(final - original), allowed):
        return
    raise AssertionError(
        f"The function changed {name}, which belongs to its caller: work on a copy of it."
    )


def slope(x: Floats, y: Floats) -> float:
    """Return the slope of the line of least squares through points (x, y), each of shape (n,)."""
    offset = x - x.mean()
    return float(offset @ y / (offset @ offset))


def finite_numbers(
    actual: object, shape: tuple[int, ...], what: str = "The answer"
) -> NDArray[np.float64]:
    """Return an answer as an array of finite numbers.

    Parameters
    ----------
    actual, shape, what
        As for `assert_shape`.

    Raises
    ------
    AssertionError
        If it is of another kind or shape, or holds NaN or infinity.
    """
    numbers = _of_shape(actual, shape, what)
    if np.isfinite(numbers).all():
        return numbers
    if np.isnan(numbers).any():
        raise AssertionError(f"{what} holds NaN (not a number): was 0/0 or a root below 0 taken?")
    raise AssertionError(f"{what} is infinite: was something divided by 0?")


def _of_shape(actual: object, shape: tuple[int, ...], what: str) -> Floats:
    """Return an answer as an array of the shape that is asked for, or fail."""
    numbers = _real_numbers(actual)
    if numbers.shape == shape:
        return numbers
    raise AssertionError(
        f"{what} is {_shape_in_words(numbers.shape)}; {_shape_in_words(shape)} is asked for."
    )


def _real_numbers(actual: object) -> Floats:
    """Return an answer as a float array, or fail with what it is instead."""
    if type(actual) in _FLOATS:
        return np.asarray(actual)
    if isinstance(actual, list):
        return _from_list(actual)
    if not _is_numeric(actual):
        raise AssertionError(_wrong_kind(actual))
    numbers = np.asarray(_bounded(actual) if isinstance(actual, int) else actual)
    if np.iscomplexobj(numbers):
        if np.any(numbers.imag != 0):
            raise AssertionError("The function returned a complex number; a real one is asked for.")
        numbers = numbers.real
    if numbers.dtype.kind not in "iuf":
        raise AssertionError("The function returned an array of something else than numbers.")
    with np.errstate(over="ignore"):  # an extended float beyond the doubles becomes infinite
        return numbers.astype(float)


def _is_numeric(value: object) -> bool:
    """Tell whether a value is a number or an array; True and False are no numbers here."""
    return isinstance(value, int | float | complex | np.number | np.ndarray) and not isinstance(
        value, bool
    )


def _from_list(items: list[object]) -> Floats:
    """Return a list of numbers, or of rows of numbers, as a float array, or fail."""
    if not all(isinstance(item, list) or _is_numeric(item) for item in items):
        raise AssertionError("The function returned a list of something else than numbers.")
    rows = [_real_numbers(item) for item in items]
    if len({row.shape for row in rows}) > 1:
        raise AssertionError("The function returned a list whose rows differ in length.")
    return np.array(rows, dtype=float)


def _bounded(number: int) -> float:
    """Return an integer as a float; one beyond the doubles is infinite."""
    try:
        return float(number)
    except OverflowError:
        return np.inf


def _wrong_kind(actual: object) -> str:
    """Say what an answer is that is neither a number, an array nor a list."""
    match actual:
        case None:
            return "The function returned None: does it end with a return statement?"
        case tuple():
            return (
                f"The function returned a tuple of {len(actual)} values: "
                "return the answer alone, as a number or an array."
            )
        case str():
            return "The function returned text: return the number itself."
        case bool() | np.bool_():
            return "The function returned True or False: return a number, not a comparison."
    return f"The function returned a value of type {type(actual).__name__}, not a number."


def _shape_in_words(shape: tuple[int, ...]) -> str:
    return "a single number" if shape == () else f"an array of shape {shape}"


def _times(error: float, allowed: float) -> str:
    """Say how many times as large as the other a number is, without giving either away."""
    ratio = error / allowed if allowed > 0 else np.inf
    if ratio < 10:  # noqa: PLR2004 - below ten one decimal is worth reading
        return f"{ratio:.1f} times"
    if ratio < 1e6:  # noqa: PLR2004 - beyond that nobody cares
        return f"about {float(f'{ratio:.0e}'):,.0f} times"
    return "more than a million times"


def _largest(values: ArrayLike) -> float:
    return float(np.abs(values).max(initial=0.0))

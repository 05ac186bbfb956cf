"""Put a recorded call to code of the course's own, to learn what that would have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.errors import StudentError, StudentTimedOut
from numgrade.evaluation import Evaluations, evaluate
from numgrade.evaluation import size_of as numbers_in
from numgrade.local import call_here, read_here
from numgrade.recording import Failure, RecordedCall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_EVALUATIONS = 5_000
"""Of a call that is run again; whoever wants more of them counts as one who never stops."""

_TIMES_AS_MANY, _AND_MORE = 4, 64  # evaluations that a mistake gets, next to those of the student

_JITTER = 2.0**-50  # some units in the last place, more than two writings of a formula differ by
FREQUENCIES = (1.03e9, 7.19e9)
"""Of the jitters with which a noisy answer is computed again."""


class _Endless(BaseException):
    """Ends a call that asks for too many values; code under test must not catch it."""


class Jitter:
    """Moves the values of f by a few units in the last place, each point's always alike.

    How far this moves an answer is how far another writing of the same formula can: an estimate
    of round-off by stochastic arithmetic [1]_. It stays a function of the point, so that what
    cancels without an error still does.

    Parameters
    ----------
    frequency : float
        Tells one jitter from another.

    References
    ----------
    .. [1] J. Vignes, A stochastic arithmetic for reliable scientific computation, Mathematics and
       Computers in Simulation 35 (1993), 233-261.
    """

    def __init__(self, frequency: float) -> None:
        self._frequency = frequency
        self._scale = 0.0

    def __call__(self, value: Any, point: tuple[Any, ...]) -> Any:  # noqa: ANN401
        """Return a value of f, moved a little; what is no floating-point number stays."""
        if not isinstance(value, float | np.ndarray):
            return value
        try:
            where = np.asarray(point[0], dtype=float)
        except (TypeError, ValueError, IndexError):
            return value
        self._scale = max(self._scale, float(np.max(np.abs(value), initial=0.0)))
        if where.shape != np.shape(value):
            where = where @ np.arange(1.0, 1 + where.size) if where.ndim == 1 else where.sum()
        return value + _JITTER * self._scale * np.sin(self._frequency * where)


def replay(
    namespace: Mapping[str, Any],
    call: RecordedCall,
    jitter: Jitter | None = None,
    *,
    with_points: bool = False,
) -> RecordedCall:
    """Return what a namespace does when it is asked the same.

    Parameters
    ----------
    namespace : mapping of str
        What the code to ask has defined.
    call : RecordedCall
        The question.
    jitter : Jitter, optional
        Moves the values of f.
    with_points : bool
        Whether to keep the points at which f is evaluated, which takes its time.

    Raises
    ------
    StudentTimedOut
        If the time is over that the caller has set by `numgrade.deadline`.
    """
    # The student's own bounds do not bind code of the course: its count has one, and so its time.
    most = min(_TIMES_AS_MANY * size_of(call) + _AND_MORE, MAX_EVALUATIONS)
    outcome: Any
    after: dict[int, Any] = {}
    evaluations = [Evaluations() for _ in call.sent.callables] if call.sent else []

    def evaluating(
        function: Callable[..., Any], point: tuple[Any, ...], record: Evaluations
    ) -> Any:  # noqa: ANN401 - whatever the function returns
        if record.count >= most:
            raise _Endless
        if with_points:
            value = evaluate(function, point, record)
        else:
            record.count += 1
            value = function(*point)
        return value if jitter is None else jitter(value, point)

    try:
        if call.sent is None:
            outcome = read_here(namespace, call.name)
        else:
            outcome, after = call_here(namespace, call.name, call.sent, evaluations, evaluating)
    except _Endless:
        outcome = Failure("stopped")
    except StudentTimedOut:
        raise
    except StudentError as error:
        outcome = Failure.of(error)
    counts = tuple([record.count for record in evaluations])
    points = tuple([record.points for record in evaluations])
    return RecordedCall(call.name, call.sent, outcome, after, counts, points)


def size_of(call: RecordedCall) -> int:
    """Return about how many values of f a call asked for: what asking again costs."""
    return sum(
        count * (sum(map(numbers_in, points[0])) if points and points[0] else 1)
        for count, points in zip(call.counts, call.points, strict=True)
    )

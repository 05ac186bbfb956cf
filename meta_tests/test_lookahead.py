"""Values that are sent ahead change nothing but the number of round trips."""

from __future__ import annotations

import functools
import itertools
import math
import random
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta_tests.fuzz.conversation import ScriptedSandbox, framed, submission_with
from meta_tests.test_values import identical
from numgrade.errors import StudentKilled, StudentRaised
from numgrade.evaluation import Evaluations, quiet_evaluation
from numgrade.foreseen import Foreseen
from numgrade.guesses import Progression
from numgrade.local import LocalStudent
from numgrade.lookahead import Key, LookAhead, Shown
from numgrade.protocol import Ahead, Answer
from numgrade.purity import is_pure
from numgrade.student import Student

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from meta_tests.spine import Ask

    Floats = npt.NDArray[np.float64]

pytest_plugins = ["meta_tests.spine"]

LOOPS = """
import msgspec
import numpy as np

def by_index(f, a, b, n):
    h = (b - a) / n
    return [f(a + i * h) for i in range(n + 1)]

def ends_first(f, a, b, n):
    h = (b - a) / n
    return [f(a), f(b)] + [f(a + i * h) for i in range(1, n)]

def by_adding(f, a, b, n):
    values, x = [], a
    while x < b:
        values.append(f(x))
        x += (b - a) / n
    return values

def backwards(f, a, b, n):
    return [f(x) for x in np.linspace(a, b, n)[::-1]]

def from_numpy(f, a, b, n):
    return [f(x) for x in np.linspace(a, b, n)]

def in_pairs(f, a, b, n):
    x = [float(each) for each in np.linspace(a, b, n)]
    return [f(x[i]) + f(x[i + 1]) for i in range(n - 1)]

def with_a_jump(f, a, b, n):
    return by_index(f, a, b, n // 2) + [f(7.0)] + by_index(f, b, a, n // 2)

def of_two_kinds(f, a, b, n):
    return by_index(f, a, b, n // 2) + from_numpy(f, a, b, n // 2)

def until_it_fails(f, a, b, n):
    values = []
    try:
        for x in np.linspace(a, b, n):
            values.append(f(float(x)))
    except ValueError:
        values.append("failed")
    return values

def two_at_once(f, g, a, b, n):
    h = (b - a) / n
    return [(f(a + i * h), g(a + i * h)) for i in range(n)]

def one_by_one(f, points):
    return [f(x) for x in points]

def central(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)

def forward(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h

def gradient(f, x, h=1e-5):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        right, left = x.copy(), x.copy()
        right[i] += h
        left[i] -= h
        slopes[i] = (f(right) - f(left)) / (2 * h)
    return slopes

def descent(f, grad_f, x, rate=0.01, steps=100):
    for _ in range(steps):
        x = x - rate * grad_f(x)
    return x

def descent_with_history(f, grad_f, x, rate=0.01, steps=100):
    history = []
    for _ in range(steps):
        history.append(f(x))
        x = x - rate * grad_f(x)
    return history

def of_length_one(f, grad_f, x, rate=0.01, steps=100):
    for _ in range(steps):
        gradient = grad_f(x)
        x = x - rate * gradient / np.linalg.norm(gradient)
    return x

def in_one_direction(f, grad_f, x, rate=0.01, steps=100):
    for _ in range(steps):
        gradient = grad_f(x)
        x = x - rate * (gradient / np.linalg.norm(gradient))
    return x

def in_turn(f, grad_f, x, rate=0.01, steps=100):
    x = x.copy()
    for _ in range(steps):
        for i in range(len(x)):
            x[i] -= rate * grad_f(x)[i]
    return x

def one_coordinate(f, grad_f, x, rate=0.01, steps=100):
    x = x.copy()
    for _ in range(steps):
        x[0] -= rate * grad_f(x)[0]
    return x

def uphill(f, grad_f, x, rate=0.01, steps=100):
    for _ in range(steps):
        x = x + rate * grad_f(x)
    return x

def from_an_array(f, grad_f, x, rate=0.01, steps=100):
    return descent(f, grad_f, np.array(x), rate, steps)

def momentum(f, grad_f, x, rate=0.01, steps=100):
    v = 0 * x
    for _ in range(steps):
        v = 0.9 * v - rate * grad_f(x)
        x = x + v
    return x

def element_by_element(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for place, value in np.ndenumerate(x):
        slopes[place] = (f(value + h) - f(value - h)) / (2 * h)
    return slopes

def vectorized(f, x, h=1e-5):
    return np.vectorize(lambda t: (f(t + h) - f(t)) / h)(x)

def second_order(f, x, h=1e-5):
    coarse, fine = central(f, x, h), central(f, x, h / 2)
    return (4 * fine - coarse) / 3

def along(f, x, i, h=1e-5):
    e = np.zeros(len(x))
    e[i] = h
    return (-f(x + 2 * e) + 8 * f(x + e) - 8 * f(x - e) + f(x - 2 * e)) / (12 * h)

def at_once(f, a, b, n):
    y = f(np.linspace(a, b, n))
    return (b - a) / (n - 1) * (y.sum() - (y[0] + y[-1]) / 2)

def gives_up(f, a, b, n):
    by_index(f, a, b, n)
    raise ValueError
"""
NAMES = ["by_index", "ends_first", "by_adding", "backwards", "from_numpy", "with_a_jump"]
ARGUMENTS = 0.3, 1.7, 200


def local() -> LocalStudent:
    """Return a `student` in this process, which has no need to look ahead."""
    namespace: dict[str, Any] = {}
    exec(LOOPS, namespace)  # noqa: S102 - our own code
    return LocalStudent(namespace)


def assert_alike(remote: Student, name: str, *args: object) -> None:
    """Call a function in a worker and here; compare the answers and the points of evaluation."""
    here = local()
    assert identical(getattr(remote, name)(*args), getattr(here, name)(*args))
    for one, other in zip(remote.last_call.evaluations, here.last_call.evaluations, strict=True):
        assert one.count == other.count
        assert identical(one.points, other.points)


@pytest.mark.parametrize("f", [np.exp, lambda x: x**2 + 1, math.sqrt], ids=["ufunc", "own", "C"])
@pytest.mark.parametrize("name", [*NAMES, "in_pairs", "of_two_kinds"])
def test_nobody_can_tell(ask: Ask, name: str, f: Callable[[float], float]) -> None:
    """Values, their types, and the points at which f was evaluated are as without it."""
    assert_alike(ask(LOOPS), name, f, *ARGUMENTS)


@given(
    points=st.lists(st.floats(allow_nan=False, width=32), max_size=9),
    step=st.floats(-1, 1),
    start=st.floats(-2, 2),
    other=st.floats(-2, 2),
)
def test_any_points_will_do(points: list[float], step: float, start: float, other: float) -> None:
    """Whatever comes before, after and among equally spaced points: guesses never take over.

    Nor do those that come out of an earlier call.
    """
    shown: dict[Key, Shown] = {}
    for first in (start, other, start):
        asked = [*points, *(first + i * step for i in range(9)), *points, 0.0, -0.0, 0.0]
        record = Evaluations()
        play(LookAhead([start, step], [np.exp], [record], shown), record, asked)
        assert identical([point[0] for point in record.points], asked)


def play(ahead: LookAhead, record: Evaluations, asked: list[float]) -> list[int]:
    """Ask for e^x at points as a worker does; return how many values came with each answer."""
    foreseen, came = Foreseen(), []
    with quiet_evaluation():
        foreseen.learn(ahead.opening())
        for x in asked:
            value = np.exp(x)
            known = foreseen.value_at(0, (x,))
            if known is not None:
                assert identical(known, value)
                continue
            ahead.take_used(foreseen.take_used())
            record.keep((x,))
            more = ahead.beyond(0, (x,), value)
            foreseen.learn(more)
            came.append(sum(len(part.bits) for part in more) // 16)
        ahead.take_used(foreseen.take_used())
        ahead.close()
    return came


class Bowl:
    """A quadratic with its Hessian and its minimum."""

    def __init__(self) -> None:
        self.hessian = np.diag([1.0, 0.5])
        self.minimum = np.array([1.0, 2.0])

    def f(self, x: Floats) -> Any:  # noqa: ANN401 - a float of NumPy's
        """Return the height at x."""
        return (x - self.minimum) @ self.hessian @ (x - self.minimum) / 2

    def grad_f(self, x: Floats) -> Floats:
        """Return the gradient at x."""
        gradient: Floats = self.hessian @ (x - self.minimum)
        return gradient


BOWL = Bowl()
POINT = np.array([3.0, -4.0])
GRID = np.array([[1, 2, 3], [4, 5, 6]])
STEPS = BOWL.f, BOWL.grad_f, POINT, 0.02
CALLS: dict[str, tuple[tuple[Any, ...], int, tuple[Any, ...], int]] = {
    **dict.fromkeys(NAMES, ((np.exp, *ARGUMENTS), 50, (np.sin, 0.5, 2.5, 60), 12)),
    "by_adding": ((np.exp, *ARGUMENTS), 60, (np.sin, 0.5, 2.5, 60), 20),
    "at_once": ((np.exp, 0.3, 1.7, 50), 1, (np.sin, 0.5, 2.5, 60), 0),
    "central": ((np.exp, 0.7), 1, (np.sin, 0.9), 0),
    "forward": ((np.exp, 0.7, 0.125), 2, (np.sin, np.float64(0.9), 0.25), 0),
    "second_order": ((np.exp, 0.7, 0.125), 2, (np.sin, 0.9, np.float64(0.25)), 0),
    "gradient": ((BOWL.f, POINT), 1, (BOWL.f, POINT + 1), 0),
    "along": ((BOWL.f, POINT, 1, 0.01), 2, (BOWL.f, POINT + 1, 0, 0.02), 0),
    "descent": ((BOWL.f, BOWL.grad_f, POINT), 8, (BOWL.f, BOWL.grad_f, POINT + 1), 0),
    "descent_with_history": ((*STEPS, 50), 60, (*STEPS, 70), 0),
    **dict.fromkeys(
        ["of_length_one", "in_one_direction", "in_turn", "one_coordinate", "uphill"],
        ((BOWL.f, BOWL.grad_f, POINT), 9, (BOWL.f, BOWL.grad_f, POINT + 1), 0),
    ),
    "from_an_array": ((np.exp, np.cosh, 3.0), 9, (np.exp, np.cosh, 4.0), 2),
    "element_by_element": ((np.exp, GRID), 1, (np.sin, GRID[0], 1e-4), 1),
    "vectorized": ((np.exp, GRID + 0.5), 2, (np.sin, GRID + 1.5), 2),
    "momentum": ((*STEPS, 20), 20, (*STEPS, 20), 20),
}
"""What to call the functions above with, how many questions may be left; and the same once more."""


@pytest.mark.parametrize("name", CALLS)
def test_habits_take_few_round_trips(ask: Ask, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Difference quotients, nodes and descents are seen through; nobody can tell.

    In the next call of the function, with other arguments, few questions are left, or none.
    """
    first, most, again, most_again = CALLS[name]
    asked = []
    beyond = LookAhead.beyond

    def counted(self: LookAhead, *args: Any) -> list[Ahead]:  # noqa: ANN401 - as it likes
        asked.append(name)
        return beyond(self, *args)

    monkeypatch.setattr(LookAhead, "beyond", counted)
    monkeypatch.setattr("numgrade.lookahead._SECONDS", 10.0)  # however busy the machine is
    student = ask(LOOPS)
    assert_alike(student, name, *first)
    assert len(asked) <= most
    asked.clear()
    assert_alike(student, name, *again)
    assert len(asked) <= most_again


def test_a_habit_is_dropped_for_another(ask: Ask) -> None:
    """Arguments of other kinds, fewer of them, other functions: answers stay what they are."""
    student = ask(LOOPS)
    assert_alike(student, "central", np.exp, 0.7, 0.125)
    assert_alike(student, "central", lambda x: x + 1.0, np.array([1.0, 2.0]))
    assert_alike(student, "central", np.exp, 3)
    assert_alike(student, "central", lambda x: TABLE[0] * x, 0.7, 0.125)
    assert_alike(student, "one_by_one", lambda x: float(x.size), [np.array([True, False])] * 3)
    assert_alike(student, "one_by_one", lambda x: x[:2], [POINT, np.ones(3), POINT, np.ones(3)])
    assert_alike(student, "gradient", lambda x: float(np.sum(x)), POINT)
    assert_alike(student, "gradient", lambda x: np.float64(x[0]), POINT)
    assert_alike(student, "gradient", lambda x: 1.0 / np.int64(x[0] > 0), -POINT)
    assert_alike(student, "descent_with_history", *STEPS, 9)
    for counts in range(2):
        functions: list[Callable[[Any], Any]] = [BOWL.f, BOWL.grad_f]
        functions[counts] = counting()
        assert len(student.descent_with_history(*functions, POINT, 0.02, 9)) == 9
        assert functions[counts](POINT) == 10


def test_integers_and_several_numbers_are_points_like_others(ask: Ask) -> None:
    """Whatever is not a float or a short vector is asked for one by one."""
    student = ask(LOOPS)
    assert_alike(student, "central", lambda x: x**2 + 1, 3)
    assert_alike(student, "central", lambda x: x**2 + 1, np.array([3, 4]), 0.5)
    assert_alike(student, "central", lambda x: np.sum(x**2), np.ones((2, 3)), 0.5)
    assert_alike(student, "gradient", lambda x: np.sum(x**2), np.array([1, 2, 3]))
    assert_alike(student, "descent", abs, abs, 3, 0.5, 9)


def test_f_that_fails_further_on_fails_where_it_is_asked_to(ask: Ask) -> None:
    """An exception of f beyond the points of the student is never seen by anybody."""
    student = ask(LOOPS)
    assert_alike(student, "until_it_fails", lambda x: math.sqrt(1 - x), 0.0, 1.0, 101)
    assert_alike(student, "until_it_fails", lambda x: math.sqrt(1 - x), 0.0, 2.0, 101)


def test_two_functions_do_not_mix(ask: Ask) -> None:
    """Points and values belong to the function that was evaluated."""
    assert_alike(ask(LOOPS), "two_at_once", np.exp, np.sin, *ARGUMENTS)


def test_what_was_used_before_an_exception_counts(ask: Ask) -> None:
    """The last message of a call reports it, whichever it is."""
    student = ask(LOOPS)
    with pytest.raises(StudentRaised):
        student.gives_up(np.exp, *ARGUMENTS)
    (call,) = student.recording.calls
    assert call.counts == (ARGUMENTS[-1] + 1,)


def test_signs_of_zero_are_kept(ask: Ask) -> None:
    """0.0 and -0.0 are two points: f may know their signs."""

    def f(x: float) -> float:
        return float(np.copysign(1.0, x))

    assert_alike(ask(LOOPS), "one_by_one", f, [-0.3, -0.2, -0.1, -0.0, 0.1, 0.2, 0.0, -0.0])


def counting() -> Callable[[float], float]:
    """Return a function that says how often it was evaluated."""
    seen: list[float] = []

    def f(x: float) -> float:
        seen.append(x)
        return len(seen)

    return f


def adding_up() -> Callable[[float], float]:
    """Return a function that keeps a sum."""
    total = 0.0

    def f(x: float) -> float:
        nonlocal total
        total += x
        return total

    return f


def drawing() -> Callable[[float], float]:
    """Return a function with noise."""
    rng = np.random.default_rng(1)
    return lambda x: x + rng.normal()


class Callable1:
    """A function that is an object."""

    def __init__(self) -> None:
        self.count = 0.0

    def __call__(self, x: float) -> float:
        """Return x and how often it was asked for."""
        self.count += 1
        return x + self.count

    def method(self, x: float) -> float:
        """Do the same."""
        return self(x)


class Kept:
    """An object with an attribute that is computed."""

    def __init__(self) -> None:
        self.total = np.zeros(2)

    @property
    def drawn(self) -> float:
        """Return another number each time."""
        return random.random()  # noqa: S311 - no secret

    def add(self, x: float) -> Any:  # noqa: ANN401 - an array
        """Add to what is kept."""
        total = self.total
        total += x
        return total.sum()

    def ask(self, x: float) -> float:
        """Use what is computed."""
        return self.drawn * x


def writing(kept: Any) -> Callable[[float], Any]:  # noqa: ANN401 - an array
    """Return a function that writes into an array."""
    return lambda x: np.add(x, 1.0, out=kept)


TABLE = [1.0, 2.0]
IMPURE: dict[str, Callable[[], Any]] = {
    "counts": counting,
    "adds up": adding_up,
    "draws": drawing,
    "draws by a module": lambda: lambda x: x + random.random(),  # noqa: S311 - no secret
    "draws by numpy": lambda: lambda x: x + np.random.rand(),  # noqa: NPY002 - as checks may
    "is an object": Callable1,
    "is a method": lambda: Callable1().method,
    "writes into an array": lambda: writing(np.zeros(3)),
    "writes into its object": lambda: Kept().add,
    "asks its object": lambda: Kept().ask,
    "is cached": lambda: functools.cache(lambda x: x),
    "looks into a list": lambda: lambda x: x + TABLE[0],
    "prints": lambda: lambda x: [print(x), x],  # noqa: T201
    "has a default": lambda: lambda x, kept=[]: len(kept) + x,
    "calls what is impure": lambda: lambda x, f=counting(): f(x),  # noqa: B008
    "makes a function": lambda: lambda x: sum(each for each in [x]),
    "imports": lambda: lambda x: __import__("random").random() + x,
    "asks an unknown name": lambda: lambda x: x + unknown,  # type: ignore[name-defined] # noqa: F821
}
FACTOR = 2.5
PURE: dict[str, Callable[[Any], Any]] = {
    "ufunc": np.exp,
    "arithmetic": lambda x: 3 * x**2 - x / 2 + 1,
    "numpy": lambda x: np.sqrt(1 + np.sin(x)) * np.pi,
    "math": lambda x: math.cos(x) + math.e,
    "a constant": lambda x: FACTOR * x,
    "builtins": lambda x: max(abs(x), 1.0),
    "a choice": lambda x: 1.0 if x > 0 else -1.0,
    "an array": lambda x: np.dot(POINT, POINT) * x,
    "a method": BOWL.grad_f,
}


@pytest.mark.parametrize("kind", IMPURE)
def test_what_keeps_something_is_evaluated_where_it_is_asked_only(ask: Ask, kind: str) -> None:
    """A check may count or draw in f: then each question is one."""
    f = IMPURE[kind]()
    assert not is_pure(f)
    if kind in {"counts", "adds up", "is an object"}:
        values = ask(LOOPS).by_index(f, 1.0, 2.0, 20)
        assert values == local().by_index(IMPURE[kind](), 1.0, 2.0, 20)


@pytest.mark.parametrize("kind", PURE)
def test_what_computes_is_pure(kind: str) -> None:
    """The functions of which checks mostly take derivatives and integrals are known as such."""
    assert is_pure(PURE[kind])


@pytest.mark.parametrize("used", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"123"])
def test_a_worker_cannot_use_what_it_was_not_given(used: bytes) -> None:
    """Points that were never offered are no points of evaluation: it is the end of the worker."""
    encoded = msgspec.msgpack.encode(Answer(1, 2.0, {}, used))
    submission = submission_with(ScriptedSandbox([framed(encoded)]))
    with pytest.raises(StudentKilled, match="not given"):
        Student(submission).f(np.exp)


def test_windows_grow_while_guesses_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """They start small, so that somebody who stops soon has cost little, and have an end."""
    monkeypatch.setattr("numgrade.lookahead._SECONDS", 10.0)  # however busy the machine is
    record, points = Evaluations(), [1 + i / 1024 for i in range(4000)]
    came = play(LookAhead([7.0], [np.exp], [record], {}), record, points)
    assert 0 < came[2] < 64
    assert max(came) == 1 + 512
    assert len(came) < 40


def test_nodes_between_two_arguments_come_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them are enough, and none comes beyond the last."""
    monkeypatch.setattr("numgrade.lookahead._SECONDS", 10.0)  # however busy the machine is
    record, points = Evaluations(), [1 + i * (1 / 300) for i in range(300)]
    came = play(LookAhead([1.0, 2.0], [np.exp], [record], {}), record, points)
    assert len(came) == 2
    assert came[1] == 1 + 299


def test_a_progression_begins_anew_where_the_step_changes() -> None:
    """Rounding is no change; a point that comes twice in a row is one point."""
    progression = Progression()
    for point in (0.1, 0.1 + 0.1, 0.1 + 0.1, 0.1 + 2 * 0.1, 0.1 + 3 * 0.1):
        progression.add(point)
    assert progression.length == 3
    assert 0.1 + 4 * 0.1 in set(itertools.islice(progression.beyond() or (), 3))
    progression.add(7.0)
    assert progression.length == 1

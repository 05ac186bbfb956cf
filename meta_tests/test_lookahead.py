"""Values that are sent ahead change nothing but the number of round trips."""

from __future__ import annotations

import functools
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
from numgrade.local import LocalStudent
from numgrade.lookahead import LookAhead, Progression
from numgrade.protocol import Answer, Channel
from numgrade.purity import is_pure
from numgrade.student import Student

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from meta_tests.spine import Ask

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
)
def test_any_points_will_do(points: list[float], step: float, start: float) -> None:
    """Whatever comes before, after and among equally spaced points: guesses never take over."""
    asked = [*points, *(start + i * step for i in range(9)), *points, 0.0, -0.0, 0.0]
    record = Evaluations()
    ahead = LookAhead([np.exp], [record])
    known: dict[float, float] = {}
    used: list[float] = []
    for x in asked:
        if x in known:
            assert x != 0
            assert known[x] == np.exp(x)
            used.append(x)
            continue
        ahead.take_used(np.array(used).tobytes())
        used = []
        record.keep((x,))
        with quiet_evaluation():
            more = np.frombuffer(ahead.beyond(0, (x,), np.exp(x))).reshape(2, -1)
        known = dict(zip(*more.tolist(), strict=True))
    ahead.take_used(np.array(used).tobytes())
    assert identical([point[0] for point in record.points], asked)


@pytest.mark.parametrize("name", NAMES)
def test_loops_take_few_round_trips(ask: Ask, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of the questions, at the most, is left of a loop over nodes."""
    student, received = ask(LOOPS), []
    receive = Channel.receive_reply

    def counted(self: Channel, *args: int) -> Any:  # noqa: ANN401 - whatever is received
        received.append(name)
        return receive(self, *args)

    monkeypatch.setattr(Channel, "receive_reply", counted)
    getattr(student, name)(np.exp, *ARGUMENTS)
    assert len(received) < ARGUMENTS[-1] / 4


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
    """Zero is never guessed: f may know its sign."""

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


TABLE = [1.0, 2.0]
IMPURE: dict[str, Callable[[], Any]] = {
    "counts": counting,
    "adds up": adding_up,
    "draws": drawing,
    "draws by a module": lambda: lambda x: x + random.random(),  # noqa: S311 - no secret
    "draws by numpy": lambda: lambda x: x + np.random.rand(),  # noqa: NPY002 - as checks may
    "is an object": Callable1,
    "is a method": lambda: Callable1().method,
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
PURE: dict[str, Callable[[float], Any]] = {
    "ufunc": np.exp,
    "arithmetic": lambda x: 3 * x**2 - x / 2 + 1,
    "numpy": lambda x: np.sqrt(1 + np.sin(x)) * np.pi,
    "math": lambda x: math.cos(x) + math.e,
    "a constant": lambda x: FACTOR * x,
    "builtins": lambda x: max(abs(x), 1.0),
    "a choice": lambda x: 1.0 if x > 0 else -1.0,
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


@pytest.mark.parametrize(
    ("used", "why"), [(np.array([0.5]).tobytes(), "not given"), (b"123", "not given")]
)
def test_a_worker_cannot_use_what_it_was_not_given(used: bytes, why: str) -> None:
    """Points that were never offered are no points of evaluation: it is the end of the worker."""
    encoded = msgspec.msgpack.encode(Answer(1, 2.0, {}, used))
    submission = submission_with(ScriptedSandbox([framed(encoded)]))
    with pytest.raises(StudentKilled, match=why):
        Student(submission).f(np.exp)


def test_windows_grow_while_guesses_are_right() -> None:
    """They start small, so that somebody who stops soon has cost little, and have an end."""
    ahead, record = LookAhead([np.exp], [Evaluations()]), []
    xs: npt.NDArray[np.float64] = np.linspace(1, 2, 2000)
    known: set[float] = set()
    used: list[float] = []
    for x in xs.tolist():
        if x in known:
            used.append(x)
            continue
        ahead.take_used(np.array(used).tobytes())
        used = []
        known = set(np.frombuffer(ahead.beyond(0, (x,), np.exp(x))).tolist())
        record.append(len(known))
    assert 0 < record[2] < 64
    assert 64 < max(record) <= 6 * 64


def test_a_progression_begins_anew_where_the_step_changes() -> None:
    """Rounding is no change; a point that comes twice in a row is one point."""
    progression = Progression()
    for point in (0.1, 0.1 + 0.1, 0.1 + 0.1, 0.1 + 2 * 0.1, 0.1 + 3 * 0.1):
        progression.add(point)
    assert progression.length == 3
    assert 0.1 + 4 * 0.1 in set(progression.beyond(1))
    progression.add(7.0)
    assert progression.length == 1

"""A check that calls `student` cannot tell a worker from code in its own process."""

from __future__ import annotations

import math
import os
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta_tests.spine import AMPLE, Ask, within
from meta_tests.test_values import arrays, identical, plain_values
from numgrade import evaluation
from numgrade.errors import (
    AnswerRefused,
    CourseError,
    NameMissing,
    StudentError,
    StudentKilled,
    StudentRaised,
    StudentTimedOut,
)
from numgrade.local import LocalStudent
from numgrade.repair import RunnableCell
from numgrade.student import CallRecord, Student
from numgrade.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

NOTEBOOK = '''
import builtins, collections, sys
import numpy as np

answer = "b"
secret = {1, 2}
kept = []

def same(x):
    return x

def look(f, *points):
    try:
        return f(*points)
    except Exception as error:
        return [type(error).__name__, str(error)]

def each(f, points):
    return [f(point) for point in points]

def both(f, g, x):
    return g(f(x))

def give(name):
    return THINGS[name]()

def spoil(x, y=None):
    if isinstance(x, np.ndarray):
        x += 1
    elif isinstance(x, list):
        x.append(float)
    else:
        x["key"] = 2.0

def extend(items):
    items.append(7)

def raise_(name):
    raise getattr(builtins, name)("some text")

def keep(f):
    kept.append(f)

def use_kept(f):
    return look(kept[-1], 1.0)

def pythons_own():
    raise Unheard

class Unheard(Exception):
    """An exception of the student's own."""

deep = []
for _ in range(30):
    deep = [deep]

THINGS = {
    "generator": lambda: (x for x in [1]),
    "function": lambda: same,
    "class": lambda: Unheard,
    "set": lambda: {1},
    "module": lambda: np,
    "bytes": lambda: b"1",
    "objects": lambda: np.array([1, None]),
    "texts": lambda: np.array(["a"]),
    "huge": lambda: 2**5000,
    "deep": lambda: deep,
    "long": lambda: [0] * 200_000,
    "large": lambda: np.zeros(2_000_000),
    "exit": lambda: sys.exit(3),
    "none": lambda: None,
    "tuple": lambda: collections.namedtuple("Point", "x y")(1, 2.0),
    "iterator": lambda: iter([1]),
    "coroutine": lambda: Awaited(),
}

class Awaited:
    pass
'''


class Odd(ArithmeticError):
    """An exception that student code cannot know."""


ERRORS: dict[str, Exception] = {
    "plain": ValueError("at 0"),
    "key": KeyError("x"),
    "own": Odd("below 0"),
    "linalg": np.linalg.LinAlgError("singular"),
    "axis": np.exceptions.AxisError("axis"),
    "os": PermissionError(1, "no"),
    "stop": StopIteration("over"),
    "unicode": UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"),
    "group": ExceptionGroup("several", [ValueError("one")]),
    "assertion": AssertionError(),
    "long": ValueError("x" * 1000),
}


def _raise(error: Exception) -> Any:  # noqa: ANN401 - nothing, in truth
    raise error


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "square": lambda x: x**2,
    "two": lambda x, y: x + 2 * y,
    "any": lambda *points: len(points),
    "default": lambda x, y=2.0: x * y,
    "ufunc": np.exp,
    "builtin": math.sin,
    "length": len,
    "sum": np.sum,
    "overflow": lambda x: np.float64(1e300) * x * 1e300,
    "function": lambda x: lambda: x,
    "none": lambda x: None,  # noqa: ARG005 - at any point
    "text": lambda x: str(type(x)),
    "huge": lambda x: 2**5000,  # noqa: ARG005
    **{f"raises-{name}": lambda *_, e=error: _raise(e) for name, error in ERRORS.items()},
}


@pytest.fixture(scope="module")
def submission(sandbox: Sandbox) -> Iterator[Submission]:
    """Return a submission whose functions both kinds of `student` have."""
    cell = RunnableCell(0, NOTEBOOK, False)  # noqa: FBT003 - no pictures
    submission = Submission(sandbox, [cell], AMPLE)
    submission._end = math.inf
    submission.run_cells()
    yield submission
    submission.close()


@pytest.fixture(scope="module")
def pair(submission: Submission) -> Callable[[], tuple[Student, LocalStudent]]:
    """Return a function that makes both kinds of `student`."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(NOTEBOOK, namespace)  # noqa: S102 - our own code

    def make() -> tuple[Student, LocalStudent]:
        submission.begin_check("exercise")
        return Student(submission), LocalStudent(namespace)

    return make


@pytest.fixture
def remote(pair: Callable[[], tuple[Student, LocalStudent]]) -> Student:
    """Return a `student` in a worker."""
    return pair()[0]


def outcome(action: Callable[[], object]) -> object:
    """Return what an action gives, or how it fails."""
    try:
        return action()
    except StudentError as error:
        return [type(error).__name__, str(error), getattr(error, "type_name", "")]
    except CourseError as error:
        return type(error).__name__


def assert_alike(
    pair: Callable[[], tuple[Student, LocalStudent]], name: str, *args: object, **kwargs: object
) -> object:
    """Call a function both ways; compare the answers and all else that is known of the calls."""
    results, records = [], []
    for student in pair():
        results.append(outcome(partial(getattr(student, name), *args, **kwargs)))
        records.append(student.last_call)
    assert identical(*results), f"in a worker {results[0]!r}, here {results[1]!r}"
    assert len({len(record.evaluations) for record in records}) == 1
    for one, other in zip(*(record.evaluations for record in records), strict=True):
        assert one.count == other.count
        assert identical(one.points, other.points)
    for arg, one, other in zip(args, *(record.arguments_after for record in records), strict=False):
        assert one is other is arg or identical(one, other)
    return results[0]


@given(value=plain_values)
def test_values_are_the_same_both_ways(pair: Any, value: object) -> None:  # noqa: ANN401 - the fixture
    """Every value comes back from a worker as it does from a call here."""
    assert_alike(pair, "same", value)


@given(name=st.sampled_from(sorted(FUNCTIONS)), points=st.lists(plain_values, max_size=3))
def test_functions_are_the_same_both_ways(pair: Any, name: str, points: list[object]) -> None:  # noqa: ANN401
    """A function of the check behaves alike in a worker and here, at whatever points."""
    assert_alike(pair, "look", FUNCTIONS[name], *points)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("points", [(1.5,), (np.array([1, 2]),), (2, 3.0), ()], ids=repr)
def test_each_function_is_the_same_both_ways(
    pair: Any,  # noqa: ANN401
    function: str,
    points: tuple[object, ...],
) -> None:
    """Values, dtypes, arity and exceptions of f are those that the check's function has."""
    assert_alike(pair, "look", FUNCTIONS[function], *points)


@pytest.mark.parametrize(
    "thing",
    "generator function class set module bytes objects texts huge deep long large exit none tuple "
    "iterator coroutine".split(),
)
def test_strange_answers_are_the_same_both_ways(pair: Any, thing: str) -> None:  # noqa: ANN401
    """What cannot be an answer is refused with the same words."""
    assert_alike(pair, "give", thing)


@pytest.mark.parametrize(
    "name", ["ValueError", "NotImplementedError", "KeyboardInterrupt", "StopIteration", "Exception"]
)
def test_exceptions_of_the_student_are_results(pair: Any, name: str) -> None:  # noqa: ANN401
    """An exception is named by its type; its text, which can hold hidden inputs, is dropped."""
    remote, local = pair()
    with pytest.raises(StudentRaised, match=f"raise_ raised {name}") as raised:
        remote.raise_(name)
    assert raised.value.type_name == name
    assert "some text" not in str(raised.value)
    if name != "KeyboardInterrupt":  # an author who presses Ctrl-C wants to stop
        assert outcome(lambda: local.raise_(name)) == outcome(lambda: pair()[0].raise_(name))
    assert_alike(pair, "pythons_own")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("spoil", (np.zeros(2),)),
        ("spoil", (np.zeros(2), np.ones(2))),
        ("spoil", ([1.0],)),
        ("spoil", ({"key": 1.0},)),
        ("extend", ([1.0, [2.0]],)),
        ("extend", ([np.zeros(2), abs],)),
        ("same", ([abs, np.zeros(2)],)),
        ("nowhere", (1.0,)),
        ("answer", (1.0,)),
        ("look", ()),
        ("same", (print, 1.0)),
        ("same", (threading,)),
        ("same", ({1, 2},)),
    ],
)
def test_calls_are_the_same_both_ways(pair: Any, name: str, args: tuple[object, ...]) -> None:  # noqa: ANN401
    """Changed arguments, lists of functions, missing names and wrong calls do not differ."""
    assert_alike(pair, name, *args)


@pytest.mark.parametrize("name", ["answer", "secret", "same", "nowhere", "deep"])
def test_variables_are_the_same_both_ways(pair: Any, name: str) -> None:  # noqa: ANN401
    """A plain variable is read, anything else refused, in the same words."""
    one, other = (outcome(partial(student.value, name)) for student in pair())
    assert identical(one, other)


def test_f_ends_with_its_call_both_ways(pair: Any) -> None:  # noqa: ANN401
    """A function that student code keeps cannot be evaluated in a later call."""
    assert_alike(pair, "keep", np.exp)
    assert assert_alike(pair, "use_kept", np.exp) == [
        "RuntimeError",
        "this call has ended: f can be evaluated only during it",
    ]


def test_arguments_are_copies(remote: Student) -> None:
    """Whatever the student does to an argument, the check's own array stays as it was."""
    x = np.zeros(3)
    remote.spoil(x, 5.0)
    assert x.tolist() == [0, 0, 0]
    assert remote.last_call.arguments_after[0].tolist() == [1, 1, 1]
    assert remote.last_call.arguments_after[1] == 5.0
    remote.same(x)
    assert remote.last_call.arguments_after[0] is x


def test_keywords_travel(remote: Student) -> None:
    """Arguments may be named, functions among them."""
    assert remote.both(abs, x=-1.0, g=np.negative) == -1.0
    assert [each.count for each in remote.last_call.evaluations] == [1, 1]


def test_f_is_evaluated_in_the_grader(remote: Student) -> None:
    """The function runs in our own process and thread, and sees what the student's code sent."""
    seen: list[tuple[int, threading.Thread, object]] = []

    def f(x: float) -> int:
        seen.append((os.getpid(), threading.current_thread(), x))
        return os.getpid()

    assert remote.each(f, [1.0, 2.0]) == [os.getpid()] * 2
    here = (os.getpid(), threading.current_thread())
    assert seen == [(*here, 1.0), (*here, 2.0)]


def test_points_are_counted_and_kept(remote: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grader knows how often f was evaluated and where, up to a number of points."""
    monkeypatch.setattr(evaluation, "MAX_KEPT_POINTS", 3)
    remote.each(np.exp, [0.0, 1.0, 2.0, 3.0, 4.0])
    (record,) = remote.last_call.evaluations
    assert record.count == 5
    assert record.points == [(0.0,), (1.0,), (2.0,)]


@pytest.mark.parametrize(
    "point", [np.zeros(600), [0.0] * 600, [[[0.0] * 600]], "x" * 600, {"key": [0.0] * 600}]
)
def test_large_points_are_not_kept_for_ever(point: object) -> None:
    """However a point is made, what is kept of all points is bounded in size."""
    record = evaluation.Evaluations(room=1000)
    for _ in range(3):
        record.keep((point,))
    assert len(record.points) == 1


@pytest.mark.parametrize(
    "point", [2**65, -(2**65), [1.0, [2**70]], (2**4000,)], ids=["int", "minus", "list", "tuple"]
)
def test_huge_integers_do_not_reach_f(remote: Student, point: object) -> None:
    """An integer with which f would compute for hours is refused where the student sees it."""
    refused = ["OverflowError", "f takes integers of at most 64 bits"]
    assert remote.look(lambda x: 10**x, point) == refused


@pytest.mark.parametrize(
    "point",
    [
        [[0.0] * 5000, 30],
        [12, "x" * 5000],
        ([0.0] * 90, [1.0, [0.0] * 90, 10**6]),
        {"a": "xy", "b": 999},
    ],
    ids=["list", "text", "nested", "dict"],
)
def test_lists_that_whole_numbers_would_repeat_do_not_reach_f(
    remote: Student, point: object
) -> None:
    """Python repeats a list where a hidden function means to multiply: the product has no bound."""
    said = "f takes no list or text beside whole numbers that may repeat it"
    assert remote.look(lambda _: 0.0, point) == ["OverflowError", said]


@pytest.mark.parametrize("point", [[1, 2, 3], [[10**6, 2], [3, 4]], [[0.0, 1.0], 2], [0.5] * 9000])
def test_points_of_numbers_reach_f(remote: Student, point: object) -> None:
    """Lists of whole numbers, matrices of them and long lists are points like others."""
    assert remote.look(lambda _: 7.0, point) == 7.0


def test_an_enormous_integer_is_not_even_sent(remote: Student, ask: Ask) -> None:
    """What cannot travel is refused in the worker, at once."""
    started = time.monotonic()
    source = "def call(f):\n    try:\n        f(10**10**6)\n    except TypeError as error:\n"
    student = ask(f"{source}        return str(error)")
    said = "f cannot be evaluated at an integer of more than 4096 bits"
    assert student.call(abs) == said
    assert time.monotonic() - started < 10
    assert remote.look(lambda _: 2**5000, 1.0)[0] == "TypeError"


def test_evaluations_are_capped(remote: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of evaluations f raises, in the student's code."""
    monkeypatch.setattr(evaluation, "MAX_EVALUATIONS", 50)
    assert remote.each(abs, [1] * 50) == [1] * 50
    with pytest.raises(StudentRaised, match="RuntimeError"):
        remote.each(abs, [1] * 51)


def test_f_that_is_slow_hits_the_time_of_the_check(ask: Ask) -> None:
    """The time of a check covers all evaluations together."""
    student = ask(
        "def call(f):\n    return [f(1.0) for _ in range(1000)]", within(check_seconds=0.4)
    )
    started = time.monotonic()
    with pytest.raises(StudentTimedOut):
        student.call(lambda _: time.sleep(0.02))
    assert time.monotonic() - started < 3


def test_f_looks_like_a_function(ask: Ask) -> None:
    """A stand-in has a name, a signature and a hash; its source is not that of f."""
    student = ask(
        "import inspect\n"
        "def signature(f):\n    return str(inspect.signature(f))\n"
        "def source(f):\n    return inspect.getsource(f)\n"
        "def facts(f):\n"
        "    return [f.__name__, f.__qualname__, f.__module__, callable(f), {f: 1}[f]]\n"
        "def keyword(f):\n    return f(x=1.0)\n"
    )
    assert student.signature(lambda t: t) == "(x, /)"
    assert student.signature(lambda a, b: a) == "(x0, x1, /)"  # noqa: ARG005
    assert student.signature(np.exp) == "(x, /)"
    assert student.signature(np.hypot) == "(x0, x1, /)"
    assert student.signature(max) == "(*x)"
    assert student.facts(abs) == ["f", "f", "__main__", True, 1]
    assert "27182" not in student.source(lambda x: x + 27182)
    with pytest.raises(StudentRaised, match="TypeError"):
        student.keyword(lambda x: x)


def test_f_works_with_what_numpy_makes_of_functions(ask: Ask) -> None:
    """np.vectorize, np.frompyfunc, map, caches and array points work as on any function."""
    student = ask(
        "import functools, numpy as np\n"
        "def vectorized(f, x):\n    return np.vectorize(f)(x)\n"
        "def framed(f, x):\n    return np.frompyfunc(f, 1, 1)(x)\n"
        "def applied(f, x):\n    return np.apply_along_axis(f, 0, x)\n"
        "def cached(f, x):\n    g = functools.lru_cache(f)\n    return [g(x), g(x)]\n"
        "def mapped(f, x):\n    return list(map(f, x))\n"
    )
    x = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert identical(student.vectorized(np.square, x), x**2)
    assert identical(student.framed(np.square, x), x**2)
    assert identical(student.applied(np.sum, x), x.sum(axis=0))
    assert student.cached(np.square, 3.0) == [9.0, 9.0]
    assert student.last_call.evaluations[0].count == 1
    assert student.mapped(abs, [-1, 2]) == [1, 2]


def test_f_may_be_evaluated_in_threads(ask: Ask) -> None:
    """Threads of the student's take turns on the wire."""
    student = ask(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def spread(f, n):\n"
        "    with ThreadPoolExecutor(8) as pool:\n        return list(pool.map(f, range(n)))\n"
    )
    assert student.spread(lambda x: x**2, 200) == [n**2 for n in range(200)]
    assert student.last_call.evaluations[0].count == 200


def test_f_may_call_the_student(remote: Student) -> None:
    """A function of the check may itself call a function of the student, several levels deep."""

    def nested(depth: int) -> Callable[[float], float]:
        def f(x: float) -> float:
            return remote.both(nested(depth - 1), abs, x + 1) if depth else x

        return f

    assert remote.both(nested(5), np.negative, 1.0) == -6.0
    assert remote.same(1.0) == 1.0


def test_endless_nesting_is_the_students_recursion(remote: Student) -> None:
    """A function of the check that always calls the student ends in a result, not in a crash."""

    def f(x: float) -> object:
        return remote.both(f, abs, x)

    with pytest.raises(StudentRaised, match="too deeply") as raised:
        remote.both(f, abs, 1.0)
    assert raised.value.type_name == "RecursionError"
    assert remote.same(1.0) == 1.0


def test_a_death_within_f_is_the_death_of_the_call(ask: Ask) -> None:
    """If the student's process dies in a nested call, the outer call has died as well."""
    student = ask(
        "import os\ndef die(x):\n    os._exit(0)\ndef call(f):\n    return f(1.0)\n"
        "def fine():\n    return 1\n"
    )
    with pytest.raises(StudentKilled, match="exited with status 0"):
        student.call(student.die)
    assert student.fine() == 1


def test_numpy_in_f_is_silent(remote: Student) -> None:
    """Points where f overflows or divides by zero warn nobody."""
    assert remote.look(lambda x: np.float64(1) / x, 0.0) == math.inf
    assert np.isnan(remote.look(np.log, -1.0))


def test_a_check_that_sends_what_cannot_travel_is_told(remote: Student) -> None:
    """An argument of ours that does not travel is the author's mistake."""
    with pytest.raises(CourseError, match="calls same with a set, which cannot travel"):
        remote.same({1})


def test_a_new_student_has_made_no_call(remote: Student) -> None:
    """Before the first call there is nothing to know; special names are not functions."""
    assert remote.last_call == CallRecord((), ())
    with pytest.raises(AttributeError):
        remote.__deepcopy__  # noqa: B018 - what copy.copy looks for
    with pytest.raises(NameMissing, match="does not define nowhere"):
        remote.nowhere(1.0)
    with pytest.raises(AnswerRefused, match="secret gave a set"):
        remote.value("secret")


@given(x=arrays)
def test_arrays_that_were_not_changed_are_not_reported(submission: Submission, x: Any) -> None:  # noqa: ANN401
    """An unchanged array, NaN and all, is the check's own array after the call."""
    submission.begin_check("exercise")
    student = Student(submission)
    student.same(x)
    assert student.last_call.arguments_after[0] is x

"""A worker that breaks the protocol ends itself and nothing else, and no mishap of its own does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from numgrade.errors import AnswerRefused, StudentKilled, StudentRaised
from numgrade.student import Student

if TYPE_CHECKING:
    from meta_tests.spine import Ask, HandIn

pytest_plugins = ["meta_tests.spine"]


FORGERIES = {
    "noise": "send(b'noise' * 20)",
    "an empty frame": "send(header(0, 0))",
    "a huge header": "send(header(2**32 - 1, 2**32 - 1))",
    "half a frame": "send(header(100, 0) + b'half'); os._exit(0)",
    "a wrong id": "send(frame(['answer', call_id() + 1, 1.0, {}]))",
    "an old id": "send(frame(['answer', call_id() - 1, 1.0, {}]))",
    "two answers": "send(frame(['answer', call_id(), 1.0, {}]) * 2)",
    "the end of a cell": "send(frame(['done', call_id(), [], 1, True]))",
    "a readiness": "send(frame(['ready', call_id(), []]))",
    "a grader's message": "send(frame(['call', call_id(), 'f', [], {}]))",
    "a function not given": "send(frame(['evaluate', call_id(), 7, [1.0]]))",
    "a negative function": "send(frame(['evaluate', call_id(), -1, [1.0]]))",
    "a function as a point": "send(frame(['evaluate', call_id(), 0, [['f', 0, 1]]]))",
    "an array without bytes": "send(frame(['answer', call_id(), ['a', 'd', [9]], {}]))",
    "an array of objects": "send(frame(['answer', call_id(), ['a', 'O', [1]], {}], bytes(8)))",
    "bytes of no array": "send(frame(['answer', call_id(), 1.0, {}], bytes(8)))",
    "a function as answer": "send(frame(['answer', call_id(), ['f', 0, 1], {}]))",
    "a closed channel": "os.close(3); time.sleep(60)",
    "a shut channel": "ctypes.CDLL(None).shutdown(3, 2); time.sleep(60)",
}

FORGER = """
import ctypes, os, struct, sys, time
import msgspec

def send(data):
    os.write(3, data)

def header(structure, size):
    return struct.pack("<II", structure, size)

def frame(message, buffer=b""):
    body = msgspec.msgpack.encode(message)
    return header(len(body), len(buffer)) + body + buffer

def call_id():
    frame = sys._getframe()
    while "call" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["call"].id

def honest(x):
    return 2 * x

def f(x):
    FORGERY
    time.sleep(60)
"""


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forger_is_killed_and_replaced(hand_in: HandIn, forgery: str) -> None:
    """A frame that the protocol does not allow costs the check, and the next gets a new process."""
    submission = hand_in(FORGER.replace("FORGERY", forgery))
    submission.begin_check("forged")
    with pytest.raises(StudentKilled):
        Student(submission).f(math.sin)
    submission.begin_check("another")
    assert Student(submission).honest(4.0) == 8.0


def test_an_answer_sent_ahead_answers_no_later_call(hand_in: HandIn) -> None:
    """A forged answer replaces that of its own call alone; what follows it ends the process."""
    forgery = "send(frame(['answer', call_id(), 99.0, {}])); time.sleep(0.3); return 1.0"
    submission = hand_in(FORGER.replace("FORGERY", forgery))
    submission.begin_check("forged")
    student = Student(submission)
    assert student.f(1.0) == 99.0
    with pytest.raises(StudentKilled):
        student.honest(4.0)
    assert student.honest(4.0) == 8.0


@pytest.mark.parametrize(
    "ending",
    ["raise SystemExit(0)", "raise KeyboardInterrupt", "raise type('X', (BaseException,), {})"],
)
def test_no_exception_ends_the_worker(ask: Ask, ending: str) -> None:
    """Whatever the function raises is an exception of its own, and the process lives on."""
    student = ask(f"n = 0\ndef f():\n    {ending}\ndef g():\n    global n; n += 1; return n")
    assert student.g() == 1
    with pytest.raises(StudentRaised):
        student.f()
    assert student.g() == 2


def test_only_the_type_of_an_exception_travels(ask: Ask) -> None:
    """The text of an exception, which can carry hidden inputs, reaches nobody."""
    student = ask("def f(x): raise ValueError(f'the hidden input is {x}')")
    with pytest.raises(StudentRaised) as raised:
        student.f(0.123456)
    assert str(raised.value) == "f raised ValueError."


@pytest.mark.parametrize(
    "expression",
    ["'\\ud800'", "['\\ud800']", "{'\\udfff': 1}", "2**5000", "[[2**5000]]", "(lambda: 1,)"],
)
def test_a_refused_answer_leaves_the_worker_ready(ask: Ask, expression: str) -> None:
    """What cannot travel is refused in the worker, which answers the next call."""
    student = ask(f"def f():\n    return {expression}\ndef g():\n    return 1")
    with pytest.raises(AnswerRefused, match="which is not an answer"):
        student.f()
    assert student.g() == 1


@pytest.mark.parametrize(
    "output",
    [
        "print('\\ud800')",
        "raise ValueError('\\ud800')",
        "'\\ud800'",
        "display({'text/plain': '\\ud800'}, raw=True)",
        "import sys; sys.stderr.write('\\udfff' * 3)",
        "import warnings; warnings.warn('\\ud800')",
        "type('\\N{SNOWMAN}' * 1000, (Exception,), {})\nraise type('x' * 9999, (Exception,), {})",
        "class E(Exception):\n    def __str__(self): return 1 / 0\nraise E",
        "class R:\n    def __repr__(self): raise ValueError\nR()",
        "class R:\n    def _repr_html_(self): return 7\nR()",
        "print(end=None, sep=None, file=None)",
        "import sys\nsys.stdout = None\nprint(1)",
        "import sys\nsys.stdout.close()\nprint(1)",
        "del __builtins__",
    ],
)
def test_strange_output_costs_no_definition(hand_in: HandIn, output: str) -> None:
    """A cell may print, show and raise what is no text at all: what it defined before counts."""
    submission = hand_in(f"def f():\n    return 1\n{output}", "def g():\n    return f() + 1")
    assert submission.warnings == []
    submission.begin_check("exercise")
    assert Student(submission).g() == 2

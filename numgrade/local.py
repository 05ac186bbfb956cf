"""A `student` in our own process, for code that is ours: the reference and the banks.

Values go through the same codec as a student's, so that a check cannot tell the two apart.
"""

from __future__ import annotations

import importlib.util
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.errors import AnswerRefused, CourseError, NameMissing, NumgradeError, StudentError
from numgrade.stand_in import CALL_HAS_ENDED, stand_in
from numgrade.student import (
    CallRecord,
    Evaluations,
    as_builtin,
    evaluate,
    quiet_evaluation,
    raised,
)
from numgrade.values import Packer, Unpacker, Unsendable
from numgrade.wire import MAX_ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType

    from numgrade.wire import WireCallable

_TRAVELS_AS_IT_IS = frozenset({float, np.float64, bool, type(None)})
_MAY_HOLD_CALLABLES = frozenset({list, tuple, dict})


class LocalStudent:
    """Answers like `Student`, from a namespace in this process.

    Parameters
    ----------
    namespace : mapping of str
        The names that a notebook would define.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self.last_call = CallRecord((), ())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return the function of that name."""
        if name.startswith("__"):
            raise AttributeError(name)

        def function(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the check likes
            return self._call(name, args, kwargs)

        function.__name__ = name
        return function

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever the namespace holds
        """Return the value of a plain variable."""
        if name not in self._namespace:
            raise NameMissing(f"The notebook does not define {name}.")
        return _answer(name, self._namespace[name])

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
        function = self._namespace.get(name)
        if not callable(function):
            raise NameMissing(f"The notebook does not define {name}.")
        call = _Call()
        sent = [call.received(arg) for arg in args]
        named = {key: call.received(value) for key, value in kwargs.items()}
        try:
            with quiet_evaluation():
                value = function(*sent, **named)
        except (StudentError, CourseError):
            raise
        except (Exception, SystemExit) as error:
            raise raised(name, type(error).__name__) from error
        finally:
            call.has_ended = True
        answer = _answer(name, value)
        after = tuple(_after(arg, now) for arg, now in zip(args, sent, strict=True))
        self.last_call = CallRecord(after, tuple(call.evaluations))
        return answer


class _Call:
    """One call in this process, with stand-ins for the callables that it is given."""

    def __init__(self) -> None:
        self.evaluations: list[Evaluations] = []
        self.has_ended = False

    def received(self, value: Any) -> Any:  # noqa: ANN401 - any argument at all
        """Return an argument as the student's side receives it."""
        callables: list[Callable[..., Any]] = []
        packer = Packer(callables)
        try:
            if not callable(value) and type(value) not in _MAY_HOLD_CALLABLES:
                return through_the_codec(value)
            wire = packer.pack(value)
        except Unsendable as error:
            raise CourseError(f"a check passes {error}, which cannot travel") from error
        records = [Evaluations() for _ in callables]
        self.evaluations += records

        def make(wire: WireCallable) -> Callable[..., Any]:
            function, record = callables[wire.index], records[wire.index]
            return stand_in(wire.arity, partial(self._evaluate, function, record))

        return Unpacker(bytearray(b"".join(packer.buffers)), make).unpack(wire)

    def _evaluate(
        self, function: Callable[..., Any], record: Evaluations, point: tuple[Any, ...]
    ) -> Any:  # noqa: ANN401 - whatever the function returns
        if self.has_ended:
            raise RuntimeError(CALL_HAS_ENDED)
        is_number = len(point) == 1 and type(point[0]) is float  # as most points are
        sent = point if is_number else tuple([through_the_codec(value) for value in point])
        try:
            return through_the_codec(evaluate(function, sent, record))
        except NumgradeError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the function raises
            raise as_builtin(error) from None


def _answer(name: str, value: Any) -> Any:  # noqa: ANN401 - any value at all
    try:
        return through_the_codec(value)
    except Unsendable as error:
        raise AnswerRefused(f"{name} gave {error}, which is not an answer.") from error


def _after(arg: Any, now: Any) -> Any:  # noqa: ANN401 - any argument at all
    """Return an argument as a call left it; what holds functions stays what it was."""
    if not isinstance(arg, np.ndarray | list | tuple | dict):
        return arg
    try:
        return through_the_codec(now)
    except Unsendable:
        return None if _travels(arg) else arg


def _travels(value: Any) -> bool:  # noqa: ANN401 - any value at all
    try:
        Packer().pack(value)
    except Unsendable:
        return False
    return True


def through_the_codec(value: Any) -> Any:  # noqa: ANN401 - any value at all
    """Return what the other end of a wire would receive.

    Raises
    ------
    Unsendable
        If the value does not travel.
    """
    if type(value) in _TRAVELS_AS_IT_IS:
        return value
    if type(value) is np.ndarray and value.dtype == np.float64 and value.size <= MAX_ELEMENTS // 2:
        return value.copy()  # most points and answers, at a tenth of what the codec takes
    packer = Packer()
    wire = packer.pack(value)
    return Unpacker(bytearray(b"".join(packer.buffers))).unpack(wire)


def load_module(path: Path, name: str) -> ModuleType:
    """Import a file of the course: the reference, or a member of a bank.

    Raises
    ------
    CourseError
        If the file does not exist or its import fails.
    """
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise CourseError(f"{path} does not exist or is not a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the file is Python: anything may come out of it
        raise CourseError(f"{path}: {type(error).__name__}: {error}") from error
    return module

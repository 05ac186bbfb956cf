"""A `student` in our own process, for code that is ours: the reference and the banks.

Values go through the same codec as a student's, so that a check cannot tell the two apart.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from numgrade.errors import AnswerRefused, CourseError, NameMissing, NumgradeError, StudentError
from numgrade.evaluation import Evaluations, as_builtin, evaluate, is_number, quiet_evaluation
from numgrade.kinds import exception_name
from numgrade.recording import Recording
from numgrade.stand_in import CALL_HAS_ENDED, missing_name, stand_in
from numgrade.student import CallRecord, pack_call, raised, recorded
from numgrade.values import Packer, Unpacker, Unsendable
from numgrade.wire import (
    MAX_ELEMENTS,
    WireArray,
    WireCallable,
    WireDict,
    WireList,
    WireTuple,
    WireVector,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from numgrade.recording import Sent

Evaluating: TypeAlias = Callable[[Callable[..., Any], tuple[Any, ...], Evaluations], Any]

_TRAVELS_AS_IT_IS = frozenset({float, np.float64, bool, type(None)})
_MUTABLE = WireArray, WireVector, WireList, WireTuple, WireDict


class LocalStudent:
    """Answers like `Student`, from a namespace in this process.

    Parameters
    ----------
    namespace : mapping of str
        The names that a notebook would define.

    Attributes
    ----------
    last_call, recording
        As those of `Student`.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self.recording = Recording()
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
        with recorded(self.recording, name, None, []) as known:
            known.value = read_here(self._namespace, name)
        return known.value

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
        sent = pack_call(name, args, kwargs)
        evaluations = [Evaluations() for _ in sent.callables]
        with recorded(self.recording, name, sent, evaluations) as known, quiet_evaluation():
            known.value, known.after = call_here(self._namespace, name, sent, evaluations)
        after = tuple(known.after.get(place, arg) for place, arg in enumerate(args))
        self.last_call = CallRecord(after, tuple(evaluations))
        return known.value


def read_here(namespace: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - whatever it holds
    """Return the value of a plain variable, as `Student.value` would.

    Raises
    ------
    StudentError
        If there is none, or one that is not plain data.
    """
    if name not in namespace:
        raise NameMissing(f"The notebook does not define {name}.")
    return _answer(name, namespace[name])


def call_here(
    namespace: Mapping[str, Any],
    name: str,
    sent: Sent,
    evaluations: Sequence[Evaluations],
    evaluating: Evaluating = evaluate,
) -> tuple[Any, dict[int, Any]]:
    """Call a function of a namespace as a worker would, with arguments as they travel.

    Parameters
    ----------
    namespace : mapping of str
        What the code has defined.
    name : str
        The function.
    sent : Sent
        The arguments.
    evaluations : sequence of Evaluations
        Where to note evaluations of the callables among them, in their order.
    evaluating : callable, optional
        In the place of `numgrade.student.evaluate`.

    Returns
    -------
    object, dict of int
        The answer, and the arguments that can have changed, by position.

    Raises
    ------
    StudentError
        If there is no answer.
    """
    function = namespace.get(name)
    if not callable(function):
        raise NameMissing(f"The notebook does not define {name}.")
    call = _Call(sent.callables, evaluations, evaluating)
    unpacker = Unpacker(bytearray(b"".join(sent.buffers)), call.stand_in)
    args = [unpacker.unpack(wire) for wire in sent.args]
    kwargs = {key: unpacker.unpack(wire) for key, wire in sent.kwargs.items()}
    try:
        value = function(*args, **kwargs)
    except (StudentError, CourseError):
        raise
    except (Exception, SystemExit) as error:
        raise raised(name, exception_name(type(error)), missing_name(error)) from error
    finally:
        call.has_ended = True
    mutable = [place for place, wire in enumerate(sent.args) if isinstance(wire, _MUTABLE)]
    after = {place: _after(args[place]) for place in mutable if not _holds_callables(sent, place)}
    return _answer(name, value), after


class _Call:
    """One call in this process: makes the stand-ins for the callables that it is given."""

    def __init__(
        self,
        callables: list[Callable[..., Any]],
        evaluations: Sequence[Evaluations],
        evaluating: Evaluating,
    ) -> None:
        self._callables = callables
        self._evaluations = evaluations
        self._evaluating = evaluating
        self.has_ended = False

    def stand_in(self, wire: WireCallable) -> Callable[..., Any]:
        """Return the function that stands for one that stays behind."""
        return stand_in(wire.arity, partial(self._evaluate, wire.index))

    def _evaluate(self, index: int, point: tuple[Any, ...]) -> Any:  # noqa: ANN401
        if self.has_ended:
            raise RuntimeError(CALL_HAS_ENDED)
        sent = point if is_number(point) else tuple(map(through_the_codec, point))
        try:
            value = self._evaluating(self._callables[index], sent, self._evaluations[index])
            return value if type(value) in _TRAVELS_AS_IT_IS else through_the_codec(value)
        except NumgradeError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the function raises
            raise as_builtin(error) from None


def _answer(name: str, value: Any) -> Any:  # noqa: ANN401 - any value at all
    try:
        return through_the_codec(value)
    except Unsendable as error:
        raise AnswerRefused(f"{name} gave {error}, which is not an answer.") from error


def _after(value: Any) -> Any:  # noqa: ANN401 - any argument at all
    """Return an argument as a call left it, or None if it does not travel any more."""
    try:
        return through_the_codec(value)
    except Unsendable:
        return None


def _holds_callables(sent: Sent, place: int) -> bool:
    """Tell whether an argument is a list of functions, say: it stays what it was."""
    stack: list[Any] = [sent.args[place]] if sent.callables else []
    while stack:
        wire = stack.pop()
        if isinstance(wire, WireCallable):
            return True
        stack.extend(wire.items if isinstance(wire, WireList | WireTuple | WireDict) else ())
    return False


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

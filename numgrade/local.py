"""A `student` in our own process, for code that is ours: the reference and the banks.

Values go through the same codec as a student's, so that a check cannot tell the two apart.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from numgrade.errors import AnswerRefused, CourseError, NameMissing, StudentError, StudentRaised
from numgrade.student import CallRecord, Evaluations, evaluate, quiet_evaluation
from numgrade.values import Packer, Unpacker, Unsendable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType

    from numgrade.wire import WireCallable


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
        return through_the_codec(self._namespace[name])

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
        function = self._namespace.get(name)
        if not callable(function):
            raise NameMissing(f"The notebook does not define {name}.")
        evaluations: list[Evaluations] = []
        sent = [self._sent(arg, evaluations) for arg in args]
        named = {key: self._sent(value, evaluations) for key, value in kwargs.items()}
        try:
            with quiet_evaluation():
                value = function(*sent, **named)
        except (StudentError, CourseError):
            raise
        except Exception as error:
            kind = type(error).__name__
            raise StudentRaised(f"{name} raised {kind}.", kind) from error
        after = tuple(
            arg if callable(arg) else through_the_codec(now)
            for arg, now in zip(args, sent, strict=True)
        )
        self.last_call = CallRecord(after, tuple(evaluations))
        try:
            return through_the_codec(value)
        except Unsendable as error:
            text = f"{name} gave {error}, which is not an answer."
            raise AnswerRefused(text) from error

    def _sent(self, value: Any, evaluations: list[Evaluations]) -> Any:  # noqa: ANN401
        """Return a value as the student's side receives it, with stand-ins for callables."""
        callables: list[Callable[..., Any]] = []
        packer = Packer(callables)
        try:
            wire = packer.pack(value)
        except Unsendable as error:
            raise CourseError(f"a check passes {error}, which cannot travel") from error
        first = len(evaluations)
        evaluations.extend(Evaluations() for _ in callables)

        def stand_in(wire: WireCallable) -> Callable[..., Any]:
            record = evaluations[first + wire.index]

            def f(*point: Any) -> Any:  # noqa: ANN401
                sent = tuple(through_the_codec(value) for value in point)
                return through_the_codec(evaluate(callables[wire.index], sent, record))

            return f

        return Unpacker(bytearray(b"".join(packer.buffers)), stand_in).unpack(wire)


def through_the_codec(value: Any) -> Any:  # noqa: ANN401 - any value at all
    """Return what the other end of a wire would receive.

    Raises
    ------
    Unsendable
        If the value does not travel.
    """
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

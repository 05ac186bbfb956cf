"""What a check asked of the student's code and what came back: the material of a diagnosis.

Nothing is copied when a call is recorded: arguments are kept as they were packed for the wire.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from numgrade.errors import AnswerRefused, NameMissing, StudentRaised
from numgrade.wire import WireValue

if TYPE_CHECKING:
    from numgrade.errors import StudentError

MAX_RECORDED_NUMBERS = 50_000
"""Of a check: what its calls send, what they return and where they evaluate f."""


class Sent(msgspec.Struct, frozen=True):
    """The arguments of a call as they travel; callables stay behind."""

    args: list[WireValue]
    kwargs: dict[str, WireValue]
    buffers: list[bytes]
    callables: list[Callable[..., Any]]


class Failure(msgspec.Struct, frozen=True):
    """How a call ended without an answer.

    Attributes
    ----------
    kind : str
        "raised", "refused", "missing" or "stopped".
    detail : str
        The type of the exception, or what kind of value was refused.
    name : str
        Which name or attribute was not there, where that was the exception.
    """

    kind: str
    detail: str = ""
    name: str = ""

    @property
    def is_stopped(self) -> bool:
        """Whether the call was ended from outside."""
        return self.kind == "stopped"

    @property
    def is_unfinished(self) -> bool:
        """Whether the function says itself that it is still to be written."""
        return self.detail == "NotImplementedError"

    @classmethod
    def of(cls, error: StudentError) -> Failure:
        """Return what a recording keeps of an exception: nothing that holds frames alive."""
        match error:
            case StudentRaised():
                return cls("raised", error.type_name, error.missing)
            case AnswerRefused():
                return cls("refused", str(error))
            case NameMissing():
                return cls("missing")
        return cls("stopped")


class RecordedCall(msgspec.Struct, frozen=True):
    """A call, or the reading of a plain variable, and what came of it.

    Attributes
    ----------
    name : str
        The function, or the variable.
    sent : Sent or None
        The arguments; None for a variable.
    outcome : object
        The answer, or a `Failure`.
    after : dict of int
        Positional arguments as the call left them; one that is not listed is as it was sent.
    counts, points : tuple
        For each callable among the arguments: how often it was evaluated, and where.
    """

    name: str
    sent: Sent | None
    outcome: Any
    after: dict[int, Any] = {}
    counts: tuple[int, ...] = ()
    points: tuple[list[tuple[Any, ...]], ...] = ()


class Recording:
    """The calls of one check, in their order.

    Attributes
    ----------
    calls : list of RecordedCall
        What was recorded.
    is_complete : bool
        Whether that is everything: a check that moves very large values is not recorded whole.
    is_over : bool
        Set when the check has ended: from then on its functions must not call the student again.
    """

    def __init__(self) -> None:
        self.calls: list[RecordedCall] = []
        self.is_complete = True
        self.is_over = False
        self._room = MAX_RECORDED_NUMBERS

    def keep(self, call: RecordedCall, size: int) -> None:
        """Keep a call that takes the room of `size` numbers, if there is room for it."""
        self._room -= size
        if self._room < 0:
            self.is_complete = False
        elif self.is_complete:
            self.calls.append(call)

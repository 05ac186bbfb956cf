"""Name the known mistake that a student's wrong answers are the answers of.

The calls of the checks that failed are put to every mistake in the bank of the exercise. One that
gives the student's answers, which are not the reference's, is the diagnosis. It is a help, not a
verdict: where two mistakes would do, or the answers say little, there is none.
"""

from __future__ import annotations

from enum import IntEnum, auto
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.banks import read_banks
from numgrade.deadline import deadline, silently, start_clock
from numgrade.errors import StudentTimedOut
from numgrade.evaluation import MAX_EVALUATIONS as MAX_OF_A_STUDENT
from numgrade.evaluation import quiet_evaluation
from numgrade.likeness import COARSE, EXACT, Flat, flatten, same_points, surely_differ
from numgrade.local import load_module
from numgrade.recording import Failure
from numgrade.replay import FREQUENCIES, MAX_EVALUATIONS, Jitter, replay, size_of
from numgrade.values import Unpacker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numgrade.recording import RecordedCall, Recording

_NOISE_FACTOR = 16.0  # how far two writings may lie apart, in units of what jitter does to one
_CLEAR_OF_NOISE = 10.0  # by how much more an answer must differ from the reference's to be wrong
_SURELY_WRONG = 1e-6  # relative difference from the reference's that needs no look at the noise
_STILL_RIGHT = 1e-3  # relative difference within which two right answers agree

_MAX_FAILED = 16
_MAX_PASSED = 16
"""Calls that are looked at, of an exercise: each costs time for each mistake that is left."""

_MAX_ENDLESS = 2  # calls that never stop, since each costs a mistake like it all it may take
_MAX_SIZE = 300  # numbers that a call moves, if it is looked at though its check went on

_FIRST_POINTS = 20  # which those who never stop have in common


class _Evidence(IntEnum):
    """What the calls so far say for a mistake that answers them as the student does."""

    NONE = auto()
    WEAK = auto()
    TELLING = auto()


class Diagnosis:
    """The known mistakes of an assignment, ready to be recognised.

    Parameters
    ----------
    checks : pathlib.Path
        tests/<assignment>, which holds the bank.
    reference : module
        The reference implementation: what gives its answers is no mistake.

    Raises
    ------
    CourseError
        If a file of the bank is broken.
    """

    def __init__(self, checks: Path, reference: Mapping[str, Any]) -> None:
        self._reference = reference
        self._mistakes: dict[str, dict[str, Mapping[str, Any]]] = {}
        self.hints: dict[str, str] = {}
        for mistake in read_banks(checks):
            if mistake.is_right:
                continue
            with silently():
                module = load_module(mistake.path, f"mistake_{mistake.exercise}_{mistake.name}")
            self._mistakes.setdefault(mistake.exercise, {})[mistake.name] = vars(module)
            self.hints[f"{mistake.exercise}/{mistake.name}"] = mistake.hint

    def of(
        self, exercise: str, failed: Sequence[Recording], passed: Sequence[Recording]
    ) -> str | None:
        """Return the name of the mistake that explains the failed checks of an exercise, if any.

        Parameters
        ----------
        exercise : str
            Which bank to look into.
        failed, passed : sequence of Recording
            The calls of its failed checks, and of the others. None of them may go on.
        """
        for recording in chain(failed, passed):
            recording.is_over = True
        bank = self._mistakes.get(exercise, {})
        if not bank or not all(recording.is_complete for recording in failed):
            return None
        with silently(), quiet_evaluation(), deadline():
            start_clock()
            try:
                return self._search(bank, _failed_calls(failed), _passed_calls(passed))
            except StudentTimedOut:
                return None

    def _search(
        self,
        bank: Mapping[str, Mapping[str, Any]],
        failed: Sequence[RecordedCall],
        passed: Sequence[RecordedCall],
    ) -> str | None:
        cases = [_Case(call, self._reference) for call in failed]
        if any(case.is_unfinished for case in cases):
            return None
        endless = [case for case in cases if case.never_stops][:_MAX_ENDLESS]
        cases = [case for case in cases if not case.never_stops] + endless
        suspects = {name: _Suspect(namespace) for name, namespace in bank.items()}
        for case in cases:
            suspects = {name: each for name, each in suspects.items() if each.is_like(case)}
        others = [_Case(call, self._reference) for call in passed]
        convicted = [name for name, each in suspects.items() if each.convinces(others)]
        if len(convicted) > 1:
            convicted = [name for name in convicted if suspects[name].asks_alike(cases)]
        return convicted[0] if len(convicted) == 1 else None


class _Case:
    """A recorded call of the student, with what the reference makes of it."""

    def __init__(self, call: RecordedCall, reference: Mapping[str, Any]) -> None:
        self.call = call
        self._reference = reference
        most = max(call.counts, default=0)
        self.never_stops = isinstance(call.outcome, Failure) and (
            most > (MAX_EVALUATIONS if call.outcome.is_stopped else MAX_OF_A_STUDENT)
        )

    @property
    def is_unfinished(self) -> bool:
        """Whether there was nothing to call yet."""
        outcome = self.call.outcome
        return isinstance(outcome, Failure) and (outcome.kind == "missing" or outcome.is_unfinished)

    @cached_property
    def flat(self) -> Flat:
        """The student's answer, with the arguments as it left them."""
        return self.flat_of(self.call)

    @cached_property
    def expected(self) -> Flat:
        """The reference's."""
        return self.flat_of(self.replayed)

    @cached_property
    def replayed(self) -> RecordedCall:
        """What the reference does."""
        return replay(self._reference, self.call)

    @cached_property
    def _sent(self) -> list[Any]:
        """The positional arguments, with None for functions."""
        if self.call.sent is None:
            return []
        unpacker = Unpacker(bytearray(b"".join(self.call.sent.buffers)), lambda _: _nothing)
        return [unpacker.unpack(wire) for wire in self.call.sent.args]

    def flat_of(self, call: RecordedCall) -> Flat:
        """Take an answer apart, with the arrays and lists among the arguments behind it."""
        after = () if isinstance(call.outcome, Failure) else self._after(call)
        return flatten((call.outcome, *after) if after else call.outcome)

    def is_passed_by(self, call: RecordedCall) -> bool:
        """Tell whether a call is as right as the student's, and changes arguments as that does."""
        if not self.flat_of(call).is_like(self.flat, _STILL_RIGHT):
            return False
        return flatten(self._after(call)).is_like(flatten(self._after(self.call)), EXACT)

    def _after(self, call: RecordedCall) -> tuple[Any, ...]:
        return tuple(
            call.after.get(place, value)
            for place, value in enumerate(self._sent)
            if isinstance(value, np.ndarray | list)
        )


class _Suspect:
    """A known mistake that has not been told apart from the student's yet."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._evidence = _Evidence.NONE

    def is_like(self, case: _Case) -> bool:
        """Look at one more call; tell whether the mistake may still be the student's."""
        replayed = replay(self._namespace, case.call)
        if case.never_stops:
            self._evidence = _Evidence.TELLING
            return _is_stopped(replayed.outcome) and self.asks_alike([case])
        if surely_differ(case.call.outcome, replayed.outcome):
            return False
        flat = case.flat_of(replayed)
        if not flat.is_like(case.flat, COARSE):
            return False
        is_exact = flat.is_like(case.flat, EXACT)
        if not is_exact and flat.is_beyond(case.flat, self._noise(case, flat)):
            return False
        if self._evidence < _Evidence.TELLING and self._is_wrong(case, flat):
            self._evidence = max(self._evidence, self._weight(case, replayed))
        return True

    def convinces(self, passed: Iterable[_Case]) -> bool:
        """Tell whether all that was seen is evidence, together with checks that were passed."""
        if self._evidence is _Evidence.NONE:
            return False
        supports = self._evidence is _Evidence.TELLING
        for case in passed:
            if not case.is_passed_by(replay(self._namespace, case.call)):
                return False
            supports |= not case.flat.says_little
        return supports

    def asks_alike(self, cases: Iterable[_Case]) -> bool:
        """Tell whether the mistake evaluates f where the student did, in all calls."""
        for case in cases:
            ours, theirs = replay(self._namespace, case.call, with_points=True), case.call
            most = _FIRST_POINTS if case.never_stops else None
            if not same_points(*([each[:most] for each in call.points] for call in (ours, theirs))):
                return False
        return True

    def _is_wrong(self, case: _Case, flat: Flat) -> bool:
        """Tell whether an answer of the mistake is surely not the reference's."""
        if not flat.is_like(case.expected, _SURELY_WRONG):
            return True
        clear = [_CLEAR_OF_NOISE * noise for noise in self._noise(case, flat)]
        return flat.is_beyond(case.expected, clear)

    def _weight(self, case: _Case, replayed: RecordedCall) -> _Evidence:
        """Tell what it is worth that a wrong answer, or that there is none, is alike.

        Half of all mistakes end in None, 0 or a TypeError somewhere. Such answers count only where
        f was evaluated at the same points, too.
        """
        if _is_distinctive(case, replayed.outcome):
            return _Evidence.TELLING
        asks_alike = any(case.call.points) and self.asks_alike([case])
        return _Evidence.TELLING if asks_alike else _Evidence.WEAK

    def _noise(self, case: _Case, flat: Flat) -> list[float]:
        """Return how far another writing of the mistake may lie from its answer."""
        noise = [0.0] * len(flat.numbers)
        for frequency in FREQUENCIES:
            moved = case.flat_of(replay(self._namespace, case.call, Jitter(frequency)))
            if moved.kind == flat.kind:
                noise = list(map(max, noise, flat.gaps(moved)))
        return [_NOISE_FACTOR * each for each in noise]


def _is_distinctive(case: _Case, outcome: Any) -> bool:  # noqa: ANN401 - an answer or a failure
    """Tell whether a wrong answer is evidence by itself."""
    if isinstance(outcome, Failure):
        return outcome.kind == "refused" or bool(outcome.name)
    return case.call.sent is None or not flatten(outcome).says_little


def _failed_calls(recordings: Sequence[Recording]) -> list[RecordedCall]:
    """Return the calls of failed checks that are looked at, the cheapest first.

    A check ends with the call that it cannot accept, so the last one of each is the best evidence.
    """
    calls = [each.calls for each in recordings if each.calls and not _was_not_run(each.calls[-1])]
    last = sorted((each[-1] for each in calls), key=size_of)
    before = sorted(chain.from_iterable(each[:-1] for each in calls), key=size_of)
    small = [call for call in before if size_of(call) <= _MAX_SIZE]
    return (last + small)[: max(len(last), _MAX_FAILED)]


def _passed_calls(recordings: Sequence[Recording]) -> list[RecordedCall]:
    """Return the first calls of some checks that were passed, the cheapest first."""
    first = [recording.calls[0] for recording in recordings if recording.calls]
    return sorted((call for call in first if size_of(call) <= _MAX_SIZE), key=size_of)[:_MAX_PASSED]


def _was_not_run(call: RecordedCall) -> bool:
    """Tell whether a call was stopped before it did anything, so that nothing is known of it."""
    return _is_stopped(call.outcome) and not any(call.counts)


def _is_stopped(outcome: Any) -> bool:  # noqa: ANN401 - an answer or a failure
    return isinstance(outcome, Failure) and outcome.is_stopped


def _nothing(*_: object) -> None:
    """Stand for a function that is of no interest."""

"""Wrong answers that no known mistake explains: which students' code behaves alike.

Each student has other inputs, so answers cannot be compared as they are. Code whose mistake has no
name is therefore asked once more, on inputs that are the same for the whole class, and what it
answers is kept as a digest. Nothing of that counts for a mark.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

from numgrade.likeness import flatten
from numgrade.recording import Failure
from numgrade.results import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numgrade.checks import Suite
    from numgrade.likeness import Flat, Number
    from numgrade.preparation import Afterwards
    from numgrade.recording import Recording
    from numgrade.results import ExerciseResult

SECONDS = 1.0
"""Wall time of the second look at one exercise."""

_QUANTUM = 1.0e-4 * math.pi / 3
"""Numbers are rounded to this part of the largest that they came with, which is itself rounded.

No common fraction lies on the border between two multiples, so that rounding errors, which are far
smaller, do not part what is alike.
"""

_ANSWERED_WRONGLY = frozenset({CheckStatus.FAILED, CheckStatus.ERROR})


def is_unexplained(exercise: ExerciseResult) -> bool:
    """Tell whether an exercise was answered wrongly, in a way that has no name and no limit met."""
    ends = {check.status for check in exercise.checks}
    ended = ends <= {CheckStatus.PASSED, *_ANSWERED_WRONGLY}
    return exercise.diagnosis is None and ended and not ends.isdisjoint(_ANSWERED_WRONGLY)


def behaviour_of(suite: Suite, subject: Afterwards, exercise: str) -> str | None:
    """Return a digest of what a student's code answers to the checks of an exercise.

    Parameters
    ----------
    suite : Suite
        The checks.
    subject : Afterwards
        The submission, with the seed of the class.
    exercise : str
        The exercise.

    Returns
    -------
    str or None
        Alike for code that gives the same answers, but for rounding; None if it was stopped, or is
        unfinished.
    """
    suite.run(subject, checks=[check for check in suite.checks if check.exercise == exercise])
    return digest_of(subject.recordings)


def digest_of(recordings: Iterable[Recording]) -> str | None:
    """Return a digest of the answers in some recordings.

    None if a call was stopped, or raised NotImplementedError: an unfinished cell is no mistake.
    """
    digest = hashlib.blake2b(digest_size=6)
    for recording in recordings:
        for call in recording.calls:
            if isinstance(call.outcome, Failure) and (
                call.outcome.is_stopped or call.outcome.is_unfinished
            ):
                return None
            answers = [flatten(call.outcome), *map(flatten, call.after.values())]
            known = [
                call.name,
                list(call.after),
                *((each.kind, _rounded(each)) for each in answers),
            ]
            digest.update(repr(known).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _rounded(flat: Flat) -> list[object]:
    return [_quanta(*pair) for pair in zip(flat.numbers, flat.scales, strict=True)]


def _quanta(number: Number, scale: float) -> object:
    """Return a number as a multiple of a part of its scale, with the scale."""
    parts = (number.real, number.imag) if isinstance(number, complex) else (number,)
    if not scale or not all(map(math.isfinite, parts)):
        return [(place, repr(part)) for place, part in enumerate(parts) if part]
    size = round(math.log(scale) / _QUANTUM)
    counts = (round(part / scale / _QUANTUM) for part in parts)
    return [(place, count, size) for place, count in enumerate(counts) if count]

"""How far right and wrong answers lie from what a check allows.

Errors are in units of what was allowed: up to 1 an answer passes. A right solution should stay a
factor of 10 below, and a wrong one that the check catches a factor of 10 above: then no draw of
the inputs turns one into the other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numgrade.candidates import Tally, Trial

WANTED = 10.0
"""Factor between an answer's error and what is allowed, on either side."""

RIGHT = frozenset({"reference", "variant"})


class Extreme(msgspec.Struct, frozen=True):
    """The error that comes closest to what is allowed, and whose it is."""

    error: float
    name: str = ""


class Margin(msgspec.Struct, frozen=True):
    """What a check makes of right and wrong solutions.

    Attributes
    ----------
    exercise, check : str
        Which check.
    is_numeric : bool
        Whether it compares numbers.
    right : Extreme
        The largest error of a right solution.
    wrong : Extreme
        The smallest error of a mistake that the check catches; infinite if none is caught by its
        error.
    rights, wrongs : tuple of (str, float)
        All right solutions, and all mistakes that it catches by their error.
    caught : tuple of str
        The mistakes that fail it with every seed, for whatever reason.
    by_the_draw : tuple of str
        The mistakes that fail it with some seeds only.
    """

    exercise: str
    check: str
    is_numeric: bool
    right: Extreme
    wrong: Extreme
    rights: tuple[tuple[str, float], ...]
    wrongs: tuple[tuple[str, float], ...]
    caught: tuple[str, ...]
    by_the_draw: tuple[str, ...]

    @property
    def below(self) -> float:
        """By which factor right solutions stay below what is allowed."""
        return 1 / self.right.error if self.right.error else math.inf

    @property
    def above(self) -> float:
        """By which factor the mistakes that it catches lie above."""
        return self.wrong.error


def margins_of(trials: Iterable[Trial]) -> list[Margin]:
    """Return the margin of each check, in the order of the checks."""
    by_check: dict[tuple[str, str], list[tuple[Trial, Tally]]] = {}
    for trial in trials:
        for name, tally in trial.checks.items():
            by_check.setdefault((trial.candidate.exercise, name), []).append((trial, tally))
    return [_margin(exercise, name, found) for (exercise, name), found in by_check.items()]


def _margin(exercise: str, check: str, found: Sequence[tuple[Trial, Tally]]) -> Margin:
    rights, wrongs, caught, by_the_draw = [], [], [], []
    for trial, tally in found:
        name = trial.candidate.name
        if trial.candidate.kind in RIGHT:
            rights.append((name, _error_of_right(tally)))
        elif tally.always_fails:
            caught.append(name)
            wrongs.append((name, tally.failing))
        elif tally.passes < tally.runs:
            by_the_draw.append(name)
    wrongs = [(name, error) for name, error in wrongs if math.isfinite(error)]
    return Margin(
        exercise=exercise,
        check=check,
        is_numeric=any(tally.compared for _, tally in found),
        right=max((Extreme(error, name) for name, error in rights), key=_error, default=Extreme(0)),
        wrong=min(
            (Extreme(error, name) for name, error in wrongs), key=_error, default=Extreme(math.inf)
        ),
        rights=tuple(sorted(rights)),
        wrongs=tuple(sorted(wrongs)),
        caught=tuple(sorted(caught)),
        by_the_draw=tuple(sorted(by_the_draw)),
    )


def _error_of_right(tally: Tally) -> float:
    """Return the largest error of a right solution; if it failed, that counts as well."""
    failed = tally.passes < tally.runs and math.isfinite(tally.failing)
    return max(tally.passing, tally.failing) if failed else tally.passing


def _error(extreme: Extreme) -> float:
    return extreme.error


def redundant(margins: Sequence[Margin]) -> list[tuple[str, str]]:
    """Return the checks, as (exercise, name), each of whose mistakes another check catches, too.

    The items of a parametrised check count as one.
    """
    caught: dict[tuple[str, str], set[str]] = {}
    for margin in margins:
        key = margin.exercise, margin.check.partition("[")[0]
        caught.setdefault(key, set()).update(margin.caught)
    found = []
    for (exercise, name), mistakes in caught.items():
        others = [
            names for (place, other), names in caught.items() if place == exercise and other != name
        ]
        if mistakes <= set().union(*others):
            found.append((exercise, name))
    return found


def uncovered_draws(margins: Sequence[Margin]) -> list[tuple[Margin, str]]:
    """Return the mistakes that a check catches by the draw, and no other check with certainty."""
    sure = {
        (margin.exercise, name)
        for margin in margins
        for name in margin.caught
        if dict(margin.wrongs).get(name, math.inf) >= WANTED
    }
    return [
        (margin, name)
        for margin in margins
        for name in margin.by_the_draw
        if (margin.exercise, name) not in sure
    ]


def factor(value: float) -> str:
    """Return a factor for people: a few digits, or a power of ten where it is large."""
    if math.isinf(value):
        return "-"
    if value < 1000:  # noqa: PLR2004 - what people read as a number
        return f"{value:.3g}"
    return f"10^{math.floor(math.log10(value))}"


def words(check: str) -> str:
    """Return the name of a check as words."""
    return check.removeprefix("test_").replace("_", " ")

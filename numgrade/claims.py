"""What should hold of an assignment's checks: a claim each, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from numgrade.candidates import Trial
from numgrade.evaluation import MAX_EVALUATIONS
from numgrade.margins import RIGHT, WANTED, Margin, redundant, uncovered_draws
from numgrade.mutant_trials import MutantTrial
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ENOUGH_VARIANTS, ENOUGH_MISTAKES = 15, 20
SHARE_OF_LIMIT = 0.2
"""A right solution that uses more of a limit leaves too little to slower machines and students."""


class Claim(msgspec.Struct, frozen=True):
    """What should hold, and what speaks against it."""

    text: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.problems


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the trials of an assignment have shown.

    Attributes
    ----------
    expected_points, points : dict of str to float
        By exercise: of the grade cells, and of the checks.
    trials : tuple of Trial
        In process and in the sandbox.
    mutants : tuple of MutantTrial
        Of the reference.
    margins : tuple of Margin
        One a check.
    fair_mutants : dict of str to str
        Mutants that the author has declared fair, with the reasons.
    limits : LimitValues
        Limits on student code.
    undrawn : tuple of str
        Pictures that the reference does not give, and why.
    """

    expected_points: dict[str, float]
    points: dict[str, float]
    trials: tuple[Trial, ...]
    mutants: tuple[MutantTrial, ...]
    margins: tuple[Margin, ...]
    fair_mutants: dict[str, str]
    limits: LimitValues
    undrawn: tuple[str, ...] = ()

    def of_kind(self, *kinds: str) -> Iterator[Trial]:
        """Yield the trials of some kinds of candidates."""
        return (trial for trial in self.trials if trial.candidate.kind in kinds)

    def evaluations(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Return, by check, the most evaluations that a right solution takes, and which one."""
        most: dict[tuple[str, str], tuple[int, str]] = {}
        for trial in self.of_kind(*RIGHT):
            for check, tally in trial.checks.items():
                key = trial.candidate.exercise, check
                most[key] = max(most.get(key, (0, "")), (tally.evaluations, trial.candidate.name))
        return most


def claims_of(evidence: Evidence) -> list[Claim]:
    """Return all claims, with what speaks against each."""
    return [Claim(text, tuple(problems(evidence))) for text, problems in _CLAIMS.items()]


def notes_of(evidence: Evidence) -> list[str]:
    """Return what an author should know, though it is nothing wrong."""
    return [note for notes in _NOTES for note in notes(evidence)]


def _points_that_differ(evidence: Evidence) -> Iterator[str]:
    expected, points = evidence.expected_points, evidence.points
    for exercise in dict.fromkeys([*expected, *points]):
        if expected.get(exercise) != points.get(exercise):
            yield (
                f"{exercise}: {expected.get(exercise, 'no')} points in the release, "
                f"{points.get(exercise, 'no')} in the checks"
            )


def _references_that_lose(evidence: Evidence) -> Iterator[str]:
    return _that_lose(evidence.of_kind("reference"))


def _sources_that_lose(evidence: Evidence) -> Iterator[str]:
    return _that_lose(evidence.of_kind("source"))


def _variants_that_lose(evidence: Evidence) -> Iterator[str]:
    return _that_lose(evidence.of_kind("variant"))


def _releases_that_earn(evidence: Evidence) -> Iterator[str]:
    for trial in evidence.of_kind("release"):
        passed = [name for name, tally in trial.checks.items() if tally.passes]
        if passed:
            yield f"{trial.candidate.exercise}: passes {', '.join(passed)}"


def _mistakes_that_pass(evidence: Evidence) -> Iterator[str]:
    for trial in evidence.of_kind("mistake"):
        if trial.full_marks:
            yield f"{_title(trial)}: full marks with {trial.full_marks} of {trial.seeds} seeds"


def _narrow_margins(evidence: Evidence) -> Iterator[str]:
    for margin in evidence.margins:
        where = f"{margin.exercise}, {margin.check}"
        if margin.below < WANTED:
            yield (
                f"{where}: {margin.right.name} is right and errs by {margin.right.error:.2g} of "
                f"what is allowed"
            )
        for name, error in margin.wrongs:
            if error < WANTED:
                yield f"{where}: {name} is wrong and errs by {error:.2g} times what is allowed"


def _caught_by_the_draw(evidence: Evidence) -> Iterator[str]:
    for margin, name in uncovered_draws(evidence.margins):
        yield f"{margin.exercise}, {margin.check}: {name} fails with some seeds and passes others"


def _surviving_mutants(evidence: Evidence) -> Iterator[str]:
    for mutant in evidence.mutants:
        fair = mutant.candidate.name in evidence.fair_mutants
        if not (mutant.is_killed or mutant.is_equivalent or fair):
            often = f"; killed with {mutant.kills} of {mutant.seeds} seeds" if mutant.kills else ""
            yield f"{mutant.candidate.exercise}: {mutant.candidate.name}{often}"


def _needless_excuses(evidence: Evidence) -> Iterator[str]:
    """Yield declared mutants that do not exist (any more), or are killed."""
    alive = {one.candidate.name for one in evidence.mutants if not one.is_killed}
    for name in evidence.fair_mutants:
        if name not in alive:
            yield f"{name}: declared fair, but there is no such mutant, or it is killed"


def _pictures_without_the_reference(evidence: Evidence) -> Iterator[str]:
    yield from evidence.undrawn


def _that_lose(trials: Iterable[Trial]) -> Iterator[str]:
    """Yield the trials in which marks were lost, with the checks."""
    for trial in trials:
        if trial.full_marks < trial.seeds or trial.cut_off:
            lost = ", ".join(_how_lost(trial, name) for name in trial.lost())
            yield f"{_title(trial)}: loses {lost}"


def _how_lost(trial: Trial, check: str) -> str:
    tally = trial.checks[check]
    how = ", ".join(sorted(tally.how - {"passed"}))
    return f"{check} ({how} with {tally.runs - tally.passes} of {tally.runs} seeds)"


def _title(trial: Trial) -> str:
    where = " in the sandbox" if trial.in_sandbox else ""
    return f"{trial.candidate.exercise}, {trial.candidate.name}{where}"


def _redundant_checks(evidence: Evidence) -> Iterator[str]:
    found = redundant(evidence.margins)
    for exercise in dict.fromkeys(exercise for exercise, _ in found):
        checks = ", ".join(check for place, check in found if place == exercise)
        yield f"{exercise}: redundant, for others catch every mistake that each catches: {checks}"


def _draws(evidence: Evidence) -> Iterator[str]:
    uncovered = set(uncovered_draws(evidence.margins))
    for margin in evidence.margins:
        for name in margin.by_the_draw:
            if (margin, name) not in uncovered:
                yield (
                    f"{margin.exercise}, {margin.check}: {name} fails by the draw; other checks "
                    "catch it with every seed"
                )


def _small_banks(evidence: Evidence) -> Iterator[str]:
    """Yield exercises with few variants or mistakes; one without numbers has no need of many."""
    numeric = {margin.exercise for margin in evidence.margins if margin.is_numeric}
    here = [trial.candidate for trial in evidence.trials if not trial.in_sandbox]
    for exercise in (name for name in evidence.points if name in numeric):
        kinds = [one.kind for one in here if one.exercise == exercise]
        variants, mistakes = kinds.count("variant"), kinds.count("mistake")
        if variants < ENOUGH_VARIANTS or mistakes < ENOUGH_MISTAKES:
            yield (
                f"{exercise}: {variants} variants and {mistakes} mistakes; "
                f"{ENOUGH_VARIANTS} and {ENOUGH_MISTAKES} would show more"
            )


def _hungry_variants(evidence: Evidence) -> Iterator[str]:
    seconds = evidence.limits.check_seconds
    for trial in evidence.of_kind("variant"):
        for check, tally in trial.checks.items():
            if tally.evaluations > SHARE_OF_LIMIT * MAX_EVALUATIONS:
                yield f"{_title(trial)}: {tally.evaluations} evaluations in {check}"
            if trial.in_sandbox and tally.seconds > SHARE_OF_LIMIT * seconds:
                yield f"{_title(trial)}: {tally.seconds:.1f} s of {seconds:g} s in {check}"


def _equivalent_mutants(evidence: Evidence) -> Iterator[str]:
    for mutant in evidence.mutants:
        if mutant.is_equivalent:
            yield (
                f"{mutant.candidate.exercise}: {mutant.candidate.name} does bit for bit what the "
                "reference does"
            )


def _excused_mutants(evidence: Evidence) -> Iterator[str]:
    for name, reason in evidence.fair_mutants.items():
        yield f"{name} is declared fair: {reason}"


def _cut_off(evidence: Evidence) -> Iterator[str]:
    for trial in evidence.of_kind("mistake"):
        if trial.cut_off:
            yield f"{_title(trial)}: cut off, and given up"


def _warnings(evidence: Evidence) -> Iterator[str]:
    warnings = {
        warning
        for trial in evidence.trials
        for tally in trial.checks.values()
        for warning in tally.warnings
    }
    yield from sorted(warnings)


_CLAIMS: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "points add up to those of the grade cells": _points_that_differ,
    "the reference earns full marks": _references_that_lose,
    "the source's own solutions earn full marks": _sources_that_lose,
    "the untouched release earns nothing": _releases_that_earn,
    "every variant earns full marks": _variants_that_lose,
    "every mistake loses marks": _mistakes_that_pass,
    "right and wrong lie 10 times below and above what is allowed": _narrow_margins,
    "no mistake is caught by the draw alone": _caught_by_the_draw,
    "every mutant of the reference is killed": _surviving_mutants,
    "mutants that are declared fair exist and survive": _needless_excuses,
    "every picture can be drawn of the reference": _pictures_without_the_reference,
}

_NOTES: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    _redundant_checks,
    _draws,
    _small_banks,
    _hungry_variants,
    _equivalent_mutants,
    _excused_mutants,
    _cut_off,
    _warnings,
)

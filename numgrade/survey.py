"""What a class made of an assignment: everything that the instructor's page shows.

Results are added up one by one, since a class may be of any size; of each, a row is kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from numgrade.item_analysis import discrimination
from numgrade.results import CheckStatus, SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numgrade.resemblance import Pair
    from numgrade.results import CheckResult, ExerciseResult, SubmissionResult

Key = tuple[str, str]
"""A check: its exercise and its name."""

_Named = TypeVar("_Named", str, Key)

_LIMITS = {CheckStatus.TIMED_OUT, CheckStatus.KILLED}


@dataclass
class Item:
    """What a class made of one check. Rates and correlation are of graded submissions."""

    key: Key
    title: str
    max_points: float
    ends: Counter[CheckStatus] = field(default_factory=Counter)
    passed: list[bool] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    points: list[float] = field(default_factory=list)

    def add(self, check: CheckResult, score: float) -> None:
        """Count the check of a graded submission."""
        self.ends[check.status] += 1
        self.passed.append(check.status is CheckStatus.PASSED)
        self.scores.append(score)
        self.points.append(check.points)

    @property
    def rate(self) -> float | None:
        """The share of students who passed it, between 0 and 1."""
        return sum(self.passed) / len(self.passed) if self.passed else None

    @property
    def discrimination(self) -> float | None:
        """Its correlation with the rest of the score."""
        return discrimination(self.passed, self.scores, self.points)


@dataclass(frozen=True)
class Row:
    """What is shown of one student."""

    student: str
    status: SubmissionStatus
    score: float | None
    seconds: float
    protection: str | None
    warnings: tuple[str, ...]
    diagnoses: tuple[Key, ...]
    behaviours: tuple[Key, ...]
    checks: dict[Key, CheckResult]

    @property
    def reason(self) -> str:
        """Why there is no score, where there is none."""
        return self.warnings[-1] if self.warnings else "a check could not be run"

    @property
    def limits(self) -> list[tuple[Key, CheckResult]]:
        """The checks that were stopped by a limit."""
        return [(key, each) for key, each in self.checks.items() if each.status in _LIMITS]


class Survey:
    """A class and an assignment.

    Parameters
    ----------
    results : iterable of SubmissionResult
        One a student.
    pairs : sequence of Pair, optional
        Students whose code has much in common, the closest first.

    Attributes
    ----------
    rows : list of Row
        One a student: first those without a score.
    items : dict of (str, str) to Item
        The checks, in the order of the notebook.
    max_score : float
        The points that there are.
    mistakes : dict of (str, str) to list of str
        Who made each known mistake, by exercise and mistake; the most frequent first.
    unnamed : dict of (str, str) to list of str
        Whose wrong answers have no name and are alike, by exercise and behaviour; as above.
    warnings : dict of str to list of str
        Whom each warning is about; the most frequent first.
    versions : Counter of str
        How many records each version of the checks has made.
    """

    def __init__(self, results: Iterable[SubmissionResult], pairs: Sequence[Pair] = ()) -> None:
        self.pairs = pairs
        self.rows: list[Row] = []
        self.items: dict[Key, Item] = {}
        self.max_score = 0.0
        self.versions: Counter[str] = Counter()
        mistakes: defaultdict[Key, list[str]] = defaultdict(list)
        unnamed: defaultdict[Key, list[str]] = defaultdict(list)
        warnings: defaultdict[str, list[str]] = defaultdict(list)
        for result in results:
            row = self._row(result)
            self.rows.append(row)
            for key in row.diagnoses:
                mistakes[key].append(row.student)
            for key in row.behaviours:
                unnamed[key].append(row.student)
            for warning in dict.fromkeys(row.warnings):
                warnings[warning].append(row.student)
        self.rows.sort(key=lambda row: (row.score is not None, row.student))
        self.mistakes = _ranked(mistakes)
        self.unnamed = _ranked(unnamed)
        self.warnings = _ranked(warnings)

    @property
    def scores(self) -> list[float]:
        """The scores that there are."""
        return [row.score for row in self.rows if row.score is not None]

    @property
    def states(self) -> Counter[SubmissionStatus]:
        """How many submissions ended in each way."""
        return Counter(row.status for row in self.rows)

    @property
    def levels(self) -> Counter[str]:
        """How many submissions ran at each level of protection."""
        return Counter(row.protection for row in self.rows if row.protection)

    def _row(self, result: SubmissionResult) -> Row:
        self.max_score = max(self.max_score, result.max_score)
        self.versions[result.checks_sha256] += 1
        checks = {}
        for exercise in result.exercises:
            for check in exercise.checks:
                checks[exercise.name, check.name] = check
                item = self._item(exercise, check)
                if result.status is SubmissionStatus.GRADED and result.score is not None:
                    item.add(check, result.score)
        return Row(
            student=result.student,
            status=result.status,
            score=result.score,
            seconds=result.seconds,
            protection=result.protection,
            warnings=result.warnings,
            diagnoses=tuple(
                (each.name, each.diagnosis) for each in result.exercises if each.diagnosis
            ),
            behaviours=tuple(
                (each.name, each.behaviour) for each in result.exercises if each.behaviour
            ),
            checks=checks,
        )

    def _item(self, exercise: ExerciseResult, check: CheckResult) -> Item:
        key = exercise.name, check.name
        return self.items.setdefault(key, Item(key, check.title, check.max_points))


def by_exercise(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Return the checks of each exercise."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.key[0], []).append(item)
    return groups


def _ranked(found: dict[_Named, list[str]]) -> dict[_Named, list[str]]:
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

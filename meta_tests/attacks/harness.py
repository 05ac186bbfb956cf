"""Grade the corpus among honest students, and report what the attackers achieved."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from meta_tests.attacks import watch
from meta_tests.attacks.arena import Arena
from meta_tests.attacks.corpus import CORPUS, read_corpus
from meta_tests.attacks.judge import Judge
from meta_tests.attacks.report import Report
from numgrade.control import Level
from numgrade.protection import open_sandbox
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meta_tests.attacks.corpus import Attack
    from numgrade.results import SubmissionResult

ENOUGH = 100
"""Attacks without which a corpus proves little."""

STRONG: tuple[Level, ...] = ("A", "B")


def main() -> int:
    """Run the corpus; return 0 if there were enough attacks and all of them came to nothing."""
    options = _parser().parse_args()
    wanted = options.only or [""]
    corpus = read_corpus(options.corpus)
    if options.sample:
        corpus = _sample(corpus, options.sample)
    reports = []
    for level in options.level or _levels(best_only=bool(options.sample)):
        chosen = [each for each in corpus if any(text in each.path for text in wanted)]
        attacks = [attack for attack in chosen if level in attack.levels]
        reports.append(run(attacks, level, show=options.show))
        reports[-1].print()
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(reports)) + b"\n")
    is_enough = options.only or options.sample or all(each.total >= ENOUGH for each in reports)
    return 0 if is_enough and all(report.holds for report in reports) else 1


def _levels(*, best_only: bool) -> Sequence[Level]:
    """Return the levels to try: what strangers' notebooks may be graded at, or the best here."""
    if not best_only:
        return STRONG
    with open_sandbox(LimitValues(), allow_weak=False) as sandbox:
        return (sandbox.level,)


def _sample(corpus: list[Attack], size: int) -> list[Attack]:
    """Return the first attacks of each family."""
    families = itertools.groupby(corpus, lambda attack: attack.family)
    return [attack for _, members in families for attack in itertools.islice(members, size)]


def run(attacks: Sequence[Attack], level: Level, *, show: bool = False) -> Report:
    """Grade attackers among honest students and return what they achieved.

    The honest students are graded twice, without the attackers and among them: what they get must
    not depend on it.

    Parameters
    ----------
    attacks : sequence of Attack
        Who attacks.
    level : {"A", "B", "C"}
        The protection under which everybody is graded.
    show : bool, optional
        Whether to print what the attackers' cells print.
    """
    started = time.perf_counter()
    with watch.adopting_orphans(), _folder() as folder, watch.Post(folder) as post:
        arena = Arena(folder, attacks, post.addresses)
        os.environ["NUMGRADE_CANARY"] = arena.secrets.texts["environment"]
        arena.hand_in_honestly()
        alone = _of_neighbours(arena, arena.grade(level))
        arena.plant_in_gradebook()
        arena.hand_in_attacks()
        before = watch.snapshot(arena.untouchable)
        results = arena.grade(level)
        judge = Judge(arena, results)
        judge.attackers(show=show)
        judge.neighbours(alone, _of_neighbours(arena, results))
        judge.traces(before, post.received)
    return Report(
        level=level,
        user=os.getuid(),
        tried=dict(Counter(attack.family for attack in attacks)),
        breaches=judge.breaches,
        broken=judge.broken,
        seconds=round(time.perf_counter() - started, 1),
        grader_mb=round(judge.grader_mb),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--level",
        choices=get_args(Level),
        action="append",
        help="protection; may be repeated (A and B)",
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the reports here")
    parser.add_argument("--only", metavar="TEXT", action="append", help="attacks named like this")
    parser.add_argument("--sample", metavar="N", type=int, help="N attacks of each family")
    parser.add_argument("--show", action="store_true", help="print what the attackers' cells print")
    parser.add_argument("--corpus", metavar="DIR", type=Path, default=CORPUS, help="other attacks")
    return parser


def _of_neighbours(arena: Arena, results: dict[str, SubmissionResult]) -> dict[str, Any]:
    """Return what honest students got, but for how long it took."""
    return {
        student.name: (_without_times(results[student.name]), arena.pages(student.name))
        for student in arena.neighbours
    }


def _without_times(result: SubmissionResult) -> SubmissionResult:
    exercises = tuple(
        msgspec.structs.replace(
            exercise,
            checks=tuple(msgspec.structs.replace(check, seconds=0.0) for check in exercise.checks),
        )
        for exercise in result.exercises
    )
    return msgspec.structs.replace(result, seconds=0.0, exercises=exercises)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder, in memory where it can be, for all temporary files of ours as well."""
    shm = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
    place = shm if os.access(shm, os.W_OK) else None
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="attacks-", dir=place) as name:
        temporary = Path(name, "tmp")
        temporary.mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = None
            os.environ.clear()
            os.environ.update(environment)

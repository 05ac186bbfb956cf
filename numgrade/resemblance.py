"""Submissions that have uncommon code in common: pairs for a person to look at, never a verdict.

Code is compared by its fingerprints, all its substrings of one length, once names and texts in it
are made alike and white space and comments are gone. Those of the released notebook count for
nobody, nor do those that many students have: right solutions come out alike by themselves.

References
----------
.. [1] S. Schleimer, D. S. Wilkerson and A. Aiken, Winnowing: Local Algorithms for Document
   Fingerprinting, SIGMOD 2003.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from io import StringIO
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from numgrade.errors import UnreadableSubmission
from numgrade.handed_in import read_job
from numgrade.master import Master
from numgrade.notebook import read_notebook
from numgrade.repair import repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numgrade.course import Course

LENGTH = 25
"""Characters of a fingerprint: about one formula."""

MIN_SHARED = 60
"""Uncommon fingerprints that a pair has in common at least: some lines of code."""

MAX_PAIRS = 40
_MAX_SOURCE = 50_000
_FEW, _ONE_IN = 3, 30


class Pair(msgspec.Struct, frozen=True):
    """Two students whose code has uncommon passages in common.

    Attributes
    ----------
    students : tuple of str
        Their names.
    shared : int
        Number of uncommon fingerprints that both have.
    share : float
        That number by the smaller one of all uncommon fingerprints of either, between 0 and 1.
    """

    students: tuple[str, str]
    shared: int
    share: float


def resembling_pairs(course: Course, assignment: str, students: Iterable[str]) -> list[Pair]:
    """Return the pairs of students that have most in common.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        The assignment.
    students : iterable of str
        Those who handed in a notebook.
    """
    master = Master.load(course.release(assignment))
    released = _fingerprints(
        "\n".join(cell.source for cell in master.cells if cell.cell_type == "code")
    )
    return pairs_of(
        {
            student: _fingerprints(_own_code(course, assignment, student, master)) - released
            for student in students
        }
    )


def pairs_of(fingerprints: Mapping[str, frozenset[int]]) -> list[Pair]:
    """Return the pairs that share at least MIN_SHARED uncommon fingerprints, the closest first.

    Parameters
    ----------
    fingerprints : mapping of str to frozenset of int
        By student.
    """
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for student, own in fingerprints.items():
        for fingerprint in own:
            holders[fingerprint].append(student)
    few = max(_FEW, len(fingerprints) // _ONE_IN)
    shared: Counter[tuple[str, str]] = Counter()
    uncommon: Counter[str] = Counter()
    for students in holders.values():
        if len(students) <= few:
            uncommon.update(students)
            shared.update(combinations(students, 2))
    pairs = [
        Pair(pair, count, count / min(uncommon[student] for student in pair))
        for pair, count in shared.items()
        if count >= MIN_SHARED
    ]
    return sorted(pairs, key=lambda pair: (-pair.shared, pair.students))[:MAX_PAIRS]


def _own_code(course: Course, assignment: str, student: str, master: Master) -> str:
    """Return the code of a student's own cells; nothing, if it cannot be read."""
    data = read_job(course, assignment, student).data
    if data is None:
        return ""
    try:
        cells = repair(read_notebook(data), master).cells
    except UnreadableSubmission:
        return ""
    sources: Iterator[str] = (
        cell.source for cell in cells if cell.is_students and cell.cell_type == "code"
    )
    return "\n".join(sources)[:_MAX_SOURCE]


def _fingerprints(source: str) -> frozenset[int]:
    # Imported here: it brings Matplotlib, and `numgrade --help` has no use for that.
    from copydetect import CodeFingerprint  # noqa: PLC0415

    # With a window of 1 all substrings are taken: their hashes differ from run to run, and which
    # of them a wider window selects would, too.
    code = CodeFingerprint("cells.py", LENGTH, 1, fp=StringIO(source), language="python")
    return frozenset(map(int, code.hashes))

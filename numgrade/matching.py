"""Which of a student's cells is which of the instructor's.

By nbgrader's grade_id; where that is lost, by the cell's id (nbformat's or Colab's), by the
function that it defines, and by its text, in this order. Where several cells answer to one name,
one that the student has worked on is preferred to the released stub, and a later to an earlier.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from numgrade.master import essence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numgrade.master import Master, MasterCell
    from numgrade.notebook import StudentCell

Evidence = Literal["grade_id", "id", "name", "text"]


@dataclass
class Match:
    """The student's cells for one of the instructor's.

    Parameters
    ----------
    chosen : int
        Index of the student's cell that counts.
    position : int
        Index at which the instructor's cell stands among the student's.
    evidence : str
        How it was recognised.
    surplus : list of int
        Other cells of the same name, that hold something of the student's.
    dropped : list of int
        Other cells of the same name, as released: nothing is lost without them.
    """

    chosen: int
    position: int
    evidence: Evidence
    surplus: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)


def match_cells(cells: tuple[StudentCell, ...], master: Master) -> dict[int, Match]:
    """Find the student's cells for as many of the instructor's as possible.

    Returns
    -------
    dict of int to Match
        By the index of the instructor's cell, in the master's order.
    """
    matches: dict[int, Match] = {}
    free = set(range(len(cells)))

    def settle(groups: dict[int, list[int]], evidence: Evidence) -> None:
        for index, group in groups.items():
            members = [member for member in group if member in free]
            if members and index not in matches:
                match = _resolve(master.cells[index], members, cells, evidence)
                matches[index] = match
                free.difference_update((match.chosen, *match.dropped))
                if evidence != "name":  # another definition is a cell of the student's own
                    free.difference_update(members)

    def missing() -> dict[int, MasterCell]:
        return {index: cell for index, cell in enumerate(master.cells) if index not in matches}

    grade_ids = ((master.by_grade_id.get(cells[n].grade_id or ""), n) for n in sorted(free))
    settle(_grouped(grade_ids), "grade_id")
    ids = ((master.by_id.get(name), n) for n in sorted(free) for name in cells[n].ids)
    settle(_grouped(ids), "id")
    if missing():
        settle(_by_name(cells, master, missing(), free), "name")
        settle(_by_text(cells, missing(), free), "text")
    return dict(sorted(matches.items()))


def longest_in_order(positions: list[int]) -> set[int]:
    """Return the largest set of positions that already stand in ascending order.

    What is left out is the smallest set of cells that must have been moved (the longest
    increasing subsequence, by patience sorting).
    """
    tops: list[int] = []
    piles: list[int] = []
    before: dict[int, int] = {}
    for position in positions:
        pile = bisect_left(tops, position)
        before[position] = piles[pile - 1] if pile else -1
        tops[pile : pile + 1] = [position]
        piles[pile : pile + 1] = [position]
    kept = set()
    position = piles[-1] if piles else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return kept


def _grouped(pairs: Iterable[tuple[int | None, int]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for index, member in pairs:
        if index is not None:
            groups.setdefault(index, []).append(member)
    return groups


def _resolve(
    wanted: MasterCell, members: list[int], cells: tuple[StudentCell, ...], evidence: Evidence
) -> Match:
    if len(members) == 1:
        return Match(chosen=members[0], position=members[0], evidence=evidence)
    untouched = [
        n for n in members if not cells[n].source.strip() or wanted.is_same_text(cells[n].source)
    ]
    worked_on = [n for n in members if n not in set(untouched)]
    # Where the instructor's text counts anyway, a changed copy is a cell of the student's own.
    chosen = (untouched or members)[0] if wanted.is_locked else (worked_on or members)[-1]
    return Match(
        chosen=chosen,
        position=chosen if evidence == "name" else members[0],
        evidence=evidence,
        surplus=[n for n in worked_on if n != chosen],
        dropped=[n for n in untouched if n != chosen],
    )


def _by_name(
    cells: tuple[StudentCell, ...],
    master: Master,
    wanted: dict[int, MasterCell],
    free: set[int],
) -> dict[int, list[int]]:
    named = {index: cell.names for index, cell in wanted.items() if cell.names}
    defined = {n: master.names_in(cells[n].source) for n in sorted(free)} if named else {}
    return {
        index: [n for n, found in defined.items() if found & names]
        for index, names in named.items()
    }


def _by_text(
    cells: tuple[StudentCell, ...], wanted: dict[int, MasterCell], free: set[int]
) -> dict[int, list[int]]:
    """Pair cells of equal text, each with one: only to know where the instructor's stand."""
    places: dict[str, list[int]] = {}
    for n in sorted(free):
        places.setdefault(essence(cells[n].source), []).append(n)
    return {
        index: [found.pop(0)]
        for index, cell in wanted.items()
        if cell.essence and (found := places.get(cell.essence))
    }

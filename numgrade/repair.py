"""A submission put right: the instructor's cells, in their order, with the student's answers.

The instructor's copy counts for everything but the answers, so nothing is gained by changing,
moving or removing a cell. And nothing is lost: all code of the student's runs, wherever it stands,
and the last definition of a function in the student's notebook is the last one here.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain, count
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from numgrade.drawing import draws, draws_at_once
from numgrade.markdown import safe_markdown
from numgrade.master import (
    CELL_ID,
    RENDER_FIGURES,
    SHOW_ONLY,
    Master,
    MasterCell,
    essence,
)
from numgrade.matching import Match, longest_in_order, match_cells
from numgrade.notebook import CellType
from numgrade.repair_warnings import definition_warnings, repair_warnings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numgrade.notebook import StudentCell, StudentNotebook

_Place: TypeAlias = tuple[int, int, int]
"""Where a cell goes: at which of the instructor's, before (-1) or after it (1), in which order."""

_START = -1


class RepairedCell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of a repaired notebook.

    Parameters
    ----------
    id, cell_type, source, metadata, attachments
        As nbformat 4.5 has them; text of the student's that is rendered is harmless already.
    grade_id : str, optional
        The cell's name in the gradebook.
    is_students : bool
        Whether the source is the student's.
    runs : bool
        Whether the cell is code that is to be run.
    show_only : bool
        Whether the author allows to skip it.
    render_figures : bool
        Whether a person will look at its pictures.
    """

    id: str
    cell_type: CellType
    source: str
    metadata: dict[str, Any] = {}
    attachments: dict[str, Any] = {}
    grade_id: str | None = None
    is_students: bool
    runs: bool
    show_only: bool = False
    render_figures: bool = False

    @property
    def draws(self) -> bool:
        """Whether it looks as if the cell used Matplotlib when it is run."""
        by_helpers = not self.is_students and not self.show_only
        return draws_at_once(self.source) if by_helpers else draws(self.source)


class RunnableCell(msgspec.Struct, frozen=True):
    """A cell to run.

    Parameters
    ----------
    cell_index : int
        Its place among `Repaired.cells`.
    source : str
        Its text.
    render_figures : bool
        Whether to render its pictures.
    draws : bool
        Whether it looks as if it used Matplotlib.
    """

    cell_index: int
    source: str
    render_figures: bool
    draws: bool = False


class Repaired(msgspec.Struct, frozen=True, kw_only=True):
    """A submission put right: what to run and what to write back."""

    cells: tuple[RepairedCell, ...]
    metadata: dict[str, Any]
    warnings: tuple[str, ...] = ()

    def runnable(
        self, *, skip_show_only: bool = False, render_all_figures: bool = False
    ) -> tuple[RunnableCell, ...]:
        """Return the code cells in the order in which they run.

        Parameters
        ----------
        skip_show_only : bool, optional
            Leave out cells that the author marked as only showing something.
        render_all_figures : bool, optional
            Render every figure, not only those that a person will look at.
        """
        return tuple(
            RunnableCell(index, cell.source, render_all_figures or cell.render_figures, cell.draws)
            for index, cell in enumerate(self.cells)
            if cell.runs and not (skip_show_only and cell.show_only)
        )


def repair(notebook: StudentNotebook, master: Master) -> Repaired:
    """Put a submission right, and say what had to be put right.

    Parameters
    ----------
    notebook : StudentNotebook
        As `read_notebook` returned it.
    master : Master
        The released notebook.

    Returns
    -------
    Repaired
        With a warning, a full sentence for the instructor, for each kind of repair.
    """
    cells = notebook.cells
    matches = match_cells(cells, master)
    in_order = longest_in_order([match.position for match in matches.values()])
    placed: list[tuple[_Place, RepairedCell]] = [
        ((index, 0, 0), _masters(wanted, _chosen(cells, matches.get(index))))
        for index, wanted in enumerate(master.cells)
    ]
    own = _places_of_own(cells, master, matches, in_order)
    ids = _Ids(cell.id for cell in master.cells)
    placed += [(place, _own(cells[n], ids)) for n, place in own.items()]
    placed.sort(key=lambda item: item[0])
    repaired, definitions = _without_idle_stubs([cell for _, cell in placed], master)
    moved = [index for index, match in matches.items() if match.position not in in_order]
    return Repaired(
        cells=tuple(repaired),
        metadata=master.metadata,
        warnings=(
            *notebook.warnings,
            *repair_warnings(cells, master, matches, moved, own),
            *definitions,
        ),
    )


class _Ids:
    """Hands out cell ids that are valid and unique in the notebook."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._fresh = (f"student-{number}" for number in count(1))

    def take(self, wished: Sequence[str]) -> str:
        """Return the wished id if it can be had, else a new one."""
        valid = (name for name in wished if CELL_ID.fullmatch(name))
        name = next(name for name in chain(valid, self._fresh) if name not in self._taken)
        self._taken.add(name)
        return name


def _chosen(cells: tuple[StudentCell, ...], match: Match | None) -> StudentCell | None:
    return cells[match.chosen] if match else None


def _masters(wanted: MasterCell, cell: StudentCell | None) -> RepairedCell:
    """Return one of the instructor's cells, with the student's text where that counts."""
    is_students = cell is not None and not wanted.is_locked and not wanted.is_same_text(cell.source)
    cell_type, source, attachments = wanted.cell_type, wanted.source, wanted.attachments
    if cell is not None and is_students:
        # An answer has the type that the instructor gave it; a cell that nobody marks is free.
        cell_type = wanted.cell_type if wanted.is_answer else cell.cell_type
        source, attachments = _harmless(cell, cell_type)
    return RepairedCell(
        id=wanted.id,
        cell_type=cell_type,
        source=source,
        metadata=wanted.metadata,
        attachments=attachments,
        grade_id=wanted.grade_id,
        is_students=is_students,
        runs=cell_type == "code",
        show_only=wanted.tagged(SHOW_ONLY) and not is_students,
        render_figures=wanted.is_manual or wanted.tagged(RENDER_FIGURES),
    )


def _own(cell: StudentCell, ids: _Ids) -> RepairedCell:
    source, attachments = _harmless(cell, cell.cell_type)
    return RepairedCell(
        id=ids.take(cell.ids),
        cell_type=cell.cell_type,
        source=source,
        attachments=attachments,
        is_students=True,
        runs=cell.cell_type == "code",
    )


def _harmless(cell: StudentCell, cell_type: CellType) -> tuple[str, dict[str, Any]]:
    """Return source and attachments of a student's cell, safe to render."""
    if cell_type == "code":
        return cell.source, {}
    attachments = cell.attachments if cell_type == "markdown" else {}
    return safe_markdown(cell.source, attachments), attachments


def _places_of_own(
    cells: tuple[StudentCell, ...], master: Master, matches: dict[int, Match], in_order: set[int]
) -> dict[int, _Place]:
    """Say where each cell of the student's own goes.

    After the instructor's cell after which it stood; but what defines a function stays before or
    after the answer that defines it too, so that the last definition stays the last.
    """
    anchors = [(match.position, index) for index, match in matches.items()]
    anchors = [anchor for anchor in anchors if anchor[0] in in_order]
    places: dict[int, _Place] = {}
    gone = {n for match in matches.values() for n in (match.chosen, *match.dropped)}
    for n in range(len(cells)):
        if n not in gone:
            before = bisect_left(anchors, (n, 0))
            places[n] = (anchors[before - 1][1] if before else _START, 1, n)
    for index, match in matches.items():
        if _holds_answer(master.cells[index], cells[match.chosen], master):
            places[match.chosen] = (index, -1, match.chosen)
    for n, place in places.items():
        names = master.names_in(cells[n].source)
        places[n] = _beside_answers(n, place, names, master, matches) if names else place
    return places


def _holds_answer(wanted: MasterCell, cell: StudentCell, master: Master) -> bool:
    """Tell whether the student wrote code that is asked for where it would be lost."""
    is_overwritten = wanted.is_locked and not wanted.is_same_text(cell.source)
    is_text_now = wanted.is_answer and wanted.cell_type != "code" and cell.cell_type == "code"
    return (is_overwritten or is_text_now) and bool(master.names_in(cell.source))


def _beside_answers(
    n: int, place: _Place, names: frozenset[str], master: Master, matches: dict[int, Match]
) -> _Place:
    for index, match in matches.items():
        if not names.isdisjoint(master.cells[index].names):
            is_earlier = n < match.chosen
            place = min(place, (index, -1, n)) if is_earlier else max(place, (index, 1, n))
    return place


def _without_idle_stubs(
    cells: list[RepairedCell], master: Master
) -> tuple[list[RepairedCell], list[str]]:
    """Do not run a released stub whose function the student has defined in another cell.

    It would undo the student's work, wherever it stands.
    """
    definitions: dict[str, int] = {}
    stubs: dict[int, frozenset[str]] = {}
    for index, cell in enumerate(cells):
        if not (cell.runs and (cell.is_students or cell.grade_id in master.stub_ids)):
            continue
        names = master.names_in(cell.source)
        if names and essence(cell.source) in master.stubs:
            stubs[index] = names
        else:
            for name in names:
                definitions[name] = definitions.get(name, 0) + 1
    idle = [index for index, names in stubs.items() if names <= definitions.keys()]
    for index in idle:
        cells[index] = msgspec.structs.replace(cells[index], runs=False)
    idle_ids = [grade_id for index in idle if (grade_id := cells[index].grade_id)]
    return cells, definition_warnings(definitions, idle_ids)

"""What was repaired in a submission, in sentences that an instructor understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numgrade.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from numgrade.master import Master, MasterCell
    from numgrade.matching import Match
    from numgrade.notebook import StudentCell

_SENTENCES = {
    "id": "The nbgrader metadata were lost, as happens in Colab or VS Code; recognised by the id "
    "of the cell: {}.",
    "name": "The nbgrader metadata were lost, as happens in Colab or VS Code; recognised by the "
    "name that the cell defines: {}.",
    "text": "The nbgrader metadata were lost, as happens in Colab or VS Code; recognised by the "
    "text of the cell: {}.",
    "deleted answer": "Solution cells that had been deleted: {}; the released stub was put back.",
    "deleted test": "Test cells that had been deleted: {}; they were put back.",
    "deleted": "Other cells of the instructor's that had been deleted: {}; they were put back.",
    "several answers": "Solution cells that occur more than once: {}; the last one that differs "
    "from the released stub counts, the others were kept as the student's own.",
    "several stubs": "Solution cells that occur more than once, as released: {}; one was kept.",
    "several": "The instructor's cells that occur more than once: {}; one was kept, and copies "
    "that the student changed run as the student's own.",
    "retyped": "Cells whose type had been changed (code, Markdown or raw): {}; they were read as "
    "what the instructor had made them.",
    "flags": "Cells whose nbgrader settings (grade, solution, locked) had been changed: {}; the "
    "instructor's settings were used.",
    "edited": "Locked cells that had been edited: {}; the instructor's text was used.",
    "edited answer": "Locked cells in which the student wrote an answer: {}; the instructor's "
    "text was used, and the answer runs as a cell of the student's own.",
    "moved": "Cells that had been moved: {}; the instructor's order was used.",
    "unknown": "Cells with a grade_id that this assignment does not have, copied from another one "
    "perhaps: {}; they were read as cells of the student's own.",
}


def repair_warnings(
    cells: tuple[StudentCell, ...],
    master: Master,
    matches: dict[int, Match],
    moved: Sequence[int],
    own: Container[int],
) -> list[str]:
    """Return a sentence for each kind of repair, with the names of the cells concerned.

    Parameters
    ----------
    cells : tuple of StudentCell
        As the student submitted them.
    master : Master
        The released notebook.
    matches : dict of int to Match
        The student's cells, by the index of the instructor's.
    moved : sequence of int
        The instructor's cells that did not stand in their order.
    own : container of int
        The cells of the student's that were kept as the student's own.
    """
    found: dict[str, list[str]] = {kind: [] for kind in _SENTENCES}
    for index, wanted in enumerate(master.cells):
        match = matches.get(index)
        if match is None:
            kinds = [_deleted(wanted)]
        else:
            kinds = _changes(wanted, match, cells[match.chosen], is_kept=match.chosen in own)
            kinds += ["moved"] if index in moved else []
        for kind in kinds:
            found[kind].append(quoted(wanted.grade_id or f"cell {index + 1}"))
    for cell in cells:
        if cell.grade_id and cell.grade_id not in master.by_grade_id:
            found["unknown"].append(quoted(cell.grade_id))
    return [_SENTENCES[kind].format(listed(names)) for kind, names in found.items() if names]


def definition_warnings(definitions: dict[str, int], idle: Sequence[str]) -> list[str]:
    """Return sentences about where the student's functions are defined.

    Parameters
    ----------
    definitions : dict of str to int
        How many cells define a name that the assignment asks for.
    idle : sequence of str
        The grade_ids of released stubs that do not run.
    """
    several = [
        f"{quoted(name)} ({number} cells)"
        for name, number in sorted(definitions.items())
        if number > 1
    ]
    warnings = []
    if several:
        warnings.append(
            f"Defined in more than one cell: {listed(several)}; the last definition counts."
        )
    if idle:
        warnings.append(
            "Released stubs that were left as they are and not run, since the student's own "
            f"definition stands in another cell: {listed([quoted(name) for name in idle])}."
        )
    return warnings


def _deleted(wanted: MasterCell) -> str:
    if wanted.is_answer:
        return "deleted answer"
    return "deleted test" if wanted.nbgrader and wanted.nbgrader.grade else "deleted"


def _changes(wanted: MasterCell, match: Match, cell: StudentCell, *, is_kept: bool) -> list[str]:
    """Return the kinds of change that one of the instructor's cells has seen."""
    nbgrader = wanted.nbgrader
    if nbgrader is None:
        return []
    kinds: list[str] = []
    if match.evidence != "grade_id":
        kinds.append(match.evidence)
    elif cell.flags != (nbgrader.grade, nbgrader.solution, nbgrader.locked):
        kinds.append("flags")
    if match.evidence != "name" and (match.surplus or match.dropped):
        kinds.append(_several(wanted, cell))
    if cell.cell_type != wanted.cell_type:
        kinds.append("retyped")
    if wanted.is_locked and not wanted.is_same_text(cell.source):
        kinds.append("edited answer" if is_kept else "edited")
    return kinds


def _several(wanted: MasterCell, cell: StudentCell) -> str:
    if wanted.is_locked:
        return "several"
    return "several stubs" if wanted.is_same_text(cell.source) else "several answers"

"""The instructor's released notebook: what every submission is compared with and repaired from."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from numgrade.errors import CourseError
from numgrade.notebook import CellType

if TYPE_CHECKING:
    from pathlib import Path

SHOW_ONLY = "show-only"
"""Authors tag cells so that only show something: they may be skipped."""

RENDER_FIGURES = "render-figures"
"""Authors tag cells so whose pictures a person will look at."""

NBFORMAT = (4, 5)
NBGRADER_SCHEMA = 3

_FUNCTION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_VARIABLE = re.compile(r"^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Nbgrader(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """nbgrader's metadata of a cell, schema 3."""

    schema_version: int
    grade: bool
    solution: bool
    locked: bool
    grade_id: str
    task: bool = False
    points: float | None = None
    checksum: str | None = None
    cell_type: str | None = None


class MasterCell(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A cell of the released notebook. `nbgrader` is None for a cell that students own entirely."""

    id: str
    cell_type: CellType
    source: str
    metadata: dict[str, Any]
    attachments: dict[str, Any]
    nbgrader: Nbgrader | None

    @property
    def grade_id(self) -> str | None:
        """The cell's name in the gradebook."""
        return self.nbgrader.grade_id if self.nbgrader else None

    @property
    def is_locked(self) -> bool:
        """Whether the instructor's text counts whatever the student made of it."""
        cell = self.nbgrader
        return bool(cell and not cell.solution and (cell.grade or cell.locked))

    @property
    def is_answer(self) -> bool:
        """Whether the student is asked to write here."""
        return self.nbgrader is not None and not self.is_locked

    @property
    def is_manual(self) -> bool:
        """Whether a person marks this cell."""
        cell = self.nbgrader
        return bool(cell and (cell.task or (cell.grade and cell.solution)))

    @cached_property
    def essence(self) -> str:
        """The source without white space that editors change."""
        return essence(self.source)

    def is_same_text(self, source: str) -> bool:
        """Tell whether a student left this cell as it was released."""
        return source == self.source or essence(source) == self.essence

    @cached_property
    def names(self) -> frozenset[str]:
        """What the stub in this cell defines: the functions, or the variables if there are none."""
        if not (self.is_answer and self.cell_type == "code"):
            return frozenset()
        return frozenset(_FUNCTION.findall(self.source) or _VARIABLE.findall(self.source))

    def tagged(self, tag: str) -> bool:
        """Tell whether the author gave this cell the tag."""
        tags = self.metadata.get("tags", ())
        return isinstance(tags, list) and tag in tags


class Master(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The released notebook, loaded once for a whole class."""

    cells: tuple[MasterCell, ...]
    metadata: dict[str, Any]

    @classmethod
    def load(cls, path: Path) -> Master:
        """Read and check the released notebook.

        Raises
        ------
        CourseError
            If it cannot be read, is not in nbformat 4.5, or its nbgrader metadata are broken.
        """
        try:
            document = msgspec.json.decode(path.read_bytes(), type=_Document)
        except OSError as error:
            raise CourseError(
                f"{path}: {error.strerror}. Generate it with `nbgrader generate_assignment`."
            ) from error
        except (msgspec.DecodeError, UnicodeError) as error:
            raise CourseError(f"{path} is not a notebook: {error}.") from error
        if (document.nbformat, document.nbformat_minor) < NBFORMAT:
            raise CourseError(
                f"{path} is in format {document.nbformat}.{document.nbformat_minor}; 4.5 is "
                "needed. Open and save it in a current JupyterLab."
            )
        cells = tuple(_cell(raw, f"{path}, cell {n}") for n, raw in enumerate(document.cells, 1))
        _check_unique(path, cells)
        return cls(cells=cells, metadata=document.metadata)

    @cached_property
    def by_grade_id(self) -> dict[str, int]:
        """Index of each cell that nbgrader knows, by its grade_id."""
        return {cell.grade_id: n for n, cell in enumerate(self.cells) if cell.grade_id}

    @cached_property
    def by_id(self) -> dict[str, int]:
        """Index of each cell, by nbformat's id or Colab's."""
        ids = {cell.id: n for n, cell in enumerate(self.cells)}
        for n, cell in enumerate(self.cells):
            if isinstance(colab_id := cell.metadata.get("id"), str):
                ids.setdefault(colab_id, n)
        return ids

    @cached_property
    def points(self) -> dict[str, float]:
        """Points of each cell that carries any, by its grade_id, in the notebook's order."""
        return {
            cell.nbgrader.grade_id: cell.nbgrader.points
            for cell in self.cells
            if cell.nbgrader
            and cell.nbgrader.points is not None
            and (cell.nbgrader.grade or cell.nbgrader.task)
        }

    @cached_property
    def manual(self) -> frozenset[str]:
        """The grade_ids of the cells that a person marks."""
        return frozenset(cell.grade_id for cell in self.cells if cell.grade_id and cell.is_manual)

    @cached_property
    def locked_code(self) -> tuple[str, ...]:
        """The code cells that run as the instructor wrote them."""
        return tuple(
            cell.source
            for cell in self.cells
            if cell.cell_type == "code" and cell.is_locked and not cell.tagged(SHOW_ONLY)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that the solution cells are to define."""
        return frozenset().union(*(cell.names for cell in self.cells))

    @cached_property
    def stubs(self) -> frozenset[str]:
        """What the solution cells hold as released, but for white space."""
        return frozenset(cell.essence for cell in self.cells if cell.names)

    @cached_property
    def stub_ids(self) -> frozenset[str]:
        """The grade_ids of the solution cells."""
        return frozenset(cell.grade_id for cell in self.cells if cell.grade_id and cell.names)

    def names_in(self, source: str) -> frozenset[str]:
        """Return which of the names that are asked for a student's cell seems to define.

        By the look of its lines, not by parsing: cells hold magics and errors, and a parser need
        not survive all that hostile code can be.
        """
        if not any(name in source for name in self.names):
            return frozenset()
        return self.names.intersection(_FUNCTION.findall(source) + _VARIABLE.findall(source))


def essence(source: str) -> str:
    """Return a source without white space at the ends of its lines and of its own."""
    return "\n".join(line.rstrip() for line in source.strip().split("\n"))


class _RawCell(msgspec.Struct):
    cell_type: CellType
    source: str | list[str]
    metadata: dict[str, Any] = {}
    id: str = ""
    attachments: dict[str, Any] = {}


class _Document(msgspec.Struct):
    cells: list[_RawCell]
    nbformat: int
    nbformat_minor: int = 0
    metadata: dict[str, Any] = {}


def _cell(raw: _RawCell, where: str) -> MasterCell:
    if not CELL_ID.fullmatch(raw.id):
        raise CourseError(
            f"{where}: its id {raw.id!r} is not one. Save the notebook in JupyterLab."
        )
    return MasterCell(
        id=raw.id,
        cell_type=raw.cell_type,
        source=raw.source if isinstance(raw.source, str) else "".join(raw.source),
        metadata=raw.metadata,
        attachments=raw.attachments,
        nbgrader=_nbgrader(raw, where),
    )


def _nbgrader(raw: _RawCell, where: str) -> Nbgrader | None:
    found = raw.metadata.get("nbgrader")
    if not found:
        return None
    try:
        nbgrader = msgspec.convert(found, Nbgrader)
    except msgspec.ValidationError as error:
        raise CourseError(
            f"{where}: its nbgrader metadata are broken: {error}. Run `nbgrader update` on the "
            "source and generate the assignment again."
        ) from error
    if not (nbgrader.grade or nbgrader.solution or nbgrader.locked or nbgrader.task):
        return None
    where = f"{where} ({nbgrader.grade_id})"
    if nbgrader.schema_version != NBGRADER_SCHEMA:
        raise CourseError(f"{where}: nbgrader schema 3 is needed. Run `nbgrader update`.")
    if not nbgrader.grade_id:
        raise CourseError(f"{where}: a cell that nbgrader manages needs a grade_id.")
    if (nbgrader.grade or nbgrader.task) and nbgrader.points is None:
        raise CourseError(f"{where}: a cell that is marked needs points.")
    is_half = raw.cell_type == "markdown" and nbgrader.grade != nbgrader.solution
    if is_half and not nbgrader.task:
        raise CourseError(f"{where}: a Markdown answer must be a manually graded answer.")
    return nbgrader


def _check_unique(path: Path, cells: tuple[MasterCell, ...]) -> None:
    for kind, names in (
        ("grade_id", [cell.grade_id for cell in cells if cell.grade_id]),
        ("cell id", [cell.id for cell in cells]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise CourseError(f"{path}: the {kind} {twice[0]!r} occurs more than once.")

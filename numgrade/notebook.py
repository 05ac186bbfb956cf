"""Reading a student's notebook: hostile bytes in, a small typed structure out. Nothing is executed.

Only what grading needs is decoded: type, source, ids and nbgrader flags of each cell. Everything
else, the stored outputs above all, is skipped without being built, so that neither a large plot
nor a crafted file costs memory.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec
from msgspec import Raw

from numgrade.errors import UnreadableSubmission
from numgrade.markdown import safe_attachments
from numgrade.notebook_json import NULL, Document, decode_document
from numgrade.wording import listed

MAX_CELLS = 2_000
MAX_SOURCE = 1_000_000
MAX_ATTACHED = 5_000_000
MAX_PIECES = 1_000_000

CellType = Literal["code", "markdown", "raw"]

_T = TypeVar("_T")
_HEADINGS = "######"


class StudentCell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of a student's notebook, as it stands there.

    `ids` are the names under which the cell may be known: nbformat's id and Colab's. `flags` are
    nbgrader's: grade, solution, locked.
    """

    cell_type: CellType
    source: str
    grade_id: str | None = None
    flags: tuple[bool, bool, bool] = (False, False, False)
    ids: tuple[str, ...] = ()
    attachments: dict[str, dict[str, str]] = {}


class StudentNotebook(msgspec.Struct, frozen=True, kw_only=True):
    """A student's notebook: its cells, and what had to be put right to read them."""

    cells: tuple[StudentCell, ...]
    warnings: tuple[str, ...] = ()


class _Cell(msgspec.Struct):
    cell_type: Raw = NULL
    source: Raw = NULL
    input: Raw = NULL
    level: Raw = NULL
    metadata: Raw = NULL
    id: Raw = NULL
    attachments: Raw = NULL


class _Metadata(msgspec.Struct):
    nbgrader: Raw = NULL
    id: Raw = NULL


class _Nbgrader(msgspec.Struct):
    grade_id: Raw = NULL
    grade: Raw = NULL
    solution: Raw = NULL
    locked: Raw = NULL


_CELL = msgspec.json.Decoder(_Cell)
_CELLS = msgspec.json.Decoder(list[_Cell])
_RAWS = msgspec.json.Decoder(list[Raw])
_WORKSHEETS = msgspec.json.Decoder(list[Document])
_METADATA = msgspec.json.Decoder(_Metadata)
_NBGRADER = msgspec.json.Decoder(_Nbgrader)
_TEXT = msgspec.json.Decoder(str)
_SOURCE = msgspec.json.Decoder(str | list[str])
_INTEGER = msgspec.json.Decoder(int)
_ATTACHMENTS: msgspec.json.Decoder[object] = msgspec.json.Decoder(dict[str, dict[str, str]])


def read_notebook(data: bytes) -> StudentNotebook:
    """Read a notebook of any nbformat from 2 to 4.5.

    Parameters
    ----------
    data : bytes
        The submitted file.

    Raises
    ------
    UnreadableSubmission
        If this is not a notebook; the message says what it is instead, as far as one can tell.
    """
    document, notes = decode_document(data)
    reader = _Reader(notes)
    cells = [cell for raw in reader.cells(document) if (cell := reader.cell(raw)) is not None]
    return StudentNotebook(cells=tuple(cells), warnings=tuple(reader.warnings()))


class _Reader:
    """Reads one notebook and collects what had to be put right."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes
        self.skipped: list[str] = []
        self.untyped: list[str] = []
        self.emptied: list[str] = []
        self.stripped: list[str] = []
        self.number = 0

    def cells(self, document: Document) -> list[_Cell]:
        """Return the raw cells, of nbformat 4 or, from worksheets, of 3 and 2."""
        version = _value(document.nbformat, _INTEGER)
        minor = _value(document.nbformat_minor, _INTEGER)
        if _is_given(document.cells):
            found = self.listed_cells(document.cells)
            if version == 4 and minor is not None and minor < 5:  # noqa: PLR2004 - nbformat's numbers
                self.notes.append(f"The notebook is in format 4.{max(minor, 0)}, upgraded to 4.5.")
            elif version != 4:  # noqa: PLR2004 - as above
                self.notes.append("The notebook names no format that is known; it was read as 4.5.")
        elif _is_given(document.worksheets):
            sheets = _value(document.worksheets, _WORKSHEETS)
            if sheets is None:
                raise UnreadableSubmission(
                    "The submitted notebook is damaged: its worksheets are not a list of them."
                )
            found = [cell for sheet in sheets for cell in self.listed_cells(sheet.cells)]
            self.notes.append("The notebook is in the old format 3, upgraded to 4.5.")
        else:
            raise UnreadableSubmission(
                "The submitted file is JSON, but not a notebook: it has no cells."
            )
        if len(found) > MAX_CELLS:
            raise UnreadableSubmission(
                f"The submitted notebook has {len(found)} cells; at most {MAX_CELLS} are read."
            )
        return found

    def listed_cells(self, raw: Raw) -> list[_Cell]:
        cells = _value(raw, _CELLS)
        if cells is not None:
            return cells
        # Some cell is not an object, or this is no list at all.
        pieces = _value(raw, _RAWS) if bytes(raw).count(b",") <= MAX_PIECES else None
        if pieces is None:
            raise UnreadableSubmission(
                "The submitted notebook is damaged: its cells are not a list."
            )
        return [_value(piece, _CELL) or _Cell() for piece in pieces]

    def cell(self, raw: _Cell) -> StudentCell | None:
        self.number += 1
        if not (_is_given(raw.cell_type) or _is_given(raw.source)):
            self.skipped.append(f"cell {self.number}")
            return None
        cell_type, source = self.typed_source(raw)
        metadata = _value(raw.metadata, _METADATA) or _Metadata()
        nbgrader = _value(metadata.nbgrader, _NBGRADER) or _Nbgrader()
        grade_id = _value(nbgrader.grade_id, _TEXT)
        ids = (_value(raw.id, _TEXT), _value(metadata.id, _TEXT))
        return StudentCell(
            cell_type=cell_type,
            source=source,
            grade_id=grade_id or None,
            flags=_flags(nbgrader),
            ids=tuple(name for name in ids if name),
            attachments=self.attachments(raw),
        )

    def typed_source(self, raw: _Cell) -> tuple[CellType, str]:
        named = _value(raw.cell_type, _TEXT)
        is_old_code = named == "code" and not _is_given(raw.source)
        source = self.source(raw.input if is_old_code and _is_given(raw.input) else raw.source)
        if named == "heading":
            level = _value(raw.level, _INTEGER) or 1
            return "markdown", f"{_HEADINGS[: max(level, 1)]} {source}"
        if named == "html":
            return "markdown", source
        if named in ("code", "markdown", "raw"):
            return named, source  # type: ignore[return-value]
        self.untyped.append(f"cell {self.number}")
        return "raw", source

    def source(self, raw: Raw) -> str:
        value = _value(raw, _SOURCE) if memoryview(raw).nbytes <= MAX_SOURCE else None
        if value is None:
            self.emptied.append(f"cell {self.number}")
            return ""
        source = value if isinstance(value, str) else "".join(value)
        if "\x00" in source:
            self.stripped.append(f"cell {self.number}")
            source = source.replace("\x00", "")
        return source.replace("\r\n", "\n").replace("\r", "\n")

    def attachments(self, raw: _Cell) -> dict[str, dict[str, str]]:
        if not _is_given(raw.attachments) or memoryview(raw.attachments).nbytes > MAX_ATTACHED:
            return {}
        return safe_attachments(_value(raw.attachments, _ATTACHMENTS))

    def warnings(self) -> list[str]:
        found = list(self.notes)
        if self.skipped:
            found.append(f"Of {listed(self.skipped)} nothing could be read; left out.")
        if self.untyped:
            found.append(f"The type of {listed(self.untyped)} is unknown; read as raw text.")
        if self.emptied:
            found.append(
                f"The source of {listed(self.emptied)} is missing, not a text or larger than "
                f"{MAX_SOURCE / 1e6:.0f} MB; it was read as empty."
            )
        if self.stripped:
            found.append(f"NUL characters were removed from {listed(self.stripped)}.")
        return found


def _value(raw: Raw, decoder: msgspec.json.Decoder[_T]) -> _T | None:
    """Decode a part of the notebook, or return None where it is not what it should be."""
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _flags(nbgrader: _Nbgrader) -> tuple[bool, bool, bool]:
    return (
        _is(nbgrader.grade, b"true"),
        _is(nbgrader.solution, b"true"),
        _is(nbgrader.locked, b"true"),
    )


def _is_given(raw: Raw) -> bool:
    return not _is(raw, b"null")


def _is(raw: Raw, literal: bytes) -> bool:
    view = memoryview(raw)
    return view.nbytes == len(literal) and view.tobytes() == literal

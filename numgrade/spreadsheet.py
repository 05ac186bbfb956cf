"""Tables for other programs, as CSV, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIGITS = 6
"""Those of the records, too."""

# The second four are what Japanese and Chinese keyboards write: Excel reads them alike.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARK = "'"


def text_cell(text: str) -> str:
    """Return a text, with an apostrophe before it where a spreadsheet would take it for a formula.

    White space and what cannot be printed do not hide a formula. What a file of text cannot hold
    is replaced.
    """
    sound = text.encode("utf-8", "replace").decode()
    first = next((letter for letter in sound if letter.isprintable() and letter != " "), "")
    return _MARK + sound if first in _FORMULA else sound


def number_cell(number: float | None) -> str:
    """Return a number with as many digits as it has; nothing for None, which is no zero."""
    return "" if number is None else f"{round(number, _DIGITS):.{_DIGITS}f}".rstrip("0").rstrip(".")


def table(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of cells as CSV (RFC 4180, UTF-8)."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()

"""Lists of names in sentences for people. The names may be a student's: capped, printable."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NAMES = 5
MAX_NAME = 60


def quoted(name: str) -> str:
    """Return a name in quotation marks, without anything that a terminal or page may act on."""
    printable = "".join(character if character.isprintable() else "?" for character in name)
    shown = printable if len(printable) <= MAX_NAME else f"{printable[:MAX_NAME]}..."
    return f"'{shown}'"


def listed(names: Sequence[str]) -> str:
    """Join names as in a sentence, at most five of them."""
    if len(names) > MAX_NAMES:
        return f"{', '.join(names[:MAX_NAMES])} and {len(names) - MAX_NAMES} more"
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last

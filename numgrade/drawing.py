"""Which cells draw: their notebook gets a process in which Matplotlib is loaded.

A guess from the text, on which only time depends: a notebook that draws elsewhere loads Matplotlib
by itself, which takes half a second.
"""

from __future__ import annotations

import re
from functools import cache

_LIBRARY = re.compile(r"\b(?:plt|pyplot|matplotlib|mpl|pylab|sns|seaborn)\b")
_IMPORT = re.compile(
    r"import matplotlib(?:\.pyplot)?(?: as \w+)?|from matplotlib import pyplot(?: as \w+)?"
)


def draws(source: str) -> bool:
    """Tell whether a cell's text does more with Matplotlib than import it."""
    return any(_uses(line) for line in _lines(source))


@cache
def draws_at_once(source: str) -> bool:
    """Tell so of a cell of the release, whose functions draw only in cells that are left out."""
    return any(_uses(line) for line in _lines(source) if not line[:1].isspace())


def _lines(source: str) -> list[str]:
    return source.splitlines() if _LIBRARY.search(source) else []


def _uses(line: str) -> bool:
    text = line.partition("#")[0].strip()
    return _LIBRARY.search(text) is not None and _IMPORT.fullmatch(text) is None

"""Outputs of student code, made safe to show.

What a worker process reports is hostile: nbgrader's pages, JupyterLab and our own feedback put it
into an instructor's browser. Here every output is built anew from what is known to be harmless;
nothing is passed on because it looked harmless.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import nh3

from numgrade.images import clean_image

if TYPE_CHECKING:
    from collections.abc import Mapping

Output: TypeAlias = dict[str, Any]
"""One output of a code cell, as nbformat 4 writes it."""

CELL_CHARACTERS = 1_000_000
NOTEBOOK_CHARACTERS = 20_000_000
MAX_OUTPUTS = 200
MAX_TRACEBACK = 100
CELL_EFFORT = 2_000
NOTEBOOK_EFFORT = 20_000
"""An HTML parser may need quadratic time: 2,000 tags, or 200,000 characters in one, cost it up to
0.1 s, a hundred times as much some minutes. So tags are counted before it sees them."""

MAX_DEPTH = 50

CUT = "[numgrade: the rest of this output was left out]"
NOT_SHOWN = "[numgrade: this output is of a kind that is not shown]"

# ECMA-48: a control sequence, an operating system command (it can hide text), any other escape.
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?")
# C0 but tab and newline, C1, overrides of the writing direction, lone surrogates, non-characters.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

# No id, name or class of a student's: the formgrader's script finds its score fields by these.
_HTML = nh3.Cleaner(
    tags=set(
        "a b blockquote br caption code dd div dl dt em h1 h2 h3 h4 h5 h6 hr i kbd li ol p pre s"
        " samp small span strong sub sup table tbody td tfoot th thead tr u ul".split()
    ),
    attributes={
        "a": {"href", "title"},
        "td": {"colspan", "rowspan", "style"},
        "th": {"colspan", "rowspan", "scope", "style"},
    },
    allowed_classes={"table": {"dataframe"}},
    filter_style_properties={"text-align"},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer",
)


class CellOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What running one code cell gave, as the worker process reported it: not to be trusted."""

    execution_count: int | None = None
    outputs: list[Any] = []


class CleanOutcome(CellOutcome, frozen=True, kw_only=True):
    """A `CellOutcome` whose outputs have been through `clean`."""


class Budget:
    """How much of a cell's output is still kept.

    Parameters
    ----------
    characters : int
        Characters of all texts and pictures (in base64) together.
    effort : int
        Tags of all HTML together; a hundred characters count as one more.
    """

    def __init__(self, characters: int = CELL_CHARACTERS, effort: int = CELL_EFFORT) -> None:
        self.characters = characters
        self.effort = effort
        self.exceeded = False

    def text(self, text: str) -> str:
        """Return as much of `text` as is left."""
        kept = text[: self.characters]
        self.exceeded |= len(kept) < len(text)
        self.characters -= len(kept)
        return kept

    def picture(self, encoded: str) -> bool:
        """Take a picture, or refuse it: half a picture is none."""
        fits = len(encoded) <= self.characters
        self.exceeded |= not fits
        self.characters -= len(encoded) if fits else 0
        return fits

    def html(self, html: str) -> bool:
        """Take the work of sanitising `html`, or refuse it."""
        effort = html.count("<") + len(html) // 100
        fits = effort <= self.effort and len(html) <= self.characters
        self.effort -= effort if fits else 0
        self.characters -= len(html) if fits else 0
        return fits


def clean_outcomes(
    outcomes: Mapping[int, CellOutcome], characters: int = CELL_CHARACTERS
) -> dict[int, CleanOutcome]:
    """Return the outcomes of a notebook's cells with harmless outputs only.

    Outcomes that are clean already are passed on, so that nobody pays twice.

    Parameters
    ----------
    outcomes : mapping of int to CellOutcome
        By the cell's index.
    characters : int, optional
        How much output is kept of each cell.
    """
    cleaned = {}
    left, effort = NOTEBOOK_CHARACTERS, NOTEBOOK_EFFORT
    for index, outcome in outcomes.items():
        if isinstance(outcome, CleanOutcome):
            cleaned[index] = outcome
            continue
        start = Budget(min(characters, left), min(CELL_EFFORT, effort))
        budget = Budget(start.characters, start.effort)
        cleaned[index] = CleanOutcome(
            execution_count=_count(outcome.execution_count),
            outputs=clean(outcome.outputs, budget),
        )
        left -= start.characters - budget.characters
        effort -= start.effort - budget.effort
    return cleaned


def clean(outputs: object, budget: Budget | None = None) -> list[Output]:
    """Return harmless copies of a cell's outputs, in their order.

    Only the four kinds of nbformat 4 are kept, of display data only plain text, PNG and JPEG
    pictures and sanitised HTML. Texts lose control characters and ANSI codes. Neighbouring texts
    of one stream become one output.
    """
    budget = budget or Budget()
    kept: list[Output] = []
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        kind = output.get("output_type")
        if kind == "stream":
            _stream(output, budget, kept)
        elif len(kept) >= MAX_OUTPUTS:
            budget.exceeded = True
        elif kind == "error":
            kept.append(_error(output, budget))
        elif kind in ("display_data", "execute_result"):
            kept.append(_display(output, budget))
        if budget.exceeded:
            kept.append({"output_type": "stream", "name": "stdout", "text": CUT})
            break
    return kept


def clean_text(text: str) -> str:
    """Return `text` without ANSI codes, control characters and overwritten parts of lines."""
    if "\r" in text:
        # A progress bar returns to the start of its line: what a reader saw last is the last part.
        lines = text.replace("\r\n", "\n").split("\n")
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    return _CONTROL.sub("", text)


def clean_html(html: str) -> str | None:
    """Return `html` reduced to text, tables and plain formatting, or None if it is too deep.

    The caller bounds its size, for which see `Budget.html`.
    """
    cleaned = _HTML.clean(clean_text(html))
    return cleaned if _depth(cleaned) <= MAX_DEPTH else None


def _joined(value: object) -> str:
    """Return a text that nbformat stores as a string or as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return int(value) if is_count else None  # type: ignore[call-overload]


def _stream(output: Output, budget: Budget, kept: list[Output]) -> None:
    text = clean_text(budget.text(_joined(output.get("text"))))
    name = "stderr" if output.get("name") == "stderr" else "stdout"
    last = kept[-1] if kept else {}
    if last.get("name") == name:
        last["text"] += text
    elif len(kept) >= MAX_OUTPUTS:
        budget.exceeded = True
    elif text:
        kept.append({"output_type": "stream", "name": name, "text": text})


def _error(output: Output, budget: Budget) -> Output:
    traceback = output.get("traceback")
    lines = list(traceback) if isinstance(traceback, list) else []
    if len(lines) > MAX_TRACEBACK:
        half = MAX_TRACEBACK // 2
        lines = [*lines[:half], "...", *lines[-half:]]
    return {
        "output_type": "error",
        "ename": clean_text(_joined(output.get("ename"))[:200]),
        "evalue": clean_text(_joined(output.get("evalue"))[:2_000]),
        "traceback": [clean_text(budget.text(line)) for line in lines if isinstance(line, str)],
    }


def _display(output: Output, budget: Budget) -> Output:
    data = output.get("data")
    kept = _mime_bundle(data, budget) if isinstance(data, dict) else {}
    cleaned: Output = {
        "output_type": output["output_type"],
        "data": kept or {"text/plain": NOT_SHOWN},
        "metadata": {},
    }
    if output["output_type"] == "execute_result":
        cleaned["execution_count"] = _count(output.get("execution_count"))
    return cleaned


def _mime_bundle(data: dict[Any, Any], budget: Budget) -> dict[str, str]:
    kept = {}
    html = _joined(data.get("text/html"))
    if html and budget.html(html) and (safe := clean_html(html)):
        kept["text/html"] = safe
    for mime in ("image/png", "image/jpeg"):
        picture = clean_image(mime, _joined(data.get(mime)))
        if picture and budget.picture(picture):
            kept[mime] = picture
    plain = clean_text(budget.text(_joined(data.get("text/plain"))))
    if plain:
        kept["text/plain"] = plain
    return kept


def _depth(html: str) -> int:
    """Return how deep the elements of well-formed HTML are nested."""
    depth = deepest = 0
    for piece in html.split("<")[1:]:
        if piece.startswith("/"):
            depth -= 1
        elif not piece.startswith(("br>", "hr>")):
            depth += 1
            deepest = max(deepest, depth)
    return deepest

"""Student Markdown, made safe for renderers that let raw HTML pass.

nbgrader's feedback and its formgrader render Markdown cells with raw HTML and every link as they
are. An HTML sanitiser cannot help, for the text is not HTML: it would eat `$a<b$` and code. A
Markdown parser cannot help either, for it need not agree with the one that renders the cell.

So nothing is parsed. Three short sequences, without which no tag, link or picture can begin, get
a space wherever they could do harm, in prose, code and formulas alike. The text stays readable
and formulas stay the same: `$a<b$` becomes `$a< b$`.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any

from numgrade.images import clean_image
from numgrade.outputs import CUT, clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MAX_MARKDOWN = 50_000
MAX_ENVIRONMENTS = 200
"""nbconvert searches the whole rest of a text for the end of each LaTeX environment: 5,000 cost it
6 s in one cell."""

MAX_ATTACHMENTS = 20

# The tokeniser of the HTML standard leaves the state "data" on "<" with one of these only; with
# anything else the "<" is text (WHATWG HTML, 13.2.5.6, tag open state).
_AFTER_LESS_THAN = frozenset(string.ascii_letters + "/!?")
_LINE_BREAKS = ("br>", "br/>", "br />")
# MathJax's commands that make links, name styles or load code, and the characters in disguise of
# which it would put them together: what is ASCII needs no character reference. nbconvert's pages
# load MathJax's safe mode; other renderers need not.
_HARMFUL_FORMULA = re.compile(
    r"\\(?=(?:href|style|class|cssId|mmlToken|require|csname|unicode|data)(?![A-Za-z]))"
    r"|&(?=#0*(?:\d{1,2}|1[01]\d|12[0-7])(?!\d)|#[xX]0*[0-7]?[0-9a-fA-F](?![0-9a-fA-F])|bsol)"
)
_SCHEMES = ("http://", "https://", "mailto:", "attachment:")
# A browser reads a scheme up to the first colon; Markdown may hide the colon in a character
# reference or behind a backslash, and the whole address in angle brackets.
_SCHEME_CHARACTERS = re.compile(r"[:&\\<]")
_ATTACHED = re.compile(r"[A-Za-z0-9_ .,:-]*\]\(attachment:([A-Za-z0-9_.-]{1,100})\)")


def safe_markdown(source: str, attachments: Collection[str] = ()) -> str:
    """Return `source` such that no renderer finds raw HTML, script links or remote pictures in it.

    Parameters
    ----------
    source : str
        Markdown, or the text of a raw cell.
    attachments : collection of str
        Names of the pictures that the cell brings along; these are still shown.
    """
    text = clean_text(source)
    if len(text) > MAX_MARKDOWN:
        text = f"{text[:MAX_MARKDOWN]}\n\n{CUT}"
    text = _HARMFUL_FORMULA.sub(r"\g<0> ", text)
    if text.count(r"\begin") > MAX_ENVIRONMENTS:
        text = text.replace(r"\begin", r"\ begin")
    text = _spaced(text, "<", _opens_tag)
    text = _spaced(text, "](", _is_harmful_address)
    text = _spaced(text, "]:", _is_harmful_address)
    text = "\n".join(_without_empty_language(line) for line in text.split("\n"))
    return _spaced(text, "![", lambda rest: not _is_attached(rest, attachments))


def safe_attachments(attachments: object) -> dict[str, dict[str, str]]:
    """Return the pictures that a student attached to a Markdown cell, checked, by their name."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if len(kept) < MAX_ATTACHMENTS and isinstance(name, str) and isinstance(bundle, dict):
            pictures = _pictures(bundle)
            if pictures:
                kept[name] = pictures
    return kept


def _pictures(bundle: dict[Any, Any]) -> dict[str, str]:
    found = {}
    for mime in ("image/png", "image/jpeg"):
        data = bundle.get(mime)
        picture = clean_image(mime, data) if isinstance(data, str) else None
        if picture:
            found[mime] = picture
    return found


def _spaced(text: str, sequence: str, is_harmful: Callable[[str], bool]) -> str:
    """Put a space after the first character of `sequence` wherever what follows does harm."""
    first, *rest = text.split(sequence)
    if not rest:
        return text
    harmless, broken = sequence, f"{sequence[0]} {sequence[1:]}"
    return first + "".join((broken if is_harmful(part) else harmless) + part for part in rest)


def _opens_tag(rest: str) -> bool:
    return rest[:1] in _AFTER_LESS_THAN and not rest.startswith(_LINE_BREAKS)


def _is_harmful_address(rest: str) -> bool:
    # The address of a definition may stand on the next line, within a quotation even.
    address = rest.lstrip(" \t\n>")
    if address.startswith(_SCHEMES):
        return False
    before_path = re.split(r"[\s/?#)]", address, maxsplit=1)[0]
    return _SCHEME_CHARACTERS.search(before_path) is not None


def _without_empty_language(line: str) -> str:
    # nbconvert aborts where the language of a code block is a character reference to white space.
    is_fence = "&" in line and ("```" in line or "~~~" in line)
    return _spaced(line, "&", lambda rest: not rest.startswith(" ")) if is_fence else line


def _is_attached(rest: str, attachments: Collection[str]) -> bool:
    # A picture whose attachment is missing would abort nbconvert.
    match = _ATTACHED.match(rest)
    return match is not None and match[1] in attachments

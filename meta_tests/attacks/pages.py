"""What must not be in a page or a notebook that people open: code, and what leads elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

_FORBIDDEN = frozenset(
    "applet base embed form frame frameset iframe input link math marquee meta object portal"
    " script select svg template textarea video audio source track button style"
    " use image foreignobject animate animatemotion animatetransform set".split()
)
_OF_DRAWINGS = frozenset("viewbox role aria-label class d x y width height cx cy rx ry".split())
"""What the pictures on our own pages are made of: shapes that load and run nothing."""

_ADDRESSES = frozenset("action background cite data formaction href poster src srcset".split())
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_HARMLESS = frozenset({"http", "https", "mailto", "attachment"})
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]*")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_KINDS = frozenset({"text/plain", "text/html", "image/png", "image/jpeg"})


def faults_of_text(text: str) -> list[str]:
    """Name the control characters in a text, which a terminal or a reader could fall for."""
    return [f"the control character {found!r}" for found in sorted(set(_CONTROL.findall(text)))]


def faults_of_html(html: str, *, is_page: bool = False) -> list[str]:
    """Name what in a piece of HTML could run or call home.

    Parameters
    ----------
    html : str
        The HTML.
    is_page : bool, optional
        Whether it is a whole page of ours, which has a style and a meta of its own.
    """
    inspector = _Inspector(is_page=is_page)
    inspector.feed(html)
    inspector.close()
    return [*inspector.faults, *faults_of_text(html)]


def faults_of_notebook(notebook: dict[str, Any]) -> list[str]:
    """Name what in an autograded notebook could run or call home when it is rendered."""
    faults = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and "nbgrader" not in cell["metadata"]:
            faults += faults_of_markdown("".join(cell["source"]))
        for output in cell.get("outputs", ()):
            faults += [f"an output of type {kind}" for kind in {*output.get("data", ())} - _KINDS]
            faults += faults_of_html(output.get("data", {}).get("text/html", ""))
            faults += faults_of_text(text_of(output))
    return faults


def faults_of_markdown(source: str) -> list[str]:
    """Name what could run or call home once nbconvert has rendered a Markdown cell."""
    # Imported here: it takes a second, and most notebooks have no text of a student's.
    from nbconvert.filters import markdown2html  # noqa: PLC0415

    return faults_of_html(str(markdown2html(source)))


def text_of(output: dict[str, Any]) -> str:
    """Return all that can be read in an output of a cell."""
    plain = output.get("data", {}).get("text/plain", "")
    parts = [output.get("text", ""), plain, output.get("ename", ""), output.get("evalue", "")]
    return "\n".join("".join(part) for part in [*parts, *output.get("traceback", ())])


class _Inspector(HTMLParser):
    def __init__(self, *, is_page: bool) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._own = ["style", "meta", "meta", "meta", "meta"] if is_page else []
        self._may_draw = is_page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._own:
            self._own.remove(tag)
        elif tag == "svg" and self._may_draw and {name for name, _ in attrs} <= _OF_DRAWINGS:
            pass
        elif tag in _FORBIDDEN:
            self.faults.append(f"the tag <{tag}>")
        for name, value in attrs:
            if name.startswith("on"):
                self.faults.append(f"the handler {name} of <{tag}>")
            elif name in _ADDRESSES and not _leads_nowhere(tag, value or ""):
                self.faults.append(f"the address {value!r:.60} of <{tag}>")
            elif name == "style" and re.search(r"url\s*\(|position\s*:|expression", value or ""):
                self.faults.append(f"the style {value!r:.60} of <{tag}>")


def _leads_nowhere(tag: str, address: str) -> bool:
    """Tell whether an address loads nothing by itself and runs nothing when it is followed."""
    if tag == "img":
        return _PICTURE.fullmatch(address) is not None or address.startswith("attachment:")
    # Browsers drop white space and control characters before and in a scheme.
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", address))
    return tag == "a" and (scheme is None or scheme[0].lower() in _HARMLESS)

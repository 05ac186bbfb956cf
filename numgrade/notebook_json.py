"""From the bytes of a submitted file to the outline of a notebook.

Submissions come from editors, learning platforms and mail programs, so what is nearly JSON is read
too, with a note. Of what is not, one can often say what it is instead.
"""

from __future__ import annotations

import json

import msgspec
from msgspec import Raw

from numgrade.errors import UnreadableSubmission

MAX_BYTES = 50_000_000
MAX_LENIENT = 5_000_000
"""Python's own JSON reader builds everything that it reads: it is for small files only."""

MAX_OBJECTS = 1_000_000
"""A crafted file may hold nothing but empty cells, each thirty times larger in memory."""

NULL = Raw(b"null")

_LOOKS_LIKE = {
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<<<<<<<": "a file with unresolved merge conflicts",
    b"<": "a web page, perhaps saved from the browser instead of downloaded",
    b"#": "a Python script or a text",
    b"import ": "a Python script",
    b"def ": "a Python script",
}


class Document(msgspec.Struct):
    """The outline of a notebook of any format; its parts are not decoded yet."""

    nbformat: Raw = NULL
    nbformat_minor: Raw = NULL
    cells: Raw = NULL
    worksheets: Raw = NULL


_DOCUMENT = msgspec.json.Decoder(Document)


def decode_document(data: bytes) -> tuple[Document, list[str]]:
    """Decode a submitted file.

    Returns
    -------
    Document
        The outline of the notebook.
    list of str
        Sentences about what had to be put right.

    Raises
    ------
    UnreadableSubmission
        If the file is empty, too large, or no JSON object.
    """
    if not data.strip():
        raise UnreadableSubmission("The submitted file is empty.")
    if len(data) > MAX_BYTES:
        raise UnreadableSubmission(
            f"The submitted file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB "
            "are read. Clear the outputs of the notebook and submit it again."
        )
    text, notes = _decode_text(data)
    if text.count("{") > MAX_OBJECTS:
        raise _unreadable("it holds more than a million objects")
    try:
        return _DOCUMENT.decode(text), notes
    except msgspec.ValidationError:
        raise _unreadable("it is JSON, but not an object") from None
    except RecursionError:
        raise _unreadable("it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError):
        return _decode_leniently(text, data), [
            *notes,
            "The file is not strict JSON (NaN, or halves of characters); it was mended.",
        ]


def _decode_text(data: bytes) -> tuple[str, list[str]]:
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), [
            f"The file is not proper {encoding}; characters that could not be read were replaced."
        ]
    if encoding == "utf-8":
        return text, []
    return text, [f"The file was stored as {encoding} instead of UTF-8, and read as such."]


def _decode_leniently(text: str, data: bytes) -> Document:
    """Read what is JSON to Python only."""
    if len(text) > MAX_LENIENT:
        raise _not_json(data, "it is damaged")
    try:
        value = json.loads(text, parse_constant=lambda _: None)
        return _DOCUMENT.decode(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        where = f"{error.msg}, line {error.lineno}, column {error.colno}"
        raise _not_json(data, where) from None
    except msgspec.ValidationError:
        raise _unreadable("it is JSON, but not an object") from None
    except (ValueError, RecursionError, msgspec.DecodeError):
        raise _not_json(data, "it holds numbers or lists beyond all measure") from None


def _not_json(data: bytes, where: str) -> UnreadableSubmission:
    start = data.lstrip()
    kind = next((kind for prefix, kind in _LOOKS_LIKE.items() if start.startswith(prefix)), None)
    guess = f"It looks like {kind}." if kind else "It may have been cut off or edited by hand."
    return _unreadable(f"it is not JSON ({where}). {guess}")


def _unreadable(reason: str) -> UnreadableSubmission:
    ending = "" if reason.endswith(".") else "."
    return UnreadableSubmission(f"The submitted file is not a notebook: {reason}{ending}")

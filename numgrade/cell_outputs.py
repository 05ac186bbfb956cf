"""What a cell puts out: kept in order and within a budget."""

from __future__ import annotations

import base64
import io
from typing import Any

from numgrade.protocol import Display, Stream, Traceback

_TRUNCATED = "\n[numgrade: the rest of this cell's output was dropped]\n"
_MAX_OUTPUTS = 500


class Outputs:
    """The outputs of the cell that runs, in order and within a budget of bytes."""

    def __init__(self) -> None:
        self._budget = 0
        self._full = True
        self.items: list[Stream | Display | Traceback] = []
        self._texts: list[str] = []
        self._stream = ""

    def begin(self, budget: int) -> None:
        """Forget everything and allow `budget` bytes; with 0 bytes all output is dropped."""
        self.items, self._texts, self._stream = [], [], ""
        self._budget = budget
        self._full = budget == 0

    def write(self, stream: str, text: str) -> None:
        """Keep text printed to `stream`, joined with what was printed there just before."""
        if self._full or not text:
            return
        if stream != self._stream:
            self._flush()
            self._stream = stream
        kept = text[: self._budget]
        self._budget -= len(kept)
        self._texts.append(kept)
        if len(kept) < len(text) or len(self.items) >= _MAX_OUTPUTS:
            self._texts.append(_TRUNCATED)
            self._full = True

    def add(self, output: Display | Traceback, size: int) -> None:
        """Keep a rich output or an exception of `size` bytes, if it fits."""
        if self._full and not isinstance(output, Traceback):
            return
        self._flush()
        if size > self._budget and isinstance(output, Display):
            self.write("stderr", _TRUNCATED.lstrip())
            return
        self._budget -= min(size, self._budget)
        self.items.append(output)

    def end(self) -> list[Stream | Display | Traceback]:
        """Return the outputs and drop whatever comes until the next cell begins."""
        self._flush()
        self._full = True
        return self.items

    def _flush(self) -> None:
        if self._texts:
            self.items.append(Stream(self._stream, sendable("".join(self._texts))))
        self._texts, self._stream = [], ""


class Pipe(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr and feeds the outputs."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name = name
        self._outputs = outputs

    def writable(self) -> bool:
        """Say that text may be written."""
        return True

    def write(self, text: str) -> int:
        """Take text."""
        self._outputs.write(self.name, str(text))
        return len(text)


def sendable(text: str) -> str:
    """Return a text with a question mark in the place of each character that is none."""
    return text.encode("utf-8", "replace").decode()


def show(outputs: Outputs, data: dict[str, Any], *, result: bool) -> None:
    """Keep a rich value; `result` if it is the value of the cell."""
    texts = {
        str(mime): base64.b64encode(value).decode() if isinstance(value, bytes) else sendable(value)
        for mime, value in data.items()
        if isinstance(value, str | bytes)
    }
    outputs.add(Display(texts, result), sum(map(len, texts.values())))

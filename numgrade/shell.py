"""One notebook's IPython namespace inside the worker: runs cells and keeps bounded output.

Everything here runs in the student's process. Nothing that decides a mark may rely on it.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import io
import sys
import warnings
from typing import TYPE_CHECKING, Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from numgrade.protocol import Display, Stream, Traceback

if TYPE_CHECKING:
    import ast

_NO_SHELL = "numgrade: shell commands do not run while a notebook is graded, so this was skipped: "
_NO_INPUT = "input() has nobody to ask while a notebook is graded; assign a value instead"
_TRUNCATED = "\n[numgrade: the rest of this cell's output was dropped]\n"
_MAX_OUTPUTS = 500
_MAX_TRACEBACK = 100_000
_WARM_UP = (
    "%matplotlib inline",
    "import numpy as np\nimport matplotlib.pyplot as plt\nfigure = plt.figure()\n",
    "def f(x):\n    assert np.sum(x) > 9, 'too small'\n\nprint(f'{np.pi:.3f}')\nnp.arange(3.0)",
    "f(np.linspace(0, 1, 5))",
    "plt.plot([0, 1], [0, 1])\nplt.show()",
)
"""Cells that load what most notebooks use: magics, tracebacks, a figure."""


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
            self.items.append(Stream(self._stream, _sendable("".join(self._texts))))
        self._texts, self._stream = [], ""


class _Pipe(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr and feeds the outputs."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name = name
        self._outputs = outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(self.name, str(text))
        return len(text)


class _Publisher(DisplayPublisher):
    """Takes what `display(...)` publishes."""

    outputs: Outputs

    def publish(self, data: Any, *_: Any, **__: Any) -> None:  # noqa: ANN401 - IPython's signature
        _show(self.outputs, data, result=False)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        """Keep everything: a person who reads a graded notebook wants to see it."""


class _Hook(DisplayHook):
    """Takes the value of a cell's last expression."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Write no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:  # noqa: ANN401, ARG002
        _show(self.outputs, format_dict, result=True)

    def finish_displayhook(self) -> None:
        """Write no end."""


class _Compiler(CachingCompiler):
    """A compiler that parses a cell once: IPython would do so three times."""

    _latest: tuple[str, int, ast.AST] | None = None

    def is_python(self, source: str) -> bool:
        """Tell whether Python itself can read a cell."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the cell itself will warn when it is compiled
            try:
                self._latest = source, self.flags, super().ast_parse(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return False
        return True

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        latest, self._latest = self._latest, None
        if latest is not None and latest[:2] == (source, self.flags) and symbol == "exec":
            return latest[2]
        return super().ast_parse(source, filename, symbol)


class _Shell(InteractiveShell):
    """IPython without a terminal, a history file, or a way to start a program."""

    outputs: Outputs

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:  # noqa: ANN401
        lines, room = [], _MAX_TRACEBACK
        for line in map(str, stb):
            lines.append(_sendable(line[:room]))
            room -= len(lines[-1])
        name, value = str(getattr(etype, "__name__", etype)), _sendable(str(evalue)[:2000])
        self.outputs.add(Traceback(name, value, lines), sum(map(len, lines)))

    def system(self, cmd: str) -> None:
        print(_NO_SHELL + str(cmd), file=sys.stderr)  # noqa: T201 - this is the cell's output
        self.user_ns["_exit_code"] = 127

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002
        self.system(cmd)
        return []

    def ask_exit(self) -> None:
        print("numgrade: exit() does nothing here", file=sys.stderr)  # noqa: T201

    def transform_cell(self, raw_cell: str) -> str:
        """Look for magics only where Python finds a syntax error: looking costs milliseconds."""
        is_python = isinstance(self.compile, _Compiler) and self.compile.is_python(raw_cell)
        if is_python and not self.input_transformers_post:
            return raw_cell
        return str(super().transform_cell(raw_cell))

    def should_run_async(self, raw_cell: str, **others: Any) -> bool:  # noqa: ANN401
        """Compile a cell only if it could wait for something."""
        could = "await" in raw_cell or "async" in raw_cell
        return could and bool(super().should_run_async(raw_cell, **others))

    def _format_exception_for_storage(self, *_: object) -> dict[str, Any]:
        """Format no traceback for a history that nobody keeps."""
        return {}

    def enable_gui(self, gui: Any = None) -> None:  # noqa: ANN401
        """There is no window to open."""

    def init_history(self) -> None:
        super().init_history()
        if self.history_manager is not None:
            self.history_manager.enabled = False


class NotebookShell:
    """A ready IPython namespace; made once in the zygote, used in a fork of it.

    Attributes
    ----------
    namespace : dict
        The notebook's global names.
    """

    def __init__(self) -> None:
        self._outputs = Outputs()
        _Publisher.outputs = _Hook.outputs = _Shell.outputs = self._outputs
        self._shell = _Shell.instance(
            config=_configuration(),
            display_pub_class=_Publisher,
            displayhook_class=_Hook,
            compiler_class=_Compiler,
        )
        self.namespace: dict[str, Any] = self._shell.user_ns
        builtins.input = _no_input
        for name in ("pip", "conda", "mamba", "uv", "sx", "script", "bash", "sh"):
            self._forbid_magic(name)
        self._warm_up()

    def take_streams(self) -> None:
        """Send sys.stdout and sys.stderr of this process to the outputs."""
        sys.stdout = _Pipe("stdout", self._outputs)
        sys.stderr = _Pipe("stderr", self._outputs)

    def run(
        self, source: str, *, render_figures: bool, budget: int
    ) -> tuple[list[Stream | Display | Traceback], int | None, bool]:
        """Run one cell; return its outputs, its execution count, and whether it succeeded."""
        self._outputs.begin(budget)
        if sys.stdout is None or sys.stderr is None:  # IPython itself writes there
            self.take_streams()
        self._render(figures=render_figures)
        result = self._shell.run_cell(source, store_history=True)
        self._close_figures()
        return self._outputs.end(), result.execution_count, bool(result.success)

    def _warm_up(self) -> None:
        """Do once, before the forks, what the first cells of every notebook would do again."""
        with contextlib.redirect_stderr(io.StringIO()):
            for source in _WARM_UP:
                self.run(source, render_figures=True, budget=1_000_000)
        self._shell.run_line_magic("reset", "-f")
        self._shell.execution_count = 1

    def _forbid_magic(self, name: str) -> None:
        def forbidden(line: str, cell: str | None = None) -> None:  # noqa: ARG001 - a magic's signature
            self._shell.system(f"%{name} {line}")

        magics = self._shell.magics_manager
        magics.register_function(forbidden, magic_kind="line_cell", magic_name=name)

    def _render(self, *, figures: bool) -> None:
        """Let figures become pictures, which costs 50 to 150 ms each, or be dropped unrendered."""
        if "matplotlib" not in sys.modules:
            return
        from IPython.core.pylabtools import select_figure_formats  # noqa: PLC0415 - see above

        select_figure_formats(self._shell, {"png"} if figures else set())

    def _close_figures(self) -> None:
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.close("all")


def _configuration() -> Config:
    config = Config()
    config.InteractiveShell.colors = "nocolor"
    # Plain tracebacks cost a tenth of IPython's annotated ones.
    config.InteractiveShell.xmode = "Plain"
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InlineBackend.figure_formats = set()
    return config


def _sendable(text: str) -> str:
    """Return a text with a question mark in the place of each character that is none."""
    return text.encode("utf-8", "replace").decode()


def _show(outputs: Outputs, data: dict[str, Any], *, result: bool) -> None:
    texts = {
        str(mime): base64.b64encode(value).decode()
        if isinstance(value, bytes)
        else _sendable(value)
        for mime, value in data.items()
        if isinstance(value, str | bytes)
    }
    outputs.add(Display(texts, result), sum(map(len, texts.values())))


def _no_input(prompt: object = "") -> str:  # noqa: ARG001 - the builtin's signature
    raise EOFError(_NO_INPUT)

"""One notebook's IPython namespace inside the worker: runs cells and keeps bounded output.

Everything here runs in the student's process. Nothing that decides a mark may rely on it.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
from typing import TYPE_CHECKING, Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from numgrade.cell_code import CellCompiler
from numgrade.cell_outputs import Outputs, Pipe, sendable, show
from numgrade.later import is_loaded, put_off
from numgrade.protocol import Display, Stream, Traceback

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from numgrade.cell_code import CellCode

_NO_SHELL = "numgrade: shell commands do not run while a notebook is graded, so this was skipped: "
_NO_INPUT = "input() has nobody to ask while a notebook is graded; assign a value instead"
_MAX_TRACEBACK = 100_000
_WARM_UP = (
    "import numpy as np",
    "def f(x):\n    assert np.sum(x) > 9, 'too small'\n\nprint(f'{np.pi:.3f}')\nnp.arange(3.0)",
    "f(np.linspace(0, 1, 5))",
)
"""Cells that load what most notebooks use: NumPy, tracebacks."""

_PYPLOT = "matplotlib.pyplot"
_DRAWING = (
    "%matplotlib inline",
    "import matplotlib.pyplot as plt\nfigure = plt.figure()\n",
    "plt.plot([0, 1], [0, 1])\nplt.show()",
)
"""Cells that load what is needed to draw: magics, a figure."""


class _Publisher(DisplayPublisher):
    """Takes what `display(...)` publishes."""

    outputs: Outputs

    def publish(self, data: Any, *_: Any, **__: Any) -> None:  # noqa: ANN401 - IPython's signature
        show(self.outputs, data, result=False)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        """Keep everything: a person who reads a graded notebook wants to see it."""


class _Hook(DisplayHook):
    """Takes the value of a cell's last expression."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Write no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:  # noqa: ANN401, ARG002
        show(self.outputs, format_dict, result=True)

    def finish_displayhook(self) -> None:
        """Write no end."""


class _Shell(InteractiveShell):
    """IPython without a terminal, a history file, or a way to start a program."""

    outputs: Outputs

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:  # noqa: ANN401
        lines, room = [], _MAX_TRACEBACK
        for line in map(str, stb):
            lines.append(sendable(line[:room]))
            room -= len(lines[-1])
        name, value = str(getattr(etype, "__name__", etype)), sendable(str(evalue)[:2000])
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
        is_python = isinstance(self.compile, CellCompiler) and self.compile.is_python(raw_cell)
        if is_python and not self.input_transformers_post:
            return raw_cell
        return str(super().transform_cell(raw_cell))

    def code_of(self, source: str) -> CellCode | None:
        """Return a cell's code, if nobody else has to see the cell before it runs, or after."""
        callbacks = self.events.callbacks
        if (
            not source.strip()  # which counts as no cell
            or self.ast_transformers
            or self.input_transformers_post
            or callbacks["pre_run_cell"]
            or callbacks["post_run_cell"]
            or not isinstance(self.compile, CellCompiler)
        ):
            return None
        return self.compile.whole(source, self.execution_count)

    def run_whole(self, code: CellCode, source: str) -> bool:
        """Run a cell as `run_cell` does, but as a whole; tell whether it succeeded."""
        count = self.execution_count
        # IPython counts before a cell runs or after it, as its version has it; its hook knows.
        if self.displayhook.prompt_count < count:
            self.execution_count += 1
        if self.history_manager is not None:
            self.history_manager.store_inputs(count, source)
        self.events.trigger("pre_execute")
        with self.builtin_trap, self.display_trap:
            try:
                failed = self._fails(code)
            except BaseException:  # noqa: BLE001 - a student's exception that cannot be shown
                self.showtraceback()
                failed = True
        self.events.trigger("post_execute")
        self.execution_count = count + 1
        return not failed

    def _fails(self, code: CellCode) -> bool:
        """Run a cell's parts until one fails; a loop, for `any` may be a student's own by now."""
        for part in code.parts:  # noqa: SIM110 - see above
            if _result_of(self.run_code(part)):
                return True
        return False

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

    Parameters
    ----------
    draws : bool, optional
        Whether to load Matplotlib now. Otherwise it is loaded where a notebook uses it.

    Attributes
    ----------
    namespace : dict
        The notebook's global names.
    """

    def __init__(self, *, draws: bool = False) -> None:
        self._outputs = Outputs()
        self._wanted = False
        self._renders: bool | None = None
        _Publisher.outputs = _Hook.outputs = _Shell.outputs = self._outputs
        self._shell = _Shell.instance(
            config=_configuration(),
            display_pub_class=_Publisher,
            displayhook_class=_Hook,
            compiler_class=CellCompiler,
        )
        self.namespace: dict[str, Any] = self._shell.user_ns
        builtins.input = _no_input
        for name in ("pip", "conda", "mamba", "uv", "sx", "script", "bash", "sh"):
            self._forbid_magic(name)
        self._warm_up((*_WARM_UP, *_DRAWING) if draws else _WARM_UP)
        if not draws:
            put_off("matplotlib")
            put_off(_PYPLOT, self._draw_inline)

    def take_streams(self) -> None:
        """Send sys.stdout and sys.stderr of this process to the outputs."""
        sys.stdout = Pipe("stdout", self._outputs)
        sys.stderr = Pipe("stderr", self._outputs)

    def run(
        self, source: str, *, render_figures: bool, budget: int
    ) -> tuple[list[Stream | Display | Traceback], int | None, bool]:
        """Run one cell; return its outputs, its execution count, and whether it succeeded."""
        self._outputs.begin(budget)
        if sys.stdout is None or sys.stderr is None:  # IPython itself writes there
            self.take_streams()
        self._render(figures=render_figures)
        count = self._shell.execution_count
        code = self._shell.code_of(source)
        if code is not None:
            succeeded = self._shell.run_whole(code, source)
        else:
            result = self._shell.run_cell(source, store_history=True)
            count, succeeded = result.execution_count, bool(result.success)
        self._close_figures()
        return self._outputs.end(), count, succeeded

    def prepare(self, sources: Iterable[str]) -> None:
        """Compile cells of the course's own that every notebook will run."""
        if isinstance(self._shell.compile, CellCompiler):
            self._shell.compile.prepare(sources)

    def _warm_up(self, sources: Iterable[str]) -> None:
        """Do once, before the forks, what the first cells of every notebook would do again."""
        with contextlib.redirect_stderr(io.StringIO()):
            for source in sources:
                self.run(source, render_figures=True, budget=1_000_000)
        self._render(figures=False)  # as most cells have it
        self._shell.reset(new_session=True)

    def _forbid_magic(self, name: str) -> None:
        def forbidden(line: str, cell: str | None = None) -> None:  # noqa: ARG001 - a magic's signature
            self._shell.system(f"%{name} {line}")

        magics = self._shell.magics_manager
        magics.register_function(forbidden, magic_kind="line_cell", magic_name=name)

    def _render(self, *, figures: bool) -> None:
        """Let figures become pictures, which costs 50 to 150 ms each, or be dropped unrendered."""
        self._wanted = figures
        if figures == self._renders or not is_loaded(_PYPLOT):
            return
        self._renders = figures
        from IPython.core.pylabtools import select_figure_formats  # noqa: PLC0415 - see above

        select_figure_formats(self._shell, {"png"} if figures else set())

    def _draw_inline(self) -> None:
        """Do what the zygote does where Matplotlib is loaded there."""
        self._shell.run_line_magic("matplotlib", "inline")
        self._renders = None
        self._render(figures=self._wanted)

    def _close_figures(self) -> None:
        if is_loaded(_PYPLOT):
            sys.modules[_PYPLOT].close("all")


def _result_of(coroutine: Coroutine[Any, Any, bool]) -> bool:
    """Run a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return bool(end.value)
    raise RuntimeError("a cell without await is waiting")


def _configuration() -> Config:
    config = Config()
    config.InteractiveShell.colors = "nocolor"
    # Plain tracebacks cost a tenth of IPython's annotated ones.
    config.InteractiveShell.xmode = "Plain"
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InlineBackend.figure_formats = set()
    return config


def _no_input(prompt: object = "") -> str:  # noqa: ARG001 - the builtin's signature
    raise EOFError(_NO_INPUT)

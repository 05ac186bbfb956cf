"""The code of cells, compiled as a whole; that of the course's own cells once, before the forks.

IPython parses and compiles a cell statement by statement, which takes longer than most cells run.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, NamedTuple

from IPython.core.compilerop import CachingCompiler

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType


class CellCode(NamedTuple):
    """A compiled cell.

    Attributes
    ----------
    name : str
        Of the file that tracebacks tell it to be in.
    parts : tuple of code
        Its statements, then the last one by itself if it is an expression, whose value is shown.
    """

    name: str
    parts: tuple[CodeType, ...]


class CellCompiler(CachingCompiler):
    """A compiler that parses a cell once, and knows some cells beforehand."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._prepared: dict[str, CellCode] = {}
        self._usual_flags = self.flags
        self._latest: tuple[str, int, ast.AST] | None = None

    def prepare(self, sources: Iterable[str]) -> None:
        """Compile cells that will be run later, in forks of this process."""
        for source in sources:
            code = self.whole(source, 0)
            if self.flags == self._usual_flags and code is not None:
                self._prepared[source] = code
            self.flags = self._usual_flags

    def whole(self, source: str, number: int) -> CellCode | None:
        """Return a cell's code; None if it is more than Python, or has to be run by its statements.

        Parameters
        ----------
        source : str
            The cell.
        number : int
            Its execution count, by which tracebacks name it.
        """
        code = self._prepared.get(source) if self.flags == self._usual_flags else None
        if code is None:
            code = self._compiled(source, number)
        if code is not None:
            self._filename_map[code.name] = number
        return code

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
        """Parse a cell, unless it is the one that was parsed just before."""
        latest, self._latest = self._latest, None
        if latest is not None and latest[:2] == (source, self.flags) and symbol == "exec":
            return latest[2]
        return super().ast_parse(source, filename, symbol)

    def _compiled(self, source: str, number: int) -> CellCode | None:
        """Compile a cell; IPython gets those that cannot be, and says what is wrong with them."""
        if not self.is_python(source):
            return None
        tree = self.ast_parse(source)
        assert isinstance(tree, ast.Module)  # noqa: S101 - what the mode exec gives
        name = self.cache(source, number)
        *others, last = tree.body or [ast.Pass(lineno=1, col_offset=0)]
        shown = isinstance(last, ast.Expr)
        try:
            parts = [self._code(ast.Module(others if shown else tree.body, []), name, "exec")]
            if shown:
                parts.append(self._code(ast.Interactive([last]), name, "single"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return CellCode(name, tuple(parts))

    def _code(self, tree: ast.mod, name: str, mode: str) -> CodeType:
        return self(tree, name, mode)  # type: ignore[arg-type] # it hands anything on to compile

"""Cells run as a whole where they can: the same comes of them as when IPython runs them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import AMPLE
from numgrade.repair import RunnableCell
from numgrade.sandbox import Sandbox
from numgrade.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meta_tests.spine import HandIn
    from numgrade.outputs import CellOutcome

pytest_plugins = ["meta_tests.spine"]

CELLS = (
    "",
    "# nothing",
    "1 + 1",
    "_ + 1",
    "_, __, Out[3], In[3], len(In)",
    "3 + 4;",
    "3 + 4;  # quiet",
    "1; 2",
    "x = 5\nx",
    "x\nx + 1",
    "None",
    "print('a'); print('b', end='')\nx * 2",
    "import sys; print('wrong', file=sys.stderr)",
    "def f(n):\n    return n / 0\n\nf(3)",
    "print('before')\nf(4)\nprint('after')",
    "for n in range(3):\n    n",
    "if x:\n    f(5)",
    "def f(:\n    pass",
    "print('not printed')\nreturn 3",
    "x = (1 +",
    "class Odd:\n    def __repr__(self):\n        raise ValueError('odd')\n\nOdd()",
    "display({'a': 1}, x)",
    "import warnings; warnings.warn('careful')",
    "%precision 3\n3.14159",
    "!ls\nprint(_exit_code)",
    "import asyncio\nawait asyncio.sleep(0)\n'woken'",
    "from __future__ import annotations\ndef g(n: unknown): pass",
    "g.__annotations__",
    "def h(n: int): pass\nh.__annotations__",
    "raise SystemExit(3)",
    "raise KeyboardInterrupt",
    "exit()",
    "x is 5",
    "x = 1 if x else 2\n(y := x + 1)",
    "'''several\nlines'''",
    "@staticmethod\ndef s(): pass\ns()",
    "del x\nx",
    "_i, _ii, _i9",
    "__name__, [name for name in dir() if name in ('In', 'Out', 'exit', 'get_ipython')]",
    "import inspect; print(inspect.getsource(f))",
    "eval('1 +')",
    "exec('def deep(): return missing')\ndeep()",
)
BY_STATEMENTS = "get_ipython().events.register('post_run_cell', lambda *_: None)"
"""A cell after which IPython runs all others, since somebody wants to hear of each."""


def outcomes(hand_in: HandIn, *cells: str) -> list[CellOutcome]:
    """Run cells; return what came of each."""
    submission = hand_in(*cells)
    assert not submission.warnings
    return list(submission.outcomes.values())


def test_cells_give_the_same_as_a_whole_and_by_their_statements(hand_in: HandIn) -> None:
    """Outputs, counts, tracebacks and histories: what a person sees does not depend on speed."""
    whole = outcomes(hand_in, "None", *CELLS)
    one_by_one = outcomes(hand_in, BY_STATEMENTS, *CELLS)
    for source, fast, slow in zip(CELLS, whole[1:], one_by_one[1:], strict=True):
        assert (source, fast) == (source, slow)


@pytest.fixture
def prepared(sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return a sandbox that has compiled the cells beforehand."""
    with Sandbox(sandbox.level, AMPLE, CELLS) as opened:
        yield opened


def test_cells_that_were_compiled_beforehand_give_the_same(
    hand_in: HandIn, prepared: Sandbox
) -> None:
    """Their tracebacks name the cell by its own number; no cell changes how the next is read."""
    # A warning names a file, whose name holds the number of the cell, if it is known by then.
    cells = ["None", "1 / 0", *(cell for cell in CELLS if "warn" not in cell)]
    runnable = [RunnableCell(index, text, False) for index, text in enumerate(cells)]  # noqa: FBT003 - no pictures
    with closing(Submission(prepared, runnable, AMPLE)) as submission:
        submission.run_cells()
    assert list(submission.outcomes.values()) == outcomes(hand_in, *cells)


def test_who_transforms_cells_sees_them_before_they_run(hand_in: HandIn) -> None:
    """Transformers that a student registers are heeded, as in a notebook."""
    first = (
        "import ast\n"
        "class Double(ast.NodeTransformer):\n"
        "    def visit_Constant(self, node): return ast.Constant(2 * node.value)\n"
        "get_ipython().ast_transformers.append(Double())"
    )
    *_, outcome = outcomes(hand_in, first, "21")
    assert outcome.outputs[0]["data"] == {"text/plain": "42"}


def test_more_cells_than_an_argument_holds_are_no_problem(sandbox: Sandbox) -> None:
    """What has no room is compiled when it runs."""
    cells = tuple(f"text = {'x' * 30_000!r}\n{number}" for number in range(9))
    with Sandbox(sandbox.level, AMPLE, cells) as prepared:
        runnable = [RunnableCell(index, text, False) for index, text in enumerate(cells)]  # noqa: FBT003 - no pictures
        with closing(Submission(prepared, runnable, AMPLE)) as submission:
            submission.run_cells()
    shown = [outcome.outputs[0]["data"]["text/plain"] for outcome in submission.outcomes.values()]
    assert shown == list(map(str, range(9)))


def test_builtins_of_a_student_keep_no_cell_from_running(hand_in: HandIn) -> None:
    """Who replaces them spoils what uses them, not the cells that come after."""
    spoilt = "import builtins\nbuiltins.any = builtins.all = lambda *_: True"
    *_, outcome = outcomes(hand_in, spoilt, "x = 6 * 7", "x")
    assert outcome.outputs[0]["data"] == {"text/plain": "42"}

"""Modules that are loaded when they are first used, and the cells that use Matplotlib."""

from __future__ import annotations

import sys
from contextlib import closing
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import AMPLE
from numgrade.drawing import draws, draws_at_once
from numgrade.later import Later, is_loaded, put_off
from numgrade.repair import RunnableCell
from numgrade.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numgrade.outputs import CellOutcome
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a package that can be imported, with a module in it."""
    name = f"numgrade_{tmp_path.name}"
    folder = tmp_path / name
    folder.mkdir()
    folder.joinpath("__init__.py").write_text("from . import other\nanswer = 42\n")
    folder.joinpath("other.py").write_text("")
    folder.joinpath("part.py").write_text(f"import {name}\nhalf = {name}.answer / 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    for module in (name, f"{name}.part", f"{name}.other"):
        monkeypatch.setitem(sys.modules, module, ModuleType(module))
        del sys.modules[module]  # which is undone, whatever the test leaves there
    return name


def test_a_module_is_loaded_when_something_of_it_is_used(package: str) -> None:
    """Not when it is imported, however often; then its package is loaded with it."""
    told: list[bool] = []
    put_off(package)
    put_off(f"{package}.part", lambda: told.append(True))
    part = import_module(f"{package}.part")
    assert import_module(f"{package}.part") is part
    assert import_module(package).part is part
    assert not is_loaded(f"{package}.part")
    assert not is_loaded(package)
    assert part.half == 21
    assert told == [True]
    assert is_loaded(package)
    assert sys.modules[package].answer == 42
    assert "answer" in dir(sys.modules[package])
    assert type(part) is ModuleType


def test_what_a_module_has_can_be_listed(package: str) -> None:
    """Who lists it uses it."""
    put_off(package)
    assert "answer" in dir(import_module(package))


def test_a_module_that_fails_to_load_fails_each_time(package: str, tmp_path: Path) -> None:
    """It is not left half loaded."""
    (tmp_path / package / "__init__.py").write_text("answer = 1 / 0\n")
    put_off(package)
    module = import_module(package)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            _ = module.answer
    assert isinstance(module, Later)


def test_a_module_that_is_not_there_cannot_be_put_off() -> None:
    """As it cannot be imported."""
    with pytest.raises(ModuleNotFoundError):
        put_off("numgrade_without_such_a_module")


@pytest.mark.parametrize(
    "source",
    [
        "plt.plot([0, 1])",
        "def show():\n    plt.show()",
        "%matplotlib inline\nimport numpy as np",
        "from matplotlib.pyplot import plot",
        "import numpy as np, matplotlib.pyplot as plt",
        "import matplotlib.cm",
    ],
)
def test_cells_that_use_matplotlib_are_told_from_others(source: str) -> None:
    """By their text."""
    assert draws(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import matplotlib.pyplot as plt",
        "import matplotlib\nfrom matplotlib import pyplot as plt  # for later",
        "# plt.plot([0, 1])",
        "x = 'splt'",
    ],
)
def test_cells_that_only_import_it_draw_nothing(source: str) -> None:
    """Nor do those that speak of it."""
    assert not draws(source)


def test_helpers_of_the_release_draw_where_they_are_called() -> None:
    """What is indented there does not run at once."""
    assert not draws_at_once("import matplotlib.pyplot as plt\ndef show():\n    plt.show()")
    assert draws_at_once("import matplotlib.pyplot as plt\nplt.style.use('ggplot')")


DRAWING = (
    "import matplotlib.pyplot as plt\nimport numpy as np",
    "figure, axes = plt.subplots()\naxes.plot([0, 1], [0, 1])\nprint('drawn')",
    "plt.plot([1, 0])\nplt.gcf().get_size_inches().tolist(), plt.get_backend()",
    "import matplotlib\nmatplotlib.rcParams['figure.dpi'] = 50\nplt.figure()",
    "plt.gca().set_title('x')\nplt.show()",
    "plt.get_fignums()",
)


def outcomes_of(sandbox: Sandbox, cells: Sequence[RunnableCell]) -> list[CellOutcome]:
    """Run cells; return what came of each."""
    with closing(Submission(sandbox, cells, AMPLE)) as submission:
        submission.run_cells()
    assert not submission.warnings
    return list(submission.outcomes.values())


@pytest.mark.parametrize("rendered", [True, False], ids=["rendered", "dropped"])
def test_pictures_are_the_same_wherever_matplotlib_was_loaded(
    sandbox: Sandbox, *, rendered: bool
) -> None:
    """In the zygote, or in the worker where no text said that it would be used."""
    cells = [RunnableCell(index, text, rendered) for index, text in enumerate(DRAWING)]
    late = outcomes_of(sandbox, cells)
    early = outcomes_of(sandbox, [RunnableCell(*_fields(cell), draws=True) for cell in cells])
    assert late == early
    outputs = [output for outcome in late for output in outcome.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs) == rendered
    assert all(output["output_type"] != "error" for output in outputs)


def _fields(cell: RunnableCell) -> tuple[int, str, bool]:
    return cell.cell_index, cell.source, cell.render_figures


def test_who_does_not_draw_has_no_matplotlib(sandbox: Sandbox) -> None:
    """Which makes a process cheaper to fork."""
    ask = "import sys\nsorted(name for name in sys.modules if name.startswith('matplotlib.f'))"
    cells = [RunnableCell(0, DRAWING[0], render_figures=False), RunnableCell(1, ask, False)]  # noqa: FBT003 - no pictures
    _, outcome = outcomes_of(sandbox, cells)
    assert outcome.outputs[0]["data"]["text/plain"] == "[]"

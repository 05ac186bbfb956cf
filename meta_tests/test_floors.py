"""Modules know only what stands below them, and stay small enough to be read."""

from __future__ import annotations

import ast
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from numgrade.sandbox import _MODULES

PROJECT = Path(__file__).parents[1]
PACKAGE = "numgrade"
FLOORS: list[list[str]] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"][PACKAGE][
    "floors"
]
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in (PROJECT / PACKAGE).glob("*.py")}
MAX_LINES = 330
MAX_FUNCTION_LINES = 45


def imports_of(source: str) -> set[str]:
    """Return the modules of the package that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {_module(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = f"{PACKAGE}.{node.module or ''}".rstrip(".") if node.level else node.module
            names = [alias.name for alias in node.names]
            submodules = {name for name in names if name in SOURCES} if origin == PACKAGE else set()
            found |= submodules or {_module(origin or "")}
    return found - {""}


def _module(name: str) -> str:
    """Return the module of the package that a dotted name leads to; "" if it leads elsewhere."""
    package, _, rest = name.partition(".")
    return (rest.partition(".")[0] or "__init__") if package == PACKAGE else ""


def upward_imports(sources: dict[str, str], floors: list[list[str]]) -> list[str]:
    """Return each import of a module that does not stand before the one that imports it."""
    order = {name: place for place, name in enumerate(chain(*floors))}
    return [
        f"{name} imports {wanted}"
        for name, source in sorted(sources.items())
        for wanted in sorted(imports_of(source))
        if order.get(wanted, len(order)) >= order[name]
    ]


def functions_of(source: str) -> dict[str, int]:
    """Return the length of each function, without its docstring."""
    lengths = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            text = node.body[0] if ast.get_docstring(node) else None
            docstring = (text.end_lineno or 0) - text.lineno + 1 if text else 0
            lengths[node.name] = (node.end_lineno or 0) - node.lineno + 1 - docstring
    return lengths


def test_every_module_stands_on_one_floor() -> None:
    """The table lists all modules once, and none that does not exist."""
    assert sorted(chain(*FLOORS)) == sorted(SOURCES)


def test_imports_go_down_only() -> None:
    """No module imports one that does not stand before it, not even for its types."""
    assert upward_imports(SOURCES, FLOORS) == []


@pytest.mark.parametrize(
    "statement",
    [
        "from numgrade.results import judge",
        "from numgrade import results",
        "import numgrade.results",
        "import numgrade.results as r",
        "from .results import judge",
        "from . import results",
        "if TYPE_CHECKING:\n    from numgrade.results import judge",
        "def f():\n    from numgrade.results import judge",
        "try:\n    import numgrade.results\nexcept ImportError:\n    pass",
    ],
)
def test_an_upward_import_is_found(statement: str) -> None:
    """In whatever way it is written, and wherever it hides."""
    floors = [["__init__", "errors"], ["results"]]
    sources = {"__init__": "", "errors": statement, "results": "import numgrade.errors"}
    assert upward_imports(sources, floors) == ["errors imports results"]


def test_other_packages_are_nobodys_floor() -> None:
    """Imports of other packages, with names alike or not, do not count."""
    source = "import os.path\nfrom results import x\nimport numgraded.results\nfrom errors import y"
    assert imports_of(source) == set()


def test_the_sandbox_holds_what_its_modules_need() -> None:
    """What is copied into a sandbox imports nothing of the package that is not copied too."""
    for name in _MODULES:
        assert imports_of(SOURCES[name]) <= {*_MODULES}, name


def test_the_sandbox_knows_nothing_of_checks_and_marks() -> None:
    """Nothing that decides a mark, or knows where checks lie, is copied into a sandbox."""
    inside = FLOORS[1] + FLOORS[2]
    assert {*_MODULES} <= {"__init__", "errors", *inside}


@pytest.mark.parametrize("name", SOURCES)
def test_modules_and_functions_are_short(name: str) -> None:
    """A module is read in one sitting, a function on one screen."""
    assert len(SOURCES[name].splitlines()) <= MAX_LINES
    long = {f: n for f, n in functions_of(SOURCES[name]).items() if n > MAX_FUNCTION_LINES}
    assert not long


def test_long_functions_are_found() -> None:
    """A docstring does not count, the signature does; methods and inner functions are looked at."""
    source = (
        'class A:\n    def f(\n        s,\n    ):\n        """One.\n\n        Two.\n        """\n'
        "        x = 1\n\n        def g():\n            return 2\n        return g\n"
    )
    assert functions_of(source) == {"f": 8, "g": 2}

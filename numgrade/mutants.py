"""Small wrong copies of the reference: checks that let one of them pass have a hole.

A mutant differs from the reference in one place: an operator, a constant, an index, the bounds of
a loop, a keyword argument that is left out, a statement that is left out. These are the classical
mutation operators [1]_.

References
----------
.. [1] R. A. DeMillo, R. J. Lipton and F. G. Sayward, Hints on test data selection, Computer 11
   (1978), 34-41.
"""

from __future__ import annotations

import ast
import copy
import tomllib
from typing import TYPE_CHECKING

import msgspec

from numgrade.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

FAIR_MUTANTS = "fair-mutants.toml"
"""Beside the checks: mutants that deserve full marks, each with the author's reason."""

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_DROPPED = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)
_WITHOUT = "without "
_LONGEST = 60


class Mutant(msgspec.Struct, frozen=True):
    """The reference with one change.

    Attributes
    ----------
    name : str
        Which definition was changed, and how: "derivative: x + h -> x - h". Two changes alike in
        one definition are told apart by a number.
    line : int
        Where in the reference.
    source : str
        The whole changed module.
    """

    name: str
    line: int
    source: str


def mutants_of(source: str, names: Collection[str]) -> list[Mutant]:
    """Return the mutants of what some names of a module need.

    Parameters
    ----------
    source : str
        The reference module.
    names : collection of str
        Functions and variables that checks ask for; the definitions that these use count, too.

    Returns
    -------
    list of Mutant
        In the order of the source.
    """
    tree = ast.parse(source)
    found: list[Mutant] = []
    counts: dict[str, int] = {}
    wanted = _reachable(tree, names)
    for place, statement in enumerate(tree.body):
        defined = _defined(statement) & wanted
        if not defined:
            continue
        owner = min(defined)
        for change, line, changed in _changes(statement):
            module = copy.copy(tree)
            module.body = [*tree.body[:place], changed, *tree.body[place + 1 :]]
            name = f"{owner}: {change}"
            counts[name] = counts.get(name, 0) + 1
            name += f" ({counts[name]})" if counts[name] > 1 else ""
            found.append(Mutant(name, line, ast.unparse(ast.fix_missing_locations(module))))
    return found


def read_fair_mutants(checks: Path) -> dict[str, str]:
    """Return the mutants that an author has declared fair, each with the reason.

    Raises
    ------
    CourseError
        If the file cannot be read, or a reason is missing.
    """
    path = checks / FAIR_MUTANTS
    if not path.exists():
        return {}
    try:
        reasons = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CourseError(f"{path}: {error}") from error
    for name, reason in reasons.items():
        if not (isinstance(reason, str) and reason.strip()):
            raise CourseError(f"{path}: say in a sentence why {name!r} deserves full marks")
    return reasons


def _reachable(tree: ast.Module, names: Collection[str]) -> set[str]:
    """Return names of the module and of what their definitions use, directly or not."""
    uses: dict[str, set[str]] = {}
    for statement in tree.body:
        used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        for name in _defined(statement):
            uses.setdefault(name, set()).update(used)
    reached: set[str] = set()
    waiting = [name for name in names if name in uses]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [used for used in uses[name] if used in uses]
    return reached


def _defined(statement: ast.stmt) -> set[str]:
    """Return the names that a statement of a module defines, imports aside."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    return set()


def _changes(statement: ast.stmt) -> Iterator[tuple[str, int, ast.stmt]]:
    """Yield each change of a definition: in words, its line, and the changed definition."""
    for index, node in enumerate(_code(statement)):
        for change in _changes_of(node):
            changed = copy.deepcopy(statement)
            target = _code(changed)[index]
            before = _text(target)
            after = change(target)
            words = after if after.startswith(_WITHOUT) else f"{before} -> {after}"
            yield words, getattr(node, "lineno", 0), changed


def _code(statement: ast.stmt) -> list[ast.AST]:
    """Return the nodes of a definition that decide what it does: no docstrings, no annotations."""
    found: list[ast.AST] = []

    def visit(node: ast.AST) -> None:
        found.append(node)
        for field, value in ast.iter_fields(node):
            if field in {"annotation", "returns", "decorator_list"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_text_alone(child):
                    visit(child)

    visit(statement)
    return found


def _is_text_alone(node: ast.AST) -> bool:
    """Tell a docstring or a comment in quotes, which does nothing."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _changes_of(node: ast.AST) -> list[Callable[[ast.AST], str]]:  # noqa: PLR0911 - a table
    """Return what can be changed at a node: functions that change it and say what it is then."""
    match node:
        case ast.BinOp() | ast.AugAssign():
            others = _OPERATORS.get(type(node.op), ())
            return [_setting("op", other()) for other in others]
        case ast.BoolOp():
            return [_setting("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())]
        case ast.Compare(ops=[operator]):
            return [_setting("ops", [other()]) for other in _COMPARISONS.get(type(operator), ())]
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            return [_setting("op", ast.UAdd()) if isinstance(node.op, ast.USub) else _negated]
        case ast.Constant():
            return [_setting("value", other) for other in _other_values(node.value)]
        case ast.Call():
            return [*_fewer_keywords(node), *_other_ranges(node)]
        case ast.If() | ast.While() | ast.For() | ast.FunctionDef() | ast.With():
            return [_dropping(place) for place, inner in enumerate(node.body) if _drops(inner)]
    return []


def _setting(field: str, value: object) -> Callable[[ast.AST], str]:
    def change(node: ast.AST) -> str:
        setattr(node, field, value)
        return _text(node)

    return change


def _negated(node: ast.AST) -> str:
    """Take `not` away: twice is never."""
    assert isinstance(node, ast.UnaryOp)  # noqa: S101 - _changes_of has looked
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
    return _text(node)


def _other_values(value: object) -> list[object]:
    """Return what a constant could have been by mistake."""
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1]
        case float():
            return [value + 1, -value]
        case str():
            return [value + "x"]
    return []


def _fewer_keywords(node: ast.Call) -> list[Callable[[ast.AST], str]]:
    def without(place: int) -> Callable[[ast.AST], str]:
        def change(call: ast.AST) -> str:
            assert isinstance(call, ast.Call)  # noqa: S101 - _changes_of has looked
            del call.keywords[place]
            return _text(call)

        return change

    return [without(place) for place in range(len(node.keywords))]


def _other_ranges(node: ast.Call) -> list[Callable[[ast.AST], str]]:
    """Return one round less, one more and a later start, of a loop over a range."""
    if not (isinstance(node.func, ast.Name) and node.func.id == "range" and len(node.args) == 1):
        return []

    def change_to(start: int, extra: int) -> Callable[[ast.AST], str]:
        def change(call: ast.AST) -> str:
            assert isinstance(call, ast.Call)  # noqa: S101 - _changes_of has looked
            stop = ast.BinOp(call.args[0], ast.Add() if extra > 0 else ast.Sub(), ast.Constant(1))
            call.args = [ast.Constant(start), stop if extra else call.args[0]]
            return _text(call)

        return change

    return [change_to(0, -1), change_to(0, 1), change_to(1, 0)]


def _drops(statement: ast.stmt) -> bool:
    return isinstance(statement, _DROPPED) and not _is_text_alone(statement)


def _dropping(place: int) -> Callable[[ast.AST], str]:
    def change(node: ast.AST) -> str:
        assert isinstance(node, ast.If | ast.While | ast.For | ast.FunctionDef | ast.With)  # noqa: S101 - as above
        dropped = node.body[place]
        node.body[place] = ast.Pass()
        return _WITHOUT + _text(dropped)

    return change


def _text(node: ast.AST) -> str:
    """Return the code of a node on one short line."""
    line = " ".join(ast.unparse(node).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."

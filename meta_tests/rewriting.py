"""Write a solution in another way, as another student would who made the same mistake.

Names are changed, sums are turned round, expressions are taken apart into steps, NumPy's sums and
the arithmetic of slices become loops. What a function does stays the same but for rounding.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

_LETTERS = "uvwpqrstz"


def rewritten(source: str) -> str:
    """Return the source of a module with its functions written in another way."""
    tree = ast.parse(source)
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        for rewriter in (_Sums(), _Commuter(), _Assignments(), _Steps()):
            function.body = [item for node in function.body for item in _many(rewriter.visit(node))]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            _Renamer(node).visit(node)
    _Docstrings().visit(tree)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _many(result: ast.AST | list[ast.stmt]) -> list[ast.stmt]:
    if isinstance(result, list):
        return result
    assert isinstance(result, ast.stmt)
    return [result]


class _Renamer(ast.NodeTransformer):
    """Give parameters and local names others; what a function takes from outside keeps its name."""

    def __init__(self, function: ast.FunctionDef) -> None:
        arguments = [node for node in ast.walk(function) if isinstance(node, ast.arg)]
        stored = [
            node.id
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        inner = [
            node.name
            for node in ast.walk(function)
            if isinstance(node, ast.FunctionDef) and node is not function
        ]
        names = dict.fromkeys([argument.arg for argument in arguments] + stored + inner)
        self._names = {
            name: f"{_LETTERS[index % len(_LETTERS)]}_{index}" for index, name in enumerate(names)
        }

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Rename a use."""
        return ast.copy_location(ast.Name(self._names.get(node.id, node.id), node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Rename a parameter."""
        return ast.copy_location(ast.arg(self._names[node.arg]), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Rename a function within another."""
        self.generic_visit(node)
        node.name = self._names.get(node.name, node.name)
        return node


class _Docstrings(ast.NodeTransformer):
    """Leave docstrings out."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Leave out that of a function."""
        if ast.get_docstring(node) and len(node.body) > 1:
            del node.body[0]
        return node


class _Sums(ast.NodeTransformer):
    """Write NumPy's sums, and the means of them, with the functions of Python."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Turn np.sum(x) and x.sum() into sum(x)."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(attr="sum", value=ast.Name("np")), args=[values]):
                return _called("sum", values)
            case ast.Call(func=ast.Attribute(attr="sum", value=values), args=[]):
                return _called("sum", values)
            case ast.Call(func=ast.Attribute(attr="mean", value=ast.Name("np")), args=[values]):
                return ast.BinOp(_called("sum", values), ast.Div(), _called("len", values))
        return node


class _Commuter(ast.NodeTransformer):
    """Turn sums and products round: b + a, and a subtraction of a whole sum as of its parts."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Swap operands where that changes nothing but rounding."""
        self.generic_visit(node)
        is_number = _is_arithmetic(node.left) and _is_arithmetic(node.right)
        match node.op:
            case ast.Add() | ast.Mult() if is_number:
                return ast.BinOp(node.right, node.op, node.left)
            case ast.Div() if isinstance(node.right, ast.Name) and is_number:
                inverse = ast.BinOp(ast.Constant(1.0), ast.Div(), node.right)
                return ast.BinOp(inverse, ast.Mult(), node.left)
        return node


def _is_arithmetic(node: ast.expr) -> bool:
    """Tell whether an expression is no list or text, whose sums have an order."""
    return not any(
        isinstance(part, ast.List | ast.Tuple | ast.ListComp | ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in ast.walk(node)
    )


class _Assignments(ast.NodeTransformer):
    """Write x += y as x = x + y where x is a plain name of a number, and the other way round."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """Write out an operation on an entry: for a name, += may change an array of the caller."""
        self.generic_visit(node)
        if not isinstance(node.target, ast.Subscript):
            return node
        value = ast.Subscript(node.target.value, node.target.slice, ast.Load())
        return ast.Assign([node.target], ast.BinOp(value, node.op, node.value), lineno=0)


class _Steps(ast.NodeTransformer):
    """Take expressions apart: what is returned gets a name first, and so does the numerator."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def visit_Return(self, node: ast.Return) -> list[ast.stmt] | ast.Return:
        """Compute first, return then."""
        if node.value is None or isinstance(node.value, ast.Name | ast.Constant):
            return node
        before: list[ast.stmt] = []
        value = node.value
        if isinstance(value, ast.BinOp):
            value = ast.BinOp(self._named(value.left, before), value.op, value.right)
            value.right = self._named(value.right, before)
        result = self._named(value, before)
        return [*before, ast.Return(result)]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Leave the functions within alone: they are visited by themselves."""
        return node

    def _named(self, value: ast.expr, before: list[ast.stmt]) -> ast.expr:
        if isinstance(value, ast.Name | ast.Constant):
            return value
        self._count["step"] += 1
        name = f"step_{self._count['step']}"
        before.append(ast.Assign([ast.Name(name, ast.Store())], value, lineno=0))
        return ast.Name(name, ast.Load())


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])

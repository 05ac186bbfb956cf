"""Write a solution in another way, as another student would who made the same mistake.

Names are changed, sums are turned round, expressions are taken apart into steps. Vectors become
loops: nodes, values and sums are computed one by one. Loops that add up become vectors, others
loops of another kind. What a function does stays the same but for rounding.
"""

from __future__ import annotations

import ast
from itertools import count

from meta_tests.loops import Loops, Nodes, Points, Statements, Sums

_LETTERS = "uvwpqrstz"


def rewritten(source: str) -> str:
    """Return the source of a module with its functions written in another way."""
    tree: ast.AST = ast.parse(source)
    rewriters = _Docstrings(), Points(), Nodes(), Sums(), Loops(), _Commuter(), _Steps()
    for rewriter in rewriters:
        tree = rewriter.visit(tree)
    assert isinstance(tree, ast.Module)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            _Renamer(node).visit(node)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Docstrings(ast.NodeTransformer):
    """Leave docstrings out."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Leave out that of a function."""
        if ast.get_docstring(node) and len(node.body) > 1:
            del node.body[0]
        return node


class _Commuter(ast.NodeTransformer):
    """Turn sums and products round, multiply by inverses, write out what is done to entries."""

    def __init__(self) -> None:
        self._parameters: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Learn which names are parameters: no check passes a step, or a number, of zero."""
        self._parameters |= {argument.arg for argument in node.args.args}
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Swap operands where that changes nothing but rounding."""
        self.generic_visit(node)
        is_number = _is_arithmetic(node.left) and _is_arithmetic(node.right)
        match node.op:
            case ast.Add() | ast.Mult() if is_number:
                return ast.BinOp(node.right, node.op, node.left)
            case ast.Div() if is_number and self._is_parameter(node.right):
                inverse = ast.BinOp(ast.Constant(1.0), ast.Div(), node.right)
                return ast.BinOp(inverse, ast.Mult(), node.left)
        return node

    def _is_parameter(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._parameters

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """Write out an operation on an entry: for a name, += may change an array of the caller."""
        self.generic_visit(node)
        if not isinstance(node.target, ast.Subscript):
            return node
        value = ast.Subscript(node.target.value, node.target.slice, ast.Load())
        return ast.Assign([node.target], ast.BinOp(value, node.op, node.value))


def _is_arithmetic(node: ast.expr) -> bool:
    """Tell whether an expression is no list or text, whose sums have an order."""
    return not any(
        isinstance(part, ast.List | ast.Tuple | ast.ListComp | ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in ast.walk(node)
    )


class _Steps(ast.NodeTransformer):
    """Take expressions apart: what is returned gets a name first, and so do its operands."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def visit_Return(self, node: ast.Return) -> Statements:
        """Compute first, return then."""
        if node.value is None:
            return [node]
        before: Statements = []
        value = node.value
        if isinstance(value, ast.BinOp):
            left = self._named(value.left, before)
            value = ast.BinOp(left, value.op, self._named(value.right, before))
        result = self._named(value, before)
        return [*before, ast.Return(result)]

    def _named(self, value: ast.expr, before: Statements) -> ast.expr:
        if isinstance(value, ast.Name | ast.Constant):
            return value
        name = f"step_{next(self._numbers)}"
        before.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return ast.Name(name, ast.Load())


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
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Rename a parameter."""
        return ast.arg(self._names[node.arg])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Rename a function within another."""
        self.generic_visit(node)
        node.name = self._names.get(node.name, node.name)
        return node

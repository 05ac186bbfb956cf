"""Turn vectors into loops, and loops into vectors or into loops of another kind."""

from __future__ import annotations

import ast
from copy import deepcopy
from typing import TypeAlias

Statements: TypeAlias = list[ast.stmt]

_INDEX, _POINT = "its_index", "its_point"  # names that no solution uses


class Points(ast.NodeTransformer):
    """Evaluate f at one node after another, where it is given a vector of nodes."""

    def __init__(self) -> None:
        self._parameters: set[str] = set()
        self._vectors: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Learn which names are functions that were passed, and which become vectors."""
        self._parameters |= {argument.arg for argument in node.args.args}
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        """Note the name of a vector."""
        self.generic_visit(node)
        match node.targets:
            case [ast.Name(name)] if self._is_vector(node.value):
                self._vectors.add(name)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Turn f(x) into np.array([f(point) for point in x])."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(name), args=[points]) if (
                name in self._parameters and self._is_vector(points)
            ):
                value = ast.Call(node.func, [_name(_POINT)], [])
                return _array(_each(value, _POINT, points))
        return node

    def _is_vector(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(name):
                return name in self._vectors
            case ast.BinOp(left, _, right):
                return self._is_vector(left) or self._is_vector(right)
            case ast.Subscript(value, ast.Slice()):
                return self._is_vector(value)
            case ast.Call(func=ast.Attribute(ast.Name("np"), "linspace" | "arange")):
                return True
            case ast.Call(func=ast.Attribute(ast.Name("np"), "radians"), args=[value]):
                return self._is_vector(value)
        return False


class Nodes(ast.NodeTransformer):
    """Compute equally spaced nodes one by one."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Turn np.linspace(a, b, n) into an array of a + i (b - a) / (n - 1)."""
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Attribute(ast.Name("np"), "linspace"), args=[a, b, n], keywords=[]
            ):
                width = ast.BinOp(
                    ast.BinOp(b, ast.Sub(), deepcopy(a)),
                    ast.Div(),
                    ast.BinOp(n, ast.Sub(), ast.Constant(1)),
                )
                place = ast.BinOp(a, ast.Add(), ast.BinOp(_name(_INDEX), ast.Mult(), width))
                return _array(_each(place, _INDEX, _called("range", deepcopy(n))))
        return node


class Sums(ast.NodeTransformer):
    """Add up one by one what NumPy adds up at once."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Turn np.sum(x) and x.sum() into sum(x), and sums of slices into those of entries."""
        self.generic_visit(node)
        match node:
            case (
                ast.Call(func=ast.Attribute(ast.Name("np"), "sum"), args=[values])
                | ast.Call(func=ast.Attribute(values, "sum"), args=[])
            ):
                return _called("sum", _entry_by_entry(values))
        return node


def _entry_by_entry(values: ast.expr) -> ast.expr:
    """Turn y[:-1] + y[1:] into the generator of y[i] + y[i + 1] for all i."""
    slices = [
        node
        for node in ast.walk(values)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)
    ]
    if not slices or any(isinstance(node, ast.Call) for node in ast.walk(values)):
        return values
    count = _called("range", _called("len", deepcopy(slices[0])))
    generator = _each(_Entries().visit(values), _INDEX, count)
    return ast.GeneratorExp(generator.elt, generator.generators)


class _Entries(ast.NodeTransformer):
    """Turn y[first::step] into y[first + step * index]."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        """Take the entry in the place of the slice."""
        if not isinstance(node.slice, ast.Slice):
            return node
        place: ast.expr = _name(_INDEX)
        if node.slice.step:
            place = ast.BinOp(node.slice.step, ast.Mult(), place)
        if node.slice.lower:
            place = ast.BinOp(place, ast.Add(), node.slice.lower)
        return ast.Subscript(node.value, place, ast.Load())


class Loops(ast.NodeTransformer):
    """Write a loop that adds up as the sum of a vector, and others that count with while."""

    def visit_For(self, node: ast.For) -> ast.For | Statements:
        """Turn a loop over a range into something else."""
        self.generic_visit(node)
        match node:
            case ast.For(
                target=ast.Name(index),
                iter=ast.Call(func=ast.Name("range"), args=[*bounds], keywords=[]),
            ) if len(bounds) <= 2:
                return _as_vector(node, index, bounds) or _as_while(node, index, bounds)
        return node


def _as_vector(loop: ast.For, index: str, bounds: list[ast.expr]) -> Statements | None:
    """Turn `total += g(i)` for all i into `total += np.sum(g(i))` where i holds them all."""
    *steps, last = loop.body
    vectors = {index}
    for step in steps:
        match step:
            case ast.Assign(targets=[ast.Name(name)], value=value) if _is_elementwise(value):
                vectors.add(name)
            case _:
                return None
    match last:
        case ast.AugAssign(ast.Name(), ast.Add(), value) if _is_elementwise(value):
            if vectors.isdisjoint(_names(value)):
                return None
            indices = ast.Assign([ast.Name(index, ast.Store())], _numpy("arange", *bounds))
            return [indices, *steps, ast.AugAssign(last.target, last.op, _numpy("sum", value))]
    return None


def _is_elementwise(value: ast.expr) -> bool:
    """Tell whether an expression is arithmetic, and functions that were passed."""
    return all(
        isinstance(part, ast.BinOp | ast.Constant | ast.Name | ast.operator | ast.expr_context)
        or (isinstance(part, ast.Call) and isinstance(part.func, ast.Name))
        for part in ast.walk(value)
    )


def _as_while(loop: ast.For, index: str, bounds: list[ast.expr]) -> ast.For | Statements:
    """Count with a variable of one's own."""
    if any(isinstance(node, ast.Continue) for node in ast.walk(loop)):
        return loop
    *start, end = bounds
    begin = ast.Assign([ast.Name(index, ast.Store())], start[0] if start else ast.Constant(0))
    count = ast.AugAssign(ast.Name(index, ast.Store()), ast.Add(), ast.Constant(1))
    return [begin, ast.While(ast.Compare(_name(index), [ast.Lt()], [end]), [*loop.body, count], [])]


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(_name(name), list(arguments), [])


def _numpy(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(_name("np"), name, ast.Load()), list(arguments), [])


def _array(values: ast.expr) -> ast.Call:
    return _numpy("array", values)


def _each(value: ast.expr, name: str, values: ast.expr) -> ast.ListComp:
    """Return [value for name in values]."""
    over = ast.comprehension(ast.Name(name, ast.Store()), values, [], 0)
    return ast.ListComp(value, [over])

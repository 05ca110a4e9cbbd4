"""Finds texts that a module stores in the language of whoever asks: results of look-ups, sentences with values.

A text is followed within its module: through variables, functions that return it, and parameters that it is given to.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import chain

from tests.architecture.sources import nodes

# What gives a text in the language that is active.
LOOK_UPS = {
    "gettext", "ngettext", "pgettext", "npgettext", "format_minor", "written_date", "date_format", "grouped",
    "in_words",
}  # fmt: skip
DISPLAY = re.compile(r"get_\w+_display")
WORDS = re.compile(r"[A-Za-z]{2,} |[A-Za-z]{2,}$| [A-Za-z]{2,}")
Function = ast.FunctionDef | ast.AsyncFunctionDef
Place = tuple[str, str]  # a function's name, "" outside of all; a variable's name, or "return"


class _Module:
    """One module, whose tainted variables and functions are found by repeated looks."""

    def __init__(self, source: str, columns: frozenset[str], places: Mapping[str, int]) -> None:
        self.columns, self.places = columns, places
        self.functions = {each.name: each for each in nodes(source) if isinstance(each, Function)}
        self.classes = {
            each.name: [item.target.id for item in each.body if _is_field(item)]  # type: ignore[attr-defined]
            for each in nodes(source)
            if isinstance(each, ast.ClassDef)
        }
        self.scopes: list[tuple[str, list[ast.AST]]] = [
            ("", list(_outside(nodes(source)[0]))),
            *((each.name, list(ast.walk(each))) for each in nodes(source) if isinstance(each, Function)),
        ]
        self.tainted: set[Place] = set()

    def follow(self) -> None:
        """Find every place that a text in somebody's language reaches."""
        before = -1
        while before != len(self.tainted):
            before = len(self.tainted)
            for scope, inside in self.scopes:
                for node in inside:
                    self.tainted.update(self._reached(scope, node))

    def stored(self) -> Iterator[tuple[int, str]]:
        """Yield the lines that store such a text, each with the column."""
        for scope, inside in self.scopes:
            for node in inside:
                for column, value in chain(_assigned(node), self._given(node)):
                    if column in self.columns and self._is_tainted(scope, value):
                        yield value.lineno, column

    def _reached(self, scope: str, node: ast.AST) -> Iterator[Place]:
        for name, value in _variables(node):
            if self._is_tainted(scope, value):
                yield scope, name
        if isinstance(node, ast.Return) and node.value is not None and self._is_tainted(scope, node.value):
            yield scope, "return"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.functions:
            arguments = self.functions[node.func.id].args
            names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
            for name, value in [*zip(names, node.args, strict=False), *_keywords(node)]:
                if self._is_tainted(scope, value):
                    yield node.func.id, name

    def _given(self, node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
        """Yield the values that a call gives to columns, or to fields of the same names."""
        if not isinstance(node, ast.Call):
            return
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in self.functions:
            return  # looked at inside
        yield from _keywords(node)
        yield from zip(self.classes.get(called, ()), node.args, strict=False)
        if (place := self.places.get(called)) is not None and place < len(node.args):
            yield next(iter(self.columns)), node.args[place]

    def _is_tainted(self, scope: str, value: ast.expr) -> bool:
        return any(self._is_source(scope, node) for node in _parts(value))

    def _is_source(self, scope: str, node: ast.AST) -> bool:
        if isinstance(node, ast.JoinedStr):
            return any(isinstance(part, ast.Constant) and WORDS.search(str(part.value)) for part in node.values)
        if isinstance(node, ast.Name):
            return (scope, node.id) in self.tainted or ("", node.id) in self.tainted
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            return called in LOOK_UPS or DISPLAY.fullmatch(called) is not None or (called, "return") in self.tainted
        return False


def stored_texts(source: str, columns: frozenset[str], places: Mapping[str, int]) -> list[tuple[int, str]]:
    """Return the lines of a module that store a text in the language that is active, each with the column.

    Args:
        columns: names of columns that hold sentences.
        places: calls that are given a sentence without its name, with its place among the arguments.
    """
    module = _Module(source, columns, places)
    module.follow()
    return sorted(set(module.stored()))


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that are in no function."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Function):
            yield child
            yield from _outside(child)


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def _keywords(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    yield from ((each.arg, each.value) for each in node.keywords if each.arg)


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)
            elif isinstance(target, ast.Tuple):
                yield from ((each, node.value) for each in target.elts)
            else:
                yield target, node.value
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        yield from [(node.target, node.value)] if node.value is not None else []


def _variables(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    yield from ((target.id, value) for target, value in _pairs(node) if isinstance(target, ast.Name))


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    yield from ((target.attr, value) for target, value in _pairs(node) if isinstance(target, ast.Attribute))


def _parts(value: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of an expression that its value comes from, without conditions and stored sentences."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "written":
        return
    yield value
    if isinstance(value, ast.IfExp):
        children: list[ast.AST] = [value.body, value.orelse]
    elif isinstance(value, ast.Compare | ast.Lambda):
        children = []
    else:
        children = list(ast.iter_child_nodes(value))
    for child in children:
        yield from _parts(child)

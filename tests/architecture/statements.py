"""SQL in the product's sources: strings in modules, and `.sql` files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.architecture.sources import nodes, python_files, source_files

# A whole statement or a part of one; words in capitals, as SQL is written here.
LOOKS_LIKE_SQL = re.compile(
    r"\A\s*\(?(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|MERGE|COPY|LOCK|TRUNCATE)\b"
    r"|\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.*\bSET\b|\bDELETE FROM\b|\bJOIN\b.*\bON\b",
    re.DOTALL,
)
# A whole statement in any letters: two words of SQL's in their order, as prose seldom has them.
WHOLE_STATEMENT = re.compile(
    r"\bselect\b.*\bfrom\b|\binsert into\b|\bupdate\b.*\bset\b|\bdelete from\b|\bjoin\b.*\bon\b",
    re.DOTALL | re.IGNORECASE,
)
DESCRIPTION = re.compile(r"\A(?:--[^\n]*\n)+")


@dataclass(frozen=True, slots=True)
class Text:
    """A string of a module, or a `.sql` file: where it is, what it says, and the line where it begins."""

    path: Path
    line: int
    text: str

    @property
    def is_sql(self) -> bool:
        return self.path.suffix == ".sql" or LOOKS_LIKE_SQL.search(self.text) is not None

    @property
    def is_sql_in_any_letters(self) -> bool:
        return self.is_sql or WHOLE_STATEMENT.search(self.text) is not None

    @property
    def length(self) -> int:
        return len(self.text.strip().splitlines())


def texts_in(source: str, path: Path) -> Iterator[Text]:
    """Yield a module's strings, parts that are put together read as one; docstrings are left out."""
    passed = {id(doc) for node in nodes(source) if (doc := _docstring(node)) is not None}
    for node in nodes(source):
        if id(node) in passed:
            continue
        text = _text_of(node)
        if text is not None:
            passed.update(id(part) for part in ast.walk(node))
            yield Text(path, node.lineno, text)  # type: ignore[attr-defined] # an expression has one


def all_texts() -> Iterator[Text]:
    """Yield all strings and all `.sql` files of the product; migrations are left out."""
    for path in python_files():
        yield from _texts_of(path)
    for path in source_files(".sql"):
        yield Text(path, 1, path.read_text(encoding="utf-8"))


@cache
def _texts_of(path: Path) -> tuple[Text, ...]:
    return tuple(texts_in(path.read_text(encoding="utf-8"), path))


def _text_of(node: ast.AST) -> str | None:
    """Return what an expression says, with `{}` where a value goes; None where it is no string."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text_of(value) or "{}" for value in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = _text_of(left), _text_of(right)
            return None if first is None and second is None else f"{first or '{}'}{second or '{}'}"
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str(between)), attr="join"),
            args=[ast.List(elts=parts) | ast.Tuple(elts=parts)],
        ):
            return _joined([_text_of(part) for part in parts], between)
    return None


def _joined(parts: list[str | None], between: str) -> str | None:
    """Return pieces that are joined, those between which blanks go on lines of their own."""
    if not any(parts):
        return None
    return ("\n" if between.isspace() else between).join("{}" if part is None else part for part in parts)


def _docstring(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            return first.value
    return None

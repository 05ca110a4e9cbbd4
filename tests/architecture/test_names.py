"""Public names are terms of the field: none has a word that docs/voice.md rules out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeGuard

from tests.architecture.documents import pages
from tests.architecture.sources import nodes, parsed, python_files

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
ROUND_TRIPS = {"round trip", "round trips"}  # the term for what one exchange with a server is
# Names that others have stored or send, each with its reason.
KEPT = {
    "goes_alone": "a column that the release which runs writes and reads",
    "wish": "what callers of release 0.1 send",
}


@cache
def ruled_out() -> frozenset[str]:
    """Return the words and phrases in the first column of the table in docs/voice.md."""
    (page,) = (path for path in pages() if path.name == "voice.md")
    table = page.read_text(encoding="utf-8").partition("| Not | Write |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| ([a-z ,]+) \|", table, re.MULTILINE)
    return frozenset(phrase.strip() for cell in cells for phrase in cell.split(","))


def phrases_in(name: str) -> set[str]:
    """Return the phrases of a name that are ruled out; `round_trips` is a term."""
    words = " ".join(word.lower() for word in WORD.findall(name))
    for term in ROUND_TRIPS:
        words = re.sub(rf"\b{term}\b", "", words)
    return {phrase for phrase in ruled_out() if re.search(rf"\b{phrase}(?:s|es)?\b", words)}


def public_names() -> Iterator[str]:
    """Yield the names of modules and packages, and of what they have for others."""
    for path in python_files():
        yield path.parent.name if path.stem == "__init__" else path.name
        yield from names_in(path.read_text(encoding="utf-8"))


def names_in(source: str) -> Iterator[str]:
    """Yield the public names of a module: functions, classes, their arguments and fields, constants and settings."""
    yield from _assigned(parsed(source).body)
    for node in nodes(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and (
            not node.name.startswith("_") or node.name == "__init__"
        ):
            yield node.name
            yield from _assigned(node.body) if isinstance(node, ast.ClassDef) else _arguments(node.args)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            yield from [] if node.attr.startswith("_") else [node.attr]
        elif isinstance(node, ast.Call):
            yield from _called(node)


def _assigned(body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _assigned([*node.body, *node.orelse])
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        flat = (each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target]))
        yield from (each.id for each in flat if isinstance(each, ast.Name) and not each.id.startswith("_"))


def _arguments(arguments: ast.arguments) -> Iterator[str]:
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    yield from (each.arg for each in every if each is not None and not each.arg.startswith("_"))


def _called(node: ast.Call) -> Iterator[str]:
    """Yield the names of addresses and tasks, and the options of commands."""
    function = ast.unparse(node.func).rpartition(".")[2]
    if function in {"path", "re_path", "shared_task"}:
        yield from (str(each.value.value) for each in node.keywords if each.arg == "name" and _is_text(each.value))
    elif function == "add_argument":
        yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def query_functions(source: str) -> Iterator[str]:
    """Yield the public functions and methods of a module that return queries for the pipeline and are not called so."""
    for node in nodes(source):
        if isinstance(node, ast.FunctionDef) and node.returns is not None and not node.name.startswith("_"):
            is_query = re.match(r"((list|tuple)\[)?Query\[", ast.unparse(node.returns))
            if is_query and not node.name.endswith(("query", "queries")):
                yield node.name


def offences(names: Iterable[str]) -> set[str]:
    """Return the names that have a word which is ruled out."""
    return {name for name in names if phrases_in(name.removesuffix(".py"))}


def test_public_names_are_terms_of_the_field() -> None:
    assert offences(public_names()) == set(KEPT), "docs/voice.md says what to write instead."


def test_functions_that_return_a_query_say_so() -> None:
    found = {name for path in python_files() for name in query_functions(path.read_text(encoding="utf-8"))}
    assert sorted(found) == [], "Call it …_query, or …_queries."


def test_a_query_that_does_not_say_so_is_found() -> None:
    """The control."""
    source = (
        "def reading() -> Query[None]: ...\ndef read_query() -> Query[None]: ...\n"
        "class Draft:\n  def inserts(self) -> list[Query[int]]: ...\n  def queries(self) -> list[Query[int]]: ..."
    )
    assert list(query_functions(source)) == ["reading", "inserts"]


def test_a_name_that_is_ruled_out_is_found() -> None:
    """The control."""
    names = [
        "trips.py",
        "RoundTrips",
        "PATIENCE_SECONDS",
        "alone_with",
        "catch_up",
        "wishlist",
        "round_trips.py",
        "keepers",
    ]
    assert offences(names) == {"trips.py", "PATIENCE_SECONDS", "alone_with", "catch_up", "keepers"}


def test_names_of_fields_and_arguments_are_read() -> None:
    """The control."""
    source = (
        "class Refund:\n  goes_alone: bool\n  lagging = 3\n  _alone = 1\n"
        "def pay(living, *, wish): ...\ndef _inner(news): ...\n"
        "FIRST, ONWARD = 1, 2\nif FIRST:\n  TALLY = 3\nelse:\n  KEEPER = 4\n"
        "class Shop:\n  def __init__(self, *papers, **couriers):\n    self.desk = self._news = 1\n"
        "path('', page, name='front-door')\nshared_task(name='shop.ask_back')\nparser.add_argument('--patience')\n"
    )
    assert offences(names_in(source)) == {
        *("goes_alone", "lagging", "living", "wish", "ONWARD", "TALLY", "KEEPER", "papers", "couriers", "desk"),
        *("front-door", "shop.ask_back", "--patience"),
    }


def test_the_table_is_read() -> None:
    assert {"patience", "last look", "trips"} <= ruled_out()
    assert len(ruled_out()) >= 35

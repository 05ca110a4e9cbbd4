"""A statement names tables of one place: `public`, or one shop's schema (docs/isolation.md, docs/adr/0017).

Every text that the product sends through Django's connections is parsed once by PostgreSQL's own parser, each of its
statements is judged, and the test that sent one with tables of two places fails. Out of scope, each for a reason:

- What is sent by a test itself, past the product: tests look and tamper wherever they like.
- DDL and session commands: they define and set, and read or write no row beside another. A table that is made from a
  query is judged, and so is each statement of a `DO` block.
- Tables that nobody's models know and that no schema is named for, such as temporary ones: they lie in the session, not
  in a place.
- The name of a table as a value (`'catalogue_product'::regclass`): it reads no row of it.
- Statements that are handed to a function or to `EXECUTE` as text, what a function or a trigger does inside, and what
  other processes send.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from pglast.parser import ParseError, parse_plpgsql_json, parse_sql_json, split

from tenants.database.connections import schema_connection

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = "public"
DOC = "see docs/isolation.md"
PLUMBING = ("tenants/database/", "platform/kit/db/", "tests/world/one_place.py", "tests/world/lazy_guard.py")

# DDL and session commands begin with these; all other statements are parsed.
OUT_OF_SCOPE = re.compile(
    r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK|COMMIT|BEGIN|SET|RESET|SHOW|CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT|ANALYZE|VACUUM"
    r"|NOTIFY|LISTEN|UNLISTEN|DISCARD|DEALLOCATE|REINDEX)\b",
    re.IGNORECASE,
)
TABLE_OF_A_QUERY = re.compile(
    r"\s*CREATE\s+(?:\w+\s+){0,2}(?:TABLE|MATERIALIZED\s+VIEW)\b.*\bAS\s*\(*\s*(?:SELECT|WITH|TABLE|VALUES)\b",
    re.IGNORECASE | re.DOTALL,
)
BLOCK = re.compile(r"\s*DO\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sbt]")


@dataclass(frozen=True, slots=True)
class Names:
    """Tables that a text names: those of known schemas, and those that the search path decides about."""

    schemas: frozenset[str]
    of_active_schema: frozenset[str]
    problem: str = ""


NOTHING = Names(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Offence:
    """A statement with tables of more than one place, and the line of the product that sent it."""

    text: str
    sender: str
    why: str

    def __str__(self) -> str:
        return f"{self.sender}: {self.why}\n{self.text}"


@dataclass(slots=True)
class Watch:
    """Offences since the last look."""

    offences: list[Offence] = field(default_factory=list)
    counts_tests: bool = False  # for the tests of the check itself

    def take(self) -> list[Offence]:
        """Return the offences, and begin anew."""
        found, self.offences = self.offences, []
        return found


WATCH = Watch()


def places_of(text: str, *, active_schema: str) -> frozenset[str]:
    """Return the places that a statement's tables lie in: `public`, or the names of shops' schemas."""
    names = _names(text)
    return names.schemas | {active_schema} if names.of_active_schema else names.schemas


def problem_of(text: str) -> str:
    """Return why a text can't be judged, or nothing."""
    return _names(text).problem


def watch(text: str, *, active_schema: str) -> None:
    """Note a statement that names tables of more than one place, or that can't be parsed."""
    names, places = _names(text), places_of(text, active_schema=active_schema)
    if len(places) < 2 and not names.problem:
        return
    sender = _sender(sys._getframe())
    if not sender.startswith("tests/") or WATCH.counts_tests:
        WATCH.offences.append(Offence(text, sender, names.problem or f"tables of {' and '.join(sorted(places))}"))


def fail_on_offences() -> None:
    """Fail the test that is running where the product has sent a statement with tables of two places."""
    if found := WATCH.take():
        pytest.fail("\n\n".join([*sorted({str(offence) for offence in found}), f"Make it two statements; {DOC}."]))


@contextmanager
def offences(*, as_product: bool = False) -> Iterator[list[Offence]]:
    """Collect the offences of a block; those of the test itself too, where it stands for the product."""
    found: list[Offence] = []
    before = WATCH.take()
    WATCH.counts_tests = as_product
    try:
        yield found
    finally:
        WATCH.counts_tests = False
        found += WATCH.take()
        WATCH.offences = before


def install() -> Callable[[], None]:
    """Look at every text on its way to the server; returns what ends it."""
    from tenants.database.base import DatabaseWrapper
    from tenants.database.cursors import GuardedCursor, _text

    admit, run_together = GuardedCursor._admit, DatabaseWrapper.run_together

    def watched_admit(self: GuardedCursor, query: Any) -> bool:
        if self.wrapper is not None and not self.wrapper.is_setting_session:
            watch(_text(query, self), active_schema=schema_connection().schema_name)
        return admit(self, query)

    def watched_trip(self: DatabaseWrapper, statements: Any) -> Any:
        for text, _ in statements:
            watch(text, active_schema=str(self.schema_name))
        return run_together(self, statements)

    GuardedCursor._admit, DatabaseWrapper.run_together = watched_admit, watched_trip  # type: ignore[method-assign]

    def take_away() -> None:
        GuardedCursor._admit, DatabaseWrapper.run_together = admit, run_together  # type: ignore[method-assign]

    return take_away


@lru_cache(maxsize=20_000)
def _names(text: str) -> Names:
    """Return the tables of the statement that a text is at fault for, or that names the most places."""
    if OUT_OF_SCOPE.match(text) and ";" not in text and not TABLE_OF_A_QUERY.match(text):
        return NOTHING
    try:
        found = [names_of_statement(statement) for part in _parts(text) for statement in _statements(part)]
    except ParseError as error:
        return Names(frozenset(), frozenset(), f"can't be parsed: {error}")
    widths = {names: (bool(names.problem), len(names.schemas) + bool(names.of_active_schema)) for names in found}
    return max(found, key=widths.__getitem__, default=NOTHING)


def _parts(text: str) -> tuple[str, ...]:
    """Return a text's statements, those out of scope left out before anybody parses them."""
    parts = split(text, with_parser=False) if ";" in text else (text,)
    return tuple(part for part in parts if not OUT_OF_SCOPE.match(part) or TABLE_OF_A_QUERY.match(part))


def _statements(text: str) -> Iterator[Any]:
    """Yield the parsed statements of a text; those of a `DO` block in its stead."""
    if not BLOCK.match(text):
        yield from _parse(text)["stmts"]
        return
    for node in _nodes(json.loads(parse_plpgsql_json(text)), "query"):
        with suppress(ParseError):  # an expression that stands alone, such as a condition
            yield from json.loads(parse_sql_json(node["query"]))["stmts"]


def _parse(text: str) -> Any:
    """Parse a text with its placeholders as parameters, or as literals where no parameter may stand."""
    for stand_in in ("$1", "''"):
        try:
            return json.loads(parse_sql_json(PLACEHOLDER.sub(stand_in, text).replace("%%", "%")))
        except ParseError:
            continue
    return json.loads(parse_sql_json(text))


def names_of_statement(statement: Any) -> Names:
    """Return the tables that a parsed statement names, common table expressions left out."""
    expressions = {node["ctename"] for node in _nodes(statement, "ctename")}
    schemas, active = set(), set()
    for node in _nodes(statement, "relname"):
        schema, table = node.get("schemaname", ""), node["relname"]
        if not schema and table in expressions:
            if table in tables_of_shops() | shared_tables():
                return Names(frozenset(), frozenset(), f"a common table expression is named like the table {table}")
        elif _is_of_no_place(node):
            continue
        elif schema:
            schemas.add(schema)
        elif table in tables_of_shops():
            active.add(table)
        elif table in shared_tables():
            schemas.add(PUBLIC)
    return Names(frozenset(schemas), frozenset(active))


def _is_of_no_place(node: Any) -> bool:
    """Return whether a table lies in the session, or is the server's own."""
    schema = node.get("schemaname", "")
    is_of_server = schema.startswith("pg_") or schema == "information_schema"
    return is_of_server or node.get("relpersistence") == "t" or (not schema and node["relname"].startswith("pg_"))


def _nodes(tree: Any, key: str) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        if key in tree:
            yield tree
        for value in tree.values():
            yield from _nodes(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value, key)


def _tables(*, of_shops: bool) -> frozenset[str]:
    return frozenset(
        model._meta.db_table
        for config in apps.get_app_configs()
        if (config.name in settings.TENANT_APPS) == of_shops
        for model in config.get_models(include_auto_created=True)
    )


@cache
def tables_of_shops() -> frozenset[str]:
    """Return the tables that each shop's schema has; every schema has its own list of migrations."""
    return _tables(of_shops=True) | {"django_migrations"}


@cache
def shared_tables() -> frozenset[str]:
    """Return the tables of `public`."""
    return _tables(of_shops=False)


def _sender(frame: FrameType | None) -> str:
    """Return the file and line that asked for a statement, the plumbing left out."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            name = str(path.relative_to(ROOT))
            if not name.startswith(PLUMBING):
                return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return "tests/"

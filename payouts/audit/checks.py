"""Checks of the audit: each app declares those of its own tables, and lists them in its `wiring.py`."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, LiteralString

from django_stubs_ext import StrOrPromise
from psycopg import sql

from kit.db.pipeline import Query, Rows
from kit.db.snapshots import ask_each
from kit.db.sql import checked_schema, execute, fetch_all
from kit.wiring import Contribution
from payouts.audit.findings import SHOWN, Finding, Found
from tenants.schemas.look_up import ShopSchema, occupied_schemas

Answers = Sequence[tuple[ShopSchema, Rows]]
Find = Callable[[Sequence[ShopSchema], Answers], Found]

SHOPS_PER_ROUND_TRIP = 50
TABLE = re.compile(r"\{schema\}\.(\w+)")
LIMITED = sql.SQL("SELECT found.*, count(*) OVER () FROM ({}) AS found (subject, expected, actual) LIMIT {}")


@dataclass(frozen=True, slots=True)
class AuditCheck(Contribution):
    """A check that the audit makes, in the one snapshot that all of them share.

    Args:
        proves: what holds where nothing is found, in words for operators.
        find: looks for what is off, given all shops with their schemas and the answers to `in_shops`; it only reads.
        in_shops: a statement that each shop is asked, those of all checks in one go; it names the shop's schema as
            `{schema}`.
        is_quick: it reads few rows however large the market is, so the watch makes it often.
    """

    name: str
    proves: StrOrPromise
    find: Find
    in_shops: sql.Composable | None = None
    is_quick: bool = False

    @property
    def key(self) -> str:
        return self.name


@contextmanager
def linear_joins(*, is_quick: bool = False) -> Iterator[None]:
    """Have the statements of a check join tables by hash or by order, in an open transaction.

    Where PostgreSQL takes ten thousand rows for two, as it does behind a sum by group, it would go through all of one
    table for each row of another: 7.9 s for 15,000 payments, and ninety times as long for ten times as many.

    Args:
        is_quick: the check reads few rows, which indexes find: nothing changes for it.
    """
    if is_quick:
        yield
        return
    execute("SET LOCAL enable_nestloop = off")
    yield
    execute("SET LOCAL enable_nestloop TO DEFAULT")


def find_by_statement(text: LiteralString) -> Find:
    """Return a search by one statement over public tables, which yields subject, expected and found."""
    return lambda *_: found_by(text)


def found_by(text: LiteralString, values: dict[str, Any] | None = None) -> Found:
    """Ask a statement over public tables, which yields subject, expected and found."""
    return _found_in(fetch_all(_limited(sql.SQL(text)), values or ()))


def check_in_shops(name: str, proves: StrOrPromise, text: LiteralString) -> AuditCheck:
    """Return a check by a statement for each shop, which yields subject, expected and found.

    Args:
        text: names the shop's schema as `{schema}`.
    """
    return AuditCheck(name, proves, _find_in_answers, in_shops=_limited(sql.SQL(text)))


def _find_in_answers(_: Sequence[ShopSchema], answers: Answers) -> Found:
    findings: list[Finding] = []
    total = 0
    for shop, rows in answers:
        found = _found_in(rows)
        total += found.total
        findings += (replace(each, subject=f"{each.subject} at {shop.slug}") for each in found.findings)
    return Found(findings[:SHOWN], total)


def ask_shops(
    statements: Sequence[sql.Composable], shops: Sequence[ShopSchema]
) -> Iterator[tuple[ShopSchema, list[Rows]]]:
    """Run statements in the schema of each shop that has rows for one of them, and yield their results.

    Fifty shops go in a round trip, as of the audit's moment, and their tables are free again after it. To open a shop's
    tables costs more than to read the few rows in them, so all statements are asked of a shop while they are open.
    Shops of which all the tables that the statements name are empty are left out: of ten thousand, most have sold
    nothing yet.

    Args:
        statements: name the shop's schema as `{schema}`.
    """
    texts = [sql.SQL(statement.as_string(None)) for statement in statements]
    there = [shop for shop in shops if shop.exists]
    if len(there) > SHOPS_PER_ROUND_TRIP:
        tables = sorted({table for text in texts for table in TABLE.findall(text.as_string(None))})
        occupied = occupied_schemas([shop.schema_name for shop in there], tables=tables)
        there = [shop for shop in there if shop.schema_name in occupied]
    starts = range(0, len(there) if texts else 0, SHOPS_PER_ROUND_TRIP)
    groups = [there[start : start + SHOPS_PER_ROUND_TRIP] for start in starts]
    asked = ask_each([_query(text, shop.schema_name) for shop in some for text in texts] for some in groups)
    for some, found in zip(groups, asked, strict=True):
        rows = iter(found)
        yield from ((shop, [next(rows) for _ in texts]) for shop in some)


def _query(statement: sql.SQL, schema_name: str) -> Query[Rows]:
    schema = sql.Identifier(checked_schema(schema_name))
    return Query(statement.format(schema=schema).as_string(None), (), lambda rows: rows)


def _limited(statement: sql.SQL) -> sql.Composed:
    """Let a statement count all of its findings, and return the first of them."""
    return LIMITED.format(statement, sql.Literal(SHOWN))


def _found_in(rows: Rows) -> Found:
    findings = [Finding(subject, expected, found) for subject, expected, found, _ in rows]
    return Found(findings, rows[0][3] if rows else 0)

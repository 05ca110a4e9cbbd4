"""The shops' schemas, and whether they exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from kit.db.pipeline import Query, Rows
from kit.db.snapshots import ask_each
from kit.db.sql import checked_schema, execute, fetch_all
from kit.db.statements import load_statement

SHOP_SCHEMAS = """
SELECT shop.id, shop.slug, shop.schema_name, namespace.oid IS NOT NULL
  FROM public.tenants_shop AS shop
  LEFT JOIN pg_catalog.pg_namespace AS namespace ON namespace.nspname = shop.schema_name
 WHERE shop.status <> 'deleted'
 ORDER BY shop.schema_name
"""
# pg_depend has an index by schema; pg_class would be read whole, all shops' tables for one shop's.
TABLES = sql.SQL("""
SELECT c.relname::text
  FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_class AS c ON c.oid = d.objid
 WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = to_regnamespace(quote_ident({schema}))
   AND d.classid = 'pg_catalog.pg_class'::regclass AND c.relkind = 'r'
 ORDER BY c.relname
""")
OCCUPIED = load_statement(__package__, "occupied_schemas")
SCHEMAS_PER_LOOK = 500


@dataclass(frozen=True, slots=True)
class ShopSchema:
    """A shop's schema: its name, and whether the database has it."""

    shop_id: int
    slug: str
    schema_name: str
    exists: bool


def list_shop_schemas() -> list[ShopSchema]:
    """Return the schema of every shop that is not deleted, by name; one statement."""
    return [ShopSchema(*row) for row in fetch_all(SHOP_SCHEMAS)]


def lock_tables(schema_name: str, mode: LiteralString) -> None:
    """Lock all tables of a shop in order of their names; needs an open transaction.

    A reader of the whole shop (ACCESS SHARE) and its deletion (ACCESS EXCLUSIVE) then meet at the first table and
    cannot deadlock.
    """
    names = fetch_all(TABLES.format(schema=sql.Literal(checked_schema(schema_name))))
    tables = sql.SQL(", ").join(sql.Identifier(schema_name, name) for (name,) in names)
    if names:
        execute(sql.SQL("LOCK TABLE {} IN {} MODE").format(tables, sql.SQL(mode)))


def occupied_schemas(names: Sequence[str], *, tables: Sequence[str]) -> set[str]:
    """Return those of some schemas in which one of some tables takes room on the disk; an empty one takes none.

    Commands over all shops skip the others: of ten thousand, most are still empty.
    """
    starts = range(0, len(names), SCHEMAS_PER_LOOK)
    groups = (",".join(map(checked_schema, names[start : start + SCHEMAS_PER_LOOK])) for start in starts)
    looks = ask_each([Query(OCCUPIED, (f"{{{some}}}", f"{{{','.join(tables)}}}"), _as_they_come)] for some in groups)
    return {name for [rows] in looks for (name,) in rows}


def _as_they_come(rows: Rows) -> Rows:
    return rows

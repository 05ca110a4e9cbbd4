"""Schema-qualified SQL for statements that cross shops."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import errors, sql
from psycopg.types.json import Jsonb

# A statement names what is not there: a schema that was dropped, or one that has not been migrated yet.
UNREADABLE = (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName)
SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def qualified(schema_name: str, table: str) -> sql.Identifier:
    """Return a shop's table as an identifier.

    Raises:
        ValueError: the name is not one that we give to schemas.
    """
    if not SCHEMA_NAME.fullmatch(schema_name) or schema_name.startswith("pg_") or schema_name == "public":
        raise ValueError(f"{schema_name!r} is not the schema of a shop.")
    return sql.Identifier(schema_name, table)


def fetch_all(statement: sql.Composable, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run a composed statement on Django's connection and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def execute(statement: sql.Composable, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run a composed statement on Django's connection and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def insert_into(table: sql.Identifier, rows: Sequence[dict[str, Any]]) -> tuple[sql.Composed, list[Any]]:
    """Return an INSERT of rows that all have the same columns, and its parameters.

    Dictionaries and lists go in as JSON. For hot paths, where building model instances is the largest
    single cost.
    """
    columns = list(rows[0])
    values = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        table, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([values] * len(rows))
    )
    return statement, [_adapted(row[column]) for row in rows for column in columns]


def _adapted(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


def together(parts: Sequence[tuple[sql.Composed, list[Any]]]) -> tuple[sql.Composed, list[Any]]:
    """Join inserts into one statement: one round trip for several tables."""
    *earlier, last = parts
    if not earlier:
        return last
    named = [sql.SQL("{} AS ({})").format(sql.Identifier(f"part{i}"), part) for i, (part, _) in enumerate(earlier)]
    statement = sql.SQL("WITH {} {}").format(sql.SQL(", ").join(named), last[0])
    return statement, [value for _, params in parts for value in params]

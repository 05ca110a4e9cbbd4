"""Schema-qualified SQL for statements that cross shops."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg import errors, sql
from psycopg.types.json import Jsonb

# A statement names what is not there: a schema that was dropped, or one that has not been migrated yet.
UNREADABLE = (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName)
REMEMBERED = 4096  # texts of statements a process keeps: a kilobyte or so each, a few for every shop it serves
SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def qualified(schema_name: str, table: str) -> sql.Identifier:
    """Return a shop's table as an identifier.

    Raises:
        ValueError: the name is not one that we give to schemas.
    """
    if not SCHEMA_NAME.fullmatch(schema_name) or schema_name.startswith("pg_") or schema_name == "public":
        raise ValueError(f"{schema_name!r} is not the schema of a shop.")
    return sql.Identifier(schema_name, table)


def fetch_all(statement: sql.Composable | str, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement on Django's connection and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def execute(statement: sql.Composable | str, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run a statement on Django's connection and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def insert_into(table: sql.Identifier, rows: Sequence[dict[str, Any]]) -> tuple[str, list[Any]]:
    """Return an INSERT of rows that all have the same columns, and its parameters.

    Dictionaries and lists go in as JSON. For hot paths, where building model instances is the largest
    single cost, and putting the text together the next: texts are remembered.
    """
    columns = tuple(rows[0])
    statement = _insert_text(table.as_string(None), columns, len(rows))
    return statement, [_adapted(row[column]) for row in rows for column in columns]


@lru_cache(maxsize=REMEMBERED)
def _insert_text(table: str, columns: tuple[str, ...], rows: int) -> str:
    values = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    statement = sql.SQL(" ({}) VALUES {}").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([values] * rows)
    )
    return f"INSERT INTO {table}" + statement.as_string(None)


def _adapted(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


def together(parts: Sequence[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    """Join inserts into one statement: one round trip for several tables."""
    *earlier, last = parts
    if not earlier:
        return last
    named = [f"part{position} AS ({text})" for position, (text, _) in enumerate(earlier)]
    statement = f"WITH {', '.join(named)} {last[0]}"
    return statement, [value for _, params in parts for value in params]

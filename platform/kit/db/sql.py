"""Schema-qualified SQL for statements that cross shops."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import errors, sql

# A statement names what is not there: a schema that was dropped, or one that has not been migrated yet.
UNREADABLE = (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName)
REMEMBERED = 4096  # texts of statements a process keeps: a kilobyte or so each, a few for every shop it serves
SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def qualified(schema_name: str, table: str) -> sql.Identifier:
    """Return a shop's table as an identifier.

    Raises:
        ValueError: the name is not one that we give to schemas.
    """
    return sql.Identifier(checked_schema(schema_name), table)


def checked_schema(schema_name: str) -> str:
    """Return the name of a shop's schema.

    Raises:
        ValueError: the name is not one that we give to schemas.
    """
    if not SCHEMA_NAME.fullmatch(schema_name) or schema_name.startswith("pg_") or schema_name == "public":
        raise ValueError(f"{schema_name!r} is not the schema of a shop.")
    return schema_name


def fetch_all(statement: sql.Composable | str, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement on Django's connection and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def execute(statement: sql.Composable | str, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run a statement on Django's connection and return the number of rows that it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)

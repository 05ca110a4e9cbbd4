"""Schema-qualified SQL for statements that cross shops."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import sql

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
        cursor.execute(statement, params)  # type: ignore[arg-type]
        return list(cursor.fetchall())


def execute(statement: sql.Composable, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run a composed statement on Django's connection and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)  # type: ignore[arg-type]
        return int(cursor.rowcount)

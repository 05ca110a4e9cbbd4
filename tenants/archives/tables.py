"""A shop's tables as CSV, in and out of PostgreSQL; Django's cursor leaves the errors of a COPY to its caller."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from kit.db.sql import execute, fetch_all
from kit.db.statements import load_statement
from tenants.archives.cells import escaped

MIGRATIONS = "django_migrations"
SHAPE = sql.SQL(load_statement(__package__, "table_shapes"))
COPY_OUT = sql.SQL("COPY ({query}) TO STDOUT (FORMAT csv, HEADER)")
COPY_IN = sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT csv, HEADER)")
SET_SEQUENCE = sql.SQL("""
SELECT setval(pg_get_serial_sequence({name}, {column_name}), (SELECT max({column}) FROM {table}))
 WHERE EXISTS (SELECT FROM {table})
""")
# Text must come out the same on every connection and server.
SAY_IT_THE_SAME = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, DMY'; SET LOCAL extra_float_digits = 1"


@dataclass(frozen=True, slots=True)
class TableShape:
    """Columns of a table that its rows use."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Counts of written data: rows, bytes, and their SHA-256 in hexadecimal."""

    rows: int
    size: int
    sha256: str


def shapes_of(schema_name: str) -> list[TableShape]:
    """Return a schema's tables by name, without the record of its migrations."""
    query = SHAPE.format(schema=sql.Literal(schema_name), migrations=sql.Literal(MIGRATIONS))
    return [TableShape(name, tuple(columns), tuple(key), tuple(ids)) for name, columns, key, ids in fetch_all(query)]


def rows_of(schema_name: str, table: TableShape) -> sql.Composable:
    """Return the query for all of a table, in the order of its key."""
    return sql.SQL("SELECT {columns} FROM {table} ORDER BY {key}").format(
        columns=_names(table.columns),
        table=sql.Identifier(schema_name, table.name),
        key=_names(table.key or table.columns),
    )


def copy_out(query: sql.Composable, write: Callable[[bytes], object], *, has_plain_cells: bool = False) -> Written:
    """Write a query's rows as CSV that no spreadsheet runs, or with its cells as they are."""
    digest, size = hashlib.sha256(), 0
    with connection.cursor() as cursor:
        with connection.wrap_database_errors, cursor.copy(COPY_OUT.format(query=query)) as copy:
            blocks = map(bytes, copy)
            for data in blocks if has_plain_cells else escaped(blocks):
                digest.update(data)
                size += len(data)
                write(data)
        return Written(cursor.rowcount, size, digest.hexdigest())


def copy_in(schema_name: str, table: str, columns: Iterable[str], blocks: Iterator[bytes]) -> int:
    """Read CSV into a table; return the number of rows."""
    statement = COPY_IN.format(table=sql.Identifier(schema_name, table), columns=_names(columns))
    with connection.cursor() as cursor:
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for block in blocks:
                copy.write(block)
        return int(cursor.rowcount)


def set_sequences(schema_name: str, table: TableShape) -> None:
    """Let new rows be numbered after those that are there."""
    for column in table.identities:
        qualified = sql.Identifier(schema_name, table.name)
        statement = SET_SEQUENCE.format(
            name=sql.Literal(f'"{schema_name}"."{table.name}"'),
            column_name=sql.Literal(column),
            column=sql.Identifier(column),
            table=qualified,
        )
        execute(statement)


def _names(columns: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))

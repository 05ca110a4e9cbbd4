"""Read the structure of a schema from PostgreSQL's catalogues."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kit.db.statements import load_statement
from tenants.errors import ArtefactError

COLUMNS = load_statement(__package__, "columns")
CONSTRAINTS = load_statement(__package__, "constraints")
INDEXES = load_statement(__package__, "indexes")
FOREIGN_BODIES = load_statement(__package__, "foreign_bodies")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns and constraints in the form of `CREATE TABLE`, its other indexes as statements."""

    name: str
    columns: tuple[str, ...]
    constraints: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]  # (referenced table, constraint)
    indexes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemaDescription:
    """All of a schema's tables by name, and the migrations recorded in it."""

    tables: tuple[Table, ...]
    migrations: tuple[tuple[str, str], ...]

    def lines(self) -> list[str]:
        """Return one comparable line per fact."""
        found = [f"migration {app}.{name}" for app, name in self.migrations]
        for table in self.tables:
            found += [f"{table.name}: column {column}" for column in table.columns]
            found += [f"{table.name}: {line}" for line in sorted(table.constraints)]
            found += [f"{table.name}: {line}" for _, line in sorted(table.keys)]
            found += [f"{table.name}: {line}" for line in sorted(table.indexes)]
        return found


def describe_schema(schema_name: str) -> SchemaDescription:
    """Describe a schema; it must be the only one on the search path, so that names come out bare.

    Raises:
        ArtefactError: the schema holds something that a shop's schema must not hold.
    """
    foreign = [row[0] for row in _rows(FOREIGN_BODIES, {"schema": schema_name})]
    if foreign:
        raise ArtefactError(
            "A shop's schema holds tables, their indexes and keys among themselves, and nothing else. "
            f"Found: {', '.join(foreign)}."
        )
    columns: dict[str, list[str]] = {}
    constraints: dict[str, list[str]] = {}
    keys: dict[str, list[tuple[str, str]]] = {}
    indexes: dict[str, list[str]] = {}
    for table, *column in _rows(COLUMNS, [schema_name]):
        columns.setdefault(table, []).append(_column(column))
    for table, name, kind, definition, referenced in _rows(CONSTRAINTS, [schema_name]):
        line = f"CONSTRAINT {_quoted(name)} {definition}"
        if kind == "f":
            keys.setdefault(table, []).append((referenced, line))
        else:
            constraints.setdefault(table, []).append(line)
    for table, _, definition in _rows(INDEXES, [schema_name]):
        indexes.setdefault(table, []).append(definition)
    tables = [
        Table(
            name,
            tuple(columns[name]),
            tuple(constraints.get(name, ())),
            tuple(keys.get(name, ())),
            tuple(indexes.get(name, ())),
        )
        for name in sorted(columns)
    ]
    recorded = _rows("SELECT app, name FROM django_migrations ORDER BY app, name", [])
    return SchemaDescription(tuple(tables), tuple((app, name) for app, name in recorded))


def _column(row: Sequence[Any]) -> str:
    name, kind, required, identity, default, generated, collation = row
    parts = [_quoted(name), kind]
    if collation:
        parts.append(f"COLLATE {collation}")
    if identity:
        parts.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    elif generated:
        parts.append(f"GENERATED ALWAYS AS ({default}) {'STORED' if generated == 's' else 'VIRTUAL'}")
    elif default is not None:
        parts.append(f"DEFAULT {default}")
    if required:
        parts.append("NOT NULL")
    return " ".join(parts)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _rows(statement: str, params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())

"""A table whose values are brought into form: read in the order of its key, written where nothing has changed since."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from psycopg import sql

from kit.db.sql import fetch_all
from kit.stored.columns import FormedColumn, order_of_pairs
from kit.text.pairs import PairsColumn

AT_ONCE = 500
READ = sql.SQL("SELECT {columns} FROM {table} WHERE {which} ORDER BY {key} LIMIT {limit}")
WRITE = sql.SQL(
    "UPDATE {table} AS t SET {changes} FROM unnest({arrays}) AS n ({names})"
    " WHERE t.{key} = n.key AND {unchanged} RETURNING n.key"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row's key, the values of its columns, and what the order of its pairs is known by."""

    key: Any
    values: tuple[Any, ...]
    place: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row's values as they were read, and as they shall be, in the order of the table's columns."""

    key: Any
    before: tuple[Any, ...]
    after: tuple[Any, ...]


class StoredTable:
    """A model's table in one schema, with the columns that are brought into form."""

    def __init__(self, kind: type[models.Model], columns: Sequence[FormedColumn], *, schema_name: str) -> None:
        meta = kind._meta  # noqa: SLF001 - documented
        self.kind, self.columns, self.schema_name, self.label = kind, columns, schema_name, meta.label
        self.order = order_of_pairs(kind)
        self._table = sql.Identifier(schema_name, meta.db_table)
        self._key = sql.Identifier(str(meta.pk.column))
        self._key_type = sql.SQL(str(meta.pk.rel_db_type(connection)))

    def read(self, *, after: Any = None) -> list[Row]:
        """Return the next rows behind a key, or the first ones."""
        if after is None:
            return self._read(sql.SQL("TRUE"), [])
        return self._read(sql.SQL("{} > %s").format(self._key), [after])

    def read_again(self, keys: Collection[Any]) -> list[Row]:
        """Return some rows as they are now."""
        which = sql.SQL("{} = ANY(%s::{}[])").format(self._key, self._key_type)
        return self._read(which, [list(keys)]) if keys else []

    def write(self, changes: Sequence[Change]) -> set[Any]:
        """Write changes to rows whose values are as they were read; return the keys of those, by one statement."""
        arrays: list[sql.Composable] = [sql.SQL("%s::{}[]").format(self._key_type)]
        params: list[Any] = [[change.key for change in changes]]
        names, sets, unchanged = [sql.Identifier("key")], [], []
        for place, field in enumerate(self.columns):
            column, kind = sql.Identifier(str(field.column)), sql.SQL("jsonb" if _is_json(field) else "text")
            old, new = sql.Identifier(f"old_{place}"), sql.Identifier(f"new_{place}")
            names += [old, new]
            arrays += [sql.SQL("%s::text[]")] * 2
            params += [[_said(field, each.before[place]) for each in changes]]
            params += [[_said(field, each.after[place]) for each in changes]]
            sets.append(sql.SQL("{} = n.{}::{}").format(column, new, kind))
            unchanged.append(sql.SQL("t.{} IS NOT DISTINCT FROM n.{}::{}").format(column, old, kind))
        statement = WRITE.format(
            table=self._table,
            changes=sql.SQL(", ").join(sets),
            arrays=sql.SQL(", ").join(arrays),
            names=sql.SQL(", ").join(names),
            key=self._key,
            unchanged=sql.SQL(" AND ").join(unchanged),
        )
        return {key for (key,) in fetch_all(statement, params)}

    def _read(self, which: sql.Composable, params: Sequence[Any]) -> list[Row]:
        names = [self._key, *(sql.Identifier(str(field.column)) for field in self.columns)]
        names += [sql.Identifier(self.order.by)] if self.order else []
        statement = READ.format(
            columns=sql.SQL(", ").join(names),
            table=self._table,
            which=which,
            key=self._key,
            limit=sql.Literal(AT_ONCE),
        )
        return [self._row(row) for row in fetch_all(statement, params)]

    def _row(self, read: Sequence[Any]) -> Row:
        values = zip(self.columns, read[1:], strict=False)
        return Row(read[0], tuple(_heard(field, value) for field, value in values), read[-1] if self.order else None)


def _is_json(field: FormedColumn) -> bool:
    return isinstance(field, PairsColumn)


def _heard(field: FormedColumn, stored: Any) -> Any:
    """Return a column's value; Django has psycopg return JSON as text."""
    return json.loads(stored) if _is_json(field) and isinstance(stored, str) else stored


def _said(field: FormedColumn, value: Any) -> Any:
    return json.dumps(value) if _is_json(field) else value

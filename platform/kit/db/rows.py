"""Model instances as SQL statements for the pipeline (`kit.db.pipeline`, docs/adr/0016).

Only the models name columns. Neither `save()` nor signals run.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

from kit.db.pipeline import Query, Rows, as_json, written
from kit.db.sql import REMEMBERED, qualified
from kit.json_text import encoder_of

INSERT = "INSERT INTO {table} ({names}) VALUES ({values})"
INSERT_ALL = "INSERT INTO {table} ({names}) SELECT {names} FROM json_to_recordset(${number}::json) AS new ({types})"
UPDATE = "UPDATE {table} SET {values} WHERE {key} = {number}"


def insert_query(*rows: Model | Sequence[Model], schema_name: str = "public") -> Query[None]:
    """Return the query that inserts unsaved instances into their tables in one schema, as one statement.

    A column whose value the database makes (a number as a key, a default of its own) is left out, and is not read
    back. Once the query has run, Django takes the instances for saved ones.

    Args:
        rows: each is an instance, or a sequence of instances of one model, one at least, for which the text is the
            same whatever their number; what the database makes for the first of them it makes for all.
    """
    written: list[Model] = []
    shape: list[tuple[Columns, bool]] = []
    params: list[Any] = []
    for row in rows:
        if is_single := isinstance(row, Model):
            columns, values = _written_values(row)
            params += columns.as_params(values)
            written.append(row)
        else:
            columns, _ = _written_values(row[0])
            params.append(_as_rows(columns.rows_of(row)))
            written += row
        shape.append((columns, is_single))
    return Query(_insert_text(tuple(shape), schema_name), params, _marking_saved(written))


def update_query(instance: Model, *names: str, schema_name: str = "public") -> Query[None]:
    """Return the query that writes some fields of an instance whose row is there."""
    columns = _chosen_columns(type(instance), (*names, _columns(type(instance), ()).key))
    return Query(_update_text(columns, schema_name), columns.as_params(columns.values_of(instance)), written)


class Columns:
    """The columns of a model that a statement names; there is one for each model and choice of columns."""

    def __init__(self, model: type[Model], fields: Sequence["Field[Any, Any]"]) -> None:
        self.table = model._meta.db_table  # noqa: SLF001
        self.names = tuple(str(field.column) for field in fields)
        self.types = tuple(str(field.db_type(connection)) for field in fields)
        self.json_positions = tuple(number for number, field in enumerate(fields) if isinstance(field, JSONField))
        self.key = next((field.attname for field in fields if field.primary_key), "")
        self.attributes = tuple(field.attname for field in fields)
        # Of an instance's own dictionary: a foreign key's attribute would be looked up in Python.
        self._values: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(*self.attributes)

    def values_of(self, instance: Model) -> tuple[Any, ...]:
        """Return an instance's values; all of them have to be loaded."""
        return self._values(instance.__dict__)

    def as_params(self, values: Sequence[Any]) -> list[Any]:
        """Return an instance's values as the pipeline sends them."""
        params = list(values)
        for position in self.json_positions:
            if (value := params[position]) is not None:
                params[position] = as_json(value)
        return params

    def rows_of(self, instances: Sequence[Model]) -> list[dict[str, Any]]:
        """Return instances' values by the names of their columns."""
        return [dict(zip(self.names, self._values(instance.__dict__), strict=True)) for instance in instances]


@cache
def _columns(model: type[Model], left_out: tuple[str, ...]) -> Columns:
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented
    return Columns(model, [field for field in fields if not field.generated and field.attname not in left_out])


@cache
def _chosen_columns(model: type[Model], names: tuple[str, ...]) -> Columns:
    by_name = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001
    return Columns(model, [by_name[name] for name in names])


def _written_values(instance: Model) -> tuple[Columns, tuple[Any, ...]]:
    """Return the columns that are written of an instance, and its values; what the database makes is left out."""
    columns = _columns(type(instance), ())
    values = columns.values_of(instance)
    made: tuple[str, ...] = ()
    if DatabaseDefault in map(type, values):
        made = tuple(
            name for name, value in zip(columns.attributes, values, strict=True) if type(value) is DatabaseDefault
        )
    if columns.key and instance.__dict__[columns.key] is None:
        made = (columns.key, *made)
    if not made:
        return columns, values
    columns = _columns(type(instance), made)
    return columns, columns.values_of(instance)


def _as_text(value: Any) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value)
    raise TypeError(f"A row's JSON cannot hold a {type(value).__name__}.")


_as_rows: Callable[[Any], str] = encoder_of(separators=(",", ":"), default=_as_text)


@lru_cache(maxsize=REMEMBERED)
def _insert_text(shape: tuple[tuple[Columns, bool], ...], schema_name: str) -> str:
    """Return the text of an INSERT into one table, or into several: all but the last are parts of a WITH then."""
    inserts: list[str] = []
    taken = 0
    for columns, is_single in shape:
        inserts.append(_insert_into(columns, schema_name, first=taken + 1, is_single=is_single))
        taken += len(columns.names) if is_single else 1
    *before, last = inserts
    parts = ", ".join(f"part_{number} AS ({insert})" for number, insert in enumerate(before, start=1))
    return f"WITH {parts} {last}" if parts else last


def _insert_into(columns: Columns, schema_name: str, *, first: int, is_single: bool) -> str:
    table, names = _table(columns, schema_name), ", ".join(map(_quoted, columns.names))
    if is_single:
        values = ", ".join(f"${number}" for number in range(first, first + len(columns.names)))
        return INSERT.format(table=table, names=names, values=values)
    types = ", ".join(f"{_quoted(name)} {of}" for name, of in zip(columns.names, columns.types, strict=True))
    return INSERT_ALL.format(table=table, names=names, number=first, types=types)


@lru_cache(maxsize=REMEMBERED)
def _update_text(columns: Columns, schema_name: str) -> str:
    """Return the text of an UPDATE; the key is the last of the columns."""
    *names, key = map(_quoted, columns.names)
    values = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, start=1))
    return UPDATE.format(table=_table(columns, schema_name), values=values, key=key, number=f"${len(columns.names)}")


def _table(columns: Columns, schema_name: str) -> str:
    if schema_name == "public":
        return f"public.{_quoted(columns.table)}"
    return qualified(schema_name, columns.table).as_string(None)


def _quoted(name: str) -> str:
    return sql.Identifier(name).as_string(None)


def _marking_saved(instances: Sequence[Model]) -> Callable[[Rows], None]:
    def mark(_: Rows) -> None:
        for instance in instances:
            instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - documented

    return mark

"""A copy of a shop takes every column of its goods, but for those that are left out for a reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pytest
from django.db.models import Model
from psycopg.sql import SQL

from catalogue.models import Product, ProductImage, StockLevel, Variant
from catalogue.services import archives

NUMBERED = "numbered anew by the database"
LIVING = "only what is not deleted is copied"
LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "product": {"deleted_at": LIVING},
    "variant": {"deleted_at": LIVING},
    "image": {"id": NUMBERED},
    "stock": {},
}
COPIED = [
    ("product", Product, archives.COPY_PRODUCTS),
    ("variant", Variant, archives.COPY_VARIANTS),
    ("image", ProductImage, archives.COPY_IMAGES),
    ("stock", StockLevel, archives.COPY_STOCK),
]


def written(statement: SQL, table: str) -> set[str]:
    """Return the columns that a statement inserts into a table."""
    (columns,) = re.findall(rf"INSERT INTO {{{table}}} \(([^)]+)\)", statement.as_string())
    return {column.strip() for column in columns.split(",")}


def forgotten(columns: Collection[str], table: str, statement: SQL) -> set[str]:
    """Return columns that are neither copied nor left out on purpose."""
    return set(columns) - written(statement, table) - LEFT_OUT[table].keys()


@pytest.mark.parametrize(
    ("table", "model", "statement"), COPIED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_column_is_copied_or_left_out_on_purpose(table: str, model: type[Model], statement: SQL) -> None:
    columns = {str(field.column) for field in model._meta.concrete_fields}
    assert forgotten(columns, table, statement) == set(), "Add it to the statement, or here with the reason."
    assert LEFT_OUT[table].keys() <= columns - written(statement, table)


def test_a_forgotten_column_is_found() -> None:
    """The control."""
    columns = {str(field.column) for field in Variant._meta.concrete_fields} | {"barcode"}
    assert forgotten(columns, "variant", archives.COPY_VARIANTS) == {"barcode"}

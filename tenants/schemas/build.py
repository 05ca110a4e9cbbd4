"""Build the artefact from the migrations, and prove that it still equals them."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg import sql

from tenants.database.connections import only_schema
from tenants.schemas.artefact import PATH, Artefact, load_artefact, render, replay
from tenants.schemas.describe import SchemaDescription, describe_schema
from tenants.schemas.migrator import SchemaMigrator

SCRATCH_MIGRATED = "shop_scratch_by_migrations"
SCRATCH_REPLAYED = "shop_scratch_by_artefact"


def migrate_schema(schema_name: str) -> None:
    """Bring a schema to the newest migrations of the shop apps; `public` is out of its sight meanwhile."""
    SchemaMigrator().migrate(schema_name)


def build_artefact() -> bool:
    """Write the artefact that the migrations ask for; return whether it changed."""
    text = render(_described_by_migrations())
    if PATH.exists() and PATH.read_text(encoding="utf-8") == text:
        return False
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text, encoding="utf-8")
    load_artefact.cache_clear()
    return True


def compare_artefact() -> list[str]:
    """Return the differences between what the migrations build and what the artefact builds; none is well."""
    return differences(
        _described_by_migrations(),
        describe_artefact(load_artefact()),
        names=("the migrations", "the artefact"),
    )


def differences(left: SchemaDescription, right: SchemaDescription, *, names: tuple[str, str]) -> list[str]:
    """Return the differences of two schemas as lines of a diff."""
    return list(difflib.unified_diff(left.lines(), right.lines(), *names, lineterm="", n=0))


def describe_shop(schema_name: str) -> SchemaDescription:
    """Describe a schema with nothing else in sight."""
    with only_schema(schema_name):
        return describe_schema(schema_name)


def describe_artefact(artefact: Artefact) -> SchemaDescription:
    """Describe the schema that the artefact builds, by building it and removing it again."""
    with _scratch(SCRATCH_REPLAYED):
        replay(SCRATCH_REPLAYED, artefact)
        return describe_shop(SCRATCH_REPLAYED)


def _described_by_migrations() -> SchemaDescription:
    with _scratch(SCRATCH_MIGRATED):
        _create(SCRATCH_MIGRATED)
        migrate_schema(SCRATCH_MIGRATED)
        return describe_shop(SCRATCH_MIGRATED)


@contextmanager
def _scratch(schema_name: str) -> Iterator[None]:
    """Undo all that is done within, so that a build leaves nothing behind, even when killed."""
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema_name)))


def _create(schema_name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema_name)))

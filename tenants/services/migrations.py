"""Migrate `public`, and of the shops' schemas only those that lag behind."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import sql

from kit.sql import fetch_all, qualified
from tenants.errors import ShopMigrationError
from tenants.models import Shop
from tenants.schema.build import migrate_schema
from tenants.schema.graph import Key, shop_migrations

logger = logging.getLogger(__name__)

# The state query holds two locks for each schema while it runs; a stock server has room for 6,400.
SCHEMAS_PER_QUERY = 500
RECORDS_TABLE = "django_migrations"


@dataclass(frozen=True, slots=True)
class ShopsState:
    """Where the shops' schemas stand against the code."""

    total: int
    lagging: tuple[str, ...]
    missing: tuple[str, ...]


def pending_public() -> list[Key]:
    """Return the migrations that `public` still needs; one statement."""
    loader = MigrationLoader(None)
    wanted = set(loader.graph.nodes)
    with schema_context(get_public_schema_name()):
        if not _recording_schemas([get_public_schema_name()]):
            return sorted(wanted)
        applied = fetch_all(sql.SQL("SELECT app, name FROM public.django_migrations"))
    return sorted(wanted - set(applied))


def migrate_public(*, verbosity: int = 0) -> int:
    """Migrate `public` and return how many migrations that took."""
    pending = pending_public()
    if pending:
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=verbosity)
    return len(pending)


def shops_state() -> ShopsState:
    """Compare all shops' schemas with the code, by one query for every 500 of them."""
    with schema_context(get_public_schema_name()):
        schemas = list(Shop.objects.order_by("pk").values_list("schema_name", flat=True))
        recording = _recording_schemas(schemas)
        present = [name for name in schemas if name in recording]
        up_to_date = _up_to_date(present)
    lagging = tuple(name for name in present if name not in up_to_date)
    return ShopsState(len(schemas), lagging, tuple(name for name in schemas if name not in recording))


def migrate_lagging_shops(*, verbosity: int = 0) -> int:
    """Migrate the shops that lag behind the code, and only those; return how many were migrated.

    A shop that fails keeps none of the other shops from being migrated.

    Raises:
        ShopMigrationError: some failed, or their schemas are missing; `details` says why, by schema.
    """
    state = shops_state()
    failures = dict.fromkeys(state.missing, "The schema is missing.")
    for schema_name in state.lagging:
        try:
            migrate_schema(schema_name)
        except Exception as error:  # a data migration may raise anything, and the others go on
            logger.exception("The shop in schema %s could not be migrated.", schema_name)
            failures[schema_name] = str(error)
        else:
            if verbosity:
                logger.info("Migrated %s.", schema_name)
    if failures:
        message = f"{len(failures)} of {state.total} shops could not be migrated: {', '.join(sorted(failures)[:10])}."
        raise ShopMigrationError(message, details=failures)
    return len(state.lagging)


def _recording_schemas(schemas: Sequence[str]) -> set[str]:
    statement = sql.SQL(
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relname = {table} AND n.nspname = ANY(%s)"
    ).format(table=sql.Literal(RECORDS_TABLE))
    return {row[0] for row in fetch_all(statement, [list(schemas)])}


def _up_to_date(schemas: Sequence[str]) -> set[str]:
    wanted = sorted(shop_migrations(MigrationLoader(None)))
    apps, names = [key[0] for key in wanted], [key[1] for key in wanted]
    found: set[str] = set()
    for chunk in _chunks(schemas):
        counts = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*) FROM {} JOIN wanted USING (app, name)").format(
                sql.Literal(name), qualified(name, RECORDS_TABLE)
            )
            for name in chunk
        )
        statement = sql.SQL("WITH wanted (app, name) AS (SELECT * FROM unnest(%s::text[], %s::text[])) {}")
        rows = fetch_all(statement.format(counts), [apps, names])
        found |= {name for name, count in rows if count >= len(wanted)}
    return found


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), SCHEMAS_PER_QUERY):
        yield names[start : start + SCHEMAS_PER_QUERY]

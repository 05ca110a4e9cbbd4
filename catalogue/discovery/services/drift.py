"""Check that the listings match the shops' tables."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from psycopg import sql

from catalogue.discovery.services import projection_sql as statements
from catalogue.discovery.services.projection_source import read_source
from kit.db.pipeline import Query, ask_all
from kit.db.sql import execute
from tenants.shops.locks import lock_shop_state


@dataclass(frozen=True, slots=True)
class Drift:
    """A row of the projection that is not what it should be.

    Args:
        fault: `missing`, `surplus`, or the names of the columns that differ.
    """

    table: str
    id: UUID
    fault: str


def find_drift(*, shop_id: int) -> list[Drift]:
    """Compare every listing and variant of a shop with what they should be."""
    with transaction.atomic():
        # The lock of the shop's row is all that is written: nothing is lost where a crash takes it back.
        execute(sql.SQL("SET LOCAL synchronous_commit = off"))
        state = lock_shop_state(shop_id=shop_id)
        if state is None:
            return []
        source = read_source(state=state)
        tables = tuple(statements.COLUMNS)
        found = ask_all([Query(statements.drift_text(table), source.params_of(table), list) for table in tables])
    return [Drift(table, *row) for table, rows in zip(tables, found, strict=True) for row in rows]

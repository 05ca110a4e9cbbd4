"""Prove that the listings are what the shops' tables say."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg import sql

from catalogue.discovery.selectors.locks import lock_listings, lock_shop_state
from catalogue.discovery.services import projection_sql as statements
from catalogue.discovery.services.projection import listing_source, projection_params, variant_source
from kit.db.sql import fetch_all


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
        state = lock_shop_state(shop_id=shop_id)
        if state is None:
            return []
        lock_listings(shop_id=shop_id)
        params = projection_params(state)
        listings = _compare("discovery_listing", statements.COLUMNS, listing_source(state.schema_name), params)
        variants = _compare(
            "discovery_listingvariant", statements.VARIANT_COLUMNS, variant_source(state.schema_name), params
        )
    return [*listings, *variants]


def _compare(table: str, columns: tuple[str, ...], source: sql.Composable, params: dict[str, Any]) -> list[Drift]:
    differing = sql.SQL(", ").join(
        sql.SQL("CASE WHEN e.{0} IS DISTINCT FROM t.{0} THEN {1} END").format(sql.Identifier(name), sql.Literal(name))
        for name in columns
    )
    statement = sql.SQL("""
        WITH RECURSIVE {source}
        SELECT COALESCE(e.id, t.id),
               CASE WHEN t.id IS NULL THEN 'missing' WHEN e.id IS NULL THEN 'surplus'
                    ELSE array_to_string(ARRAY[{differing}], ', ') END AS fault
          FROM projected e FULL JOIN (SELECT * FROM {table} WHERE shop_id = %(shop_id)s) t ON t.id = e.id
         WHERE t.id IS NULL OR e.id IS NULL OR ({expected}) IS DISTINCT FROM ({found})
         ORDER BY 1
        """).format(
        source=source,
        table=sql.Identifier(table),
        differing=differing,
        expected=statements.column_list(columns, "e"),
        found=statements.column_list(columns, "t"),
    )
    return [Drift(table=table, id=row[0], fault=row[1]) for row in fetch_all(statement, params)]

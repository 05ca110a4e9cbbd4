"""Which schema each shop has, and whether it is there."""

from dataclasses import dataclass

from kit.db.sql import fetch_all

SHOP_SCHEMAS = """
SELECT shop.id, shop.slug, shop.schema_name, namespace.oid IS NOT NULL
  FROM public.tenants_shop AS shop
  LEFT JOIN pg_catalog.pg_namespace AS namespace ON namespace.nspname = shop.schema_name
 WHERE shop.status <> 'deleted'
 ORDER BY shop.schema_name
"""


@dataclass(frozen=True, slots=True)
class ShopSchema:
    """A shop's schema: its name, and whether the database has it."""

    shop_id: int
    slug: str
    schema_name: str
    exists: bool


def list_shop_schemas() -> list[ShopSchema]:
    """Return the schema of every shop that is not deleted, by name; one statement."""
    return [ShopSchema(*row) for row in fetch_all(SHOP_SCHEMAS)]

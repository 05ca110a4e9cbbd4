"""Least price that was asked for variants in a time, by their price history: an honest earlier price."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg import sql

from kit.db.sql import fetch_all, qualified

if TYPE_CHECKING:
    from tenants.models import Shop

LEAST_ASKED = sql.SQL("""
SELECT v.id, v.product_id,
       LEAST(v.price_minor,
             (SELECT min(c.price_minor) FROM {change} c WHERE c.variant_id = v.id AND c.changed_at >= %(since)s),
             (SELECT c.price_minor FROM {change} c WHERE c.variant_id = v.id AND c.changed_at < %(since)s
               ORDER BY c.changed_at DESC, c.id DESC LIMIT 1))
  FROM {variant} v WHERE v.product_id = ANY(%(products)s) AND v.deleted_at IS NULL
""")


def least_asked(*, shop: "Shop", product_ids: Collection[UUID], since: datetime) -> dict[UUID, int]:
    """Return the least price of each variant of some products since a moment, that of the moment itself included.

    Under the id of a product is the least of its variants.
    """
    tables = {name: qualified(shop.schema_name, f"catalogue_{name}") for name in ("variant",)}
    tables["change"] = qualified(shop.schema_name, "catalogue_pricechange")
    params = {"since": since, "products": list(product_ids)}
    found: dict[UUID, int] = {}
    for variant_id, product_id, minor in fetch_all(LEAST_ASKED.format(**tables), params):
        found[variant_id] = minor
        found[product_id] = min(minor, found.get(product_id, minor))
    return found

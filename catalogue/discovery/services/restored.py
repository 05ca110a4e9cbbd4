"""Listings of a shop that was restored from its archive."""

from psycopg import sql

from catalogue.discovery.services.projection import rebuild_shop
from kit.db.sql import fetch_all, qualified
from tenants.errors import RestoreBlockedError
from tenants.services.archives.parts import RestoredSchema

SOLD_ELSEWHERE = sql.SQL("""
SELECT EXISTS (SELECT FROM public.discovery_listing l JOIN {product} p ON p.id = l.id WHERE l.shop_id <> %(shop)s)
    OR EXISTS (SELECT FROM public.discovery_listingvariant l
                 JOIN {variant} v ON v.id = l.id WHERE l.shop_id <> %(shop)s)
""")


def follow_restored_shop(restored: RestoredSchema) -> list[str]:
    """Write a restored shop's listings anew from its tables.

    Raises:
        RestoreBlockedError: another shop sells products of the same ids.
    """
    shop = restored.shop
    query = SOLD_ELSEWHERE.format(
        product=qualified(shop.schema_name, "catalogue_product"),
        variant=qualified(shop.schema_name, "catalogue_variant"),
    )
    if fetch_all(query, {"shop": shop.pk}) == [(True,)]:
        raise RestoreBlockedError("Another shop here holds the same products. To have them twice, clone that shop.")
    rebuild_shop(shop_id=shop.pk)
    return []

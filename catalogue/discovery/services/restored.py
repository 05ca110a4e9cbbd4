"""Listings of a shop that was restored from its archive."""

from django.utils.translation import gettext
from psycopg import sql

from catalogue.discovery.services.projection import rebuild_shop
from kit.db.sql import fetch_all, qualified
from tenants.archives.parts import RestoredSchema
from tenants.errors import RestoreBlockedError

IDS = sql.SQL("SELECT (SELECT array_agg(id) FROM {product}), (SELECT array_agg(id) FROM {variant})")
SOLD_ELSEWHERE = """
SELECT EXISTS (SELECT FROM public.discovery_listing WHERE id = ANY(%(products)s::uuid[]) AND shop_id <> %(shop)s)
    OR EXISTS (SELECT FROM public.discovery_listingvariant
                WHERE id = ANY(%(variants)s::uuid[]) AND shop_id <> %(shop)s)
"""


def follow_restored_shop(restored: RestoredSchema) -> list[str]:
    """Write a restored shop's listings anew from its tables.

    Raises:
        RestoreBlockedError: another shop sells products of the same ids.
    """
    shop = restored.shop
    own_ids = IDS.format(
        product=qualified(shop.schema_name, "catalogue_product"),
        variant=qualified(shop.schema_name, "catalogue_variant"),
    )
    [(products, variants)] = fetch_all(own_ids)
    if fetch_all(SOLD_ELSEWHERE, {"shop": shop.pk, "products": products, "variants": variants}) == [(True,)]:
        raise RestoreBlockedError(
            gettext("Another shop here holds the same products. To have them twice, clone that shop.")
        )
    rebuild_shop(shop_id=shop.pk)
    return []

"""Shops whose schemas are not ready, so that they cannot sell at the moment."""

from collections.abc import Collection

from django.db.models import F

from tenants.models import Shop
from tenants.schemas.graph import needed_migrations
from tenants.schemas.state import AppliedMigrations


def unready_shops(shop_ids: Collection[int]) -> frozenset[int]:
    """Return the ids of those shops that have no schema, or an unmigrated one; one statement."""
    needed = needed_migrations()
    shops = Shop.objects.filter(pk__in=shop_ids).annotate(applied=AppliedMigrations(F("schema_name")))
    rows = shops.order_by("pk").values_list("pk", "applied")
    return frozenset(pk for pk, applied in rows if applied is None or not needed.issubset(applied))

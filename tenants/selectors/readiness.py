"""Whether shops can be sold from at this moment, as far as their schemas go."""

from collections.abc import Collection

from django.db.models import F

from tenants.models import Shop
from tenants.schema.graph import needed_migrations
from tenants.schema.state import AppliedMigrations


def unready_shops(shop_ids: Collection[int]) -> frozenset[int]:
    """Return which of some shops have no schema, or one that is behind what the code needs; one statement."""
    needed = needed_migrations()
    shops = Shop.objects.filter(pk__in=shop_ids).annotate(applied=AppliedMigrations(F("schema_name")))
    rows = shops.order_by("pk").values_list("pk", "applied")
    return frozenset(pk for pk, applied in rows if applied is None or not needed.issubset(applied))

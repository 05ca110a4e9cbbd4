"""Row locks of discovery; each needs an open transaction. Shop first, then its listings in id order."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from catalogue.discovery.models import Listing


@dataclass(frozen=True, slots=True)
class ShopState:
    """What the projection takes from a shop's row."""

    id: int
    schema_name: str
    name: str
    currency: str
    is_selling: bool


def lock_shop_state(*, shop_id: int) -> ShopState | None:
    """Read a shop's row and keep it from changing until the transaction ends; None for one that is deleted.

    Projections of one shop may run side by side; a change of its status or name waits for them, and they
    for it, so that no listing is written from what the shop no longer is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, schema_name, name, currency, status = 'live' FROM tenants_shop"
            " WHERE id = %s AND status <> 'deleted' FOR SHARE",
            [shop_id],
        )
        row = cursor.fetchone()
    return None if row is None else ShopState(*row)


def lock_listings(*, shop_id: int, listing_ids: Collection[UUID] | None = None) -> list[UUID]:
    """Lock a shop's listings, all of them where none are named."""
    listings = Listing.objects.filter(shop_id=shop_id)
    if listing_ids is not None:
        listings = listings.filter(id__in=listing_ids)
    return list(listings.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))

"""Row locks of discovery; each needs an open transaction. Shop first, then its listings in id order."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from kit.db.pipeline import Query, Rows, as_array, ask

LOCK_LISTINGS = "SELECT id FROM public.discovery_listing WHERE shop_id = $1 AND {scope} ORDER BY id FOR NO KEY UPDATE"


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


def lock_listings_query(*, shop_id: int, listing_ids: Collection[UUID] | None = None) -> Query[Rows]:
    """Return the query that locks a shop's listings in id order, all of them where none are named."""
    if listing_ids is None:
        return Query(LOCK_LISTINGS.format(scope="TRUE"), [shop_id], list)
    return Query(LOCK_LISTINGS.format(scope="id = ANY($2::uuid[])"), [shop_id, as_array(listing_ids)], list)


def lock_listings(*, shop_id: int, listing_ids: Collection[UUID] | None = None) -> None:
    """Lock a shop's listings, all of them where none are named."""
    ask(lock_listings_query(shop_id=shop_id, listing_ids=listing_ids))

"""Row locks of discovery; each needs an open transaction. Listings in id order, after their shop's row."""

from collections.abc import Collection
from uuid import UUID

from kit.db.pipeline import Query, Rows, as_array, ask

LOCK_LISTINGS = "SELECT id FROM public.discovery_listing WHERE shop_id = $1 AND {scope} ORDER BY id FOR NO KEY UPDATE"


def lock_listings_query(*, shop_id: int, listing_ids: Collection[UUID] | None = None) -> Query[Rows]:
    """Return the query that locks a shop's listings in id order, all of them where none are named."""
    if listing_ids is None:
        return Query(LOCK_LISTINGS.format(scope="TRUE"), [shop_id], list)
    return Query(LOCK_LISTINGS.format(scope="id = ANY($2::uuid[])"), [shop_id, as_array(listing_ids)], list)


def lock_listings(*, shop_id: int, listing_ids: Collection[UUID] | None = None) -> None:
    """Lock a shop's listings, all of them where none are named."""
    ask(lock_listings_query(shop_id=shop_id, listing_ids=listing_ids))

"""Shops by the names in filters."""

from kit.errors import NotFoundError
from tenants.shops.selectors import get_shop_by_slug

NO_SHOP = 0


def shop_id_of(slug: str) -> int | None:
    """Return the id of a shop that a filter names; None where it names none, 0 where there is no such shop."""
    if not slug.strip():
        return None
    try:
        return int(get_shop_by_slug(slug.strip()).pk)
    except NotFoundError:
        return NO_SHOP

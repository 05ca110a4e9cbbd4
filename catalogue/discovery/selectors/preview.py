"""A shop as buyers will see it once it is open, for its own staff."""

from psycopg import sql

from catalogue.discovery.selectors.cards import CARD_COLUMNS, ListingCard, card_of
from catalogue.discovery.selectors.shops import ShopPage, page_of
from kit.db.sql import fetch_all
from tenants.models import Shop

MOST = 24

# Listings that are published and, while the shop is closed, hidden.
PUBLISHED = sql.SQL("""
SELECT {columns} FROM discovery_listing l JOIN tenants_shop s ON s.id = l.shop_id
 WHERE l.shop_id = %s AND l.is_published ORDER BY l.created_at DESC, l.id LIMIT {most}
""").format(columns=sql.SQL(CARD_COLUMNS), most=sql.Literal(MOST))


def preview_shop(*, shop: Shop) -> tuple[ShopPage, list[ListingCard]]:
    """Return a shop's profile and its newest products on sale, in any status of the shop."""
    cards = [card_of(row) for row in fetch_all(PUBLISHED, [shop.pk])]
    return page_of(shop, listing_count=len(cards)), cards

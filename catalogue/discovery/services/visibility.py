"""Show and hide a shop's listings when its status changes."""

from datetime import datetime

from django.db import transaction
from psycopg import sql

from catalogue.discovery.models import Listing
from catalogue.discovery.selectors.locks import lock_listings
from catalogue.discovery.services.projection import rebuild_shop, refresh_stock
from catalogue.discovery.services.versions import bump_shop, bump_shop_names
from catalogue.events import StockChanged
from kit.db.sql import execute
from tenants.events import ShopChanged
from tenants.life.hooks import StatusChange
from tenants.models import ShopStatus
from tenants.shops.locks import lock_shop_state

SET_VISIBILITY = sql.SQL("""
UPDATE discovery_listing SET is_visible = is_published AND %(is_visible)s
 WHERE shop_id = %(shop_id)s AND is_visible <> (is_published AND %(is_visible)s)
""")


def set_shop_visibility(*, shop_id: int, is_visible: bool) -> None:
    """Show a shop's published listings, or hide all of them."""
    with transaction.atomic():
        lock_shop_state(shop_id=shop_id)
        lock_listings(shop_id=shop_id)
        execute(SET_VISIBILITY, {"shop_id": shop_id, "is_visible": is_visible})
        bump_shop(shop_id)


def follow_status(change: StatusChange) -> None:
    """Show or hide a shop's listings in the transaction that changes its status; a deleted shop's are deleted."""
    bump_shop_names()
    if change.shop.status == ShopStatus.DELETED:
        Listing.objects.filter(shop_id=change.shop.pk).delete()
        bump_shop(change.shop.pk)
    else:
        set_shop_visibility(shop_id=change.shop.pk, is_visible=change.shop.status == ShopStatus.LIVE)


def follow_shop(changed: ShopChanged, _now: datetime) -> None:
    """Follow a shop's status, name and currency."""
    rebuild_shop(shop_id=changed.shop_id)
    bump_shop_names()


def follow_stock(changed: StockChanged, _now: datetime) -> None:
    """Follow stock that orders took or gave back."""
    refresh_stock(shop_id=changed.shop_id, variant_ids=changed.variant_ids)

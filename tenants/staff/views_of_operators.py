"""Operators who look at a shop as its staff see it: for half an hour, and without changing anything.

The permission is in Redis alone: while Redis is down, there is none. Why an operator looks is in their audit log.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

VIEW_DURATION = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ShopView:
    """A permission of an operator to look at a shop."""

    shop_id: int
    user_id: int
    reason: str
    until: datetime


def allow_view(*, shop_id: int, user_id: int, reason: str, now: datetime) -> ShopView:
    """Let an operator look at a shop from now on; what was allowed before is replaced."""
    view = ShopView(shop_id, user_id, reason, now + VIEW_DURATION)
    cache.set(_key(shop_id, user_id), asdict(view), VIEW_DURATION.total_seconds())
    return view


def find_view(*, shop_id: int, user_id: int, now: datetime) -> ShopView | None:
    """Return an operator's permission to look at a shop, while it lasts."""
    kept = cache.get(_key(shop_id, user_id))
    view = ShopView(**kept) if kept else None
    return view if view is not None and now < view.until else None


def end_view(*, shop_id: int, user_id: int) -> None:
    """Take an operator's permission back."""
    cache.delete(_key(shop_id, user_id))


def _key(shop_id: int, user_id: int) -> str:
    return f"shop-view:{shop_id}:{user_id}"

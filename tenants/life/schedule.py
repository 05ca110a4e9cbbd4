"""Scheduled changes of shops: holidays end, closures begin and end, owners are notified of a deletion."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from kit.work.rounds import each_by_itself
from tenants.life.closing import SETTLING, STOPPABLE, finish_closing, start_closing
from tenants.life.notices import DELETION_NOTICE, announce_deletion
from tenants.life.transitions import end_holiday, market_day
from tenants.models import Shop, ShopStatus

PLANNED = gettext_noop("Planned for this day.")


def follow_the_calendar(*, now: datetime) -> int:
    """Make all changes that are due, each shop in its own transaction; return the number of shops."""
    shops = Shop.objects.order_by("pk")
    back = shops.filter(status=ShopStatus.HOLIDAY, returns_on__lte=market_day(now))
    stopping = shops.filter(status__in=STOPPABLE, closes_at__lte=now)
    closing = shops.filter(status=ShopStatus.CLOSING, status_at__lte=now - SETTLING)
    leaving = shops.filter(status=ShopStatus.CLOSED, delete_after__gt=now, delete_after__lte=now + DELETION_NOTICE)
    return (
        _each(back, lambda pk: end_holiday(shop_id=pk, actor_id=None, now=now))
        + _each(stopping, lambda pk: start_closing(shop_id=pk, actor_id=None, reason=PLANNED, now=now))
        + _each(closing, lambda pk: finish_closing(shop_id=pk, now=now))
        + _each(leaving, lambda pk: announce_deletion(shop_id=pk, now=now))
    )


def _each(shops: "QuerySet[Shop]", act: Callable[[int], object]) -> int:
    """Act on each; shops that have changed meanwhile wait for the next run."""
    return each_by_itself(list(shops.values_list("pk", flat=True)), act, name="Shop")

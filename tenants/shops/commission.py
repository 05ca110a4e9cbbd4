"""Changing a shop's commission: the rate that is frozen on each order when it is placed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from kit.errors import InvalidInputError
from kit.text.numbers import percentage
from kit.web.versions import Seen, check_version, version_of
from tenants.models import Shop, ShopEventKind
from tenants.shops.addresses import shop_url
from tenants.shops.audit_trail import record_event
from tenants.shops.owner_notices import Notice, send_to_owners
from tenants.shops.profile import forget_hosts
from tenants.shops.selectors import facts_of, lock_shop

ALL_BPS = 10_000


def commission_version(shop: Shop) -> str:
    """Return the version of a shop's commission."""
    return version_of({"commission_bps": shop.commission_bps})


def change_commission(
    *, shop_id: int, commission_bps: int | None, actor_id: int | None, now: datetime, seen: Seen = None
) -> Shop:
    """Set a shop's own commission, or reset it to the market's rate, and tell the owners.

    It holds for orders that are placed from now on; those that were placed before keep their rate. What stays as it is
    is no change, and no owner is told of it.

    Args:
        commission_bps: in basis points of the items; None for the market's rate.
        seen: the `commission_version` that the change was made from.

    Raises:
        ShopNotFoundError: there is no such shop.
        InvalidInputError: the rate is negative, or more than all.
        ChangedMeanwhileError: it was changed meanwhile; nothing is written.
    """
    _check_rate(commission_bps)
    with transaction.atomic():
        before = lock_shop(shop_id=shop_id)
        check_version(seen=seen, current=commission_version(before))
        if before.commission_bps == commission_bps:
            return before
        Shop.objects.filter(pk=shop_id).update(commission_bps=commission_bps)
        forget_hosts(shop_id=before.pk, slug=before.slug)
        shop = Shop.objects.get(pk=shop_id)
        old, new = facts_of(before).commission_bps, facts_of(shop).commission_bps
        record_event(
            shop_id=shop_id,
            actor_id=actor_id,
            kind=ShopEventKind.COMMISSION_CHANGED,
            subject=f"{old} → {new}",
            details={"before": old, "after": new},
            now=now,
        )
        if old != new:
            _tell_owners(shop, old, now)
    return shop


def _check_rate(commission_bps: int | None) -> None:
    if commission_bps is not None and not 0 <= commission_bps <= ALL_BPS:
        message = gettext("Give a commission from 0 to 100 %.")
        raise InvalidInputError(message, details={"commission_bps": [message]})


def _tell_owners(shop: Shop, before_bps: int, now: datetime) -> None:
    after_bps = facts_of(shop).commission_bps

    def notice() -> Notice:
        title = gettext("The commission of %(shop)s is %(rate)s %% from now on") % {
            "shop": shop.name,
            "rate": percentage(after_bps),
        }
        body = gettext(
            "It was %(rate)s %%. The new rate applies to orders from %(moment)s on; earlier orders keep their rate."
        )
        moment = date_format(timezone.localtime(now), "j F Y, H:i T")
        return Notice(title, body % {"rate": percentage(before_bps), "moment": moment})

    send_to_owners(
        shop,
        notice,
        kind="shop.commission",
        url=shop_url(shop, "/dashboard/balance/"),
        action=gettext_lazy("See your balance"),
        key=f"commission-{now:%Y%m%d%H%M%S%f}",
        now=now,
    )

"""Notices to a shop's owners about its status, on the site and by e-mail."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from kit.sentences.stored import in_words
from kit.text.sentences import as_sentence
from kit.web.hosts import platform_url
from tenants.life.hooks import StatusChange
from tenants.models import Shop, ShopStatus
from tenants.shops.addresses import shop_url
from tenants.shops.owner_notices import Notice, send_to_owners
from tenants.shops.selectors import get_shop

DELETION_NOTICE = timedelta(days=14)

_TITLES = {
    ShopStatus.SUSPENDED: gettext_lazy("%(shop)s is suspended"),
    ShopStatus.CLOSING: gettext_lazy("%(shop)s is closing"),
    ShopStatus.CLOSED: gettext_lazy("%(shop)s is closed"),
    ShopStatus.DELETED: gettext_lazy("%(shop)s is deleted"),
}


def tell_owners(change: StatusChange) -> None:
    """Notify owners of a change that others may have made."""
    key = f"{change.before}-{change.shop.status}-{change.now:%Y%m%d%H%M%S%f}"
    _send(change.shop, lambda: _notice(change), key=key, now=change.now)


def announce_deletion(*, shop_id: int, now: datetime) -> None:
    """Notify owners of the day on which the data of their closed shop is deleted; once for each date."""
    with transaction.atomic():
        shop = get_shop(shop_id=shop_id)
        if shop.status == ShopStatus.CLOSED and shop.delete_after is not None:
            _send(shop, lambda: _coming_deletion(shop), key=f"deletion-{shop.delete_after:%Y%m%d}", now=now)


def _notice(change: StatusChange) -> Notice | None:
    shop = change.shop
    if shop.status == change.before:
        return _planned(shop, in_words(change.reason))
    if title := _TITLES.get(ShopStatus(shop.status)):
        return Notice(title % {"shop": shop.name}, _end(shop, as_sentence(in_words(change.reason))).strip())
    if change.before == ShopStatus.SUSPENDED:
        return Notice(
            (gettext("%(shop)s is no longer suspended") % {"shop": shop.name}),
            (gettext("It is %(status)s again.") % {"status": shop.get_status_display().lower()}),
        )
    if change.before == ShopStatus.HOLIDAY:
        return Notice(
            (gettext("%(shop)s is back from its holiday") % {"shop": shop.name}),
            gettext("Buyers can order from it again."),
        )
    return None


def _end(shop: Shop, reason: str) -> str:
    if shop.status == ShopStatus.SUSPENDED:
        rest = gettext("Buyers can't find or order from it. Finish the orders that you have; payouts are held.")
        return f"{reason} {rest}"
    if shop.status == ShopStatus.CLOSING:
        text = gettext("It takes no new orders. It closes once those it has are finished.")
        return f"{text} {reason}"
    if shop.status == ShopStatus.DELETED:
        return gettext("Its products, orders and pictures are gone. Buyers keep their orders.")
    text = gettext("You can read and export everything, or reopen the shop.")
    if shop.delete_after:
        day = _day(shop.delete_after)
        text = gettext("You can read and export everything, or reopen the shop until %(day)s.") % {"day": day}
    return f"{text} {reason}"


def _coming_deletion(shop: Shop) -> Notice | None:
    if shop.delete_after is None:
        return None
    return Notice(
        gettext("%(shop)s will be deleted on %(day)s") % {"shop": shop.name, "day": _day(shop.delete_after)},
        gettext("Its products, orders and pictures go then, for good. Export what you need, or reopen the shop."),
    )


def _planned(shop: Shop, reason: str) -> Notice:
    if shop.closes_at is None:
        title = gettext("%(shop)s stays open") % {"shop": shop.name}
        return Notice(title, gettext("The closure that was planned is taken back."))
    title = gettext("%(shop)s will close on %(day)s") % {"shop": shop.name, "day": _day(shop.closes_at)}
    return Notice(title, f"{gettext('From then on it takes no new orders.')} {as_sentence(reason)}".strip())


def _send(shop: Shop, write: Callable[[], Notice | None], *, key: str, now: datetime) -> None:
    is_there = shop.status != ShopStatus.DELETED
    send_to_owners(
        shop,
        write,
        kind="shop.status",
        url=shop_url(shop, "/dashboard/settings/status/") if is_there else platform_url("/"),
        action=gettext_lazy("See the shop’s status") if is_there else gettext_lazy("Go to the market"),
        key=key,
        now=now,
    )


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")

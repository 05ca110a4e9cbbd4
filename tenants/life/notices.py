"""Notices to a shop's owners about its status, on the site and by e-mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from kit.web.hosts import platform_url
from notifications.services import notify, queue_email
from tenants.life.hooks import StatusChange
from tenants.models import Role, Shop, ShopStatus
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import get_shop, members_of

DELETION_NOTICE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Notice:
    """Text of a notice to owners."""

    title: str
    body: str


_ENDS = {
    ShopStatus.SUSPENDED: Notice(
        "{name} is suspended",
        "{reason} Buyers can't find or order from it. Finish the orders that you have; payouts are held.",
    ),
    ShopStatus.CLOSING: Notice(
        "{name} is closing", "It takes no new orders. It closes once those it has are finished. {reason}"
    ),
    ShopStatus.CLOSED: Notice(
        "{name} is closed", "You can read and export everything, or reopen the shop{until}. {reason}"
    ),
    ShopStatus.DELETED: Notice(
        "{name} is deleted", "Its products, orders and pictures are gone. Buyers keep their orders."
    ),
}


def tell_owners(change: StatusChange) -> None:
    """Notify owners of a change that others may have made."""
    notice = _notice(change)
    if notice is not None:
        _send(
            change.shop, notice, key=f"{change.before}-{change.shop.status}-{change.now:%Y%m%d%H%M%S%f}", now=change.now
        )


def as_sentence(text: str) -> str:
    """Return an entered text with a full stop at its end, unless it is empty."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def announce_deletion(*, shop_id: int, now: datetime) -> None:
    """Notify owners of the day on which the data of their closed shop is deleted; once for each date."""
    with transaction.atomic():
        shop = get_shop(shop_id=shop_id)
        if shop.status == ShopStatus.CLOSED and shop.delete_after is not None:
            day = _day(shop.delete_after)
            notice = Notice(
                f"{shop.name} will be deleted on {day}",
                "Its products, orders and pictures go then, for good. Export what you need, or reopen the shop.",
            )
            _send(shop, notice, key=f"deletion-{shop.delete_after:%Y%m%d}", now=now)


def _notice(change: StatusChange) -> Notice | None:
    shop = change.shop
    if shop.status == change.before:
        return _planned(shop, change.reason)
    if told := _ENDS.get(ShopStatus(shop.status)):
        until = f" until {_day(shop.delete_after)}" if shop.delete_after else ""
        body = told.body.format(reason=as_sentence(change.reason), until=until)
        return Notice(told.title.format(name=shop.name), body.strip())
    if change.before == ShopStatus.SUSPENDED:
        return Notice(f"{shop.name} is no longer suspended", f"It is {shop.get_status_display().lower()} again.")
    if change.before == ShopStatus.HOLIDAY:
        return Notice(f"{shop.name} is back from its holiday", "Buyers can order from it again.")
    return None


def _planned(shop: Shop, reason: str) -> Notice:
    if shop.closes_at is None:
        return Notice(f"{shop.name} stays open", "The closure that was planned is taken back.")
    why = f" {as_sentence(reason)}" if reason else ""
    return Notice(f"{shop.name} will close on {_day(shop.closes_at)}", f"From then on it takes no new orders.{why}")


def _send(shop: Shop, notice: Notice, *, key: str, now: datetime) -> None:
    is_there = shop.status != ShopStatus.DELETED
    url = shop_url(shop, "/dashboard/settings/status/") if is_there else platform_url("/")
    action = "See the shop’s status" if is_there else "Go to the market"
    for member in members_of(shop_id=shop.pk):
        if member.role != Role.OWNER:
            continue
        dedup_key = f"shop-{shop.pk}-{key}-{member.user_id}"
        notify(
            user_id=member.user_id,
            kind="shop.status",
            title=notice.title,
            body=notice.body,
            url=url,
            dedup_key=dedup_key,
            now=now,
        )
        context = {"title": notice.title, "body": notice.body, "shop": shop, "link": url, "action": action}
        queue_email(to=member.user.email, template="shop_status", context=context, dedup_key=dedup_key, now=now)


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")

"""A notice for staff of a shop that is not simply live; closing a shop for good."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from checkout.orders.shop_lifecycle import count_open_parts
from kit.errors import Fault, InvalidInputError
from kit.sentences.stored import in_words
from kit.text.numbers import grouped
from kit.text.sentences import as_sentence
from tenants.life.closing import schedule_closure, start_closing
from tenants.models import Shop, ShopStatus


@dataclass(frozen=True, slots=True)
class StatusNotice:
    """Notice on every page of the dashboard while a shop is not simply live."""

    tone: str
    title: str
    text: str


def status_notice(shop: Shop) -> StatusNotice | None:
    """Return the notice on the shop's status for its staff; None for a live shop without a coming change."""
    say = _NOTICES.get(ShopStatus(shop.status))
    if say is not None:
        return say(shop)
    if shop.closes_at is not None:
        day = _day(timezone.localdate(shop.closes_at))
        return StatusNotice(
            "warning",
            gettext("Closing on %(day)s") % {"day": day},
            gettext("From then on your shop takes no new orders."),
        )
    return None


def close_own_shop(
    *, shop: Shop, typed_name: str, closes_on: date | None, reason: str, actor_id: int, now: datetime
) -> Shop:
    """Begin to close a shop for good, at once or at the start of a day to come.

    Raises:
        InvalidInputError: the name is not the shop's, or the day is not to come.
        ShopStatusError: it is closing or closed already.
    """
    if " ".join(typed_name.split()).casefold() != " ".join(shop.name.split()).casefold():
        raise InvalidInputError(
            details={
                "shop_name": [
                    Fault(gettext("Type the shop’s name as it is: %(shop)s.") % {"shop": shop.name}, "not_confirmed")
                ]
            }
        )
    with transaction.atomic():
        if closes_on is None:
            return start_closing(shop_id=shop.pk, actor_id=actor_id, reason=reason, now=now)
        closes_at = start_of(closes_on)
        try:
            return schedule_closure(shop_id=shop.pk, closes_at=closes_at, actor_id=actor_id, reason=reason, now=now)
        except InvalidInputError as error:
            message = gettext("Choose a day to come, within a year; or leave it empty to close now.")
            details = {"closes_on": [Fault(message, "not_in_time")]}
            raise InvalidInputError(error.message, details=details) from error


def _draft(_shop: Shop) -> StatusNotice:
    return StatusNotice("info", gettext("Draft"), gettext("Buyers can’t see your shop yet. Open it once it is ready."))


def _on_holiday(shop: Shop) -> StatusNotice:
    if not shop.returns_on:
        text = gettext("Buyers see your shop and can’t order from it until you say that you are back.")
        return StatusNotice("warning", gettext("On holiday"), text)
    title = gettext("On holiday, back on %(day)s") % {"day": _day(shop.returns_on)}
    return StatusNotice("warning", title, gettext("Buyers see your shop and can’t order from it until then."))


def _suspended(shop: Shop) -> StatusNotice:
    text = gettext("You can finish the orders that you have. Products can’t be changed, and payouts are held.")
    return StatusNotice("error", gettext("Suspended"), f"{as_sentence(in_words(shop.status_note))} {text}".strip())


def _closed(shop: Shop) -> StatusNotice:
    text = gettext("You can read and export everything. It is deleted later on.")
    if shop.delete_after:
        day = _day(timezone.localdate(shop.delete_after))
        text = gettext("You can read and export everything. It is deleted on %(day)s.") % {"day": day}
    return StatusNotice("warning", gettext("Closed"), text)


_NOTICES: dict[ShopStatus, Callable[[Shop], StatusNotice]] = {
    ShopStatus.DRAFT: _draft,
    ShopStatus.HOLIDAY: _on_holiday,
    ShopStatus.SUSPENDED: _suspended,
    ShopStatus.CLOSING: lambda shop: StatusNotice(
        "warning", gettext("Closing"), _left(count_open_parts(shop_id=shop.pk))
    ),
    ShopStatus.CLOSED: _closed,
}


def start_of(day: date) -> datetime:
    """Return the start of a day in the market's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _left(count: int) -> str:
    if not count:
        return gettext("No order is left to finish: the shop closes within minutes.")
    words = ngettext(
        "No new orders come in. %(count)s order is left to finish; then the shop closes.",
        "No new orders come in. %(count)s orders are left to finish; then the shop closes.",
        count,
    )
    return words % {"count": grouped(count)}


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""

"""A notice for staff of a shop that is not simply live; closing a shop for good."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from checkout.orders.shop_lifecycle import count_open_parts
from kit.errors import InvalidInputError
from tenants.life.closing import schedule_closure, start_closing
from tenants.life.notices import as_sentence
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
        return StatusNotice("warning", f"Closing on {day}", "From then on your shop takes no new orders.")
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
        raise InvalidInputError(details={"shop_name": [f"Type the shop’s name as it is: {shop.name}."]})
    with transaction.atomic():
        if closes_on is None:
            return start_closing(shop_id=shop.pk, actor_id=actor_id, reason=reason, now=now)
        closes_at = start_of(closes_on)
        try:
            return schedule_closure(shop_id=shop.pk, closes_at=closes_at, actor_id=actor_id, reason=reason, now=now)
        except InvalidInputError as error:
            details = {"closes_on": ["Choose a day to come, within a year; or leave it empty to close now."]}
            raise InvalidInputError(error.message, details=details) from error


def _draft(_shop: Shop) -> StatusNotice:
    return StatusNotice("info", "Draft", "Buyers can’t see your shop yet. Open it once it is ready.")


def _on_holiday(shop: Shop) -> StatusNotice:
    back = f", back on {_day(shop.returns_on)}" if shop.returns_on else ""
    until = "until then" if back else "until you say that you are back"
    return StatusNotice("warning", f"On holiday{back}", f"Buyers see your shop and can’t order from it {until}.")


def _suspended(shop: Shop) -> StatusNotice:
    text = "You can finish the orders that you have. Products can’t be changed, and payouts are held."
    return StatusNotice("error", "Suspended", f"{as_sentence(shop.status_note)} {text}".strip())


def _closed(shop: Shop) -> StatusNotice:
    until = f" on {_day(timezone.localdate(shop.delete_after))}" if shop.delete_after else " later on"
    return StatusNotice("warning", "Closed", f"You can read and export everything. It is deleted{until}.")


_NOTICES: dict[ShopStatus, Callable[[Shop], StatusNotice]] = {
    ShopStatus.DRAFT: _draft,
    ShopStatus.HOLIDAY: _on_holiday,
    ShopStatus.SUSPENDED: _suspended,
    ShopStatus.CLOSING: lambda shop: StatusNotice("warning", "Closing", _left(count_open_parts(shop_id=shop.pk))),
    ShopStatus.CLOSED: _closed,
}


def start_of(day: date) -> datetime:
    """Return the start of a day in the market's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _left(count: int) -> str:
    if not count:
        return "No order is left to finish: the shop closes within minutes."
    orders = "1 order is" if count == 1 else f"{count} orders are"
    return f"No new orders come in. {orders} left to finish; then the shop closes."


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""

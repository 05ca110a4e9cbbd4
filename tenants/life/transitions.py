"""Opening a shop, its holidays, and its suspension by the platform."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from kit.errors import Fault, InvalidInputError
from tenants.errors import ShopStatusError
from tenants.life.status_changes import NOTE_LENGTH, move
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import lock_shop

REASON_MISSING = gettext_lazy("Say why: the shop's staff read it.")
LONGEST_HOLIDAY_DAYS = 365


def open_shop(*, shop_id: int, actor_id: int | None, now: datetime) -> Shop:
    """Let a shop sell for the first time.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not a draft.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status != ShopStatus.DRAFT:
            raise ShopStatusError(
                gettext("Only a draft can be opened; this shop is %(status)s.")
                % {"status": shop.get_status_display().lower()}
            )
        return move(shop, to=ShopStatus.LIVE, closes_at=shop.closes_at, actor_id=actor_id, now=now)


def start_holiday(
    *, shop_id: int, actor_id: int | None, now: datetime, note: str = "", returns_on: date | None = None
) -> Shop:
    """Pause a shop's sales: buyers still find its page and products, and the date of its return.

    Args:
        note: text for buyers.
        returns_on: the day on which it sells again by itself, in the market's time zone; None for no date.

    Raises:
        ShopNotFoundError: there is no such shop.
        InvalidInputError: the day is not after today, or a year and more away, or the note is too long.
        ShopStatusError: it does not sell now.
    """
    check_return(returns_on, now=now)
    if len(note.strip()) > NOTE_LENGTH:
        raise InvalidInputError(
            details={"note": [(gettext("At most %(note_length)s characters.") % {"note_length": NOTE_LENGTH})]}
        )
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status != ShopStatus.LIVE:
            raise ShopStatusError(
                gettext("Only a live shop can go on holiday; this one is %(label)s.") % {"label": _label(shop)}
            )
        return move(
            shop,
            to=ShopStatus.HOLIDAY,
            returns_on=returns_on,
            closes_at=shop.closes_at,
            actor_id=actor_id,
            reason=note,
            now=now,
        )


def end_holiday(*, shop_id: int, actor_id: int | None, now: datetime) -> Shop:
    """Let a shop sell again after a holiday.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not on holiday.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status != ShopStatus.HOLIDAY:
            raise ShopStatusError(gettext("This shop is not on holiday, it is %(label)s.") % {"label": _label(shop)})
        return move(shop, to=ShopStatus.LIVE, closes_at=shop.closes_at, actor_id=actor_id, now=now)


def suspend_shop(*, shop_id: int, actor_id: int | None, reason: str, now: datetime) -> Shop:
    """Suspend a shop at once; placed orders are kept, and its staff keep access.

    Raises:
        ShopNotFoundError: there is no such shop.
        InvalidInputError: no reason was given.
        ShopStatusError: it is suspended already, or closed.
    """
    if not reason.strip():
        raise InvalidInputError(details={"reason": [REASON_MISSING]})
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        return move(
            shop,
            to=ShopStatus.SUSPENDED,
            status_before=shop.status,
            returns_on=shop.returns_on,
            closes_at=shop.closes_at,
            actor_id=actor_id,
            reason=reason,
            now=now,
        )


def restore_shop(*, shop_id: int, actor_id: int | None, reason: str, now: datetime) -> Shop:
    """Give a suspended shop the status back that it had; a holiday that is over meanwhile has ended.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not suspended.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status != ShopStatus.SUSPENDED:
            raise ShopStatusError(gettext("This shop is not suspended, it is %(label)s.") % {"label": _label(shop)})
        to = ShopStatus(shop.status_before or ShopStatus.DRAFT)
        returns_on = shop.returns_on if to == ShopStatus.HOLIDAY else None
        if returns_on is not None and returns_on <= market_day(now):
            to, returns_on = ShopStatus.LIVE, None
        closes_at = None if to == ShopStatus.CLOSING else shop.closes_at
        return move(shop, to=to, returns_on=returns_on, closes_at=closes_at, actor_id=actor_id, reason=reason, now=now)


def market_day(now: datetime) -> date:
    """Return the day in the market's time zone."""
    return timezone.localdate(now)


def check_return(returns_on: date | None, *, now: datetime) -> None:
    """Refuse a day that no holiday ends on.

    Raises:
        InvalidInputError: it is not after today, or a year and more away.
    """
    if returns_on is None:
        return
    days = (returns_on - market_day(now)).days
    if days < 1:
        raise InvalidInputError(details={"returns_on": [Fault(gettext("Choose a day after today."), "not_in_time")]})
    if days > LONGEST_HOLIDAY_DAYS:
        raise InvalidInputError(
            details={"returns_on": [Fault(gettext("Choose a day within a year, or leave it empty."), "not_in_time")]}
        )


def _label(shop: Shop) -> str:
    return str(shop.get_status_display()).lower()

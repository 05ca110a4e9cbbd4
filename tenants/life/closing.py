"""Closing a shop: planned, begun, taken back, finished, reopened."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from kit.errors import Fault, InvalidInputError
from tenants.errors import ShopBusyError, ShopStatusError
from tenants.life.hooks import Stage, obstacles_to
from tenants.life.lifecycle import RUNNING
from tenants.life.status_changes import move, write
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import lock_shop

# A checkout that read the shop's status just before it began to close has ended long before that (its locks
# wait seconds): an order placed at the last moment is never left in a closed shop.
SETTLING = timedelta(minutes=5)
LATEST_DAYS = 365
STOPPABLE = RUNNING | {ShopStatus.SUSPENDED}


def schedule_closure(*, shop_id: int, closes_at: datetime, actor_id: int | None, reason: str, now: datetime) -> Shop:
    """Have a shop begin to close at a moment to come; until then nothing else changes.

    Raises:
        ShopNotFoundError: there is no such shop.
        InvalidInputError: the moment is not to come, or a year and more away.
        ShopStatusError: it is closing or closed already.
    """
    if not now < closes_at <= now + timedelta(days=LATEST_DAYS):
        fault = Fault(gettext("Choose a moment to come, within a year."), "not_in_time")
        raise InvalidInputError(details={"closes_at": [fault]})
    with transaction.atomic():
        shop = _lock_stoppable(shop_id)
        changes = {"closes_at": closes_at}
        return write(shop, before=shop.status, changes=changes, actor_id=actor_id, reason=reason, now=now)


def start_closing(*, shop_id: int, actor_id: int | None, reason: str, now: datetime) -> Shop:
    """Stop a shop's sales for good; what was ordered is finished.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is closing or closed already.
    """
    with transaction.atomic():
        shop = _lock_stoppable(shop_id)
        before = shop.status_before if shop.status == ShopStatus.SUSPENDED else shop.status
        back = before if before in {ShopStatus.DRAFT, ShopStatus.LIVE} else ShopStatus.LIVE.value
        return move(shop, to=ShopStatus.CLOSING, status_before=back, actor_id=actor_id, reason=reason, now=now)


def cancel_closing(*, shop_id: int, actor_id: int | None, reason: str = "", now: datetime) -> Shop:
    """Take back a closure that is planned, or one that has begun: the shop sells again.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: no closure is planned, or it is finished.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status == ShopStatus.CLOSING:
            to = ShopStatus.DRAFT if shop.status_before == ShopStatus.DRAFT else ShopStatus.LIVE
            return move(shop, to=to, actor_id=actor_id, reason=reason, now=now)
        if shop.closes_at is None:
            raise ShopStatusError(gettext("No closure of this shop is planned."))
        changes = {"closes_at": None}
        return write(shop, before=shop.status, changes=changes, actor_id=actor_id, reason=reason, now=now)


def finish_closing(*, shop_id: int, actor_id: int | None = None, reason: str = "", now: datetime) -> Shop:
    """Turn a shop whose orders are finished into an archive that can be read, and deleted later on.

    A balance does not hinder it: what the shop is owed is paid out afterwards. It does hinder the deletion.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not closing.
        ShopBusyError: orders are open, or it began to close a moment ago.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status != ShopStatus.CLOSING:
            raise ShopStatusError(
                gettext("This shop is not closing, it is %(status)s.") % {"status": shop.get_status_display().lower()}
            )
        if now < shop.status_at + SETTLING:
            raise ShopBusyError(gettext("This shop began to close a moment ago; orders may still come in."))
        if left := obstacles_to(Stage.CLOSED, shop):
            raise ShopBusyError(" ".join(left), details={"left": left})
        delete_after = now + timedelta(days=settings.SHOP_RETENTION_DAYS)
        return move(shop, to=ShopStatus.CLOSED, delete_after=delete_after, actor_id=actor_id, reason=reason, now=now)


def reopen_shop(*, shop_id: int, actor_id: int | None, reason: str = "", now: datetime, as_draft: bool = True) -> Shop:
    """Bring a closed shop back with all that it had.

    Args:
        as_draft: it is looked over before it sells again, rather than selling at once.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not closed, or deleted already.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status != ShopStatus.CLOSED:
            raise ShopStatusError(
                gettext("Only a closed shop can be reopened; this one is %(status)s.")
                % {"status": shop.get_status_display().lower()}
            )
        to = ShopStatus.DRAFT if as_draft else ShopStatus.LIVE
        return move(shop, to=to, actor_id=actor_id, reason=reason, now=now)


def _lock_stoppable(shop_id: int) -> Shop:
    shop = lock_shop(shop_id=shop_id)
    if shop.status not in STOPPABLE:
        raise ShopStatusError(
            gettext("This shop is %(status)s already.") % {"status": shop.get_status_display().lower()}
        )
    return shop

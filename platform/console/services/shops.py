"""Actions of operators on a shop's lifecycle, each with a reason and an entry in the audit log."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.audit_values import times_in
from console.errors import ReasonMissingError
from console.services.audit_log import record
from tenants.life import closing
from tenants.life import transitions as lifecycle
from tenants.models import Shop
from tenants.shops.selectors import lock_shop

SHOP_SUSPENDED = AuditAction(
    "shop.suspended",
    gettext_lazy("Shop suspended"),
    gettext_lazy("%(who)s suspended the shop %(subject)s."),
)
SHOP_RESTORED = AuditAction(
    "shop.restored",
    gettext_lazy("Shop restored"),
    gettext_lazy("%(who)s restored the shop %(subject)s."),
)
SHOP_CLOSURE_PLANNED = AuditAction(
    "shop.closure_planned",
    gettext_lazy("Shop's closure planned"),
    gettext_lazy("%(who)s planned to close the shop %(subject)s on %(closes_at)s."),
    times_in,
)
SHOP_CLOSURE_CANCELLED = AuditAction(
    "shop.closure_cancelled",
    gettext_lazy("Shop's closure taken back"),
    gettext_lazy("%(who)s cancelled the closure of the shop %(subject)s."),
)
SHOP_CLOSING = AuditAction(
    "shop.closing",
    gettext_lazy("Shop closing"),
    gettext_lazy("%(who)s began to close the shop %(subject)s."),
)
SHOP_REOPENED = AuditAction(
    "shop.reopened",
    gettext_lazy("Shop reopened"),
    gettext_lazy("%(who)s reopened the shop %(subject)s."),
)

Act = Callable[..., Shop]


def subject_of(shop: Shop) -> str:
    """Name a shop in the audit log."""
    return f"shop:{shop.slug}"


def suspend_shop(*, shop_id: int, actor_id: int, reason: str, now: datetime) -> Shop:
    """Take a shop out of the market; its orders, balance and staff's access stay.

    Raises:
        ReasonMissingError: no reason was given.
        ShopStatusError: the shop is suspended already, or closed.
    """
    return _act(lifecycle.suspend_shop, SHOP_SUSPENDED, shop_id=shop_id, actor_id=actor_id, reason=reason, now=now)


def restore_shop(*, shop_id: int, actor_id: int, reason: str, now: datetime) -> Shop:
    """Give a suspended shop the status back that it had.

    Raises:
        ReasonMissingError: no reason was given.
        ShopStatusError: the shop is not suspended.
    """
    return _act(lifecycle.restore_shop, SHOP_RESTORED, shop_id=shop_id, actor_id=actor_id, reason=reason, now=now)


def close_shop(*, shop_id: int, actor_id: int, reason: str, now: datetime, closes_at: datetime | None = None) -> Shop:
    """Begin to close a shop, at once or at a moment to come.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError: the moment is not to come, or a year and more away.
        ShopStatusError: the shop is closing or closed already.
    """
    if closes_at is None:
        return _act(closing.start_closing, SHOP_CLOSING, shop_id=shop_id, actor_id=actor_id, reason=reason, now=now)
    act = partial(closing.schedule_closure, closes_at=closes_at)
    return _act(act, SHOP_CLOSURE_PLANNED, shop_id=shop_id, actor_id=actor_id, reason=reason, now=now)


def cancel_closing(*, shop_id: int, actor_id: int, reason: str, now: datetime) -> Shop:
    """Take back a closure that is planned or has begun.

    Raises:
        ReasonMissingError: no reason was given.
        ShopStatusError: there is none to take back.
    """
    return _act(
        closing.cancel_closing,
        SHOP_CLOSURE_CANCELLED,
        shop_id=shop_id,
        actor_id=actor_id,
        reason=reason,
        now=now,
    )


def reopen_shop(*, shop_id: int, actor_id: int, reason: str, now: datetime) -> Shop:
    """Bring a closed shop back as a draft, for its owner to open.

    Raises:
        ReasonMissingError: no reason was given.
        ShopStatusError: the shop is not closed, or its data is deleted.
    """
    return _act(closing.reopen_shop, SHOP_REOPENED, shop_id=shop_id, actor_id=actor_id, reason=reason, now=now)


def _act(act: Act, action: AuditAction, *, shop_id: int, actor_id: int, reason: str, now: datetime) -> Shop:
    """Run an action and write the log in one transaction; the shop is locked first, so that `before` is true."""
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        before = lock_shop(shop_id=shop_id).status
        shop = act(shop_id=shop_id, actor_id=actor_id, reason=reason, now=now)
        details = {"before": before, "after": shop.status}
        if shop.closes_at is not None:
            details["closes_at"] = shop.closes_at.isoformat()
        record(actor_id=actor_id, action=action, subject=subject_of(shop), reason=reason, details=details, now=now)
    return shop

"""Suspending a shop and bringing it back."""

from datetime import datetime

from django.db import transaction

from catalogue.discovery.services.visibility import set_shop_visibility
from console.errors import ShopStatusError
from console.models import AuditAction
from console.selectors.audit_log import status_before_suspension
from console.services.audit_log import record
from tenants.models import Shop, ShopStatus
from tenants.selectors import get_shop
from tenants.services.shops import change_status

SUSPENDABLE = frozenset({ShopStatus.DRAFT, ShopStatus.LIVE, ShopStatus.HOLIDAY})


def subject_of(shop: Shop) -> str:
    """Name a shop in the audit log."""
    return f"shop:{shop.slug}"


def suspend_shop(*, shop_id: int, actor_id: int, reason: str, now: datetime) -> Shop:
    """Take a shop out of the market; its orders, balance and staff's access stay.

    Raises:
        ReasonMissingError: no reason was given.
        ShopStatusError: the shop is suspended already, or closed.
    """
    with transaction.atomic():
        shop = get_shop(shop_id=shop_id)
        if shop.status not in SUSPENDABLE:
            raise ShopStatusError
        record(
            actor_id=actor_id,
            action=AuditAction.SHOP_SUSPENDED,
            subject=subject_of(shop),
            reason=reason,
            details={"before": shop.status, "after": ShopStatus.SUSPENDED.value},
            now=now,
        )
        return _set(shop, ShopStatus.SUSPENDED, now)


def restore_shop(*, shop_id: int, actor_id: int, reason: str, now: datetime) -> Shop:
    """Give a suspended shop the status back that it had.

    Raises:
        ReasonMissingError: no reason was given.
        ShopStatusError: the shop is not suspended.
    """
    with transaction.atomic():
        shop = get_shop(shop_id=shop_id)
        if shop.status != ShopStatus.SUSPENDED:
            raise ShopStatusError
        before = ShopStatus(status_before_suspension(subject=subject_of(shop)) or ShopStatus.DRAFT)
        record(
            actor_id=actor_id,
            action=AuditAction.SHOP_RESTORED,
            subject=subject_of(shop),
            reason=reason,
            details={"before": ShopStatus.SUSPENDED.value, "after": before.value},
            now=now,
        )
        return _set(shop, before, now)


def _set(shop: Shop, status: ShopStatus, now: datetime) -> Shop:
    changed = change_status(shop_id=shop.pk, status=status, now=now)
    set_shop_visibility(shop_id=shop.pk, is_visible=status == ShopStatus.LIVE)
    return changed

"""Changing a shop's commission, with a reason and an entry in the audit log."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.audit_values import rates_in
from console.errors import ReasonMissingError
from console.services.audit_log import record
from console.services.shops import subject_of
from kit.web.versions import Seen
from tenants.models import Shop
from tenants.shops import commission
from tenants.shops.selectors import lock_shop

COMMISSION_CHANGED = AuditAction(
    "shop.commission_changed",
    gettext_lazy("Shop’s commission changed"),
    gettext_lazy("%(who)s changed the commission of the shop %(subject)s from %(before)s to %(after)s."),
    rates_in,
)


def change_commission(
    *, shop_id: int, commission_bps: int | None, actor_id: int, reason: str, now: datetime, seen: Seen = None
) -> Shop:
    """Set a shop's own commission for orders placed from now on, or reset it to the market's rate.

    The log names both rates as they are stored, empty for the market's, and the market's own. What stays isn't written.

    Raises:
        ReasonMissingError: no reason was given.
        ShopNotFoundError, InvalidInputError, ChangedMeanwhileError: as from the tenancy; nothing is changed.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        before = lock_shop(shop_id=shop_id)
        changed = commission.change_commission(
            shop_id=shop_id, commission_bps=commission_bps, actor_id=actor_id, now=now, seen=seen
        )
        if changed.commission_bps != before.commission_bps:
            record(
                actor_id=actor_id,
                action=COMMISSION_CHANGED,
                subject=subject_of(changed),
                reason=reason,
                details={
                    "before": before.commission_bps,
                    "after": changed.commission_bps,
                    "market": settings.DEFAULT_COMMISSION_BPS,
                },
                now=now,
            )
    return changed

"""Making, changing and deleting the platform's coupons, each with a reason and an entry in the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.coupons import keeping
from checkout.coupons.inputs import CouponInput
from checkout.coupons.selectors import get_coupon
from checkout.models import Coupon
from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import record
from kit.web.versions import Seen

COUPON_MADE = AuditAction(
    "coupon.made",
    gettext_lazy("Market coupon created"),
    gettext_lazy("%(who)s created the market’s coupon %(subject)s."),
)
COUPON_CHANGED = AuditAction(
    "coupon.changed",
    gettext_lazy("Market coupon changed"),
    gettext_lazy("%(who)s changed the market’s coupon %(subject)s."),
)
COUPON_DELETED = AuditAction(
    "coupon.deleted",
    gettext_lazy("Market coupon deleted"),
    gettext_lazy("%(who)s deleted the market’s coupon %(subject)s."),
)


def make_coupon(*, data: CouponInput, count: int, actor_id: int, reason: str, now: datetime) -> Coupon:
    """Make a coupon of the platform, or many codes for one use each; return the first.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError, CouponCodeTakenError: as from checkout; nothing is made.
    """
    _check_reason(reason)
    with transaction.atomic():
        if count == 1:
            made = keeping.create_coupon(shop=None, data=data, actor_id=actor_id, now=now)
        else:
            made = keeping.create_codes(
                shop=None, data=data, count=count, prefix=data.code, actor_id=actor_id, now=now
            )[0]
        _record(COUPON_MADE, made, actor_id, reason, now, codes=count)
    return made


def change_coupon(
    *,
    coupon_id: UUID,
    changes: Mapping[str, Any],
    actor_id: int,
    reason: str,
    now: datetime,
    seen: Seen = None,
) -> Coupon:
    """Change a coupon of the platform.

    Raises:
        ReasonMissingError: no reason was given.
        CouponNotFoundError, InvalidInputError, CouponCodeTakenError, ChangedMeanwhileError: as from checkout.
    """
    _check_reason(reason)
    with transaction.atomic():
        changed = keeping.change_coupon(
            shop=None, coupon_id=coupon_id, changes=changes, actor_id=actor_id, now=now, seen=seen
        )
        _record(COUPON_CHANGED, changed, actor_id, reason, now, fields=sorted(changes))
    return changed


def delete_coupon(*, coupon_id: UUID, actor_id: int, reason: str, now: datetime) -> None:
    """Delete a coupon of the platform, or all codes that were made with it.

    Raises:
        ReasonMissingError: no reason was given.
        CouponNotFoundError: there is none.
    """
    _check_reason(reason)
    with transaction.atomic():
        coupon = get_coupon(shop_id=None, coupon_id=coupon_id)
        keeping.delete_coupon(shop=None, coupon_id=coupon_id, actor_id=actor_id, now=now)
        _record(COUPON_DELETED, coupon, actor_id, reason, now)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError


def _record(action: AuditAction, coupon: Coupon, actor_id: int, reason: str, now: datetime, **details: Any) -> None:
    subject = f"coupon:{coupon.code}"
    record(actor_id=actor_id, action=action, subject=subject, reason=reason, details=details, now=now)

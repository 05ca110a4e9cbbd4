"""Looking at a shop as its staff see it, with a reason and an entry in the audit log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.services.audit_log import record
from console.services.shops import subject_of
from tenants.models import Shop
from tenants.staff.views_of_operators import ShopView, allow_view

SHOP_VIEWED = AuditAction(
    "shop.viewed",
    gettext_lazy("Shop viewed"),
    gettext_lazy("%(who)s viewed the shop %(subject)s as its staff see it."),
)


def view_shop(*, shop: Shop, actor_id: int, reason: str, now: datetime) -> ShopView:
    """Let an operator look at a shop for half an hour; the permission is given once the log has its entry.

    Raises:
        ReasonMissingError: no reason was given.
    """
    with transaction.atomic():
        record(actor_id=actor_id, action=SHOP_VIEWED, subject=subject_of(shop), reason=reason, now=now)
    return allow_view(shop_id=shop.pk, user_id=actor_id, reason=reason.strip(), now=now)

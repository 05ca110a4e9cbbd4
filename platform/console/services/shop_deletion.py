"""Deleting a closed shop before its time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import record
from console.services.shops import subject_of
from kit.errors import Fault, InvalidInputError
from tenants.life.deletion import delete_shop
from tenants.models import Shop
from tenants.shops.selectors import get_shop

SHOP_DELETED = AuditAction(
    "shop.deleted",
    gettext_lazy("Shop deleted"),
    gettext_lazy("%(who)s deleted the data of the shop %(subject)s."),
)


def delete_shop_early(*, shop_id: int, typed_slug: str, actor_id: int, reason: str, now: datetime) -> Shop:
    """Delete a closed shop's data for good, ahead of the end of its retention.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError: the address that was typed is not the shop's.
        ShopStatusError: the shop is not closed.
        ShopBusyError: orders are open, or its balance is not settled.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        before = get_shop(shop_id=shop_id)
        if typed_slug.strip().lower() != before.slug:
            raise InvalidInputError(
                details={
                    "slug": [
                        Fault(
                            gettext("Type the shop's address as it is: %(slug)s.") % {"slug": before.slug},
                            "not_confirmed",
                        )
                    ]
                }
            )
        shop = delete_shop(shop_id=shop_id, actor_id=actor_id, reason=reason, now=now)
        record(
            actor_id=actor_id,
            action=SHOP_DELETED,
            subject=subject_of(shop),
            reason=reason,
            details={"before": before.status, "after": shop.status, "name": before.name},
            now=now,
        )
    return shop

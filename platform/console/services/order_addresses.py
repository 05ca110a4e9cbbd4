"""Another delivery address of a buyer's order."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.models import ReversedBy
from checkout.placing.request import Address
from checkout.readdressing.change_address import AddressChange, change_address
from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.selectors.audit_log import ORDER
from console.services.audit_log import record

ADDRESS_CHANGED = AuditAction(
    "order.address_changed",
    gettext_lazy("Delivery address of an order changed"),
    gettext_lazy("%(who)s changed the delivery address of the order %(subject)s (%(parts)s)."),
)


def change_address_of_order(
    *, order_id: UUID, number: str, address: Address, sub_order: str, actor_id: int, reason: str, now: datetime
) -> None:
    """Have an order, or a shop's part of it, delivered elsewhere, and keep the reason.

    The log names no address: the order keeps those before, until its buyer is forgotten.

    Raises:
        ReasonMissingError: no reason was given.
        DomainError: as `change_address`; nothing has changed.
    """
    if not reason.strip():
        raise ReasonMissingError
    wish = AddressChange(order_id, address, ReversedBy.OPERATOR, actor_id, sub_order=sub_order, reason=reason)
    with transaction.atomic():
        changed = change_address(wish, now=now)
        details = {"parts": ", ".join(part.number for part in changed)}
        if changed:
            subject = f"{ORDER}{number}"
            record(actor_id=actor_id, action=ADDRESS_CHANGED, subject=subject, reason=reason, details=details, now=now)

"""Acting on orders that are not paid."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.ending.release_reservations import ask_before_release, release_order
from checkout.orders.operations import get_any_order
from console.audit_actions import AuditAction
from console.audit_values import amount_in
from console.errors import ReasonMissingError
from console.selectors.audit_log import ORDER
from console.services.audit_log import record

ORDER_RELEASED = AuditAction(
    "order.released",
    gettext_lazy("Unpaid order released"),
    gettext_lazy("%(who)s released the unpaid order %(subject)s, of %(amount)s."),
    amount_in,
)


def release_unpaid_order(*, number: str, actor_id: int, reason: str, now: datetime) -> None:
    """Release the stock of an unpaid order in every shop, before its time is over.

    Raises:
        ReasonMissingError: no reason was given.
        NothingReservedError: it was paid, or has ended already.
        PaymentProviderUnavailableError: the provider gave no answer about a payment; nothing has changed.
        NotFoundError: there is no such order.
    """
    if not reason.strip():
        raise ReasonMissingError
    order = get_any_order(number=number)
    ask_before_release(order_id=order.pk, now=now)
    with transaction.atomic():
        released = release_order(order_id=order.pk, now=now)
        record(
            actor_id=actor_id,
            action=ORDER_RELEASED,
            subject=f"{ORDER}{number}",
            reason=reason,
            details={"total_minor": released.total_minor, "currency": released.currency},
            now=now,
        )

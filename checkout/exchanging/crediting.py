"""Money of a return that is kept for its exchange: used once the exchange is paid, else given back."""

from datetime import datetime

from django.utils.translation import gettext_noop

from checkout.events import ReturnMoved
from checkout.models import CreditStatus, ExchangeCredit, Order, Return, ReturnStatus
from checkout.orders.payments import lock_credited_payments
from checkout.orders.refunds import lock_refunds
from checkout.refunds.requests import add_refund
from kit.work import outbox

REASON = gettext_noop("Items were sent back, and not exchanged.")


def use_credits(order: Order) -> None:
    """Write that the credits of a locked order have paid for it."""
    ExchangeCredit.objects.filter(order=order, status=CreditStatus.HELD).update(status=CreditStatus.USED)


def return_credits(order: Order, *, now: datetime) -> None:
    """Ask for the refund of the credits that a locked, unpaid order holds; the return waits for it then."""
    held = list(
        ExchangeCredit.objects.filter(order=order, status=CreditStatus.HELD)
        .select_related("reversal__sub_order")
        .order_by("payment_id")
    )
    if not held:
        return
    payments = {each.pk: each for each in lock_credited_payments(order_id=order.pk)}
    for payment_id in payments:
        lock_refunds(payment_id=payment_id)
    for credit in held:
        add_refund(
            payment=payments[credit.payment_id],
            amount_minor=credit.amount_minor,
            currency=credit.currency,
            reason=REASON,
            part=credit.reversal.sub_order,
            reversal=credit.reversal,
            now=now,
        )
    ExchangeCredit.objects.filter(order=order, status=CreditStatus.HELD).update(status=CreditStatus.RETURNED)
    _reopen(order, now)


def _reopen(order: Order, now: datetime) -> None:
    """Write that a return waits for its money after all; nothing else changes it by then."""
    found = lock_exchanged_return(order)
    if found is None:
        return
    found.status, found.status_at = ReturnStatus.RECEIVED, now
    entry = {"move": "refund_instead", "status": found.status.value, "by": "", "text": "", "at": now.isoformat()}
    found.steps = [*found.steps, entry]
    found.save(update_fields=["status", "status_at", "steps"])
    outbox.emit(ReturnMoved(found.pk, len(found.steps) - 1), now=now)


def lock_exchanged_return(order: Order) -> Return | None:
    """Lock the return of an order's exchange once it was received; needs an open transaction."""
    found = Return.objects.select_for_update(of=("self",)).filter(exchange_order=order)
    return found.filter(status__in=[ReturnStatus.EXCHANGED, ReturnStatus.RECEIVED]).order_by("pk").first()

"""What each kind of event makes us do: ask the provider, never believe the body."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from checkout.errors import UnknownPaymentError
from checkout.orders.payments import SETTLED
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds.push_refunds import refresh_refunds
from kit.money import format_minor
from webhooks.models import InboundStatus


class NotConfirmedYetError(Exception):
    """The provider's API does not say yet what its event said."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an event."""

    status: InboundStatus
    outcome: str


Handler = Callable[[str, datetime], Result]


def handle(*, kind: str, reference: str, now: datetime) -> Result:
    """Act on an event.

    Raises:
        NotConfirmedYetError: the provider has not caught up with its own event.
        ProviderError: the provider could not be asked.
    """
    handler = HANDLERS.get(kind)
    if handler is None:
        return Result(InboundStatus.IGNORED, f"Nothing here acts on {kind}.")
    try:
        return handler(reference, now)
    except UnknownPaymentError:
        return Result(InboundStatus.IGNORED, "No payment of ours has this reference.")


def _charge_succeeded(reference: str, now: datetime) -> Result:
    payment = confirm_payment(reference=reference, now=now)
    if payment.status not in SETTLED:
        raise NotConfirmedYetError(f"Asked about it, the provider says: {payment.get_status_display().lower()}.")
    note = f" {payment.note}" if payment.note else ""
    amount = format_minor(payment.captured_minor or 0, payment.currency)
    return Result(InboundStatus.PROCESSED, f"{payment.get_status_display()} {amount}.{note}"[:200])


def _refund_moved(reference: str, now: datetime) -> Result:
    refunds = refresh_refunds(reference=reference, now=now)
    if not refunds:
        return Result(InboundStatus.IGNORED, "We asked for no refund of this payment.")
    states = [
        f"{format_minor(each.amount_minor, each.currency)} {each.get_status_display().lower()}" for each in refunds
    ]
    return Result(InboundStatus.PROCESSED, f"Refunds: {', '.join(states)}."[:200])


HANDLERS: dict[str, Handler] = {
    "charge.success": _charge_succeeded,
    "refund.pending": _refund_moved,
    "refund.processing": _refund_moved,
    "refund.processed": _refund_moved,
    "refund.failed": _refund_moved,
    "refund.needs-attention": _refund_moved,
}

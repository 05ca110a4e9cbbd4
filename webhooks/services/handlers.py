"""Handlers of each kind of event: they ask the provider and never trust the body."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from checkout.disputes.arriving import refresh_dispute
from checkout.errors import DisputeNotOursError, UnknownDisputeError, UnknownPaymentError
from checkout.models import PaymentStatus, RefundStatus
from checkout.orders.payments import SETTLED
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds.push_refunds import refresh_refunds
from gateway.disputes import DisputeMove
from gateway.events import EventKind, ProviderEvent
from gateway.transfers import OPEN_STATES
from kit.money import Money
from payouts.models import DisputeStatus, TransferStatus
from payouts.runs.errors import UnknownTransferError
from payouts.runs.poll_transfers import refresh_transfer
from webhooks.models import InboundStatus
from webhooks.stored_sentences import MOVED, MOVED_WITH_NOTE, NOT_CONFIRMED, OTHER_KIND, REFUNDS_MOVED


class NotConfirmedYetError(Exception):
    """The provider's API does not confirm its event yet."""


@dataclass(frozen=True, slots=True)
class Result:
    """Result of handling an event."""

    status: InboundStatus
    outcome: str


Handler = Callable[[str, ProviderEvent, datetime], Result]


def handle(*, provider: str, event: ProviderEvent, now: datetime) -> Result:
    """Act on an event of a provider; it reaches payments of that provider alone.

    Raises:
        NotConfirmedYetError: the provider has not caught up with its own event.
        ProviderError: the provider could not be asked.
    """
    handler = HANDLERS.get(event.kind)
    if handler is None:
        return Result(InboundStatus.IGNORED, OTHER_KIND.written(event=event.name))
    try:
        return handler(provider, event, now)
    except DisputeNotOursError as error:
        return Result(InboundStatus.IGNORED, error.message)
    except UnknownDisputeError:
        return Result(
            InboundStatus.IGNORED, gettext_noop("The provider knows no such dispute, or its payment is not ours.")
        )
    except UnknownTransferError:
        return Result(InboundStatus.IGNORED, gettext_noop("No transfer of ours has this reference."))
    except UnknownPaymentError:
        return Result(InboundStatus.IGNORED, gettext_noop("No payment of ours has this reference."))


def _charge_moved(provider: str, event: ProviderEvent, now: datetime) -> Result:
    payment = confirm_payment(reference=event.reference, provider=provider, now=now)
    if payment.status not in SETTLED and event.kind == EventKind.CHARGE_SUCCEEDED:
        raise NotConfirmedYetError(NOT_CONFIRMED.written(status=PaymentStatus(payment.status)))
    status, amount = PaymentStatus(payment.status), Money(payment.captured_minor or 0, payment.currency)
    if payment.note:
        return Result(InboundStatus.PROCESSED, MOVED_WITH_NOTE.written(status=status, amount=amount, note=payment.note))
    return Result(InboundStatus.PROCESSED, MOVED.written(status=status, amount=amount))


def _refund_moved(provider: str, event: ProviderEvent, now: datetime) -> Result:
    refunds = refresh_refunds(provider=provider, reference=event.reference, refund_key=event.refund_key, now=now)
    if not refunds:
        return Result(InboundStatus.IGNORED, gettext_noop("We asked for no refund of this payment."))
    states = [
        {"amount": Money(each.amount_minor, each.currency), "status": RefundStatus(each.status)} for each in refunds
    ]
    return Result(InboundStatus.PROCESSED, REFUNDS_MOVED.written(states=states))


def _transfer_moved(provider: str, event: ProviderEvent, now: datetime) -> Result:
    transfer = refresh_transfer(provider=provider, reference=event.reference, now=now)
    if transfer.state in {*OPEN_STATES, "asked"}:
        raise NotConfirmedYetError(NOT_CONFIRMED.written(status=TransferStatus(transfer.state)))
    amount = Money(transfer.amount_minor, transfer.currency)
    return Result(InboundStatus.PROCESSED, MOVED.written(status=TransferStatus(transfer.state), amount=amount))


def _dispute_moved(provider: str, event: ProviderEvent, now: datetime) -> Result:
    dispute = refresh_dispute(provider=provider, dispute_id=event.dispute_id, move=event.dispute_move, now=now)
    if event.dispute_move == DisputeMove.RESOLVED and not dispute.is_over:
        raise NotConfirmedYetError(NOT_CONFIRMED.written(status=DisputeStatus(dispute.status)))
    amount = Money(dispute.claimed_minor, dispute.currency)
    return Result(InboundStatus.PROCESSED, MOVED.written(status=DisputeStatus(dispute.status), amount=amount))


HANDLERS: dict[EventKind, Handler] = {
    EventKind.CHARGE_SUCCEEDED: _charge_moved,
    EventKind.CHARGE_FAILED: _charge_moved,
    EventKind.DISPUTE_MOVED: _dispute_moved,
    EventKind.REFUND_MOVED: _refund_moved,
    EventKind.TRANSFER_MOVED: _transfer_moved,
}

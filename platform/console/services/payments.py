"""Acting on payment events and refunds that got stuck."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from checkout.errors import PaymentProviderUnavailableError
from checkout.models import Payment
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.resolve_payment import resolve_payment
from checkout.refunds import requests as refunds
from console.audit_actions import AuditAction
from console.audit_values import amount_in
from console.errors import NothingToResolveError
from console.selectors.audit_log import PAYMENT, PAYMENT_DISMISSED
from console.services.audit_log import NOTHING_WRITTEN, record
from gateway.errors import ProviderError
from gateway.registry import UnknownProviderError
from kit.sentences.stored import in_words
from webhooks import services as webhooks

EVENT_REPLAYED = AuditAction(
    "event.replayed",
    gettext_lazy("Event replayed"),
    gettext_lazy("%(who)s reprocessed the event %(kind)s %(reference)s."),
)
PAYMENT_ASKED_AGAIN = AuditAction(
    "payment.asked_again",
    gettext_lazy("Payment asked about again"),
    gettext_lazy("%(who)s asked the provider about the payment %(subject)s again."),
)
REFUND_RETRIED = AuditAction(
    "refund.retried",
    gettext_lazy("Refund retried"),
    gettext_lazy("%(who)s sent the refund of %(amount)s for order %(subject)s again."),
    amount_in,
)


def replay_event(*, event_id: int, actor_id: int, reason: str, now: datetime) -> None:
    """Process an inbound event again; a repeated event changes nothing twice.

    Raises:
        ReasonMissingError: no reason was given.
        ConflictError: it is waiting to be processed anyway.
        NotFoundError: there is none.
    """
    with transaction.atomic():
        event = webhooks.replay_event(event_id=event_id, now=now)
        record(
            actor_id=actor_id,
            action=EVENT_REPLAYED,
            subject=f"event:{event.pk}",
            reason=reason,
            details={"kind": event.kind, "reference": event.reference},
            now=now,
        )


def dismiss_payment(*, reference: str, actor_id: int, reason: str, now: datetime) -> None:
    """Take a payment that did not match off the list of exceptions; nothing else about it changes.

    Raises:
        ReasonMissingError: no reason was given.
        NothingToResolveError: there is no such payment, or it is not one that needs a look.
    """
    with transaction.atomic():
        payment = resolve_payment(reference=reference, now=now)
        if payment is None:
            raise NothingToResolveError
        record(
            actor_id=actor_id,
            action=PAYMENT_DISMISSED,
            subject=f"{PAYMENT}{reference}",
            reason=reason,
            details={"note": payment.note},
            now=now,
        )


def ask_again(*, reference: str, actor_id: int, now: datetime) -> Payment:
    """Ask the provider for the result of a payment, book it if paid, and return the payment.

    Raises:
        UnknownPaymentError: there is no such payment.
        PaymentProviderUnavailableError: the provider does not answer, or can't be understood; nothing is booked.
    """
    try:
        payment = confirm_payment(reference=reference, now=now)
    except (ProviderError, UnknownProviderError) as error:
        raise PaymentProviderUnavailableError(
            gettext("The provider's answer can't be used: %(error)s") % {"error": in_words(str(error))}
        ) from error
    record(
        actor_id=actor_id,
        action=PAYMENT_ASKED_AGAIN,
        subject=f"{PAYMENT}{reference}",
        reason=NOTHING_WRITTEN,
        details={"status": payment.status, "note": payment.note},
        now=now,
    )
    return payment


def retry_refund(*, refund_id: UUID, actor_id: int, reason: str, now: datetime) -> None:
    """Send a refund to the provider again that failed there.

    Raises:
        ReasonMissingError: no reason was given.
        ConflictError: it is not one that can be sent again.
        NotFoundError: there is none.
    """
    with transaction.atomic():
        refund = refunds.retry_refund(refund_id=refund_id)
        record(
            actor_id=actor_id,
            action=REFUND_RETRIED,
            subject=f"refund:{refund.pk}",
            reason=reason,
            details={"amount_minor": refund.amount_minor, "currency": refund.currency},
            now=now,
        )

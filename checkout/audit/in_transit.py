"""Payments and refunds that may have changed at their provider without an event, for the audit to ask about."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from checkout.models import Payment, PaymentStatus, Refund, RefundStatus
from gateway import get_provider
from gateway.port import ChargeStatus, RefundState
from payouts.audit import ASKED_AT_MOST, Confirmed, MoneyInTransit, PendingMovement

# The provider's clock may differ from ours.
CLOCK_MARGIN = timedelta(days=1)
WATCHED = frozenset({PaymentStatus.CREATED, PaymentStatus.OPEN, PaymentStatus.FAILED})
MAY_HAVE_LEFT = (RefundStatus.SENT, RefundStatus.NEEDS_ATTENTION, RefundStatus.FAILED)


def find_payments() -> Sequence[PendingMovement]:
    """Return the newest payments of each provider that have no journal, whatever their last reported status."""
    newest = Window(RowNumber(), partition_by=F("provider"), order_by=(F("created_at").desc(), F("id").desc()))
    payments = Payment.objects.filter(captured_minor=None).annotate(place=newest).filter(place__lte=ASKED_AT_MOST)
    return [
        PendingMovement(
            provider=payment.provider,
            subject=f"payment {payment.reference}",
            is_leaving=False,
            confirm=partial(_confirm_payment, payment),
            is_watched=payment.status in WATCHED,
        )
        for payment in payments.order_by("place", "provider")
    ]


def find_refunds() -> Sequence[PendingMovement]:
    """Return the refunds that their provider may have paid."""
    refunds = Refund.objects.filter(status__in=MAY_HAVE_LEFT).select_related("payment").order_by("-created_at", "-id")
    return [
        PendingMovement(
            provider=refund.payment.provider,
            subject=f"refund {refund.pk}",
            is_leaving=True,
            confirm=partial(_confirm_refund, refund),
        )
        for refund in refunds[:ASKED_AT_MOST]
    ]


def _confirm_payment(payment: Payment) -> Confirmed:
    """Ask the provider for the amount paid, without its own fee; a payment in the other mode counts as none."""
    provider = get_provider(payment.provider)
    said = provider.verify(payment.reference)
    if said.status != ChargeStatus.SUCCESS or said.is_live != provider.is_live:
        return Confirmed()
    return Confirmed(said.currency, said.amount_minor - said.fees_minor)


def _confirm_refund(refund: Refund) -> Confirmed:
    """Ask the provider for the amount refunded, by the key of any try."""
    provider = get_provider(refund.payment.provider)
    if provider.capabilities.finds_refund_by_key:
        reports = [report for key in refund.keys if (report := provider.find_refund(key=key))]
    elif refund.payment.provider_id:
        since = refund.created_at - CLOCK_MARGIN
        reports = list(provider.find_refunds(charge_id=refund.payment.provider_id, since=since))
    else:
        reports = []
    left = [each for each in reports if each.key in refund.keys and each.state != RefundState.FAILED]
    return Confirmed(refund.currency, sum(each.amount_minor for each in left))


UNDER_WAY = (MoneyInTransit("refunds", find_refunds), MoneyInTransit("payments", find_payments))

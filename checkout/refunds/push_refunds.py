"""Sending refunds to the provider: as many at once as it can tell apart, none of them twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from checkout.errors import UnknownPaymentError
from checkout.models import Refund, RefundStatus
from checkout.orders.payments import find_payment, lock_payment
from checkout.orders.refunds import find_refunded_payment, lock_refunds, refunds_of
from checkout.refunds.disputed import hold_unknown_refund
from checkout.refunds.requests import is_about, is_earlier_try, settle_refund, stop_refund
from checkout.refunds.setting_off import set_off_before_sending
from checkout.stored_sentences import OTHER_REFUND_ANSWERED
from gateway import get_provider
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from gateway.guard import refuse_inside_transaction
from gateway.port import RefundReport, RefundRequest, RefundState
from kit.work import leased, rounds
from kit.work.jobs import wake
from payouts.disputes.selectors import has_undecided, undecided_disputes

# The provider's clock may differ from ours; what is listed too much is told apart by its key.
CLOCK_MARGIN = timedelta(days=1)
LEASE = timedelta(minutes=2)


def _waiting(_: datetime) -> Q:
    """Return the refunds under way, and those that may be sent beside them: of exclusive ones, the oldest.

    None is sent while its payment is disputed.
    """
    others = Refund.objects.filter(payment_id=OuterRef("payment_id"))
    earlier = others.filter(Q(status=RefundStatus.SENT) | Q(status=RefundStatus.REQUESTED, pk__lt=OuterRef("pk")))
    is_kept_waiting = Q(Exists(earlier.filter(goes_alone=True))) | Q(goes_alone=True) & Q(Exists(earlier))
    may_go = ~is_kept_waiting & ~Q(Exists(undecided_disputes(payment_id=OuterRef("payment_id"))))
    return Q(status=RefundStatus.SENT) | Q(status=RefundStatus.REQUESTED) & may_go


# Never given up for its failures: the money is owed. What the provider refuses waits for a person.
REFUNDS = leased.Kind(
    model=Refund,
    lease=LEASE,
    back_off=leased.BackOff(first=LEASE, cap=timedelta(hours=6), factor=1.5),
    waiting=_waiting,
    given_up=lambda _: {"status": RefundStatus.NEEDS_ATTENTION},
    service="payment__provider",
    silent=(ProviderUnavailableError,),
    expected=(ProviderRefusedError,),
)


def push_open_refunds(*, now: datetime) -> int:
    """Send the refunds that wait and ask about those under way; return the number that were answered.

    A key of ours travels with each try, and the provider is asked about it before anything is sent. A refund is marked
    as sent first, so that after a lost answer the provider is asked and the refund is not sent twice.
    """
    refuse_inside_transaction()
    pushed = rounds.work_through(REFUNDS, lambda refund: _push(refund, now), now=now)
    if not pushed.is_complete:
        wake("checkout.tasks.push_open_refunds")
    return pushed.done


def refresh_refunds(*, provider: str, reference: str, refund_key: str, now: datetime) -> list[Refund]:
    """Ask a provider about all refunds of a payment; its events are only a hint to do so.

    Args:
        provider: the provider of the event; payments of another provider are refused.
        reference: the payment's, where the event names it; else `refund_key` leads to the payment.

    Raises:
        UnknownPaymentError: neither is one of ours, or it is another provider's.
        ProviderUnavailableError: the provider does not answer; nothing has changed.
    """
    payment = find_payment(reference=reference) or find_refunded_payment(refund_key=refund_key)
    if payment is None or payment.provider != provider:
        raise UnknownPaymentError
    refunds = [refund for refund in refunds_of(payment_id=payment.pk) if refund.status != RefundStatus.REQUESTED]
    if refunds and payment.provider_id:
        for report in _list_reports(refunds):
            settle_refund(payment_id=payment.pk, report=report, now=now)
    return refunds_of(payment_id=payment.pk)


def _push(claimed: Refund, now: datetime) -> None:
    """Send a refund, or ask about it where it is under way."""
    refund = _take(claimed, now)
    if refund is not None:
        reports = _list_reports([refund])
        for report in reports:
            settle_refund(payment_id=refund.payment_id, report=report, now=now)
        if not refund.provider_id and not any(is_about(it, refund) or is_earlier_try(it, refund) for it in reports):
            if claimed.status == RefundStatus.SENT and has_undecided(payment_ids=[refund.payment_id]):
                hold_unknown_refund(payment_id=refund.payment_id, refund_id=refund.pk)
            elif not set_off_before_sending(refund, now=now):
                _send(refund, now)
    leased.put_off(REFUNDS, claimed, now=now)


def _take(claimed: Refund, now: datetime) -> Refund | None:
    """Mark a refund as under way; None where it is settled, another is, or a worker of the version before is at it.

    A dispute that arrives locks the payment too: it finds the refund under way, or this finds the dispute.
    """
    with transaction.atomic():
        payment = lock_payment(payment_id=claimed.payment_id)
        refunds = lock_refunds(payment_id=claimed.payment_id)
        refund = next(refund for refund in refunds if refund.pk == claimed.pk)
        under_way = [other for other in refunds if other.pk != claimed.pk and other.status == RefundStatus.SENT]
        is_disputed = has_undecided(payment_ids=[payment.pk])
        is_kept_waiting = is_disputed or any(other.goes_alone or refund.goes_alone for other in under_way)
        if refund.status == RefundStatus.REQUESTED and not is_kept_waiting:
            refund.status, refund.sent_at = RefundStatus.SENT, now
        elif refund.status != RefundStatus.SENT or _is_taken(refund, now):
            return None
        refund.checked_at = now
        refund.save(update_fields=["status", "sent_at", "checked_at"])
        refund.payment = payment
    return refund


def _is_taken(refund: Refund, now: datetime) -> bool:
    return refund.checked_at is not None and now - refund.checked_at < LEASE


def _list_reports(refunds: Sequence[Refund]) -> list[RefundReport]:
    """Ask the provider about refunds of a payment: each by the keys of its tries, or all by the list of the charge.

    Those that failed come last: the version before sent a refund again with the key of the try that failed.
    """
    payment = refunds[0].payment
    provider = get_provider(payment.provider)
    if provider.capabilities.finds_refund_by_key:
        keys = [key for refund in refunds for key in refund.keys]
        reports = [report for key in keys if (report := provider.find_refund(key=key))]
    else:
        since = refunds[0].created_at - CLOCK_MARGIN
        reports = list(provider.find_refunds(charge_id=payment.provider_id, since=since))
    return sorted(reports, key=lambda report: report.state == RefundState.FAILED)


def _send(refund: Refund, now: datetime) -> None:
    request = RefundRequest(
        key=refund.key,
        charge_reference=refund.payment.reference,
        amount_minor=refund.sent_minor,
        currency=refund.currency,
        reason=refund.reason,
    )
    try:
        report = get_provider(refund.payment.provider).refund(request)
    except ProviderRefusedError as refusal:
        stop_refund(refund=refund, note=str(refusal))
    else:
        if is_about(report, refund):
            settle_refund(payment_id=refund.payment_id, report=report, now=now)
        else:
            stop_refund(refund=refund, note=OTHER_REFUND_ANSWERED.written(key=refund.key, other=report.key))

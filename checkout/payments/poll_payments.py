"""Polling of payments: a webhook may never arrive."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from checkout.models import FIRST_ASKED_AFTER, Payment, PaymentStatus
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.remind_of_payment import remind_of_payment
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from kit.work import leased, rounds
from kit.work.jobs import wake

STILL_TO_PAY = (PaymentStatus.CREATED, PaymentStatus.OPEN)
# Most have paid by then, and are told that; who has closed the page has most of the time to pay left.
REMINDED_AFTER = timedelta(minutes=5)
# A buyer may try again on the same page.
FAILED_WATCHED_FOR = timedelta(days=1)
# A provider that was wrong, or could not be understood, may be put right; after that a person asks again.
UNBOOKED_WATCHED_FOR = timedelta(days=30)


def _waiting(now: datetime) -> Q:
    failed = Q(status=PaymentStatus.FAILED, created_at__gt=now - FAILED_WATCHED_FOR)
    unbooked = Q(
        status=PaymentStatus.MISMATCHED, captured_minor=None, dealt_with_at=None,
        created_at__gt=now - UNBOOKED_WATCHED_FOR,
    )  # fmt: skip
    return Q(status__in=[PaymentStatus.CREATED, PaymentStatus.OPEN]) | failed | unbooked


# Each wait is half of what has passed before it, so new payments are asked about most often. None is given up for
# its failures: after a day `confirm_payment` calls it abandoned, once the provider confirms that it is unpaid.
PAYMENTS = leased.Kind(
    model=Payment,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=FIRST_ASKED_AFTER, cap=timedelta(hours=6), factor=1.5),
    waiting=_waiting,
    given_up=lambda _: {"status": PaymentStatus.ABANDONED},
    service="provider",
    silent=(ProviderUnavailableError,),
    expected=(ProviderRefusedError,),
)


def poll_open_payments(*, now: datetime) -> int:
    """Confirm the payments that are due for polling; return the number that were answered."""
    polled = rounds.work_through(
        PAYMENTS, lambda payment: _ask(payment, now), now=now, threads=settings.PROVIDER_CALLS_AT_ONCE
    )
    if not polled.is_complete:
        wake("checkout.tasks.poll_open_payments")
    return polled.done


def _ask(payment: Payment, now: datetime) -> None:
    status = confirm_payment(reference=payment.reference, now=now).status
    if status == PaymentStatus.CAPTURED:
        return
    if status in STILL_TO_PAY and payment.created_at <= now - REMINDED_AFTER:
        remind_of_payment(order_id=payment.order_id, now=now)
    leased.put_off(PAYMENTS, payment, now=now)

"""Asking the providers about all payments of an order before it ends; a payment that was made is booked."""

import logging
from collections import Counter
from datetime import datetime
from uuid import UUID

from checkout.models import Payment
from checkout.orders.payments import unbooked_payments
from checkout.payments.confirm_payment import IN_PROGRESS, look_up_charge
from gateway.errors import ProviderError, ProviderUnavailableError
from gateway.port import ChargeStatus
from gateway.registry import UnknownProviderError
from kit.work.rounds import SILENT_ROWS

logger = logging.getLogger(__name__)

# More attempts than buyers make; the newest are asked about, and the poller asks about the others.
ASKED_AT_MOST = 20


class UnclearPaymentError(Exception):
    """It is unknown whether a payment was made: its provider is silent, or still working on it."""


class SilentProviders:
    """Providers that have answered nothing several times in a row; shared by the threads of one round."""

    def __init__(self) -> None:
        self._unanswered: Counter[str] = Counter()

    def refuse_silent(self, name: str) -> None:
        """Refuse to wait for a provider that has not answered.

        Raises:
            ProviderUnavailableError: it has not answered for a while.
        """
        if self._unanswered[name] >= SILENT_ROWS:
            raise ProviderUnavailableError(f"{name} has answered nothing {SILENT_ROWS} times in a row.")

    def note(self, name: str, *, has_answered: bool) -> None:
        """Count a provider's unanswered questions since its last answer."""
        self._unanswered[name] = 0 if has_answered else self._unanswered[name] + 1


def ask_about_payments(*, order_id: UUID, now: datetime, silent: SilentProviders | None = None) -> None:
    """Ask about every payment of an order for which no event may have come, and book those that were made.

    Never call it inside a transaction. A payment without a page was never shown, so it needs no answer.

    Raises:
        UnclearPaymentError: the answer about at least one payment is missing.
    """
    unclear: list[str] = []
    for payment in list(unbooked_payments(order_id=order_id)[:ASKED_AT_MOST]):
        problem = _ask(payment, now, silent or SilentProviders())
        if problem and payment.payment_url:
            unclear.append(problem)
    if unclear:
        raise UnclearPaymentError(" ".join(unclear))


def _ask(payment: Payment, now: datetime, silent: SilentProviders) -> str:
    """Ask about one payment; return the reason why its outcome is unknown, or an empty text."""
    try:
        silent.refuse_silent(payment.provider)
        charge = look_up_charge(reference=payment.reference, now=now).charge
    except (ProviderError, UnknownProviderError) as error:
        silent.note(payment.provider, has_answered=False)
        logger.warning("Payment %s of an order that is to end is unclear: %s", payment.reference, error)
        return str(error)
    silent.note(payment.provider, has_answered=True)
    return IN_PROGRESS if charge == ChargeStatus.PENDING else ""

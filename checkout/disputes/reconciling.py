"""Questions of reconciliation about money that went back: refunds of ours, and what was lost with a dispute."""

from datetime import datetime

from checkout.disputes.arriving import refresh_dispute
from checkout.orders.refunds import find_refunded_payment
from checkout.refunds.push_refunds import refresh_refunds
from payouts.reconciliation.booked import DISPUTE_KEY


def ask_about_refund(*, provider: str, key: str, now: datetime) -> None:
    """Ask a provider about a refund by our key, or about a dispute of which nothing was heard.

    Raises:
        as `refresh_refunds` and `refresh_dispute`.
    """
    if key.startswith(DISPUTE_KEY):
        refresh_dispute(provider=provider, dispute_id=key.removeprefix(DISPUTE_KEY), now=now)
    else:
        refresh_refunds(provider=provider, reference="", refund_key=key, now=now)


def is_refund_of_ours(key: str) -> bool:
    """Return whether money went back by a key of ours, or with a dispute, which is never the operator's own."""
    return key.startswith(DISPUTE_KEY) or find_refunded_payment(refund_key=key) is not None

"""Asking about payments of which nothing was heard: a webhook may never come."""

import logging
from datetime import datetime

from checkout.orders.payments import claim_due_payments
from checkout.payments.confirm_payment import confirm_payment
from gateway.errors import ProviderRefusedError, ProviderUnavailableError

logger = logging.getLogger(__name__)

BATCH = 20


def poll_open_payments(*, now: datetime) -> int:
    """Confirm payments that are due for a question; return how many were asked about.

    Stops at the first sign that the provider does not answer; what was claimed comes again.
    """
    asked = 0
    for reference in claim_due_payments(now=now, limit=BATCH):
        try:
            confirm_payment(reference=reference, now=now)
        except ProviderUnavailableError as error:
            logger.warning("Payments wait: %s", error)
            break
        except ProviderRefusedError as error:
            logger.warning("Payment %s can't be asked about: %s", reference, error)
        except Exception:
            logger.exception("Payment %s could not be settled; it will be asked about again.", reference)
        else:
            asked += 1
    return asked

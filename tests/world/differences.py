"""Differences between the ledger and a provider, as a comparison would leave them."""

from __future__ import annotations

from datetime import datetime

from payouts.models import Difference


def difference(*, now: datetime) -> Difference:
    """A refund that was made on the provider's own page."""
    return Difference.objects.create(
        provider="paystack",
        kind="refund",
        cause="not_booked",
        provider_id="3018284",
        currency="NGN",
        theirs_minor=500_000,
        happened_at=now,
        first_seen_at=now,
        last_seen_at=now,
    )

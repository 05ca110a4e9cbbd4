"""Findings of the market's checks, as a round would leave them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from payouts.models import CheckFinding


def finding(*, now: datetime, **other: Any) -> CheckFinding:
    """An order whose time is over, and that still reserves stock."""
    what = {"check_name": "orders_overdue", "subject": "order KS-7F3K9QXD2M", "expected": "expired", "found": "pending"}
    return CheckFinding.objects.create(**what | {"first_seen_at": now, "last_seen_at": now} | other)

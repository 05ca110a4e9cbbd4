"""Particulars of the audit trail's entries."""

from typing import Any

import pytest

from tenants.models import ShopEvent
from tenants.shops.activity import details_of


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({}, ""),
        ({"before": "live", "after": "holiday", "reason": "Harvest"}, "live → holiday; reason: Harvest"),
        ({"is_first": True, "was_sent": False}, "is first: yes; was sent: no"),
        ({"usable_from": "2026-03-02T09:30:00.250+00:00"}, "usable from: 2 Mar 2026, 10:30 WAT"),
        ({"fields": ["name"], "hosts": ["a.example", "b.example"], "note": ""}, "hosts: a.example, b.example; note: –"),
    ],
)
def test_details_are_words(details: dict[str, Any], said: str) -> None:
    assert details_of(ShopEvent(details=details)) == said

"""Automatic offers for tests."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from checkout.models import AutomaticOffer, OfferKind
from checkout.offers.inputs import OfferInput
from checkout.offers.keeping import create_offer
from tenants.models import Shop


def automatic_offer(shop: Shop, name: str = "Two and one", **values: Any) -> AutomaticOffer:
    """Make an automatic offer: buy two, get one free, where nothing else is said."""
    given: dict[str, Any] = {"kind": OfferKind.BUY_GET, "percent_bps": 10_000, "buys": 2, "gives": 1}
    data = OfferInput(name=name, **(values if "kind" in values else given | values))
    return create_offer(shop=shop, data=data, actor_id=None, now=timezone.now())

"""Shops that are registered for tax."""

from __future__ import annotations

from checkout.fulfilment.services.tax_registration import Registration
from checkout.taxing.registering import set_registration
from tenants.models import Shop
from tests.world.clock import NOW


def register(shop: Shop, *, country: str = "NG", number: str = "123456780001", is_included: bool = False) -> None:
    """Let a shop charge tax from now on."""
    registration = Registration(country, number, prices_include_tax=is_included)
    set_registration(shop=shop, registration=registration, actor_id=None, now=NOW)

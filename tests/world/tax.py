"""Shops that are registered for tax."""

from __future__ import annotations

from django.db import transaction

from checkout.pricing.terms import store_terms
from checkout.pricing.terms.tax import TaxTerms, as_json
from tenants.models import Shop
from tests.world.clock import NOW


def register(shop: Shop, *, country: str = "NG", number: str = "123456780001", is_included: bool = False) -> None:
    """Let a shop charge tax from now on."""
    with transaction.atomic():
        terms = TaxTerms(country, number, prices_include_tax=is_included)
        store_terms(shop_id=shop.pk, now=NOW, tax=as_json(terms))

"""The audit's check of the shops' compiled terms of sale against what they are compiled of, section by section."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from checkout.fulfilment.audit import REGISTRATIONS
from checkout.fulfilment.services.tax_registration import Registration
from checkout.models import AutomaticOffer, ShopTerms
from checkout.offers.compiling import compile_offers
from checkout.pricing.terms import offers as offers_section
from checkout.pricing.terms import tax as tax_section
from checkout.taxing.registering import compile_registration
from payouts.audit import Answers, AuditCheck, Finding, Found, found_in
from tenants.schemas.look_up import ShopSchema

Section = Mapping[int, dict[str, Any]]  # the content that it should have, by shop


def find_terms_sources(shops: Sequence[ShopSchema], answers: Answers) -> Found:
    """Find sections of compiled terms that are not what the shops' own rows make."""
    sections: dict[str, Section] = {"offers": _offers(), "tax": _tax(answers)}
    stored = {row["shop_id"]: row for row in ShopTerms.objects.order_by("pk").values("shop_id", *sections)}
    findings = [
        Finding(f"{name} of shop {shop.slug}", str(expected), str(held))
        for shop in shops
        for name, section in sections.items()
        if shop.exists
        and (expected := section.get(shop.shop_id, {})) != (held := stored.get(shop.shop_id, {}).get(name, {}))
    ]
    return found_in(findings)


def _offers() -> Section:
    by_shop: dict[int, list[AutomaticOffer]] = defaultdict(list)
    for offer in AutomaticOffer.objects.filter(deleted_at=None).order_by("pk"):
        by_shop[offer.shop_id].append(offer)
    return {shop_id: offers_section.as_json(compile_offers(own)) for shop_id, own in by_shop.items()}


def _tax(answers: Answers) -> Section:
    registered = {shop.shop_id: Registration(*rows[0]) for shop, rows in answers if rows}
    return {shop_id: tax_section.as_json(compile_registration(each)) for shop_id, each in registered.items()}


TERMS_SOURCES = AuditCheck(
    "terms_sources",
    gettext_lazy("Each shop's compiled terms of sale hold what its offers and its registration say"),
    find_terms_sources,
    in_shops=REGISTRATIONS,
)

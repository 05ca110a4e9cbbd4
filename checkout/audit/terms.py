"""The audit's checks of the shops' compiled terms of sale."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from checkout.fulfilment.audit import ZONES
from checkout.fulfilment.services.zones import STANDARD_ZONE, zone_from
from checkout.models import ShopTerms
from checkout.pricing.terms.delivery import parse
from checkout.zones.compiling import compile_zones
from kit.db.statements import load_statement
from payouts.audit import Answers, AuditCheck, Finding, Found, find_by_statement, found_in
from tenants.schemas.look_up import ShopSchema

SHOP_TERMS = AuditCheck(
    "shop_terms",
    gettext_lazy("Each shop's compiled terms of sale have the version that its row names"),
    find_by_statement(load_statement(__package__, "shop_terms")),
)


def find_zones(shops: Sequence[ShopSchema], answers: Answers) -> Found:
    """Find the shops whose terms are not those that their own delivery zones make."""
    zones = {shop.shop_id: [zone_from(row, methods) for row, methods in rows] for shop, rows in answers}
    stored = dict(ShopTerms.objects.order_by("pk").values_list("shop_id", "delivery"))
    findings: list[Finding] = []
    for shop in shops:
        expected = compile_zones(zones.get(shop.shop_id) or [STANDARD_ZONE])
        found = parse(stored.get(shop.shop_id, {}))
        if shop.exists and expected != found:
            named = (f"{len(terms.zones)} delivery zones: {terms}"[:300] for terms in (expected, found))
            findings.append(Finding(f"shop {shop.slug}", *named))
    return found_in(findings)


SHOP_ZONES = AuditCheck(
    "shop_zones",
    gettext_lazy("Each shop's compiled terms of delivery match its own zones"),
    find_zones,
    in_shops=ZONES,
)

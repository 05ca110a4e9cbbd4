"""Judge another address of a part that is paid: by the code that prices a checkout, for both addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from checkout.errors import OtherChargesError
from checkout.models import Order, SubOrder
from checkout.placing.request import ADDRESS_FIELDS, Address
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.basis import Basis
from checkout.pricing.delivery.methods import find_delivery
from checkout.pricing.delivery.places import place_of
from checkout.pricing.delivery.priced import PricedMethod
from checkout.pricing.placed import basis_of
from checkout.pricing.tax.charging import find_tax
from checkout.pricing.tax.computing import PartTax
from checkout.pricing.terms import NO_TERMS, find_terms
from tenants.shops.selectors import shop_facts


def check_same_charges(*, order: Order, parts: Sequence[SubOrder], address: Address, now: datetime) -> None:
    """Check that parts can go to another address by their methods, for the same fee and the same tax.

    Both addresses are priced by today's terms, so a shop's change of prices since the order does not matter.

    Raises:
        OtherChargesError: one can't; its details name the parts.
    """
    facts = shop_facts({part.shop_id for part in parts})
    terms = find_terms(facts.values())
    other = []
    for part in parts:
        before = stored_address(part.goes_to(order))
        if place_of(before) == place_of(address):
            continue
        shop = facts[part.shop_id]
        basis = basis_of(part, shop=shop, terms=terms.get(shop.id, NO_TERMS), address=before, now=now)
        charged = _charges(replace(basis, address=address)) if part.delivery else None
        if charged is None or charged != _charges(basis):
            other.append(part)
    if other:
        raise OtherChargesError(details={"sub_orders": tuple(part.number for part in other)})


def stored_address(stored: Mapping[str, Any]) -> Address:
    """Return the address of an order from its stored form; earlier releases have fewer fields."""
    return Address(**{name: stored.get(name, "") for name in ADDRESS_FIELDS})


def _charges(basis: Basis) -> tuple[str, int, PartTax | None] | None:
    """Return method, fee and tax of a part that goes to an address.

    None where its method is not offered there, or a carrier would have to be asked for its fee.
    """
    delivery = find_delivery(basis)
    if delivery.chosen is None or delivery.is_choice_gone or delivery.chosen.rate is not None:
        return None
    tax = find_tax(basis, [_fee(delivery.chosen)])
    return delivery.chosen.id, delivery.chosen.price_minor, tax.part if tax else None


def _fee(method: PricedMethod) -> Adjustment:
    return Adjustment(AdjustmentKind.DELIVERY, method.terms.kind.value, method.label, Funder.BUYER, method.price_minor)

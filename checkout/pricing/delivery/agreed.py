"""A delivery price that was agreed before, looked at again."""

from checkout.fulfilment.models import STANDARD_METHOD_ID, MethodKind
from checkout.pricing.basis import Address
from checkout.pricing.delivery.methods import own_price_minor
from checkout.pricing.delivery.places import place_of, zone_of
from checkout.pricing.terms.delivery import DeliveryTerms, MethodTerms

HEAVIEST = 1 << 62


def is_still_asked(
    terms: DeliveryTerms, address: Address, *, method_id: str, price_minor: int, standard_minor: int, value_minor: int
) -> bool:
    """Return whether a shop still asks a price for a method to an address.

    Of a method by weight it is enough that the price is one of its steps, since an order does not keep what its goods
    weighed; a carrier's price is kept as it was told.

    Args:
        method_id: empty on orders from before there were methods: the standard one.
        standard_minor: the shop's standard rate.
        value_minor: what the goods cost after discounts.
    """
    zone = zone_of(terms, place_of(address))
    wanted = method_id or str(STANDARD_METHOD_ID)
    method = next((each for each in zone.methods if each.id == wanted), None) if zone else None
    if method is None:
        return False
    if method.kind is MethodKind.CARRIER:
        return True
    return any(
        own_price_minor(method, standard_minor, value_minor=value_minor, grams=grams) == price_minor
        for grams in _weights(method)
    )


def _weights(method: MethodTerms) -> list[int]:
    """Return a weight in each step of a method by weight; of any other, one that does not matter."""
    if method.kind is not MethodKind.WEIGHT:
        return [0]
    return [HEAVIEST if band.up_to is None else band.up_to for band in method.bands]

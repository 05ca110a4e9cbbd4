"""Lines at today's prices before they are in a basket: those of a link, and those of an earlier order."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from checkout.cart.look_up import Sellers, look_up
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote
from checkout.pricing.reading import Seen, read_quote


def quote_wanted(wanted: Mapping[UUID, int], *, now: datetime) -> Quote:
    """Quote variants as if they were a basket; those that no shop sells any more are left out."""
    sellers, seen = look_up(list(wanted))
    sold = [variant_id for variant_id in wanted if variant_id in sellers]
    lines = [_line(variant_id, wanted[variant_id], sellers, seen) for variant_id in sold]
    return read_quote(lines, now=now, seen=seen)


def _line(variant_id: UUID, quantity: int, sellers: Sellers, seen: Seen) -> CartLine:
    offer = seen.offers.get(variant_id)
    return CartLine(variant_id, sellers[variant_id].id, quantity, offer.price_minor if offer else 0)


def available_units(quoted: Quote) -> dict[UUID, int]:
    """Return the quantities that can be had of quoted lines, by variant, without those of which there is nothing."""
    counted = ((line.line, line.offer) for line in quoted.counted if line.offer)
    return {line.variant_id: min(line.quantity, offer.available) for line, offer in counted if offer.available > 0}

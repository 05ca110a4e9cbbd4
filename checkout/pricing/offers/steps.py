"""The first step of a price: discounts of lines by the shop's automatic offers."""

from collections.abc import Iterable, Sequence

from checkout.pricing.adjustments import Adjustment
from checkout.pricing.basis import Basis


def offer_discounts(basis: Basis, _: Sequence[Adjustment]) -> Iterable[Adjustment]:
    """Take off the lines what the shop's automatic offers give."""
    return basis.offers.discounts

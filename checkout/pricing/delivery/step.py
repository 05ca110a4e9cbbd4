"""The step of a quote that charges the delivery."""

from collections.abc import Iterable, Sequence

from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.basis import Basis
from checkout.pricing.delivery.methods import find_delivery


def charge_delivery(basis: Basis, so_far: Sequence[Adjustment]) -> Iterable[Adjustment]:
    """Charge the chosen method for all that a shop delivers; a price of nothing is free delivery."""
    if (chosen := find_delivery(basis, so_far).chosen) is not None:
        source = chosen.terms.kind.value
        yield Adjustment(AdjustmentKind.DELIVERY, source, chosen.label, Funder.BUYER, chosen.price_minor)

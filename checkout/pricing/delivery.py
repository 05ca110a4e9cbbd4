"""Price of the delivery of a part."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop

from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.basis import Basis


def flat_delivery(basis: Basis, so_far: Sequence[Adjustment]) -> Iterable[Adjustment]:  # noqa: ARG001 - as any step
    """Charge a shop's one rate for all that it delivers; a rate of nothing is free delivery."""
    yield Adjustment(AdjustmentKind.DELIVERY, "flat", gettext_noop("Delivery"), Funder.BUYER, basis.shop.shipping_minor)

"""The steps of a price that coupons add: discounts of lines, and after the delivery its discount."""

from collections.abc import Iterable, Sequence

from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.basis import Basis
from checkout.pricing.coupons.planning import label_of, source_of


def coupon_discounts(basis: Basis, _: Sequence[Adjustment]) -> Iterable[Adjustment]:
    """Take off the lines what the coupons that count give for them; the whole basket decides which do."""
    return basis.coupons.discounts


def coupon_deliveries(basis: Basis, so_far: Sequence[Adjustment]) -> Iterable[Adjustment]:
    """Take a part's delivery off by the first coupon for it: the shop's own, else the platform's."""
    left = sum(
        each.amount_minor for each in so_far if each.kind in {AdjustmentKind.DELIVERY, AdjustmentKind.DELIVERY_DISCOUNT}
    )
    if left and basis.coupons.deliveries:
        coupon = basis.coupons.deliveries[0]
        funder = Funder.PLATFORM if coupon.shop_id is None else Funder.SHOP
        yield Adjustment(AdjustmentKind.DELIVERY_DISCOUNT, source_of(coupon), label_of(coupon), funder, -left)

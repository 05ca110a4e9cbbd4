"""Shares of a sale, as the ledger books them."""

from checkout.models import SubOrder
from payouts.services.posting import SaleShare


def share_of(part: SubOrder) -> SaleShare:
    """Return the shop's share of a part of an order, and the market's commission with its tax."""
    return SaleShare(
        shop_id=part.shop_id,
        sub_order_id=part.pk,
        payable_minor=part.payable_minor,
        commission_minor=part.commission_minor,
        commission_tax_minor=part.commission_tax_minor,
        promotion_minor=part.platform_discount_minor,
    )

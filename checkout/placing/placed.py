"""An order as its buyer sees it the moment after it was placed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checkout.models import Order, Payment, SubOrder
from tenants.models import Shop
from tenants.shops.selectors import ShopFacts


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order with its parts.

    Args:
        shops: the shops of the parts, by id.
        payment: its first attempt, written with it and not seen by others yet; None where an earlier request placed the
            order, or there is nothing to pay.
        is_earlier: whether an earlier request placed it.
        basket_id: the basket that the order has taken, where it is the one that the request was about.
    """

    order: Order
    parts: Sequence[SubOrder]
    shops: Mapping[int, ShopFacts | Shop]
    payment: Payment | None = None
    basket_id: str = ""
    is_earlier: bool = False

    @property
    def quantities(self) -> dict[str, int]:
        """Return the ordered quantity of each variant."""
        return {line["variant_id"]: line["quantity"] for part in self.parts for line in part.lines}

    @property
    def codes(self) -> set[str]:
        """Return the codes of the coupons that were used."""
        sources = {str(each["source"]) for part in self.parts for each in part.adjustments}
        return {source.removeprefix("coupon:") for source in sources if source.startswith("coupon:")}


def earlier_order(number: str, *, basket_id: str = "") -> PlacedOrder:
    """Return an order that was placed before."""
    order = Order.objects.prefetch_related("sub_orders__shop").get(number=number)
    parts = list(order.sub_orders.all())
    return PlacedOrder(order, parts, {part.shop_id: part.shop for part in parts}, basket_id=basket_id, is_earlier=True)

"""What a shop still has to do before it can be closed."""

from checkout.fulfilment.status import OPEN
from checkout.models import SubOrder
from tenants.models import Shop


def count_open_parts(*, shop_id: int) -> int:
    """Return how many orders of a shop wait for a payment or are not delivered yet."""
    return SubOrder.objects.filter(status__in=OPEN, shop_id=shop_id).count()


def orders_left(shop: Shop) -> str:
    """Say how many orders keep a shop from being closed, or nothing."""
    count = count_open_parts(shop_id=shop.pk)
    if not count:
        return ""
    return "1 order is not finished yet." if count == 1 else f"{count} orders are not finished yet."

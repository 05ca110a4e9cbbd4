"""What a shop still has to do before it can be closed."""

from django.db.models import Q

from checkout.models import SubOrder, SubOrderStatus
from tenants.models import Shop

OPEN = (SubOrderStatus.PENDING, SubOrderStatus.NEW, SubOrderStatus.PACKED, SubOrderStatus.SHIPPED)


def count_open_parts(*, shop_id: int) -> int:
    """Return how many orders of a shop wait for a payment or are not delivered yet."""
    return SubOrder.objects.filter(Q(status__in=OPEN), shop_id=shop_id).count()


def orders_left(shop: Shop) -> str:
    """Say how many orders keep a shop from being closed, or nothing."""
    count = count_open_parts(shop_id=shop.pk)
    if not count:
        return ""
    return "1 order is not finished yet." if count == 1 else f"{count} orders are not finished yet."

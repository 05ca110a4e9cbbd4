"""Open orders that keep a shop from being closed."""

from django.utils.translation import ngettext

from checkout.fulfilment.status import OPEN
from checkout.models import SubOrder
from kit.text.numbers import grouped
from tenants.models import Shop


def count_open_parts(*, shop_id: int) -> int:
    """Return the number of a shop's orders that wait for a payment or are not delivered yet."""
    return SubOrder.objects.filter(status__in=OPEN, shop_id=shop_id).count()


def orders_left(shop: Shop) -> str:
    """Return a text with the number of orders that keep a shop from being closed, or an empty one."""
    count = count_open_parts(shop_id=shop.pk)
    if not count:
        return ""
    words = ngettext("%(count)s order is not finished yet.", "%(count)s orders are not finished yet.", count)
    return words % {"count": grouped(count)}

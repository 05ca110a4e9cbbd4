"""Notice to a buyer that a shop has released its part of an unpaid order."""

from datetime import datetime

from django.utils.translation import gettext as _

from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.events import PartReleased
from checkout.models import OrderStatus, SubOrder


def announce_released_part(released: PartReleased, now: datetime) -> None:
    """Notify the buyer of a released part, unless the order was paid or has ended since."""
    part = SubOrder.objects.select_related("order", "shop").get(pk=released.sub_order_id)
    if part.order.status != OrderStatus.PENDING:
        return
    with speaking_to_buyer(part.order):
        names = {"shop": part.shop.name, "number": part.order.number}
        notice = OrderNotice(
            kind="order.part_released",
            key=f"part-released-{part.pk}",
            title=_("%(shop)s no longer reserves its part of order %(number)s") % names,
            paragraphs=[
                _("Order %(number)s is not paid yet, and %(shop)s no longer reserves its part of it for you.") % names,
                _(
                    "You can still pay for the order: you get the items that are in stock then, and a refund for the "
                    "rest."
                ),
            ],
            action=_("See your order"),
            lines=part.lines,
            shop=part.shop,
        )
        tell_buyer(order=part.order, notice=notice, now=now, is_paid=False)

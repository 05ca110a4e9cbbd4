"""Notices that a paid order goes to another address: to the buyer, and to shops that have not changed it themselves."""

from datetime import datetime
from functools import partial

from django.utils.translation import gettext

from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.announcing.shops import ShopNotice, tell_shop
from checkout.capabilities import FULFIL_ORDERS
from checkout.events import AddressChanged
from checkout.models import Order, ReversedBy, SubOrder
from kit.text.address_forms import address_lines


def announce_changed_address(changed: AddressChanged, now: datetime) -> None:
    """Notify the buyer, also of a change of their own: it may be another person's; and the shops concerned."""
    order = Order.objects.get(pk=changed.order_id)
    parts = list(order.sub_orders.select_related("shop").filter(number__in=changed.sub_orders))
    key = f"address-{order.pk}-{changed.happened_at:%Y%m%d%H%M%S%f}"
    _tell_buyer(order, parts, changed, key, now)
    if changed.changed_by != ReversedBy.SHOP:
        for part in parts:
            tell_shop(
                part=part,
                kind="shop.address_changed",
                key=f"{key}-{part.shop_id}",
                path=f"/dashboard/orders/{part.number}/",
                capability=FULFIL_ORDERS,
                word=partial(_words_for_shop, order, part, changed),
                now=now,
            )


def _tell_buyer(order: Order, parts: list[SubOrder], changed: AddressChanged, key: str, now: datetime) -> None:
    with speaking_to_buyer(order):
        shops = ", ".join(part.shop.name for part in parts)
        names = {"shops": shops, "number": order.number, "address": _one_line(parts[0].goes_to(order))}
        if changed.changed_by == ReversedBy.BUYER:
            first = gettext("You have changed the delivery address of your order %(number)s (%(shops)s).") % names
        elif changed.changed_by == ReversedBy.SHOP:
            first = gettext("%(shops)s has changed the delivery address of your order %(number)s.") % names
        else:
            first = gettext("We have changed the delivery address of your order %(number)s (%(shops)s).") % names
        paragraphs = [first, gettext("The new address: %(address)s.") % names, *_reason(changed)]
        paragraphs.append(gettext("Is that wrong? You can change it on the order's page until the order is packed."))
        notice = OrderNotice(
            kind="order.address_changed",
            key=key,
            title=gettext("New delivery address for your order %(number)s") % names,
            paragraphs=paragraphs,
            action=gettext("See your order"),
        )
        tell_buyer(order=order, notice=notice, now=now)


def _words_for_shop(order: Order, part: SubOrder, changed: AddressChanged) -> ShopNotice:
    names = {"number": part.number, "address": _one_line(part.goes_to(order))}
    by_buyer = gettext("The buyer has changed the delivery address. Send it to: %(address)s.")
    by_market = gettext("The market has changed the delivery address. Send it to: %(address)s.")
    first = (by_buyer if changed.changed_by == ReversedBy.BUYER else by_market) % names
    return ShopNotice(
        title=gettext("New delivery address for order %(number)s") % names,
        paragraphs=[first, *_reason(changed), gettext("Slips printed before this change show the old address.")],
        action=gettext("See the order"),
    )


def _reason(changed: AddressChanged) -> list[str]:
    return [gettext("The reason given: “%(reason)s”") % {"reason": changed.reason}] if changed.reason else []


def _one_line(address: object) -> str:
    return ", ".join(address_lines(address))

"""Notices that money of an order is given back without a cancellation: to the buyer, and to a shop that bears it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.announcing.shops import ShopNotice, tell_shop
from checkout.capabilities import REFUND_ORDERS
from checkout.events import PartRefunded
from checkout.models import Reversal, ReversedBy
from kit.money import format_minor


def announce_refunded_part(refunded: PartRefunded, now: datetime) -> None:
    """Notify the buyer, and the shop where the market has given the money back."""
    found = Reversal.objects.select_related("sub_order__order", "sub_order__shop")
    reversal = found.get(pk=refunded.reversal_id)
    _tell_buyer(reversal, now)
    if reversal.reversed_by != ReversedBy.SHOP:
        part = reversal.sub_order
        tell_shop(
            part=part,
            kind="shop.part_refunded",
            key=f"part-refunded-{reversal.pk}",
            path=f"/dashboard/orders/{part.number}/",
            capability=REFUND_ORDERS,
            word=lambda: _words_for_shop(reversal),
            now=now,
        )


def lines_of(reversal: Reversal) -> list[dict[str, Any]]:
    """Return the snapshots of a reversal's lines, with the number of its units as their quantity."""
    return [
        {**line, "quantity": reversal.lines[line["variant_id"]]}
        for line in reversal.sub_order.lines
        if line["variant_id"] in reversal.lines
    ]


def _tell_buyer(reversal: Reversal, now: datetime) -> None:
    part = reversal.sub_order
    with speaking_to_buyer(part.order):
        values = {
            "shop": part.shop.name,
            "number": part.order.number,
            "amount": format_minor(reversal.refund_minor, reversal.currency),
        }
        if reversal.reversed_by == ReversedBy.SHOP:
            first = gettext("%(shop)s refunds %(amount)s of your order.") % values
        else:
            first = gettext("We refund %(amount)s of your order from %(shop)s.") % values
        paragraphs = [first, gettext("The reason given: “%(reason)s”") % {"reason": reversal.reason}]
        if reversal.lines:
            paragraphs.append(gettext("You don't have to send anything back."))
        paragraphs.append(gettext("It usually takes 3 to 10 working days to arrive."))
        notice = OrderNotice(
            kind="order.part_refunded",
            key=f"part-refunded-{reversal.pk}",
            title=gettext("A refund of %(amount)s for your order %(number)s") % values,
            paragraphs=paragraphs,
            action=gettext("See your order"),
            lines=lines_of(reversal),
            texts=[gettext("A refund of %(amount)s is on its way to you:") % values],
            shop=part.shop,
        )
        tell_buyer(order=part.order, notice=notice, now=now)


def _words_for_shop(reversal: Reversal) -> ShopNotice:
    amount = format_minor(reversal.refund_minor, reversal.currency)
    number = reversal.sub_order.number
    return ShopNotice(
        title=gettext("%(amount)s of order %(number)s was refunded") % {"amount": amount, "number": number},
        paragraphs=[
            gettext(
                "The market has refunded %(amount)s to the buyer. It is deducted from your balance, less the "
                "commission."
            )
            % {"amount": amount},
            gettext("The reason given: “%(reason)s”") % {"reason": reversal.reason},
        ],
        action=gettext("See the order"),
        lines=lines_of(reversal),
    )

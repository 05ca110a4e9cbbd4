"""Notices that units of a paid order are cancelled: to the buyer, and to the shop where it has not done it itself."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from accounts.services.languages import speaking_to
from catalogue.discovery.services.popularity import record_sales
from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.announcing.phones import short_name
from checkout.announcing.refunded_parts import lines_of
from checkout.capabilities import FULFIL_ORDERS
from checkout.events import UnitsCancelled
from checkout.fulfilment.status import SENT, TO_SEND
from checkout.models import Reversal, ReversedBy
from kit.live import touch
from kit.money import format_minor
from notifications.services import notify, queue_email
from tenants.access import can
from tenants.models import Role
from tenants.shops.addresses import shop_url
from tenants.shops.brand import brand_of
from tenants.shops.selectors import members_of, role_in


def announce_cancelled_units(cancelled: UnitsCancelled, now: datetime) -> None:
    """Take the units from the sales of their listings, and notify the buyer and the shop."""
    found = Reversal.objects.select_related("sub_order__order", "sub_order__shop")
    reversal = found.get(pk=cancelled.reversal_id)
    touch(f"shop-orders:{reversal.sub_order.shop_id}")
    lines = lines_of(reversal)
    _count_back(reversal, lines)
    _tell_buyer(reversal, lines, now)
    if reversal.reversed_by != ReversedBy.SHOP:
        _tell_shop(reversal, lines, now)


def _count_back(reversal: Reversal, lines: list[dict[str, Any]]) -> None:
    units: Counter[UUID] = Counter()
    for line in lines:
        units[UUID(line["product_id"])] -= line["quantity"]
    record_sales(shop_id=reversal.sub_order.shop_id, units=units)


def _tell_buyer(reversal: Reversal, lines: list[dict[str, Any]], now: datetime) -> None:
    part = reversal.sub_order
    with speaking_to_buyer(part.order):
        names = {"shop": part.shop.name, "number": part.order.number}
        title = gettext("Items in your order %(number)s are cancelled") % names
        if reversal.reversed_by == ReversedBy.BUYER:
            paragraphs = [gettext("You have cancelled items from %(shop)s.") % names]
        elif reversal.reversed_by == ReversedBy.SHOP:
            paragraphs = [gettext("%(shop)s has cancelled items in your order because it can't send them.") % names]
        else:
            paragraphs = [gettext("We have cancelled items from %(shop)s in your order.") % names]
        if reversal.reason:
            paragraphs.append(gettext("The reason given: “%(reason)s”") % {"reason": reversal.reason})
        if reversal.refund_minor:
            paragraphs.append(
                gettext("We refund %(amount)s to you. It usually takes 3 to 10 working days to arrive.")
                % {"amount": format_minor(reversal.refund_minor, reversal.currency)}
            )
        if part.status in TO_SEND:
            paragraphs.append(gettext("%(shop)s will send you the rest.") % names)
        notice = OrderNotice(
            kind="order.units_cancelled",
            key=f"units-cancelled-{reversal.pk}",
            title=title,
            paragraphs=paragraphs,
            action=gettext("See your order"),
            lines=lines,
            texts=_texts(reversal),
            shop=part.shop,
        )
        tell_buyer(order=part.order, notice=notice, now=now)


def _texts(reversal: Reversal) -> list[str]:
    """Return the wording of a message to the buyer's phone; none where the buyer has cancelled."""
    if reversal.reversed_by == ReversedBy.BUYER:
        return []
    facts = {
        "shop": short_name(reversal.sub_order.shop.name),
        "amount": format_minor(reversal.total_minor, reversal.currency),
    }
    if reversal.total_minor:
        return [gettext("Items from %(shop)s are cancelled. We refund %(amount)s:") % facts]
    return [gettext("Items from %(shop)s are cancelled:") % facts]


def _tell_shop(reversal: Reversal, lines: list[dict[str, Any]], now: datetime) -> None:
    """Notify a shop's packers on the site, and its owner by e-mail too."""
    part = reversal.sub_order
    url = shop_url(part.shop, f"/dashboard/orders/{part.number}/")
    units, is_all = sum(line["quantity"] for line in lines), part.status not in TO_SEND
    context = {
        "part": part,
        "shop": part.shop,
        "brand": brand_of(part.shop),
        "units": units,
        "lines": lines,
        "is_all": is_all,
        "is_rest": part.status in SENT,
        "reason": reversal.reason,
        "is_by_buyer": reversal.reversed_by == ReversedBy.BUYER,
        "link": url,
    }
    for member in members_of(shop_id=part.shop_id):
        with speaking_to(user_id=member.user_id):
            key = f"units-cancelled-{reversal.pk}-{member.user_id}"
            if can(role_in(member.user, part.shop), FULFIL_ORDERS):
                notify(
                    user_id=member.user_id,
                    kind="shop.units_cancelled",
                    title=gettext("Cancelled in order %(number)s") % {"number": part.number},
                    body=_words_for_packers(units, is_all=is_all, is_rest=part.status in SENT),
                    url=url,
                    dedup_key=key,
                    now=now,
                )
            if member.role == Role.OWNER:
                queue_email(
                    to=member.user.email,
                    template="units_cancelled",
                    context=context,
                    dedup_key=key,
                    now=now,
                    user_id=member.user_id,
                )


def _words_for_packers(units: int, *, is_all: bool, is_rest: bool) -> str:
    if is_rest:
        return gettext("Everything that was not sent yet is cancelled. Don't send anything more.")
    if is_all:
        return gettext("The whole order is cancelled. Don't send anything.")
    return ngettext(
        "%(units)s item is cancelled. Send the rest.", "%(units)s items are cancelled. Send the rest.", units
    ) % {"units": units}

"""Notices to both sides that a part of an order is late to be sent or to arrive."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.announcing.links import shop_contact
from checkout.announcing.parcels import lines_of
from checkout.announcing.shops import ShopNotice, tell_shop
from checkout.capabilities import FULFIL_ORDERS
from checkout.fulfilment.deadlines import Deadline, Late, deadline_of
from checkout.fulfilment.events import ArrivalDelayed, DispatchDelayed
from checkout.models import SubOrder


def announce_late_dispatch(delayed: DispatchDelayed, now: datetime) -> None:
    """Notify both sides of a part that should have left its shop, unless it has left since."""
    _announce(delayed.sub_order_id, Late.TO_SEND, now)


def announce_late_arrival(delayed: ArrivalDelayed, now: datetime) -> None:
    """Notify both sides of a part that should have arrived, unless it has arrived since."""
    _announce(delayed.sub_order_id, Late.TO_ARRIVE, now)


def _announce(sub_order_id: UUID, step: Late, now: datetime) -> None:
    part = SubOrder.objects.select_related("order", "shop").get(pk=sub_order_id)
    due = deadline_of(part, paid_at=part.order.paid_at, now=now)
    if due.late != step:
        return
    key = f"late-{step}-{part.pk}"
    with speaking_to_buyer(part.order):
        title, paragraphs = _words_for_buyer(part, due)
        notice = OrderNotice(
            kind="parcel.late",
            key=key,
            title=title,
            paragraphs=paragraphs,
            action=_("See your order"),
            lines=lines_of(part, part.to_send) or part.lines,
            shop=part.shop,
        )
        tell_buyer(order=part.order, notice=notice, now=now)
    tell_shop(
        part=part,
        kind="shop.part_late",
        key=key,
        path=f"/dashboard/orders/{part.number}/",
        capability=FULFIL_ORDERS,
        word=partial(_words_for_shop, part, due),
        now=now,
    )


def _words_for_buyer(part: SubOrder, due: Deadline) -> tuple[str, list[str]]:
    """Return the title and the paragraphs of the notice to the buyer."""
    facts = {"shop": part.shop.name, "number": part.number, "day": _day(due.due_on)}
    ask = _("If you want to know more, ask the shop: %(contact)s") % {"contact": shop_contact(part.shop)}
    if due.late == Late.TO_ARRIVE:
        return _("Your parcel from %(shop)s should have arrived by now") % facts, [
            _("%(number)s from %(shop)s is on its way and should have arrived by %(day)s.") % facts,
            _("We have asked the shop to find out where it is."),
            ask,
            _("If you have received it, confirm it on the page of your order."),
        ]
    wait = _("We have told the shop, and will write to you as soon as it is sent.")
    first = _("%(shop)s should have sent %(number)s by %(day)s, and has not.") % facts
    if part.is_partly_sent:
        first = _("%(shop)s should have sent all of %(number)s by %(day)s, and has not.") % facts
    if due.is_fetched_at_shop:
        first = _("%(shop)s should have had %(number)s ready for you by %(day)s, and has not.") % facts
        wait = _("We have told the shop, and will write to you as soon as it is ready.")
    cancel = _(
        "If you don't want to wait, cancel the items that have not left yet on the page of your order. You "
        "get a refund."
    )
    return _("%(shop)s is late with your order") % facts, [first, wait, cancel, ask]


def _words_for_shop(part: SubOrder, due: Deadline) -> ShopNotice:
    facts = {"number": part.number, "day": _day(due.due_on)}
    lines = lines_of(part, part.to_send) or part.lines
    if due.late == Late.TO_ARRIVE:
        title = _("Order %(number)s should have arrived by now") % facts
        if due.days_late == 1:
            title = _("Order %(number)s should have arrived yesterday") % facts
        paragraphs = [
            _("It was due to arrive by %(day)s.") % facts,
            _("Ask the carrier where it is. If it has arrived, mark it delivered. The buyer has been told."),
        ]
        return ShopNotice(title=title, paragraphs=paragraphs, action=_("See the order"), lines=lines)
    title = _("Order %(number)s should have left by now") % facts
    if due.days_late == 1:
        title = _("Order %(number)s should have left yesterday") % facts
    if due.is_fetched_at_shop:
        title = _("Order %(number)s should be ready for its buyer by now") % facts
    paragraphs = [
        _("It was due on %(day)s. Get it ready now, or cancel the items that you can't send.") % facts,
        _("The buyer has been told, and can cancel it as long as it has not left."),
    ]
    return ShopNotice(title=title, paragraphs=paragraphs, action=_("Pack and ship it"), lines=lines)


def _day(day: date | None) -> str:
    return date_format(day, "j F") if day else ""

"""Notices to a buyer about the progress of a shop's parcel."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.announcing.links import shop_contact
from checkout.announcing.phones import short_name
from checkout.announcing.shops import ShopNotice, tell_shop
from checkout.capabilities import FULFIL_ORDERS
from checkout.fulfilment.events import (
    ParcelDelivered,
    ParcelSent,
    VendorOrderDelivered,
    VendorOrderPacked,
    VendorOrderShipped,
    VendorOrderStepUndone,
    VendorOrderTrackingChanged,
)
from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.parcels import SentParcel, sent_units
from checkout.fulfilment.status import PartStatus
from checkout.models import DeliveredBy, SubOrder
from checkout.stations.pickup_codes import codes_of

Lines = Sequence[dict[str, Any]]  # snapshots, with the units concerned as their quantity


def announce_packed(packed: VendorOrderPacked, now: datetime) -> None:
    """Notify the buyer that a shop has packed a parcel, or that it can be fetched there."""
    part = _find_part(packed.sub_order_id)
    if part.delivery.get("kind") == MethodKind.PICKUP:
        _announce_ready(part, packed.happened_at, now)
        return
    with speaking_to_buyer(part.order):
        paragraphs = [
            _("%(shop)s has packed %(number)s.") % _names(part),
            _("You will hear from us again when it is on its way."),
        ]
        title = _("%(shop)s has packed your parcel") % _names(part)
        lines = _lines_left(part, packed.happened_at)
        _tell(part, "packed", title, paragraphs, now, happened_at=packed.happened_at, lines=lines)


def _announce_ready(part: SubOrder, packed_at: datetime | None, now: datetime) -> None:
    """Notify the buyer that a parcel can be fetched at the shop: where and when, as the shop has said it."""
    with speaking_to_buyer(part.order):
        details = " ".join(str(part.delivery.get("details") or "").split())
        where = _("Where and when: %(details)s") % {"details": details}
        if not details:
            where = _("Ask the shop where and when to pick it up: %(contact)s") % {"contact": shop_contact(part.shop)}
        paragraphs = [
            _("%(shop)s has %(number)s ready for you.") % _names(part),
            where,
            _("Tell the staff your name and the number of your order."),
        ]
        title = _("Your order is ready to be picked up at %(shop)s") % _names(part)
        texts = [_("Your order is ready to be picked up at %(shop)s. Where and when:") % _short(part)]
        lines = _lines_left(part, packed_at)
        _tell(part, "ready", title, paragraphs, now, happened_at=packed_at, lines=lines, texts=texts)


def announce_shipped(shipped: VendorOrderShipped | ParcelSent, now: datetime) -> None:
    """Notify the buyer that a parcel was shipped: what is in it, and how to follow it."""
    part = _find_part(shipped.sub_order_id)
    carrier, number = shipped.carrier, shipped.tracking_number
    if carrier is None or number is None:  # an event of an earlier release
        carrier, number = part.tracking.get("carrier", ""), part.tracking.get("number", "")
    lines = _lines_in(part, (shipped.parcel,) if shipped.parcel else ())
    with speaking_to_buyer(part.order):
        is_rest = isinstance(shipped, VendorOrderShipped) and (shipped.parcel or 1) > 1 and lines != part.lines
        if isinstance(shipped, ParcelSent):
            title = _("A part of your order from %(shop)s is on its way") % _names(part)
            first = _("%(shop)s has sent a part of %(number)s. The rest follows.") % _names(part)
        elif is_rest:
            title = _("The rest of your order from %(shop)s is on its way") % _names(part)
            first = _("%(shop)s has sent the rest of %(number)s.") % _names(part)
        else:
            title = _("Your parcel from %(shop)s is on its way") % _names(part)
            first = _("%(shop)s has sent %(number)s.") % _names(part)
        paragraphs = [
            first,
            *_ways_to_follow(carrier, number, shipped.tracking_url),
            *_pickup(part),
            _("You will hear from us again when the shop reports that it has arrived."),
        ]
        texts = _texts_shipped(part, carrier, number)
        _tell(part, "shipped", title, paragraphs, now, happened_at=shipped.happened_at, lines=lines, texts=texts)


def announce_changed_tracking(changed: VendorOrderTrackingChanged, now: datetime) -> None:
    """Notify the buyer of the carrier and number by which their parcel can be followed now."""
    part = _find_part(changed.sub_order_id)
    with speaking_to_buyer(part.order):
        paragraphs = [
            _("%(shop)s has corrected the tracking of %(number)s.") % _names(part),
            *_ways_to_follow(changed.carrier, changed.tracking_number, changed.tracking_url),
            _("The tracking number in our earlier letters is no longer valid."),
        ]
        title = _("The tracking of your parcel from %(shop)s has changed") % _names(part)
        lines = _lines_in(part, (changed.parcel,) if changed.parcel else ())
        _tell(part, "tracking", title, paragraphs, now, happened_at=changed.happened_at, lines=lines)


def announce_undone_step(undone: VendorOrderStepUndone, now: datetime) -> None:
    """Notify the buyer that a parcel is not packed, or has not left, although we said so."""
    part = _find_part(undone.sub_order_id)
    with speaking_to_buyer(part.order):
        units = dict(zip(undone.variants, undone.quantities, strict=True))
        lines = lines_of(part, units) if units else _lines_left(part, undone.happened_at)
        if units and lines != _lines_kept(part):
            title = _("A parcel from %(shop)s has not left yet") % _names(part)
            first = _("%(shop)s had marked a parcel of %(number)s as sent by mistake. It is still with the shop.")
            first %= _names(part)
        elif undone.step == PartStatus.SHIPPED:
            title = _("Your parcel from %(shop)s has not left yet") % _names(part)
            first = _("%(shop)s had marked %(number)s as sent by mistake. It is still with the shop.") % _names(part)
        else:
            title = _("Your parcel from %(shop)s is still being packed") % _names(part)
            first = _("%(shop)s had marked %(number)s as packed by mistake.") % _names(part)
        paragraphs = [first, _("You will hear from us again when it is on its way.")]
        _tell(part, f"{undone.step}-undone", title, paragraphs, now, happened_at=undone.happened_at, lines=lines)


def announce_delivered(delivered: VendorOrderDelivered, now: datetime) -> None:
    """Notify the sides that have not said so themselves that a parcel was delivered."""
    part = _find_part(delivered.sub_order_id)
    if delivered.delivered_by != DeliveredBy.BUYER:
        with speaking_to_buyer(part.order):
            texts = [_("%(shop)s reports that your parcel has arrived. Not there? See") % _short(part)]
            if delivered.delivered_by != DeliveredBy.SHOP:
                texts = [_("Your parcel from %(shop)s is marked as delivered. Not there? See") % _short(part)]
            lines = _lines_in(part, delivered.parcels)
            _tell(part, "delivered", *_arrival(part, delivered.delivered_by), now, lines=lines, texts=texts)
    if delivered.delivered_by != DeliveredBy.SHOP:
        tell_shop(
            part=part,
            kind="shop.parcel_delivered",
            key=f"parcel-delivered-{part.pk}",
            path=f"/dashboard/orders/{part.number}/",
            capability=FULFIL_ORDERS,
            word=partial(_arrival_for_shop, part, delivered.delivered_by),
            now=now,
            has_letter=False,
        )


def _arrival(part: SubOrder, delivered_by: str) -> tuple[str, list[str]]:
    """Return the title and the paragraphs of a notice to the buyer that a parcel has arrived."""
    names = _names(part)
    title = _("Your parcel from %(shop)s has arrived") % names
    first = _("%(shop)s reports that %(number)s has arrived.") % names
    if delivered_by == DeliveredBy.OPERATOR:
        first = _("We have marked %(number)s from %(shop)s as delivered.") % names
    if delivered_by == DeliveredBy.TIMER:
        title = _("Has your parcel from %(shop)s arrived?") % names
        first = _(
            "%(number)s from %(shop)s should have arrived by now, and you have not told us otherwise, so we have "
            "marked it as delivered."
        )
        first %= names
    contact = _("If you don't have it, ask the shop: %(contact)s") % {"contact": shop_contact(part.shop)}
    return title, [first, contact]


def _arrival_for_shop(part: SubOrder, delivered_by: str) -> ShopNotice:
    names = {"number": part.number}
    sentences = {
        DeliveredBy.BUYER: _("The buyer says that %(number)s has arrived."),
        DeliveredBy.OPERATOR: _("The market has marked %(number)s as delivered."),
        DeliveredBy.TIMER: _("%(number)s should have arrived by now, so it counts as delivered."),
    }
    sentence = sentences[DeliveredBy(delivered_by)] % names
    title = _("Order %(number)s is delivered") % names
    return ShopNotice(title=title, paragraphs=[sentence], action=_("See the order"))


def announce_delivered_parcel(delivered: ParcelDelivered, now: datetime) -> None:
    """Notify the buyer that one of several parcels was delivered."""
    part = _find_part(delivered.sub_order_id)
    with speaking_to_buyer(part.order):
        title = _("A part of your order from %(shop)s has arrived") % _names(part)
        paragraphs = [
            _("%(shop)s reports that a parcel of %(number)s has arrived.") % _names(part),
            _("If you don't have it, ask the shop: %(contact)s") % {"contact": shop_contact(part.shop)},
        ]
        texts = [_("%(shop)s reports that your parcel has arrived. Not there? See") % _short(part)]
        lines = _lines_in(part, (delivered.parcel,))
        _tell(part, "delivered", title, paragraphs, now, lines=lines, texts=texts, parcel=f"-{delivered.parcel}")


def _lines_in(part: SubOrder, numbers: Sequence[int]) -> Lines:
    """Return the snapshots of the lines in some parcels, with their units; all of the part where none is known."""
    units = sent_units([parcel for parcel in part.sent_parcels if parcel.number in numbers])
    return lines_of(part, units) if units else part.lines


def _lines_left(part: SubOrder, at: datetime | None) -> Lines:
    """Return the snapshots of the lines that were with the shop at a time, with their units."""
    kept = [SentParcel.of_json(each) for each in part.parcels]
    sent, cancelled = sent_units([each for each in kept if at and each.shipped_at < at]), part.cancelled_units
    bought = {line["variant_id"]: line["quantity"] for line in part.lines}
    left = {UUID(key): count - cancelled.get(key, 0) - sent[UUID(key)] for key, count in bought.items()}
    return lines_of(part, left) or part.lines


def _lines_kept(part: SubOrder) -> Lines:
    """Return the snapshots of all lines with the units that were not cancelled."""
    return lines_of(part, {UUID(line["variant_id"]): line["left"] for line in part.counted_lines})


def lines_of(part: SubOrder, units: Mapping[UUID, int]) -> Lines:
    """Return the snapshots of lines with some units of each as their quantity; lines without any are left out."""
    return [{**line, "quantity": units[key]} for line in part.lines if units.get(key := UUID(line["variant_id"]))]


def _find_part(sub_order_id: UUID) -> SubOrder:
    return SubOrder.objects.select_related("order", "shop").get(pk=sub_order_id)


def _names(part: SubOrder) -> dict[str, str]:
    return {"shop": part.shop.name, "number": part.number}


def _short(part: SubOrder) -> dict[str, str]:
    return {"shop": short_name(part.shop.name)}


def _texts_shipped(part: SubOrder, carrier: str, number: str) -> list[str]:
    """Return the wordings of a message to the buyer's phone: with the pick-up code or the tracking, and without."""
    station, code = part.delivery.get("station"), codes_of([part.pk]).get(part.pk)
    facts = {**_short(part), "carrier": carrier, "number": number, "code": code}
    shortest = _("%(shop)s has sent your parcel:") % facts
    if station and code:
        facts["station"] = short_name(station["name"])
        return [
            _("%(shop)s has sent your parcel to %(station)s. Pick-up code: %(code)s.") % facts,
            _("%(shop)s has sent your parcel. Pick-up code: %(code)s.") % facts,
        ]
    if number:
        return [
            *([_("%(shop)s has sent your parcel by %(carrier)s, number %(number)s:") % facts] if carrier else []),
            _("%(shop)s has sent your parcel, number %(number)s:") % facts,
            shortest,
        ]
    return [shortest]


def _way_to_follow(carrier: str, number: str) -> str:
    facts = {"carrier": carrier, "number": number}
    if carrier and number:
        return _("%(carrier)s brings it; the tracking number is %(number)s.") % facts
    if carrier:
        return _("%(carrier)s brings it; the shop has given no tracking number.") % facts
    if number:
        return _("The tracking number is %(number)s.") % facts
    return _("The shop has given no tracking number.")


def _ways_to_follow(carrier: str, number: str, url: str) -> list[str]:
    way = _way_to_follow(carrier, number)
    return [way, _("Follow it here: %(url)s") % {"url": url}] if url else [way]


def _pickup(part: SubOrder) -> list[str]:
    """Return the paragraphs about fetching a parcel at a station: its address and the pick-up code."""
    station, code = part.delivery.get("station"), codes_of([part.pk]).get(part.pk)
    if not station or not code:
        return []
    facts = {"station": station["name"], "address": station["address"], "hours": station["opening_hours"], "code": code}
    return [
        _("Pick it up at %(station)s, %(address)s. Opening hours: %(hours)s.") % facts,
        _("Your pick-up code is %(code)s. Give it only to the staff who hand you the parcel.") % facts,
    ]


def _tell(
    part: SubOrder,
    step: str,
    title: str,
    paragraphs: list[str],
    now: datetime,
    *,
    happened_at: datetime | None = None,
    texts: Sequence[str] = (),
    lines: Lines | None = None,
    parcel: str = "",
) -> None:
    """Send a notice once for each time that a step was taken: one that was undone may be taken again."""
    occasion = f"-{happened_at:%Y%m%d%H%M%S%f}" if happened_at else ""  # none in events of an earlier release
    notice = OrderNotice(
        kind=f"parcel.{step}",
        key=f"parcel-{step}{parcel}-{part.pk}{occasion}",
        title=title,
        paragraphs=paragraphs,
        action=_("Follow your order"),
        lines=part.lines if lines is None else lines,
        texts=texts,
        shop=part.shop,
    )
    tell_buyer(order=part.order, notice=notice, now=now)

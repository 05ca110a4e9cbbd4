"""Packing slips and pick-up slips as pages: what is left in a part of an order, without prices."""

from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy, pgettext

from checkout.documents.sheet import GREY, HUGE, LARGE, SMALL, Block, Column, Sheet, Text
from checkout.fulfilment.models import FETCHED, VendorOrder
from checkout.fulfilment.parcels import SentParcel
from kit.text.address_forms import address_lines
from kit.text.labelled import labelled
from kit.text.numbers import grouped
from tenants.models import Shop


class SlipKind(models.TextChoices):
    """Kind of a slip."""

    PACKING = "packing-slip", gettext_lazy("Packing slip")
    PICKUP = "pickup-slip", gettext_lazy("Pick-up slip")


def is_picked_up(order: VendorOrder) -> bool:
    """Return whether the buyer fetches an order, at the shop or at a station."""
    return order.delivery.get("kind") in FETCHED


def slip_sheet(kind: SlipKind, order: VendorOrder, shop: Shop, parcel: SentParcel | None = None) -> Sheet:
    """Return the pages of a slip, in the language that is active.

    Args:
        parcel: the one that it is for; None: what is left of the order.
    """
    sheet = Sheet(footer=gettext("%(number)s · %(shop)s on Kasuwa") % {"number": order.number, "shop": shop.name})
    title = gettext("Pick-up slip") if kind == SlipKind.PICKUP else gettext("Packing slip")
    placed = date_format(localtime(order.placed_at), "j F Y")
    sheet.columns(
        [Text(shop.name, LARGE, is_bold=True)],
        [
            Text(title, 14, is_bold=True),
            Text(order.number, 14, is_bold=True),
            *([Text(gettext("Parcel %(number)s") % {"number": parcel.number}, is_bold=True)] if parcel else []),
            Text(gettext("Ordered %(date)s") % {"date": placed}, ink=GREY),
            *([Text(parcel.tracking, ink=GREY)] if parcel and parcel.tracking else []),
        ],
        shares=(0.55, 0.45),
    )
    sheet.space(16)
    if kind == SlipKind.PICKUP:
        _pick_up(sheet, order)
    else:
        sheet.columns(_destination(order), _method(order))
    sheet.space(16)
    units = {line: parcel.lines.get(line.variant_id, 0) if parcel else line.on_slip for line in order.lines.all()}
    sheet.table(_columns(), [_row(line, count) for line, count in units.items() if count])
    if kind == SlipKind.PACKING and shop.returns_policy:
        sheet.space(6)
        sheet.paragraph(Text(gettext("Returns: %(returns_policy)s") % {"returns_policy": shop.returns_policy}, SMALL))
    return sheet


def _pick_up(sheet: Sheet, order: VendorOrder) -> None:
    """Write the name of the buyer, large enough to be read on a shelf, and the place; never the code."""
    sheet.columns([Text(order.buyer_name, HUGE, is_bold=True)])
    sheet.space(8)
    is_at_station = order.is_at_station
    ask = (
        gettext("Hand it out only against the buyer's pick-up code.")
        if is_at_station
        else gettext("Hand it out to the person who names the buyer and the order.")
    )
    sheet.columns(_method(order), [Text(ask, is_bold=True), *map(Text, _signed())])


def _signed() -> list[str]:
    return ["", gettext("Date: %(blank)s") % {"blank": _BLANK}, "", gettext("Signature: %(blank)s") % {"blank": _BLANK}]


_BLANK = "." * 40


def _destination(order: VendorOrder) -> Block:
    station = order.delivery.get("station")
    label = gettext("Buyer") if is_picked_up(order) else gettext("Deliver to")
    lines = [order.buyer_name] if station else address_lines(order.shipping_address)
    first, *others = lines or [order.buyer_name]
    return [Text(label, SMALL, ink=GREY), Text(first, is_bold=True), *map(Text, others)]


def _method(order: VendorOrder) -> Block:
    """Return the method of delivery, and the station that it goes to."""
    delivery: dict[str, Any] = order.delivery
    station = delivery.get("station") or {}
    said = [delivery.get("name", ""), station.get("name", ""), station.get("address", ""), delivery.get("details", "")]
    return [Text(gettext("Delivery"), SMALL, ink=GREY), *(Text(str(each)) for each in said if each)]


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Quantity"), 0.12, is_number=True),
        Column("", 0.04),
        Column(gettext("Product"), 0.5),
        Column("SKU", 0.24),
        Column(pgettext("product", "Packed"), 0.1, is_number=True),
    )


def _row(line: Any, count: int) -> tuple[Block, ...]:
    options = " · ".join(labelled(name, value) for name, value in line.options.items())
    more = [Text(options, SMALL, ink=GREY)] if options else []
    return (
        [Text(grouped(count), is_bold=True)],
        (),
        [Text(line.title), *more],
        [Text(line.sku, SMALL)],
        [Text("□")],
    )

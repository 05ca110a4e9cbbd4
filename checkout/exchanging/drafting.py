"""The order of what is sent for a return, as rows: one part, to the same address, without a delivery fee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop

from checkout.exchanging.prices import ExchangePrice, ReplacedLine
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.models import Order, Return, SubOrder
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.allocation import allocate
from checkout.pricing.commission import CommissionLine, PartCommission, charge_lines
from checkout.pricing.commission_tax import NO_TAX
from checkout.pricing.frozen_commission import FrozenCommission, choices_of
from kit.db.pipeline import Query
from kit.db.rows import insert_query
from kit.db.unsaved import unsaved
from kit.ids import order_number, uuid7
from kit.money import smallest_unit
from kit.money.columns import AMOUNT_COLUMNS

SOURCE = "exchange"
LABEL = gettext_noop("Discount kept by the exchange")
# Facts of the delivery's method that are as they were; its days were promised for another parcel.
DELIVERY = ("method_id", "name", "kind", "details", "station")
PRICED = (
    *AMOUNT_COLUMNS,
    "commission_bps",
    "commission_minor",
    "commission_tax_minor",
    "commission",
    "platform_discount_minor",
    "adjustments",
    "tax",
)


@dataclass(frozen=True, slots=True)
class ExchangeDraft:
    """An order of an exchange before it is written."""

    order: Order
    part: SubOrder
    vendor_order: VendorOrder
    lines: list[VendorOrderLine]

    def insert_queries(self, schema_name: str) -> list[Query[None]]:
        """Return the queries that write every row."""
        return [
            insert_query(self.order, self.part),
            insert_query(self.vendor_order, self.lines, schema_name=schema_name),
        ]


def draft_exchange(found: Return, part: SubOrder, price: ExchangePrice, *, now: datetime) -> ExchangeDraft:
    """Return the rows of the order that is kept for a return; it waits until the items have arrived."""
    before = part.order
    amounts = price.amounts.columns()
    order = unsaved(
        Order,
        number=order_number(),
        buyer_id=before.buyer_id,
        email=before.email,
        access_key=before.access_key,
        language=before.language,
        **amounts,
        shipping_address=part.goes_to(before),
        billing_address=before.billing_address,
        vat_number=before.vat_number,
        sms_agreed_at=before.sms_agreed_at,
        whatsapp_agreed_at=before.whatsapp_agreed_at,
        exchange_of_id=found.pk,
        placed_at=now,
        expires_at=now + timedelta(days=settings.EXCHANGE_KEPT_DAYS),
    )
    part_id = uuid7()
    delivery = {name: part.delivery.get(name) for name in DELIVERY} if part.delivery else {}
    if delivery:
        delivery |= {"earliest_on": None, "latest_on": None, "leaves_on": None}
    lines = [_line(part_id, each, found) for each in _merged(price.lines)]
    sub_order = unsaved(
        SubOrder,
        id=part_id,
        order_id=order.id,
        shop_id=part.shop_id,
        number=f"{order.number}-1",
        **amounts,
        **frozen_columns(part, price),
        delivery=delivery,
        lines=[_snapshot(line, found) for line in lines],
        status_at=now,
    )
    vendor_order = unsaved(
        VendorOrder,
        id=part_id,
        number=sub_order.number,
        buyer_name=order.shipping_address["name"],
        buyer_email=order.email,
        shipping_address=order.shipping_address,
        delivery=delivery,
        **amounts,
        placed_at=now,
        status_at=now,
    )
    return ExchangeDraft(order, sub_order, vendor_order, lines)


def frozen_columns(part: SubOrder, price: ExchangePrice) -> dict[str, Any]:
    """Return the columns that are frozen with the part of an exchange, beside its amounts.

    Args:
        part: that which comes back: its commission and the rates of its tax hold.
    """
    platform = sum(line.platform_minor for line in price.lines)
    adjustments = [each for line in price.lines for each in _adjustments(part, line)]
    commission = _commission(part, price)
    return {
        "commission_bps": commission.bps,
        "commission_minor": commission.total_minor,
        "commission_tax_minor": commission.tax_minor,
        "commission": commission.as_json(),
        "platform_discount_minor": platform,
        "adjustments": [each.as_dict() for each in adjustments],
        "tax": _tax(part, price, adjustments),
    }


def _commission(part: SubOrder, price: ExchangePrice) -> PartCommission:
    """Return the commission on what is sent: of each line by the rule of the line that it is sent for."""
    chosen, frozen = choices_of(part), FrozenCommission.of(part)
    lines = [
        CommissionLine(
            variant_id=line.variant_id,
            units=line.quantity,
            base_minor=line.net_minor + line.platform_minor,
            choice=chosen[line.for_variant_id].choice,
            category_id=chosen[line.for_variant_id].category_id,
        )
        for line in price.lines
    ]
    tax = frozen.tax if frozen and frozen.tax else NO_TAX
    return charge_lines(lines, version=frozen.version if frozen else 0, tax=tax)


def _adjustments(part: SubOrder, line: ReplacedLine) -> list[Adjustment]:
    by_shop = line.discount_minor - line.platform_minor
    discounts = [
        Adjustment(AdjustmentKind.DISCOUNT, SOURCE, LABEL, funder, -amount, line.variant_id)
        for funder, amount in ((Funder.SHOP, by_shop), (Funder.PLATFORM, line.platform_minor))
        if amount
    ]
    return [*discounts, *_taxes(part, line)]


def _taxes(part: SubOrder, line: ReplacedLine) -> list[Adjustment]:
    """Return the tax of a line, split over the levies that the line has for which it is sent."""
    if not line.tax_minor:
        return []
    levies: dict[tuple[str, str], int] = {}
    taxed = [each for each in part.adjustments if each["kind"] == AdjustmentKind.TAX]
    own = [each for each in taxed if each["variant_id"] == str(line.for_variant_id)]
    for each in own if any(each["amount_minor"] for each in own) else taxed:
        key = (each["source"], each["label"])
        levies[key] = levies.get(key, 0) + each["amount_minor"]
    unit = smallest_unit(part.currency)
    shares = allocate(line.tax_minor // unit, levies)
    return [
        Adjustment(AdjustmentKind.TAX, source, label, Funder.BUYER, share * unit, line.variant_id)
        for (source, label), share in shares.items()
        if share
    ]


def _tax(part: SubOrder, price: ExchangePrice, adjustments: Sequence[Adjustment]) -> dict[str, Any]:
    """Return the figures of an invoice: of each rate the price before tax and the tax."""
    if not part.tax:
        return {}
    bases: dict[str, int] = {}
    sums: dict[str, int] = {}
    for line in price.lines:
        included = line.tax_minor if part.prices_include_tax else 0
        for label in {each.label for each in _taxes(part, line)}:
            bases[label] = bases.get(label, 0) + line.net_minor - included
    for each in adjustments:
        if each.kind is AdjustmentKind.TAX:
            sums[each.label] = sums.get(each.label, 0) + each.amount_minor
    rates = [
        {**rate, "base_minor": bases[rate["label"]], "tax_minor": sums.get(rate["label"], 0)}
        for rate in part.tax.get("rates", ())
        if rate["label"] in bases
    ]
    return {**part.tax, "rates": rates}


def _merged(lines: Sequence[ReplacedLine]) -> list[tuple[UUID, int, int, str]]:
    """Return the variants with their units and price; one may be sent for several lines."""
    found: dict[UUID, tuple[UUID, int, int, str]] = {}
    for line in lines:
        _, count, price, key = found.get(
            line.variant_id, (line.variant_id, 0, line.price_minor, str(line.for_variant_id))
        )
        found[line.variant_id] = (line.variant_id, count + line.quantity, price, key)
    return sorted(found.values())


def _line(part_id: UUID, line: tuple[UUID, int, int, str], found: Return) -> VendorOrderLine:
    variant_id, count, price, key = line
    wanted: Mapping[str, Any] = found.exchange[key]
    return unsaved(
        VendorOrderLine,
        vendor_order_id=part_id,
        variant_id=variant_id,
        product_id=UUID(wanted["product_id"]),
        sku=wanted["sku"],
        title=wanted["title"],
        options=wanted["options"],
        image=wanted["image"],
        quantity=count,
        unit_price_minor=price,
        total_minor=price * count,
    )


def _snapshot(line: VendorOrderLine, found: Return) -> dict[str, Any]:
    wanted = next(each for each in found.exchange.values() if each["variant_id"] == str(line.variant_id))
    return {
        "variant_id": str(line.variant_id),
        "product_id": str(line.product_id),
        "sku": line.sku,
        "title": line.title,
        "options": line.options,
        "image": line.image,
        "quantity": line.quantity,
        "unit_price_minor": line.unit_price_minor,
        "total_minor": line.total_minor,
        "tax_class": wanted["tax_class"],
    }

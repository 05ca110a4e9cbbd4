"""Contents of invoices and credit notes, computed of an order's frozen figures when they are issued."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from checkout.models import Order, Reversal, SubOrder
from checkout.pricing.adjustments import AdjustmentKind
from checkout.reversals.frozen import FrozenPart
from kit.money.columns import AMOUNT_COLUMNS
from kit.text.pairs import as_mapping

FORMAT = 1
# Adjustments of an invoice, as rows: the label, and the amount that is added or taken off.
ADJUSTMENT = ("kind", "source", "label", "funded_by", "amount_minor")


def invoice_content(*, part: SubOrder, order: Order, seller: Mapping[str, Any], issued_on: date) -> dict[str, Any]:
    """Return the content of the invoice of a part as it was bought, whatever was cancelled since."""
    frozen = FrozenPart.of(part)
    taxes = _tax_labels(part)
    lines = [
        _line(
            line,
            line["quantity"],
            frozen.lines[UUID(line["variant_id"])].discount_minor,
            taxes,
            is_taxed=bool(part.tax),
        )
        for line in part.lines
    ]
    return {
        **_common(part, order, seller, issued_on),
        "lines": lines,
        "amounts": {name: getattr(part, name) for name in AMOUNT_COLUMNS},
        "goodwill_minor": 0,
        "total_minor": part.total_minor,
        "adjustments": [{name: each.get(name, "") for name in ADJUSTMENT} for each in part.adjustments],
        "delivery_tax": taxes[None],
        "tax_rates": list(part.tax.get("rates", ())),
    }


def credit_note_content(
    *, reversal: Reversal, part: SubOrder, order: Order, seller: Mapping[str, Any], invoice: str, issued_on: date
) -> dict[str, Any]:
    """Return the content of the credit note for a reversal.

    Args:
        invoice: the number of the invoice that it corrects.
    """
    taxes = _tax_labels(part)
    lines = [
        _line(line, units, 0, taxes, is_taxed=bool(part.tax))
        for line in part.lines
        if (units := reversal.lines.get(line["variant_id"], 0))
    ]
    return {
        **_common(part, order, seller, issued_on),
        "invoice": invoice,
        "reason": reversal.reason,
        "lines": lines,
        "amounts": {name: getattr(reversal, name) for name in AMOUNT_COLUMNS},
        "goodwill_minor": reversal.goodwill_minor,
        "total_minor": reversal.refund_minor,
        "adjustments": [],
        "is_exchanged": reversal.credits.exists(),
        "delivery_tax": taxes[None],
        "tax_rates": [],
    }


def _common(part: SubOrder, order: Order, seller: Mapping[str, Any], issued_on: date) -> dict[str, Any]:
    paid_at = order.paid_at or order.placed_at
    return {
        "format": FORMAT,
        "issued_on": issued_on.isoformat(),
        "order": order.number,
        "part": part.number,
        "placed_at": order.placed_at.isoformat(),
        "paid_at": paid_at.isoformat(),
        "seller": {**seller, "tax_number": part.tax.get("number", "")},
        "buyer": {"address": order.billing_address, "vat_number": order.vat_number},
        "delivered_to": order.shipping_address if order.shipping_address != order.billing_address else None,
    }


def _line(
    line: Mapping[str, Any], units: int, discount_minor: int, taxes: Mapping[str | None, list[str]], *, is_taxed: bool
) -> dict[str, Any]:
    return {
        "title": line["title"],
        "sku": line["sku"],
        "options": as_mapping(line["options"]),
        "quantity": units,
        "unit_price_minor": line["unit_price_minor"],
        "discount_minor": discount_minor,
        "total_minor": line["unit_price_minor"] * units,
        "tax": taxes[line["variant_id"]],
        "tax_class": line.get("tax_class", "") if is_taxed else "",
    }


def _tax_labels(part: SubOrder) -> Mapping[str | None, list[str]]:
    """Return the rates of each line by the variant, and those of the delivery by None, as the order has kept them."""
    labels: defaultdict[str | None, list[str]] = defaultdict(list)
    for each in part.adjustments:
        if each["kind"] == AdjustmentKind.TAX and each["label"] not in labels[each["variant_id"] or None]:
            labels[each["variant_id"] or None].append(each["label"])
    return labels

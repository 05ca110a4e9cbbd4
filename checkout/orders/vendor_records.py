"""A shop's own record of an order, written again from the market's."""

from collections.abc import Iterable
from uuid import UUID

from checkout.fulfilment.models import StockState, VendorOrder, VendorOrderLine
from checkout.fulfilment.services.addressing import correct_addresses
from checkout.fulfilment.services.restored_records import (
    recorded_parcels,
    replace_parcels,
    set_cancelled_units,
    set_status,
    write_vendor_order,
)
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from kit.money.columns import AMOUNT_COLUMNS

LINE = ("variant_id", "product_id", "sku", "title", "options", "image", "quantity", "unit_price_minor", "total_minor")


def update_vendor_order(*, schema_name: str, part: SubOrder, is_consumed: bool = False) -> None:
    """Set the status of a shop's own record of an order to that of the sub-order."""
    set_status(
        schema_name=schema_name,
        vendor_order_id=part.pk,
        status=PartStatus(part.status),
        status_at=part.status_at,
        paid_at=part.order.paid_at,
        is_consumed=is_consumed,
    )


def correct_parcels(*, schema_name: str, parts: Iterable[SubOrder]) -> None:
    """Give a shop's own records the parcels of the sub-orders, where those are others."""
    recorded = recorded_parcels(schema_name=schema_name)
    for part in parts:
        if part.sent_parcels != recorded.get(part.pk, []):
            replace_parcels(schema_name=schema_name, vendor_order_id=part.pk, parcels=part.sent_parcels)


def correct_cancelled_units(*, schema_name: str, parts: Iterable[SubOrder]) -> None:
    """Give a shop's own records the cancelled units of the sub-orders: what was cancelled since is not to be sent."""
    units = {
        part.pk: {UUID(key): int(count) for key, count in part.cancelled_units.items()}
        for part in parts
        if part.cancelled_units
    }
    set_cancelled_units(schema_name=schema_name, units=units)


def correct_changed_addresses(*, schema_name: str, parts: Iterable[SubOrder]) -> None:
    """Give a shop's own records the addresses of the sub-orders, where they were changed after the order was placed."""
    addresses = {part.pk: part.goes_to(part.order) for part in parts if part.order.address_changes}
    if addresses:
        correct_addresses(schema_name=schema_name, addresses=addresses)


def recreate_vendor_order(*, schema_name: str, part: SubOrder, is_consumed: bool) -> None:
    """Write a shop's own record of an order again, with the lines and the parcel of the sub-order."""
    order = part.order
    record = VendorOrder(
        id=part.pk,
        number=part.number,
        status=part.status,
        stock_state=StockState.CONSUMED if is_consumed else StockState.RELEASED,
        buyer_name=part.goes_to(order).get("name", ""),
        buyer_email=order.email,
        shipping_address=part.goes_to(order),
        delivery=part.delivery,
        **{name: getattr(part, name) for name in AMOUNT_COLUMNS},
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        status_at=part.status_at,
    )
    lines = [
        VendorOrderLine(
            vendor_order=record,
            cancelled_quantity=line["cancelled"],
            sent_quantity=line["sent"],
            **{name: line[name] for name in LINE if name in line},
        )
        for line in part.counted_lines
    ]
    write_vendor_order(schema_name=schema_name, record=record, lines=lines, parcels=part.sent_parcels)

"""A shop's work on a paid order: packed, shipped, delivered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_tenants.utils import schema_context

from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import Shipment, VendorOrder
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.orders.selectors import lock_order
from kit.db.roles import as_platform
from kit.errors import NotFoundError
from kit.work import outbox
from tenants.models import Shop

# What a shop may do next. A parcel may leave without the step "packed" being recorded.
NEXT_STEPS: dict[str, frozenset[str]] = {
    PartStatus.NEW: frozenset({PartStatus.PACKED, PartStatus.SHIPPED}),
    PartStatus.PACKED: frozenset({PartStatus.SHIPPED}),
    PartStatus.SHIPPED: frozenset({PartStatus.DELIVERED}),
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """Who carries a parcel, and under which number it can be followed."""

    carrier: str = ""
    tracking_number: str = ""


def pack_vendor_order(*, shop: Shop, number: str, now: datetime) -> None:
    """Record that an order is packed.

    Raises:
        NotFoundError: the shop has no such order.
        WrongStepError: it is not waiting to be packed.
    """
    _advance(shop=shop, number=number, to=PartStatus.PACKED, now=now)


def ship_vendor_order(*, shop: Shop, number: str, parcel: Parcel, now: datetime) -> None:
    """Record that an order has left, and tell its buyer.

    Raises:
        NotFoundError: the shop has no such order.
        WrongStepError: it is not waiting to be shipped.
    """
    _advance(shop=shop, number=number, to=PartStatus.SHIPPED, now=now, parcel=parcel)


def deliver_vendor_order(*, shop: Shop, number: str, now: datetime) -> None:
    """Record that an order has arrived; with the last part the buyer's order is complete.

    Raises:
        NotFoundError: the shop has no such order.
        WrongStepError: it is not on its way.
    """
    _advance(shop=shop, number=number, to=PartStatus.DELIVERED, now=now)


def _advance(*, shop: Shop, number: str, to: PartStatus, now: datetime, parcel: Parcel | None = None) -> None:
    part = SubOrder.objects.filter(number=number, shop_id=shop.pk).values("id", "order_id").first()
    if part is None:
        raise NotFoundError(f"There is no order {number} in this shop.")
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            order = lock_order(order_id=part["order_id"])
        with schema_context(shop.schema_name):
            vendor_order = VendorOrder.objects.select_for_update().get(pk=part["id"])
            if to not in NEXT_STEPS.get(vendor_order.status, frozenset()):
                raise WrongStepError
            vendor_order.status, vendor_order.status_at = to, now
            vendor_order.save(update_fields=["status", "status_at"])
            if parcel is not None:
                Shipment.objects.create(
                    vendor_order=vendor_order,
                    carrier=parcel.carrier,
                    tracking_number=parcel.tracking_number,
                    shipped_at=now,
                )
        _tell_sub_order(part["id"], to, parcel, now)
        with as_platform():  # which other shops' parts are of
            _complete(order)
        outbox.emit(topic=f"vendor_order.{to}", payload={"sub_order_id": str(part["id"])}, shop_id=shop.pk, now=now)


def _tell_sub_order(sub_order_id: UUID, to: PartStatus, parcel: Parcel | None, now: datetime) -> None:
    changes: dict[str, object] = {"status": to.value, "status_at": now}
    if parcel is not None:
        changes["tracking"] = {"carrier": parcel.carrier, "number": parcel.tracking_number}
    SubOrder.objects.filter(pk=sub_order_id).update(**changes)


def _complete(order: Order) -> None:
    """Call an order complete when nothing of it is under way any more."""
    others = SubOrder.objects.filter(order=order).exclude(
        status__in=[PartStatus.DELIVERED, PartStatus.UNFULFILLABLE, PartStatus.CANCELLED]
    )
    if order.status == OrderStatus.PAID and not others.exists():
        order.status = OrderStatus.COMPLETED
        order.save(update_fields=["status"])

"""A shop's view of its orders: its own record, with the market's amounts."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Min, Sum, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext
from django_tenants.utils import schema_context

from checkout.fulfilment.deadlines import Late, late_condition, with_due_days
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.selectors import vendor_orders
from checkout.fulfilment.status import SOLD, TO_SEND, PartStatus
from checkout.models import DeliveredBy, SubOrder
from checkout.orders.filters import OrderFilter
from checkout.pricing.amounts import Amounts
from kit.db.keyset import Slice, read_slice
from kit.db.roles import as_platform
from kit.errors import NotFoundError
from tenants.models import Shop

LEFT = Sum(F("lines__quantity") - F("lines__cancelled_quantity"))
DUE = Case(When(status=PartStatus.SHIPPED, then=F("due_to_arrive")), default=F("due_to_send"))


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """Number of orders that wait for a shop's work, and of those that are late by step."""

    counts: Counter[str]
    oldest_paid_at: datetime | None
    late: Counter[Late]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A slice of a shop's orders, each with its lines, `line_count` and `units`, and how many there are in all."""

    orders: Sequence[VendorOrder]
    count: int


@dataclass(frozen=True, slots=True)
class ShopPart:
    """Amounts of a shop's part of an order, for the shop and for the market."""

    id: UUID
    number: str
    amounts: Amounts
    adjustments: list[dict[str, Any]]
    tax: dict[str, Any]
    commission_bps: int
    commission_minor: int
    platform_discount_minor: int
    refunded_minor: int
    reversed_commission_minor: int
    reversed_platform_discount_minor: int
    commission_tax_minor: int
    reversed_commission_tax_minor: int
    is_earning: bool
    times: dict[str, datetime]
    has_moved: bool  # whether a step of it was recorded, which may have been undone since, or units were cancelled
    delivered_by: str = ""
    billing_address: dict[str, Any] = field(default_factory=dict)  # of a part that is looked at by itself
    vat_number: str = ""  # of a business that buys; likewise

    @property
    def delivered_by_label(self) -> str:
        """Return the side by whose word it has arrived, in words; empty where it is not known."""
        return str(DeliveredBy(self.delivered_by).label) if self.delivered_by else ""

    @property
    def payable_minor(self) -> int:
        """Return the amount due to the shop: with the platform's discounts, less the commission and its tax; else 0."""
        market_minor = self.kept_commission_minor + self.kept_commission_tax_minor
        return self.kept_minor + self.kept_platform_discount_minor - market_minor if self.is_earning else 0

    @property
    def has_refunds(self) -> bool:
        """Return whether money of it went back to the buyer, or is to: also that of a part that was not fulfilled."""
        return self.refunded_minor > 0 or not self.is_earning

    @property
    def kept_platform_discount_minor(self) -> int:
        """Return the platform's discount that it owes the shop."""
        return self.platform_discount_minor - self.reversed_platform_discount_minor

    @property
    def kept_minor(self) -> int:
        """Return the total without the buyer's refunds."""
        return self.amounts.total_minor - self.refunded_minor

    @property
    def kept_commission_minor(self) -> int:
        """Return the commission without what the market has given back."""
        return self.commission_minor - self.reversed_commission_minor

    @property
    def kept_commission_tax_minor(self) -> int:
        """Return the tax on that commission."""
        return self.commission_tax_minor - self.reversed_commission_tax_minor

    @property
    def commission_tax_due_minor(self) -> int:
        """Return the tax on the commission that the market keeps; 0 where nothing was sold."""
        return self.kept_commission_tax_minor if self.is_earning else 0

    @property
    def commission_due_minor(self) -> int:
        """Return the commission that the market keeps; 0 where nothing was sold."""
        return self.kept_commission_minor if self.is_earning else 0


def work_queue(*, shop: Shop, now: datetime) -> WorkQueue:
    """Return a shop's number of orders by status, the age of the oldest, and the number of late ones."""
    late = {step: Count("id", filter=late_condition(now, step=step)) for step in Late}
    with schema_context(shop.schema_name):
        grouped = with_due_days(VendorOrder.objects.order_by()).values("status")
        counted: Iterable[Any] = grouped.annotate(count=Count("id"), oldest=Min("paid_at"), **late)
        rows = list(counted)
    return WorkQueue(
        counts=Counter({row["status"]: row["count"] for row in rows}),
        oldest_paid_at=next((row["oldest"] for row in rows if row["status"] == PartStatus.NEW), None),
        late=Counter({step: sum(row[step] for row in rows) for step in Late}),
    )


def count_to_pack(*, shop: Shop) -> int:
    """Return the number of orders to pack."""
    with schema_context(shop.schema_name):
        return VendorOrder.objects.filter(status=PartStatus.NEW).count()


def list_shop_orders(
    *,
    shop: Shop,
    status: str = "",
    search: str = "",
    late_at: datetime | None = None,
    offset: int = 0,
    limit: int = 25,
) -> OrderPage:
    """Return a shop's orders: what waits to be packed or shipped comes by its last day, the rest newest first.

    Args:
        search: a part of the order's number or of the buyer's name.
        late_at: only what is late at this time to be sent or to arrive, the longest late first.
    """
    with schema_context(shop.schema_name):
        orders = with_due_days(vendor_orders(status=status, search=search))
        if late_at is not None:
            orders = orders.filter(late_condition(late_at))
        if late_at is not None or status in TO_SEND:
            orders = orders.order_by(DUE, "placed_at", "id")
        counted = orders.annotate(units=LEFT).prefetch_related("lines")
        page = list(counted[offset : offset + limit])
        return OrderPage(orders=page, count=orders.count() if offset or len(page) == limit else len(page))


def read_shop_orders(
    *, shop: Shop, wanted: OrderFilter, search: str, cursor: str, size: int, late_at: datetime | None = None
) -> Slice[VendorOrder]:
    """Return some of a shop's orders with their lines: those to pack or to ship, and late ones, oldest first.

    Args:
        late_at: only what is late at this time to be sent or to arrive.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    with schema_context(shop.schema_name):
        found = vendor_orders(search=search).filter(wanted.condition)
        if late_at is not None:
            found = with_due_days(found).filter(late_condition(late_at))
        orders = found.annotate(units=LEFT).prefetch_related("lines", "shipments")
        is_queue = wanted.status in TO_SEND or late_at is not None
        return read_slice(orders, cursor=cursor, size=size, by="placed_at", is_newest_first=not is_queue)


def orders_by_number(*, shop: Shop, numbers: Collection[str]) -> dict[str, VendorOrder]:
    """Return some of a shop's orders with their lines, the oldest first; unknown numbers are left out."""
    with schema_context(shop.schema_name):
        orders = VendorOrder.objects.filter(number__in=list(numbers)).prefetch_related("lines")
        return {order.number: order for order in orders.order_by("placed_at", "id")}


def orders_to_send(*, shop: Shop, is_packed: bool, limit: int) -> list[VendorOrder]:
    """Return a shop's orders that wait to be packed, or to be shipped, with their lines, the oldest first."""
    with schema_context(shop.schema_name):
        orders = vendor_orders(status=PartStatus.PACKED if is_packed else PartStatus.NEW)
        return list(orders.prefetch_related("lines")[:limit])


@as_platform()  # the order is the buyer's; the shop that fulfils it may read its billing address
def get_shop_part(*, shop_id: int, number: str) -> ShopPart:
    """Return the amounts of a part of an order, and its billing address.

    Raises:
        NotFoundError: the shop has no such part.
    """
    part = SubOrder.objects.select_related("order").filter(shop_id=shop_id, number=number).first()
    if part is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    return replace(_part(part), billing_address=part.order.billing_address, vat_number=part.order.vat_number)


def get_sub_order(*, shop_id: int, number: str) -> SubOrder:
    """Return the market's record of a shop's part of an order.

    Raises:
        NotFoundError: the shop has no such part.
    """
    part = SubOrder.objects.select_related("shop").filter(shop_id=shop_id, number=number).first()
    if part is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    return part


def shop_parts(*, shop_id: int, ids: Collection[UUID]) -> dict[UUID, ShopPart]:
    """Return the amounts of a shop's parts of orders by id, in one statement; parts of other shops are left out."""
    return {part.pk: _part(part) for part in SubOrder.objects.filter(shop_id=shop_id, pk__in=ids)}


def sales_by_day(*, shop_id: int, since: datetime, zone: tzinfo) -> dict[date, int]:
    """Return a shop's sales on each day of a time zone, with delivery; days without sales are left out."""
    sold = SubOrder.objects.filter(shop_id=shop_id, order__paid_at__gte=since, status__in=SOLD)
    by_day = (
        sold.order_by()
        .values(day=TruncDate("order__paid_at", tzinfo=zone))
        .annotate(sold=Sum(F("total_minor") - F("refunded_minor")))
    )
    return {row["day"]: int(row["sold"]) for row in by_day}


def _part(part: SubOrder) -> ShopPart:
    return ShopPart(
        id=part.pk,
        number=part.number,
        amounts=Amounts.of(part),
        adjustments=part.adjustments,
        tax=part.tax,
        commission_bps=part.commission_bps,
        commission_minor=part.commission_minor,
        platform_discount_minor=part.platform_discount_minor,
        refunded_minor=part.refunded_minor,
        reversed_commission_minor=part.reversed_commission_minor,
        reversed_platform_discount_minor=part.reversed_platform_discount_minor,
        commission_tax_minor=part.commission_tax_minor,
        reversed_commission_tax_minor=part.reversed_commission_tax_minor,
        is_earning=part.is_earning,
        times=part.times,
        delivered_by=part.delivered_by,
        has_moved=bool(part.step_times or part.cancelled_units or part.refunded_minor)
        or part.status in SOLD - {PartStatus.NEW},
    )

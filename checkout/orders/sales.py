"""Sales and refunds of a period, for operators: by shop, by day, and by currency; never summed over currencies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from checkout.fulfilment.status import SOLD
from checkout.models import ENDED_REFUNDS, OWED_REFUNDS, Refund, SubOrder


@dataclass(frozen=True, slots=True)
class Sales:
    """Paid sales from a moment on."""

    orders: int
    gross_minor: int
    commission_minor: int

    def __add__(self, other: "Sales") -> "Sales":
        """Return the sales of both, of one currency and of no order in common."""
        return Sales(
            self.orders + other.orders,
            self.gross_minor + other.gross_minor,
            self.commission_minor + other.commission_minor,
        )

    @property
    def take_rate_percent(self) -> float:
        """Return the commission's share of the sales, for display only."""
        return 100 * self.commission_minor / self.gross_minor if self.gross_minor else 0.0


@dataclass(frozen=True, slots=True)
class RefundTotals:
    """Refunds that have ended in a period, and those that are owed now."""

    refunds: int = 0
    paid_minor: int = 0
    owed_refunds: int = 0
    owed_minor: int = 0


NO_SALES = Sales(0, 0, 0)
KEPT = F("total_minor") - F("refunded_minor")
KEPT_COMMISSION = F("commission_minor") - F("reversed_commission_minor")


def sales_by_day(*, since: datetime) -> dict[str, dict[date, Sales]]:
    """Return the sales of each day from a moment on, by currency, without parts that could not be fulfilled.

    An order counts on the day on which it was paid, in the current time zone.
    """
    sold = SubOrder.objects.filter(order__paid_at__gte=since, status__in=SOLD)
    rows = sold.values("currency", day=TruncDate("order__paid_at")).annotate(
        orders=Count("order_id", distinct=True), gross=Sum(KEPT), commission=Sum(KEPT_COMMISSION)
    )
    found: dict[str, dict[date, Sales]] = {}
    for row in rows.order_by("currency", "day"):
        sales = Sales(row["orders"], int(row["gross"]), int(row["commission"]))
        found.setdefault(row["currency"], {})[row["day"]] = sales
    return found


def given_back_since(*, since: datetime) -> dict[str, RefundTotals]:
    """Return the refunds that have ended from a moment on, and those that are owed now, by currency."""
    ended = Q(status__in=ENDED_REFUNDS, ended_at__gte=since)
    owed = Q(status__in=OWED_REFUNDS)
    counted = Refund.objects.filter(ended | owed).values("currency")
    rows = counted.annotate(
        refunds=Count("id", filter=ended),
        paid=Sum("amount_minor", filter=ended, default=0),
        owed_refunds=Count("id", filter=owed),
        owed=Sum(F("amount_minor") - F("set_off_minor"), filter=owed, default=0),
    )
    return {
        row["currency"]: RefundTotals(row["refunds"], int(row["paid"]), row["owed_refunds"], int(row["owed"]))
        for row in rows.order_by("currency")
    }


def sales_by_shop(*, shop_ids: Collection[int], since: datetime) -> dict[int, Sales]:
    """Return the sales of each of these shops from a moment on, in one statement."""
    sold = SubOrder.objects.filter(shop_id__in=shop_ids, order__paid_at__gte=since, status__in=SOLD)
    rows = sold.values("shop_id").annotate(orders=Count("id"), gross=Sum(KEPT), commission=Sum(KEPT_COMMISSION))
    found = {row["shop_id"]: Sales(row["orders"], int(row["gross"]), int(row["commission"])) for row in rows.order_by()}
    return {shop_id: found.get(shop_id, NO_SALES) for shop_id in shop_ids}

"""Totals of the money of all shops, and of what waits to be released."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from payouts.models import Balance, ReleaseSchedule, Reserve
from payouts.selectors.balances import FIGURES


@dataclass(frozen=True, slots=True)
class MoneyTotals:
    """Money of all shops in a currency.

    Args:
        waiting: delivered orders whose days are not over, and that nothing holds.
        held: orders that are not released because something holds them.
        due: orders that the next round releases.
        reserves: reserves whose days are not over.
    """

    currency: str
    pending_minor: int = 0
    available_minor: int = 0
    reserved_minor: int = 0
    in_transit_minor: int = 0
    receivable_minor: int = 0
    waiting: int = 0
    held: int = 0
    due: int = 0
    reserves: int = 0


def money_totals(*, now: datetime) -> list[MoneyTotals]:
    """Return the totals of each currency that any shop has or had money in."""
    figures: dict[str, dict[str, Any]] = defaultdict(dict)
    sums = Balance.objects.filter(account__code__in=list(FIGURES)).values_list("account__code", "account__currency")
    for code, currency, total in sums.annotate(Sum("amount_minor")).order_by("account__currency"):
        name, sign = FIGURES[code]
        figures[currency][name] = sign * int(total)
    open_ones = ReleaseSchedule.objects.filter(released_at__isnull=True).values_list("currency")
    counted = open_ones.annotate(
        waiting=Count("pk", filter=Q(open_holds=0, due_at__gt=now)),
        held=Count("pk", filter=Q(open_holds__gt=0)),
        due=Count("pk", filter=Q(open_holds=0, due_at__lte=now)),
    )
    for currency, waiting, held, due in counted.order_by("currency"):
        figures[currency] |= {"waiting": waiting, "held": held, "due": due}
    reserves = Reserve.objects.filter(ended_at__isnull=True).values_list("currency").annotate(Count("pk"))
    for currency, count in reserves.order_by("currency"):
        figures[currency]["reserves"] = count
    return [MoneyTotals(currency, **figures[currency]) for currency in sorted(figures)]

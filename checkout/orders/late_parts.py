"""Parts of all shops that are late to send or to arrive, by the days that the search for late parts has written."""

from collections import Counter
from datetime import datetime

from django.db.models import Q, QuerySet

from checkout.fulfilment.deadlines import Late, market_day
from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder

READY_AT_SHOP = Q(status=PartStatus.PACKED, delivery__contains={"kind": MethodKind.PICKUP})


def late_parts(*, now: datetime, step: Late) -> "QuerySet[SubOrder]":
    """Return the parts that are late at a step, the longest late first."""
    today = market_day(now)
    if step == Late.TO_SEND:
        to_send = SubOrder.objects.filter(status__in=[PartStatus.NEW, PartStatus.PACKED], send_by_on__lt=today)
        return to_send.exclude(READY_AT_SHOP).order_by("send_by_on", "id")
    on_their_way = SubOrder.objects.filter(status=PartStatus.SHIPPED, arrive_by_on__lt=today)
    return on_their_way.order_by("arrive_by_on", "id")


def count_late_parts(*, now: datetime) -> Counter[Late]:
    """Return the number of parts that are late, by step."""
    return Counter({step: late_parts(now=now, step=step).count() for step in Late})

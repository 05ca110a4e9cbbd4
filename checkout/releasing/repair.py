"""Schedule and hold what was missed, as parts that were delivered by a release before this one."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from checkout.fulfilment.status import PartStatus
from checkout.models import Refund, Return, SubOrder
from checkout.orders.payments import lock_payment
from checkout.orders.selectors import lock_order
from checkout.releasing.holds import follow_refund, follow_return
from checkout.releasing.schedule import schedule_part
from kit.db.sql import fetch_all
from kit.db.statements import load_statement

logger = logging.getLogger(__name__)
AT_ONCE = 500
UNSCHEDULED = load_statement(__package__, "unscheduled")
STRAY_HOLDS = load_statement(__package__, "stray_holds")


def repair_releases(*, now: datetime) -> int:
    """Schedule the delivered parts that have no schedule, and mend the holds; return the number of what was missed."""
    scheduled = 0
    while parts := fetch_all(UNSCHEDULED, {"limit": AT_ONCE}):
        for part_id, order_id in parts:
            _schedule(part_id, order_id)
        scheduled += len(parts)
        if len(parts) < AT_ONCE:
            break
    strays = fetch_all(
        STRAY_HOLDS,
        {
            "refused_since": now - timedelta(days=settings.RETURN_ANSWER_DAYS),
            "accepted_since": now - timedelta(days=settings.PAYOUT_RETURN_HOLD_DAYS),
        },
    )
    for kind, key in strays:
        _mend(kind, key, now)
    if missed := scheduled + len(strays):
        logger.warning("%s releases and %s holds of money were missed, and are mended.", scheduled, len(strays))
        return missed
    return 0


def _schedule(part_id: UUID, order_id: UUID) -> None:
    with transaction.atomic():
        lock_order(order_id=order_id)
        part = SubOrder.objects.get(pk=part_id)
        if part.status == PartStatus.DELIVERED:
            schedule_part(part)


def _mend(kind: str, key: UUID, now: datetime) -> None:
    with transaction.atomic():
        if kind == "return":
            lock_order(order_id=Return.objects.values_list("sub_order__order_id", flat=True).get(pk=key))
            follow_return(Return.objects.select_related("sub_order").get(pk=key), now=now)
        else:
            lock_payment(payment_id=Refund.objects.values_list("payment_id", flat=True).get(pk=key))
            follow_refund(Refund.objects.select_related("sub_order").get(pk=key), now=now)

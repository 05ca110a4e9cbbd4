"""End reserves whose days are over: what is left of them pays what the shop owes, and the rest becomes available."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from payouts.models import AccountKind, Journal, JournalKind, Reserve
from payouts.release.batches import work_through
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, post, prepare_journal
from payouts.services.shop_money import lock_shop_money
from payouts.stored_sentences import RESERVES_RELEASED

AT_ONCE = 200


def end_reserves(*, now: datetime, due_by: datetime | None = None) -> int:
    """End all reserves that are due, or were by an earlier moment, in batches of one shop each; return their number."""
    due_by = due_by or now
    due = Reserve.objects.filter(ended_at__isnull=True, due_at__lte=due_by)
    shops = due.values_list("shop_id", "currency").distinct().order_by("shop_id", "currency")
    return work_through(
        list(shops),
        lambda shop_id, currency: end_batch(shop_id, currency, now=now, due_by=due_by),
        size=AT_ONCE,
        name="The end of reserves",
    )


def end_batch(shop_id: int, currency: str, *, now: datetime, due_by: datetime) -> int:
    """End the oldest reserves of a shop that are due, in one journal; return their number.

    Reserves are written by who holds the shop's balances alone, so what is left of them stays as it is read.
    """
    with transaction.atomic():
        money = lock_shop_money(shop_id=shop_id, currency=currency)
        due = Reserve.objects.filter(shop_id=shop_id, currency=currency, ended_at__isnull=True, due_at__lte=due_by)
        reserves = list(due.order_by("due_at", "schedule_id")[:AT_ONCE])
        left = [reserve for reserve in reserves if reserve.left_minor]
        if left:
            _mark(left, _post(shop_id, currency, left, owed_minor=money.owed_minor, now=now), now)
        if taken := [reserve for reserve in reserves if not reserve.left_minor]:
            _mark(taken, None, now)
    return len(reserves)


def _post(shop_id: int, currency: str, reserves: Sequence[Reserve], *, owed_minor: int, now: datetime) -> Journal:
    legs = []
    for reserve in reserves:
        paid_minor = min(owed_minor, reserve.left_minor)
        owed_minor -= paid_minor
        amounts = {
            AccountKind.SHOP_RESERVED: reserve.left_minor,
            AccountKind.SHOP_RECEIVABLE: -paid_minor,
            AccountKind.SHOP_AVAILABLE: paid_minor - reserve.left_minor,
        }
        legs += [Leg(AccountKey(kind, shop_id), amount, reserve.schedule_id) for kind, amount in amounts.items()]
    source = str(reserves[0].schedule_id)
    draft = JournalDraft(JournalKind.RESERVE_END, source, RESERVES_RELEASED.written(count=len(reserves)), currency, now)
    journal = post(prepare_journal(draft=draft, legs=legs, now=now))
    if journal is None:
        raise RuntimeError(f"The reserve of sub-order {source} ended before, though its row says that it did not.")
    return journal


def _mark(reserves: Sequence[Reserve], journal: Journal | None, now: datetime) -> None:
    Reserve.objects.filter(pk__in=[each.pk for each in reserves]).update(ended_at=now, journal=journal)

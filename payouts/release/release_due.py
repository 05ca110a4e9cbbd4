"""Release the money that is due: from pending to available, less what the shop owes and what is kept as a reserve."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from payouts.models import AccountKind, Journal, JournalKind, ReleaseSchedule, Reserve
from payouts.release.batches import work_through
from payouts.release.terms import ReserveTerms, reserve_terms
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, post, prepare_journal
from payouts.services.shop_money import lock_shop_money, pending_by_sub_order
from payouts.stored_sentences import ORDERS_RELEASED

AT_ONCE = 200  # sub-orders of a journal: a sale of the shop waits for the commit of so many at most


def release_due(*, now: datetime, due_by: datetime | None = None) -> int:
    """Release all that is due, or was by an earlier moment, in batches of one shop each; return how many sub-orders."""
    due_by = due_by or now
    due = ReleaseSchedule.objects.filter(released_at__isnull=True, open_holds=0, due_at__lte=due_by)
    shops = due.values_list("shop_id", "currency").distinct().order_by("shop_id", "currency")
    return work_through(
        list(shops),
        lambda shop_id, currency: release_batch(shop_id, currency, now=now, due_by=due_by),
        size=AT_ONCE,
        name="The release",
    )


def release_batch(shop_id: int, currency: str, *, now: datetime, due_by: datetime | None = None) -> int:
    """Release the oldest of what is due of a shop in one journal; return the number of sub-orders.

    The shop's balances are locked before anything is read, so that of this and of a reversal, another release or a
    payout at once each sees what the one before has done. Rows that others hold are left to the next round. A sub-order
    of which nothing is pending any more is released without a journal.
    """
    with transaction.atomic():
        money = lock_shop_money(shop_id=shop_id, currency=currency)
        due = lock_due_schedules(shop_id=shop_id, currency=currency, due_by=due_by or now)
        pending = pending_by_sub_order(shop_id=shop_id, currency=currency, sub_order_ids=due) if due else {}
        if pending:
            terms = reserve_terms(shop_id=shop_id)
            earned = [(each, pending[each]) for each in due if each in pending]
            shares = _share_out(earned, owed_minor=money.owed_minor, terms=terms)
            journal = _post(shop_id, currency, shares, now)
            _keep_reserves(shop_id, currency, shares, due_at=now + timedelta(days=terms.days))
            _mark(pending.keys(), journal, now)
        if without := set(due) - pending.keys():
            _mark(without, None, now)
    return len(due)


def lock_due_schedules(*, shop_id: int, currency: str, due_by: datetime) -> list[UUID]:
    """Lock the schedules of a shop that are due and held by nothing, the oldest first; needs its balances locked.

    Those that others have locked are left out: a hold is about to be opened or closed.
    """
    due = ReleaseSchedule.objects.select_for_update(skip_locked=True).filter(
        shop_id=shop_id, currency=currency, released_at__isnull=True, open_holds=0, due_at__lte=due_by
    )
    return [schedule.pk for schedule in due.only("pk").order_by("due_at", "sub_order_id")[:AT_ONCE]]


@dataclass(frozen=True, slots=True)
class _Share:
    """Parts of what a sub-order releases."""

    sub_order_id: UUID
    pending_minor: int
    owed_minor: int
    reserved_minor: int

    @property
    def available_minor(self) -> int:
        return self.pending_minor - self.owed_minor - self.reserved_minor


def _share_out(earned: Sequence[tuple[UUID, int]], *, owed_minor: int, terms: ReserveTerms) -> list[_Share]:
    """Return the parts of each sub-order's money: what the shop owes first, then the reserve, the rest is available."""
    shares = []
    for sub_order_id, pending_minor in earned:
        paid_minor = min(owed_minor, pending_minor)
        owed_minor -= paid_minor
        shares.append(_Share(sub_order_id, pending_minor, paid_minor, terms.share_of(pending_minor - paid_minor)))
    return shares


def _post(shop_id: int, currency: str, shares: Sequence[_Share], now: datetime) -> Journal:
    def leg(kind: AccountKind, amount_minor: int, share: _Share) -> Leg:
        return Leg(AccountKey(kind, shop_id), amount_minor, share.sub_order_id)

    legs = [
        each
        for share in shares
        for each in (
            leg(AccountKind.SHOP_PENDING, share.pending_minor, share),
            leg(AccountKind.SHOP_RECEIVABLE, -share.owed_minor, share),
            leg(AccountKind.SHOP_RESERVED, -share.reserved_minor, share),
            leg(AccountKind.SHOP_AVAILABLE, -share.available_minor, share),
        )
    ]
    source = str(shares[0].sub_order_id)
    draft = JournalDraft(JournalKind.RELEASE, source, ORDERS_RELEASED.written(count=len(shares)), currency, now)
    journal = post(prepare_journal(draft=draft, legs=legs, now=now))
    if journal is None:
        raise RuntimeError(f"Sub-order {source} was released before, though its schedule says that it was not.")
    return journal


def _keep_reserves(shop_id: int, currency: str, shares: Sequence[_Share], *, due_at: datetime) -> None:
    Reserve.objects.bulk_create(
        Reserve(
            schedule_id=share.sub_order_id,
            shop_id=shop_id,
            currency=currency,
            amount_minor=share.reserved_minor,
            due_at=due_at,
        )
        for share in shares
        if share.reserved_minor
    )


def _mark(sub_order_ids: Collection[UUID], journal: Journal | None, now: datetime) -> None:
    ReleaseSchedule.objects.filter(pk__in=list(sub_order_ids)).update(released_at=now, journal=journal)

"""Writing one balanced journal, with the balances it moves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from payouts.models import Entry, Journal, JournalKind
from payouts.selectors.balances import lock_balances
from payouts.services.accounts import AccountKey, ensure_accounts

INSERT_JOURNAL = """
    INSERT INTO public.payouts_journal (kind, source, description, occurred_at, posted_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (kind, source) DO NOTHING
    RETURNING id
"""
# Balances say what is owed to the shop, so a credit (a negative entry) raises them.
MOVE_BALANCES = """
    UPDATE public.payouts_balance AS balance
       SET amount_minor = balance.amount_minor - moved.amount_minor
      FROM unnest(%s::bigint[], %s::bigint[]) AS moved (account_id, amount_minor)
     WHERE balance.account_id = moved.account_id
"""


@dataclass(frozen=True, slots=True)
class Leg:
    """A signed amount for an account: positive debits it, negative credits it."""

    account: AccountKey
    amount_minor: int
    sub_order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A journal that is about to be posted; the kind and the source make it unique."""

    kind: JournalKind
    source: str
    description: str
    currency: str
    occurred_at: datetime


def post_journal(*, draft: JournalDraft, legs: Sequence[Leg], now: datetime) -> Journal | None:
    """Post a journal once and move the shops' balances with it; legs of nothing are left out.

    Returns:
        The journal, or None where it had been posted before: then nothing is written.

    Raises:
        ValueError: the legs do not sum to zero, or there are fewer than two.
    """
    moving = [leg for leg in legs if leg.amount_minor]
    if len(moving) < 2 or sum(leg.amount_minor for leg in moving) != 0:  # noqa: PLR2004 - double entry
        raise ValueError(f"Journal {draft.kind} {draft.source} does not balance: {moving}.")
    with transaction.atomic():
        account_ids = ensure_accounts(keys={leg.account for leg in moving}, currency=draft.currency)
        journal = _insert_journal(draft, now)
        if journal is None:
            return None
        Entry.objects.bulk_create(
            Entry(
                journal=journal,
                account_id=account_ids[leg.account],
                currency=draft.currency,
                amount_minor=leg.amount_minor,
                sub_order_id=leg.sub_order_id,
            )
            for leg in moving
        )
        _move_balances(moving, account_ids)
    return journal


def _insert_journal(draft: JournalDraft, now: datetime) -> Journal | None:
    """Insert the journal, waiting for a rival that posts the same one right now."""
    values = (str(draft.kind), draft.source, draft.description, draft.occurred_at, now)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_JOURNAL, values)
        row = cursor.fetchone()
    if row is None:
        return None
    return Journal(
        id=row[0],
        kind=draft.kind,
        source=draft.source,
        description=draft.description,
        occurred_at=draft.occurred_at,
        posted_at=now,
    )


def _move_balances(legs: Sequence[Leg], account_ids: dict[AccountKey, int]) -> None:
    moved: defaultdict[int, int] = defaultdict(int)
    for leg in legs:
        if leg.account.shop_id is not None:
            moved[account_ids[leg.account]] += leg.amount_minor
    if not moved:
        return
    locked = lock_balances(account_ids=moved)
    if len(locked) != len(moved):
        raise RuntimeError(f"Balance rows are missing for accounts {sorted(set(moved) - set(locked))}.")
    with connection.cursor() as cursor:
        cursor.execute(MOVE_BALANCES, [list(moved), list(moved.values())])

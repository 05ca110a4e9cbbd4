"""Writing one balanced journal, with the balances it moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db.pipeline import Query, as_json, ask, ask_all
from payouts.models import Journal, JournalKind
from payouts.services.accounts import AccountKey, open_accounts

# A journal, its entries and the balances that they move go in together, or nothing does: where an account is not there
# yet, or where the journal has been posted before. A rival that posts the same one is waited for. Balances are locked
# in the order of their accounts once the journal is ours; they say what is owed to the shop, so a credit (a negative
# entry) raises them. Shops' accounts and the platform's are looked up apart, so that both are found by the index.
POST = """
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset($6::jsonb)
        AS w(position int, code text, shop_id bigint, amount_minor bigint, sub_order_id uuid)
), leg AS (
    SELECT w.*, a.id AS account_id
      FROM wanted w
      JOIN public.payouts_account a ON a.code = w.code AND a.shop_id = w.shop_id AND a.currency = $5
      JOIN public.payouts_balance b ON b.account_id = a.id
     UNION ALL
    SELECT w.*, a.id
      FROM wanted w
      JOIN public.payouts_account a ON a.code = w.code AND a.shop_id IS NULL AND a.currency = $5
     WHERE w.shop_id IS NULL
), journal AS (
    INSERT INTO public.payouts_journal (kind, source, description, occurred_at, posted_at)
    SELECT $1, $2, $3, $4::timestamptz, $7::timestamptz
     WHERE (SELECT count(*) FROM leg) = (SELECT count(*) FROM wanted)
        ON CONFLICT (kind, source) DO NOTHING
    RETURNING id
), entry AS (
    INSERT INTO public.payouts_entry (journal_id, account_id, currency, amount_minor, sub_order_id)
    SELECT journal.id, leg.account_id, $5, leg.amount_minor, leg.sub_order_id
      FROM journal, leg ORDER BY leg.position
), moved AS (
    SELECT account_id, sum(amount_minor) AS amount_minor FROM leg WHERE shop_id IS NOT NULL GROUP BY account_id
), locked AS (
    SELECT account_id FROM public.payouts_balance
     WHERE account_id IN (SELECT account_id FROM moved) AND EXISTS (SELECT FROM journal)
     ORDER BY account_id
       FOR UPDATE
), written AS (
    UPDATE public.payouts_balance b SET amount_minor = b.amount_minor - moved.amount_minor
      FROM locked JOIN moved USING (account_id)
     WHERE b.account_id = locked.account_id
)
SELECT (SELECT id FROM journal), (SELECT count(*) FROM leg)
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


def post_journal(
    *, draft: JournalDraft, legs: Sequence[Leg], now: datetime, after: Sequence[Query[None]] = ()
) -> Journal | None:
    """Post a journal once and move the shops' balances with it; legs of nothing are left out.

    Args:
        after: what is to be written before it, in the same round trip.

    Returns:
        The journal, or None where it had been posted before: then nothing is written.

    Raises:
        ValueError: the legs do not sum to zero, or there are fewer than two.
    """
    moving = [leg for leg in legs if leg.amount_minor]
    if len(moving) < 2 or sum(leg.amount_minor for leg in moving) != 0:  # noqa: PLR2004 - double entry
        raise ValueError(f"Journal {draft.kind} {draft.source} does not balance: {moving}.")
    query = _posting(draft, moving, now)
    *_, (posted_id, found) = ask_all([*after, query])
    if found < len(moving):
        open_accounts(keys={leg.account for leg in moving}, currency=draft.currency)
        posted_id, found = ask(query)
    if found < len(moving):
        raise RuntimeError(f"Accounts or balances are missing for journal {draft.kind} {draft.source}.")
    if posted_id is None:
        return None
    return Journal(
        id=posted_id,
        kind=draft.kind,
        source=draft.source,
        description=draft.description,
        occurred_at=draft.occurred_at,
        posted_at=now,
    )


def _posting(draft: JournalDraft, legs: Sequence[Leg], now: datetime) -> Query[Any]:
    """Ask for a journal; the answer is its id, if it was written, and how many of the legs have an account."""
    rows = [
        {
            "position": position,
            "code": str(leg.account.code),
            "shop_id": leg.account.shop_id,
            "amount_minor": leg.amount_minor,
            "sub_order_id": leg.sub_order_id and str(leg.sub_order_id),
        }
        for position, leg in enumerate(legs)
    ]
    head = [str(draft.kind), draft.source, draft.description, draft.occurred_at, draft.currency]
    return Query(POST, [*head, as_json(rows), now], lambda found: found[0])

"""Writing one balanced journal, with the balances it moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db.pipeline import Query, Rows, as_json, ask
from kit.db.statements import load_statement
from payouts.models import Journal, JournalKind
from payouts.services.accounts import AccountKey, open_accounts

POST_JOURNAL = load_statement(__package__, "post_journal")


@dataclass(frozen=True, slots=True)
class Leg:
    """A signed amount for an account: positive debits it, negative credits it."""

    account: AccountKey
    amount_minor: int
    sub_order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A journal to be posted; the kind and the source make it unique."""

    kind: JournalKind
    source: str
    description: str
    currency: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer to a posting: the journal's id where it was written, and how many legs have an account."""

    journal_id: int | None
    legs: int


@dataclass(frozen=True, slots=True)
class Posting:
    """A balanced journal that is ready to be posted, alone or behind other queries of the open transaction."""

    draft: JournalDraft
    legs: tuple[Leg, ...]
    now: datetime

    def query(self) -> Query[Posted]:
        """Return the query that posts the journal, whose result is passed to `finish`."""
        rows = [
            {
                "position": position,
                "code": str(leg.account.code),
                "shop_id": leg.account.shop_id,
                "amount_minor": leg.amount_minor,
                "sub_order_id": leg.sub_order_id and str(leg.sub_order_id),
            }
            for position, leg in enumerate(self.legs)
        ]
        draft = self.draft
        head = [str(draft.kind), draft.source, draft.description, draft.occurred_at, draft.currency]
        return Query(POST_JOURNAL, [*head, as_json(rows), self.now], _read_posted)

    def finish(self, posted: Posted) -> Journal | None:
        """Open the accounts that the result reports as missing, then post the journal.

        Returns:
            The journal, or None where it had been posted before: then nothing is written.
        """
        if posted.legs < len(self.legs):
            open_accounts(keys={leg.account for leg in self.legs}, currency=self.draft.currency)
            posted = ask(self.query())
        if posted.legs < len(self.legs):
            raise RuntimeError(f"Accounts or balances are missing for journal {self.draft.kind} {self.draft.source}.")
        return None if posted.journal_id is None else self._journal(posted.journal_id)

    def _journal(self, journal_id: int) -> Journal:
        draft = self.draft
        return Journal(
            id=journal_id,
            kind=draft.kind,
            source=draft.source,
            description=draft.description,
            occurred_at=draft.occurred_at,
            posted_at=self.now,
        )


def prepare_journal(*, draft: JournalDraft, legs: Sequence[Leg], now: datetime) -> Posting:
    """Return the queries that post a journal once and update the shops' balances; legs of zero are left out.

    Raises:
        ValueError: the legs do not sum to zero, or there are fewer than two.
    """
    moving = tuple(leg for leg in legs if leg.amount_minor)
    if len(moving) < 2 or sum(leg.amount_minor for leg in moving) != 0:  # noqa: PLR2004 - double entry
        raise ValueError(f"Journal {draft.kind} {draft.source} does not balance: {moving}.")
    return Posting(draft, moving, now)


def post(posting: Posting) -> Journal | None:
    """Post a journal in its own round trip; return it, or None where it had been posted before."""
    return posting.finish(ask(posting.query()))


def _read_posted(rows: Rows) -> Posted:
    return Posted(*rows[0])

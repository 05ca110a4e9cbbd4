"""Balances owed to shops."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from payouts.models import AccountKind, Balance, Entry, JournalKind
from payouts.selectors.accounts import account_label
from tenants.models import Shop

# Of each account of a shop, the figure and its sign.
FIGURES: dict[str, tuple[str, int]] = {
    AccountKind.SHOP_PENDING: ("pending_minor", 1),
    AccountKind.SHOP_AVAILABLE: ("available_minor", 1),
    AccountKind.SHOP_RESERVED: ("reserved_minor", 1),
    AccountKind.SHOP_IN_TRANSIT: ("in_transit_minor", 1),
    AccountKind.SHOP_RECEIVABLE: ("receivable_minor", -1),
}


@dataclass(frozen=True, slots=True)
class ShopBalances:
    """Balances of a shop, each where its money is.

    Args:
        pending_minor: sold, and not yet payable.
        available_minor: payable.
        reserved_minor: released, and kept as cover for a time.
        in_transit_minor: on its way to the shop's bank.
        receivable_minor: what the shop owes; taken from what is released next.
    """

    pending_minor: int
    available_minor: int
    currency: str
    reserved_minor: int = 0
    in_transit_minor: int = 0
    receivable_minor: int = 0

    @property
    def total_minor(self) -> int:
        """Return the whole amount owed to the shop, less what it owes."""
        owed = self.pending_minor + self.available_minor + self.reserved_minor + self.in_transit_minor
        return owed - self.receivable_minor


@dataclass(frozen=True, slots=True)
class ShopEntry:
    """A movement of a shop's balance; positive is in the shop's favour."""

    id: int
    journal_id: int
    account_kind: str
    account_label: str
    journal_kind: str
    journal_label: str
    description: str
    source: str
    sub_order_id: UUID | None
    amount_minor: int
    currency: str
    occurred_at: datetime


def shop_balances(*, shop_id: int) -> ShopBalances:
    """Return the amounts owed to a shop; zero for a shop without sales."""
    return balances_of(shop_ids=[shop_id])[shop_id]


def balances_of(*, shop_ids: Collection[int]) -> dict[int, ShopBalances]:
    """Return the amounts owed to each of these shops; zero, in its own currency, for a shop without sales."""
    rows = Balance.objects.filter(account__shop_id__in=shop_ids).values_list(
        "account__shop_id", "account__code", "account__currency", "amount_minor"
    )
    found: dict[int, ShopBalances] = {}
    for shop_id, kind, currency, amount_minor in rows:
        balances = found.get(shop_id) or ShopBalances(0, 0, currency)
        name, sign = FIGURES[kind]
        changed: dict[str, Any] = {name: sign * amount_minor}
        found[shop_id] = replace(balances, **changed)
    if without := set(shop_ids) - found.keys():
        currencies = Shop.objects.filter(pk__in=without).values_list("pk", "currency")
        found |= {shop_id: ShopBalances(0, 0, currency) for shop_id, currency in currencies}
    return found


def owed_to_shops() -> dict[str, int]:
    """Return the amount owed to all shops together, less what they owe, by currency."""
    owed = Balance.objects.filter(account__code__in=list(FIGURES)).values_list("account__currency")
    totals = owed.annotate(Sum("amount_minor")).order_by("account__currency")
    return {currency: int(total) for currency, total in totals}


def shop_entries(*, shop_id: int, before_id: int | None = None, limit: int = 50) -> list[ShopEntry]:
    """Return the movements of a shop's balances, newest first.

    Args:
        before_id: the last entry of the page before this one.
    """
    entries = shop_entries_query(shop_id=shop_id)
    if before_id is not None:
        entries = entries.filter(id__lt=before_id)
    return [as_shop_entry(entry) for entry in entries.order_by("-id")[:limit]]


def shop_entries_query(*, shop_id: int) -> "QuerySet[Entry]":
    """Return the entries of a shop's accounts."""
    return Entry.objects.filter(account__shop_id=shop_id).select_related("journal", "account")


def as_shop_entry(entry: Entry) -> ShopEntry:
    """Return an entry as its shop reads it: what it is owed more counts as more."""
    return ShopEntry(
        id=entry.pk,
        journal_id=entry.journal_id,
        account_kind=entry.account.code,
        account_label=account_label(entry.account.code),
        journal_kind=entry.journal.kind,
        journal_label=str(JournalKind(entry.journal.kind).label),
        description=entry.journal.description,
        source=entry.journal.source,
        sub_order_id=entry.sub_order_id,
        amount_minor=-entry.amount_minor,
        currency=entry.currency,
        occurred_at=entry.journal.occurred_at,
    )

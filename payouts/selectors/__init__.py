"""Selectors of the ledger."""

from payouts.selectors.accounts import AccountTotal, account_choices, account_totals
from payouts.selectors.balances import (
    ShopBalances,
    ShopEntry,
    as_shop_entry,
    balances_of,
    owed_to_shops,
    shop_balances,
    shop_entries,
    shop_entries_query,
)
from payouts.selectors.journals import (
    EntryView,
    commission_earned,
    get_journal,
    journal_entries,
    journals_of,
    list_journals,
)

__all__ = [
    "AccountTotal",
    "EntryView",
    "ShopBalances",
    "ShopEntry",
    "account_choices",
    "account_totals",
    "as_shop_entry",
    "balances_of",
    "commission_earned",
    "get_journal",
    "journal_entries",
    "journals_of",
    "list_journals",
    "owed_to_shops",
    "shop_balances",
    "shop_entries",
    "shop_entries_query",
]

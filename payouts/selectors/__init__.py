"""Selectors of the ledger."""

from payouts.selectors.accounts import AccountTotal, account_choices, account_totals
from payouts.selectors.balances import ShopBalances, ShopEntry, balances_of, owed_to_shops, shop_balances, shop_entries
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
    "balances_of",
    "commission_earned",
    "get_journal",
    "journal_entries",
    "journals_of",
    "list_journals",
    "owed_to_shops",
    "shop_balances",
    "shop_entries",
]

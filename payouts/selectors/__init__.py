"""What the ledger says."""

from payouts.selectors.accounts import AccountTotal, AccountView, account_totals, get_account, shop_accounts
from payouts.selectors.balances import ShopBalances, ShopEntry, balances_of, owed_to_shops, shop_balances, shop_entries
from payouts.selectors.journals import (
    EntryView,
    JournalFilters,
    JournalView,
    commission_earned,
    get_journal,
    journal_entries,
    journals_of,
    list_journals,
)

__all__ = [
    "AccountTotal",
    "AccountView",
    "EntryView",
    "JournalFilters",
    "JournalView",
    "ShopBalances",
    "ShopEntry",
    "account_totals",
    "balances_of",
    "commission_earned",
    "get_account",
    "get_journal",
    "journal_entries",
    "journals_of",
    "list_journals",
    "owed_to_shops",
    "shop_accounts",
    "shop_balances",
    "shop_entries",
]

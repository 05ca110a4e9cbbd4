"""Bank accounts of shops' payouts."""

from datetime import datetime

from payouts.models import BankAccount


def current_bank_account(*, shop_id: int) -> BankAccount | None:
    """Return the account that a shop has named last, usable already or not."""
    return BankAccount.objects.filter(shop_id=shop_id, is_current=True).first()


def payable_bank_account(*, shop_id: int, now: datetime) -> BankAccount | None:
    """Return the account that may be paid to now; None where there is none, or a new one cools off."""
    account = current_bank_account(shop_id=shop_id)
    return account if account is not None and account.usable_from <= now else None


def lock_bank_accounts(*, shop_id: int) -> list[BankAccount]:
    """Lock all of a shop's accounts in primary-key order; needs an open transaction, and the shop's row locked."""
    return list(BankAccount.objects.select_for_update().filter(shop_id=shop_id).order_by("pk"))

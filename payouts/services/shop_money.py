"""A shop's balances, locked before anything is decided by them, and what is pending of its sub-orders."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from payouts.models import AccountKind

LOCK_SHOP_MONEY = load_statement(__package__, "lock_shop_money")
PENDING_BY_SUB_ORDER = load_statement(__package__, "pending_by_sub_order")


@dataclass(frozen=True, slots=True)
class ShopMoney:
    """Balances of a shop under their locks.

    Args:
        owed_minor: the amount that the shop owes the platform.
    """

    pending_minor: int = 0
    available_minor: int = 0
    reserved_minor: int = 0
    in_transit_minor: int = 0
    owed_minor: int = 0


def lock_shop_money(*, shop_id: int, currency: str) -> ShopMoney:
    """Lock all balances of a shop in a currency, and return them; needs an open transaction.

    Whatever moves a shop's money between its accounts calls this first and reads entries after it: so of a release, a
    reversal and a payout at once each sees what the one before it has done (docs/locking.md).
    """
    return lock_money_of_shops(shop_ids=[shop_id], currency=currency)[shop_id]


def lock_money_of_shops(*, shop_ids: Collection[int], currency: str) -> dict[int, ShopMoney]:
    """Lock all balances of some shops in a currency, in account-id order over all of them, and return them."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A shop's money is locked inside a transaction.")
    rows = fetch_all(LOCK_SHOP_MONEY, {"shop_ids": sorted(shop_ids), "currency": currency})
    return {shop_id: _money((code, minor) for of, code, minor in rows if of == shop_id) for shop_id in shop_ids}


def pending_by_sub_order(*, shop_id: int, currency: str, sub_order_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the pending amounts of some sub-orders of a shop; those with nothing are left out."""
    asked = {"shop_id": shop_id, "currency": currency, "sub_order_ids": list(sub_order_ids)}
    return dict(fetch_all(PENDING_BY_SUB_ORDER, asked))


def _money(rows: Iterable[tuple[str, int]]) -> ShopMoney:
    found = dict(rows)
    return ShopMoney(
        pending_minor=found.get(AccountKind.SHOP_PENDING, 0),
        available_minor=found.get(AccountKind.SHOP_AVAILABLE, 0),
        reserved_minor=found.get(AccountKind.SHOP_RESERVED, 0),
        in_transit_minor=found.get(AccountKind.SHOP_IN_TRANSIT, 0),
        owed_minor=-found.get(AccountKind.SHOP_RECEIVABLE, 0),
    )

"""Opening ledger accounts, each once, also when several processes ask at the same time."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from payouts.models import AccountKind

if TYPE_CHECKING:
    from tenants.life.provisioning import ShopProvisioned

SHOP_KINDS = (
    AccountKind.SHOP_PENDING,
    AccountKind.SHOP_AVAILABLE,
    AccountKind.SHOP_RESERVED,
    AccountKind.SHOP_IN_TRANSIT,
    AccountKind.SHOP_RECEIVABLE,
)

# A shop's account comes with its balance row in the same statement; platform accounts have none,
# because every sale would wait for the last one to let go of it.
OPEN_ACCOUNTS = """
    WITH opened AS (
        INSERT INTO public.payouts_account (code, shop_id, currency)
        SELECT wanted.code, wanted.shop_id, %(currency)s
          FROM unnest(%(codes)s::text[], %(shops)s::bigint[]) AS wanted (code, shop_id)
            ON CONFLICT DO NOTHING
        RETURNING id, shop_id
    )
    INSERT INTO public.payouts_balance (account_id, amount_minor)
    SELECT id, 0 FROM opened WHERE shop_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """Key of an account: its code, and the shop of a shop's account."""

    code: str
    shop_id: int | None = None


def open_accounts_of(provisioned: "ShopProvisioned") -> None:
    """Open the accounts of a shop that has just been made."""
    open_shop_accounts(shop_id=provisioned.shop.pk, currency=provisioned.shop.currency)


def open_shop_accounts(*, shop_id: int, currency: str) -> None:
    """Open the accounts that every shop has; those that exist are left alone."""
    open_accounts(keys=[AccountKey(kind, shop_id) for kind in SHOP_KINDS], currency=currency)


def open_accounts(*, keys: Collection[AccountKey], currency: str) -> None:
    """Open accounts; those that exist are left alone."""
    ordered = sorted(set(keys), key=lambda key: (key.code, key.shop_id or 0))
    codes, shops = [str(key.code) for key in ordered], [key.shop_id for key in ordered]
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ACCOUNTS, {"codes": codes, "shops": shops, "currency": currency})

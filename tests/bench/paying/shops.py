"""Shops as rows, with money available and a bank account: as many as a run is to pay, in some seconds."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from payouts.models import AccountKind
from payouts.services.accounts import SHOP_KINDS, AccountKey, open_accounts
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW

AT_ONCE = 1_000
AMOUNT = 810_000
# Each shop is owed what a buyer has paid, and the provider holds it: two entries, of one statement for all.
EARN = """
WITH earning AS (
    SELECT account.id, account.shop_id FROM public.payouts_account account
     WHERE account.code = %(available)s AND account.currency = 'NGN'
), journal AS (
    INSERT INTO public.payouts_journal (kind, source, description, occurred_at, posted_at)
    SELECT 'sale', %(source)s || shop_id, 'Sold', %(now)s, %(now)s FROM earning
    RETURNING id, source
), leg AS (
    INSERT INTO public.payouts_entry (journal_id, account_id, currency, amount_minor)
    SELECT journal.id, side.account_id, 'NGN', side.amount
      FROM journal JOIN earning ON journal.source = %(source)s || earning.shop_id
     CROSS JOIN LATERAL (VALUES (earning.id, -%(amount)s::bigint), (%(clearing)s::bigint, %(amount)s::bigint))
           AS side (account_id, amount)
)
UPDATE public.payouts_balance AS balance SET amount_minor = amount_minor + %(amount)s
  FROM earning WHERE balance.account_id = earning.id
"""
ACCOUNTS = """
INSERT INTO public.payouts_bankaccount (shop_id, currency, bank_code, bank_name, number, holder_name, verified_at,
                                        usable_from, is_current, created_at)
SELECT shop.id, 'NGN', '058', 'Guaranty Trust Bank', lpad(shop.id::text, 10, '0'), 'OKAFOR ADAEZE', %(now)s, %(now)s,
       true, %(now)s
  FROM public.tenants_shop shop
 WHERE NOT EXISTS (SELECT FROM public.payouts_bankaccount known WHERE known.shop_id = shop.id)
"""


def open_payable(count: int, *, named: str) -> None:
    """Open shops that have a bank account and no money yet."""
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))
        made = Shop.objects.bulk_create(_shop(f"{named}-{number}") for number in numbers)
        keys = [AccountKey(kind, shop.pk) for shop in made for kind in SHOP_KINDS]
        open_accounts(keys=keys, currency="NGN")
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, {"now": NOW})


@transaction.atomic
def earn(source: str) -> None:
    """Let every shop earn the same amount."""
    open_accounts(keys=[AccountKey("clearing:paystack")], currency="NGN")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM public.payouts_account WHERE code = 'clearing:paystack' AND currency = 'NGN'")
        [clearing] = cursor.fetchone()
        values: dict[str, Any] = {
            "available": AccountKind.SHOP_AVAILABLE,
            "source": source,
            "amount": AMOUNT,
            "now": NOW,
        }
        cursor.execute(EARN, values | {"clearing": clearing})


def _shop(slug: str) -> Shop:
    return Shop(
        schema_name=f"shop_{slug.replace('-', '_')}",
        slug=slug,
        name=slug.title(),
        status=ShopStatus.LIVE,
        currency="NGN",
        created_at=NOW,
        status_at=NOW,
    )

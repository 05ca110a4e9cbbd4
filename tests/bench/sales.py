"""Sales that were paid, written in bulk: orders, payments, shops' records and ledger, as services write them.

`manage.py audit_money` finds nothing off in them, which the `ledger` benchmark requires.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql

from kit.db.sql import qualified
from payouts.models import Account, AccountKind, clearing_code
from payouts.services.accounts import AccountKey, open_accounts
from tests.bench.market import Goods, settle

ITEMS, SHIPPING, COMMISSION, FEES = 100_000, 150_000, 8_000, 1_500
BATCH = 10_000
SCHEMAS_A_CONNECTION = 50
CURRENCY = "NGN"
PLATFORM = (clearing_code("paystack"), AccountKind.PSP_FEES, AccountKind.COMMISSION)
ADDRESS = (
    '{"name": "Ada Obi", "line1": "12 Bode Thomas St", "line2": "", "city": "Surulere", "state": "Lagos", '
    '"country": "NG", "postcode": "", "phone": "+2348012345678"}'
)
TABLES = """
CREATE TABLE IF NOT EXISTS public.bench_shelf (n int PRIMARY KEY, shop_id bigint, schema_name text, account_id bigint,
    variant_id uuid, clearing_id bigint, fees_id bigint, commission_id bigint);
CREATE TABLE IF NOT EXISTS public.bench_sale (n int PRIMARY KEY, code text, order_id uuid, part_id uuid, shelf int);
CREATE INDEX IF NOT EXISTS bench_shelf_of_schema ON public.bench_shelf (schema_name);
CREATE INDEX IF NOT EXISTS bench_sale_of_shelf ON public.bench_sale (shelf);
"""
SALES = """
INSERT INTO public.bench_sale
SELECT n, lpad(n::text, 10, '0'), uuidv7(), uuidv7(), n %% (SELECT count(*) FROM public.bench_shelf)
  FROM generate_series(%(first)s::int, %(last)s::int) n
"""
SALE = "public.bench_sale s JOIN public.bench_shelf g ON g.n = s.shelf WHERE s.n BETWEEN %(first)s AND %(last)s"
LINES = f"""jsonb_build_array(jsonb_build_object('variant_id', variant_id, 'product_id', variant_id, 'sku', 'SKU',
    'title', 'Indigo Tote', 'options', jsonb_build_object(), 'image', '', 'quantity', 1, 'unit_price_minor', {ITEMS},
    'total_minor', {ITEMS}))"""
PUBLIC = (
    f"""
    INSERT INTO public.checkout_order (id, number, email, access_key, status, currency, items_minor, shipping_minor,
        total_minor, shipping_address, billing_address, placed_at, expires_at, paid_at)
    SELECT order_id, 'KS-' || code, 'buyer@example.com', 'abcdefghijklmnopqrstuv', 'paid', '{CURRENCY}', {ITEMS},
           {SHIPPING}, {ITEMS + SHIPPING}, '{ADDRESS}', '{ADDRESS}', now(), now(), now() FROM {SALE}
    """,
    f"""
    INSERT INTO public.checkout_suborder (id, order_id, shop_id, number, status, currency, items_minor,
        shipping_minor, total_minor, commission_bps, commission_minor, lines, tracking, status_at)
    SELECT part_id, order_id, shop_id, 'KS-' || code || '-1', 'new', '{CURRENCY}', {ITEMS}, {SHIPPING},
           {ITEMS + SHIPPING}, 800, {COMMISSION}, {LINES}, '{{}}', now() FROM {SALE}
    """,
    f"""
    INSERT INTO public.checkout_payment (id, order_id, provider, reference, amount_minor, currency, status,
        payment_url, captured_minor, fees_minor, provider_id, channel, note, created_at, captured_at)
    SELECT uuidv7(), order_id, 'paystack', 'ks-' || code, {ITEMS + SHIPPING}, '{CURRENCY}', 'captured', '',
           {ITEMS + SHIPPING}, {FEES}, code, 'card', '', now(), now() FROM {SALE}
    """,
    f"""
    INSERT INTO public.payouts_journal (kind, source, description, occurred_at, posted_at)
    SELECT 'sale', 'ks-' || code, 'Payment ks-' || code || ' captured', now(), now() FROM {SALE} ORDER BY s.n
    """,
    f"""
    INSERT INTO public.payouts_entry (journal_id, account_id, currency, amount_minor, sub_order_id)
    SELECT j.id, leg.account_id, '{CURRENCY}', leg.amount_minor, leg.sub_order_id
      FROM (SELECT * FROM {SALE}) sale
      JOIN public.payouts_journal j ON j.kind = 'sale' AND j.source = 'ks-' || sale.code
     CROSS JOIN LATERAL (VALUES
           (1, sale.clearing_id, {ITEMS + SHIPPING - FEES}, NULL::uuid), (2, sale.fees_id, {FEES}, NULL),
           (3, sale.account_id, {COMMISSION - ITEMS - SHIPPING}, sale.part_id),
           (4, sale.commission_id, -{COMMISSION}, sale.part_id)
           ) AS leg (place, account_id, amount_minor, sub_order_id)
     ORDER BY j.id, leg.place
    """,
    f"""
    UPDATE public.payouts_balance b SET amount_minor = b.amount_minor + sold.amount_minor
      FROM (SELECT account_id, count(*) * {ITEMS + SHIPPING - COMMISSION} AS amount_minor
              FROM {SALE} GROUP BY account_id) sold
     WHERE sold.account_id = b.account_id
    """,
)
OF_SHOP = (
    f"""
    INSERT INTO {{orders}} (id, number, status, stock_state, buyer_name, buyer_email, shipping_address, currency,
        items_minor, shipping_minor, total_minor, placed_at, paid_at, status_at)
    SELECT part_id, 'KS-' || code || '-1', 'new', 'consumed', 'Ada Obi', 'buyer@example.com', '{{{{}}}}',
           '{CURRENCY}', {ITEMS}, {SHIPPING}, {ITEMS + SHIPPING}, now(), now(), now()
      FROM {SALE} AND g.schema_name = %(schema)s
    """,
    f"""
    INSERT INTO {{lines}} (vendor_order_id, variant_id, product_id, sku, title, options, image, quantity,
        unit_price_minor, total_minor)
    SELECT part_id, variant_id, variant_id, 'SKU', 'Indigo Tote', '{{{{}}}}', '', 1, {ITEMS}, {ITEMS}
      FROM {SALE} AND g.schema_name = %(schema)s
    """,
)
# The same postings without Python: the rows of `payouts.services.journals`, in one statement as there.
POSTING = f"""\\set n random(0, {{last}})
WITH g AS (
    SELECT *, uuidv7() AS part_id, 'bench-' || uuidv7() AS code FROM public.bench_shelf WHERE n = :n
), journal AS (
    INSERT INTO public.payouts_journal (kind, source, description, occurred_at, posted_at)
    SELECT 'sale', code, 'Payment ' || code || ' captured', now(), now() FROM g
        ON CONFLICT (kind, source) DO NOTHING
    RETURNING id
), entry AS (
    INSERT INTO public.payouts_entry (journal_id, account_id, currency, amount_minor, sub_order_id)
    SELECT journal.id, leg.account_id, '{CURRENCY}', leg.amount_minor, leg.sub_order_id
      FROM journal, g, LATERAL (VALUES (g.clearing_id, 98500, NULL::uuid), (g.fees_id, 1500, NULL),
           (g.account_id, -92000, g.part_id), (g.commission_id, -8000, g.part_id)
           ) AS leg (account_id, amount_minor, sub_order_id)
)
UPDATE public.payouts_balance b SET amount_minor = b.amount_minor + 92000
  FROM g, journal WHERE b.account_id = g.account_id;
"""


def prepare(goods: Sequence[Goods]) -> None:
    """Open the accounts, and note what there is to sell."""
    shops = sorted({each.shop_id for each in goods})
    keys = [*(AccountKey(code) for code in PLATFORM), *(AccountKey(AccountKind.SHOP_PENDING, shop) for shop in shops)]
    open_accounts(keys=keys, currency=CURRENCY)
    found = Account.objects.filter(currency=CURRENCY).values_list("code", "shop_id", "id")
    ids = {AccountKey(code, shop_id): account_id for code, shop_id, account_id in found}
    own = [ids[AccountKey(code)] for code in PLATFORM]
    rows = [
        (n, each.shop_id, each.schema_name, ids[AccountKey(AccountKind.SHOP_PENDING, each.shop_id)], each.variant_id)
        for n, each in enumerate(goods)
    ]
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute("TRUNCATE public.bench_shelf, public.bench_sale")
        insert = "INSERT INTO public.bench_shelf VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        cursor.executemany(insert, [(*row, *own) for row in rows])


def fill(first: int, last: int, *, return_connection: Callable[[], None] | None = None) -> None:
    """Write the sales of these numbers, and bring statistics up to date.

    Args:
        return_connection: is called now and then, where there are very many shops; of theirs nothing is vacuumed then.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT schema_name FROM public.bench_shelf ORDER BY 1")
        schemas = [row[0] for row in cursor.fetchall()]
        for start in range(first, last + 1, BATCH):
            numbers = {"first": start, "last": min(start + BATCH - 1, last)}
            with transaction.atomic():
                for statement in (SALES, *PUBLIC):
                    cursor.execute(statement, numbers)
        cursor.execute("ANALYZE public.bench_shelf, public.bench_sale")
    for position, schema in enumerate(schemas):
        if return_connection and position % SCHEMAS_A_CONNECTION == 0:
            return_connection()
        _fill_shop(schema, {"first": first, "last": last})
    settle(schemas="public" if return_connection else "%")


def _fill_shop(schema: str, numbers: dict[str, int]) -> None:
    tables = {
        "orders": qualified(schema, "fulfilment_vendororder"),
        "lines": qualified(schema, "fulfilment_vendororderline"),
    }
    with connection.cursor() as cursor:
        for statement in OF_SHOP:
            cursor.execute(sql.SQL(statement).format(**tables), {**numbers, "schema": schema})


def posting_script(folder: Path, *, goods: int) -> Path:
    """Write the yardstick's script; returns its path."""
    path = folder / "posting.sql"
    path.write_text(POSTING.format(last=goods - 1))
    return path

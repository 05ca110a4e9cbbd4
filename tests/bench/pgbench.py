"""The database's own limit: pgbench writing the rows that our checkout writes, without any Python.

One script a shop, written from one template, so that every statement is prepared once per connection. The
order of statements is ours: the offer is read, the idempotency key claimed, order, sub-order and payment
written in one statement, the shop's record in one more, and the stock reserved last, each statement with the
columns and contents of `checkout.services`. Ids are made by the server (`uuidv7()`), numbers from them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from runtime.postgres_home import bundled_installation
from tests.bench.core.results import Figure
from tests.bench.market import Goods
from tests.bench.scenarios import ADDRESS

TABLE = """
CREATE TABLE IF NOT EXISTS public.bench_goods
    (schema_name text, n int, variant_id uuid, PRIMARY KEY (schema_name, n))
"""
SCRIPT = """\\set n random(1, {count})
BEGIN;
SELECT set_config('lock_timeout', '3000ms', true);
SELECT uuidv7() AS order_id, uuidv7() AS payment_id, uuidv7() AS part_id, v.id AS variant_id, v.product_id, v.sku,
       p.title, v.price_minor, v.price_minor + 150000 AS total, s.on_hand - s.reserved AS available,
       right(uuidv7()::text, 12) AS code
  FROM public.bench_goods g JOIN {schema}.catalogue_variant v ON v.id = g.variant_id
  JOIN {schema}.catalogue_product p ON p.id = v.product_id
  JOIN {schema}.catalogue_stocklevel s ON s.variant_id = v.id
 WHERE g.schema_name = '{schema}' AND g.n = :n \\gset
INSERT INTO kit_idempotencykey (scope, key, request_hash, result, created_at)
VALUES ('checkout-guest-' || :code, :code, repeat('a', 64), 'KS-' || :code, now())
ON CONFLICT (scope, key) DO NOTHING;
WITH placed AS (
    INSERT INTO checkout_order (id, number, buyer_id, email, access_key, status, currency, items_minor, shipping_minor,
        total_minor, shipping_address, billing_address, placed_at, expires_at)
    VALUES (:order_id, 'KS-' || :code, NULL, 'buyer@example.com', 'abcdefghijklmnopqrstuv', 'pending', 'NGN',
        :price_minor, 150000, :total, '{address}', '{address}', now(), now() + interval '30 minutes')
), part AS (
    INSERT INTO checkout_suborder (id, order_id, shop_id, number, status, currency, items_minor, shipping_minor,
        total_minor, commission_bps, commission_minor, adjustments, lines, tracking, status_at)
    VALUES (:part_id, :order_id, {shop_id}, 'KS-' || :code || '-1', 'pending', 'NGN', :price_minor, 150000,
        :total, 800, :price_minor * 8 / 100, jsonb_build_array(jsonb_build_object('kind', 'delivery',
        'source', 'flat', 'label', 'Delivery', 'funded_by', 'buyer', 'amount_minor', 150000, 'variant_id', NULL)),
        jsonb_build_array(jsonb_build_object('variant_id', :variant_id::text,
        'product_id', :product_id::text, 'sku', :sku::text, 'title', :title::text,
        'options', '{{"Colour": "indigo"}}'::jsonb, 'image', '', 'quantity', 1,
        'unit_price_minor', :price_minor::bigint, 'total_minor', :price_minor::bigint)), '{{}}', now())
)
INSERT INTO checkout_payment (id, order_id, provider, reference, amount_minor, currency, status, payment_url,
    provider_id, channel, note, created_at)
VALUES (:payment_id, :order_id, 'paystack', 'ks-' || :code, :total, 'NGN', 'created', '', '', '', '', now());
WITH vendor_order AS (
    INSERT INTO {schema}.fulfilment_vendororder (id, number, status, stock_state, buyer_name, buyer_email,
        shipping_address, currency, items_minor, shipping_minor, total_minor, placed_at, status_at)
    VALUES (:part_id, 'KS-' || :code || '-1', 'pending', 'reserved', 'Ada Obi', 'buyer@example.com', '{address}',
        'NGN', :price_minor, 150000, :total, now(), now())
)
INSERT INTO {schema}.fulfilment_vendororderline (variant_id, product_id, sku, title, options, image, quantity,
    unit_price_minor, total_minor, vendor_order_id)
VALUES (:variant_id, :product_id, :sku, :title, '{{"Colour": "indigo"}}', '', 1, :price_minor, :price_minor,
    :part_id);
{reserve};
COMMIT;
"""
TPS = re.compile(r"tps = ([\d.]+)")
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def prepare(goods: Sequence[Goods], folder: Path) -> list[Path]:
    """Write the scripts, and the table from which they choose a variant; returns their paths."""
    from django.db import connection

    folder.mkdir(exist_ok=True)
    by_shop: dict[str, list[Goods]] = {}
    for each in goods:
        by_shop.setdefault(each.schema_name, []).append(each)
    rows = [(schema, n, each.variant_id) for schema, own in by_shop.items() for n, each in enumerate(own, start=1)]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("TRUNCATE bench_goods")
        cursor.executemany("INSERT INTO bench_goods VALUES (%s, %s, %s)", rows)
        cursor.execute("ANALYZE bench_goods")
    paths = []
    for schema, own in by_shop.items():
        path = folder / f"{schema}-{len(own)}.sql"
        path.write_text(_script(schema, own))
        paths.append(path)
    return paths


def _script(schema: str, own: Sequence[Goods]) -> str:
    from catalogue.services.reservations import EACH_LINE, ENOUGH, reservation_text

    statement = reservation_text(schema, enough=ENOUGH, found=EACH_LINE)
    wanted = {
        "$1": "ARRAY[:variant_id]",
        "$2": "ARRAY[1]",
        "$3": "ARRAY[:price_minor]",
    }
    for name, value in wanted.items():
        statement = statement.replace(name, value)
    return SCRIPT.format(
        schema=schema,
        shop_id=own[0].shop_id,
        count=len(own),
        address=json.dumps(ADDRESS | {"line2": "", "postcode": ""}),
        reserve=" ".join(statement.split()),
    )


def run(scripts: Sequence[Path], *, clients: int, seconds: float, protocol: str = "prepared") -> Figure:
    """Run the scripts, chosen at random; returns transactions a second."""
    words = [str(bundled_installation() / "bin" / "pgbench"), "--no-vacuum", f"--protocol={protocol}"]
    words += [f"--client={clients}", f"--jobs={min(clients, os.cpu_count() or 1)}", f"--time={max(1, round(seconds))}"]
    words += [f"--file={path}" for path in scripts]
    answer = subprocess.run([*words, *_address()], env=_environment(), capture_output=True, text=True, check=False)
    found = TPS.search(answer.stdout)
    if answer.returncode != 0 or found is None:
        return Figure(0, problems=(f"pgbench: {answer.stderr.strip()[-400:] or answer.stdout[-400:]}",))
    return Figure(float(found[1]))


def _address() -> list[str]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return [f"--username={parts.username}", parts.path.lstrip("/")]


def _environment() -> dict[str, str]:
    host: Any = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query).get("host", [""])[0]
    return {**os.environ, "PGHOST": host}


def deadlocks() -> int:
    """Return the number of deadlocks that the database has seen."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(DEADLOCKS)
        return int(cursor.fetchone()[0])

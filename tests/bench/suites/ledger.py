"""The ledger: sales posted a second, balances read, and an audit of 100,000 journals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from django.db import connection

from console.services.audit import run_audit
from kit.ids import uuid7
from payouts.models import JournalKind
from payouts.selectors.balances import balances_of, shop_balances
from payouts.services.posting import SaleShare, post_sale
from tests.bench import market, service
from tests.bench.core.measure import compare, single
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, percentiles
from tests.bench.core.stand import Stand

# The rows that `post_sale` writes, in bulk: a journal of five legs each, and the balances they move.
FILL = """
WITH shop AS (
    SELECT shop_id, id AS account_id, row_number() OVER (ORDER BY shop_id) - 1 AS position
      FROM payouts_account WHERE kind = 'shop_pending'
), platform AS (
    SELECT (SELECT id FROM payouts_account WHERE kind = 'paystack_clearing' LIMIT 1) AS clearing,
           (SELECT id FROM payouts_account WHERE kind = 'psp_fees' LIMIT 1) AS fees,
           (SELECT id FROM payouts_account WHERE kind = 'commission' LIMIT 1) AS commission
), journal AS (
    INSERT INTO payouts_journal (kind, source, description, occurred_at, posted_at)
    SELECT %(kind)s, 'fill-' || n, 'Payment fill-' || n || ' captured', now(), now()
      FROM generate_series(%(first)s::int, %(last)s::int) n
    RETURNING id
), numbered AS (
    SELECT journal.id, shop.account_id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM journal) journal
      JOIN shop ON shop.position = journal.n %% (SELECT count(*) FROM shop)
), entry AS (
    INSERT INTO payouts_entry (journal_id, account_id, currency, amount_minor, sub_order_id)
    SELECT numbered.id, leg.account_id, 'NGN', leg.amount_minor, NULL
      FROM numbered, platform, LATERAL (VALUES (platform.clearing, 98500), (platform.fees, 1500),
           (numbered.account_id, -92000), (platform.commission, -8000)) AS leg (account_id, amount_minor)
)
UPDATE payouts_balance b SET amount_minor = b.amount_minor + moved.amount_minor
  FROM (SELECT account_id, count(*) * 92000 AS amount_minor FROM numbered GROUP BY account_id) moved
 WHERE moved.account_id = b.account_id
"""
BATCH = 10_000


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure posting, reading and auditing."""
    stand.migrate()
    goods = market.build(shops=options.pick(50, 3), products=options.pick(50, 3))
    shops = [shop.pk for shop in goods.shops]
    _post(shops, 0)  # opens the platform's accounts
    for processes in options.pick((1, 2), (2,)):
        with service.crew("post_sales", processes=processes, arguments={"shops": shops}) as crew:
            yield compare(
                f"ledger/postings/{processes}-processes",
                lambda crew=crew: crew.go(options.seconds),
                unit="sales/s",
                rounds=options.rounds,
                note="a sale is a journal of four legs, a shop's balance, and one commit",
            )
    yield compare(
        "ledger/balance-of-a-shop",
        lambda: _rate(lambda number: shop_balances(shop_id=shops[number % len(shops)]), options.seconds / 2),
        unit="reads/s",
        rounds=options.rounds,
    )
    yield compare(
        "ledger/balances-of-all-shops",
        lambda: _rate(lambda _: balances_of(shop_ids=shops), options.seconds / 2),
        unit="reads/s",
        rounds=options.rounds,
    )
    journals = options.pick(100_000, 1_000)
    for first in range(1, journals, BATCH):
        with connection.cursor() as cursor:
            last = min(first + BATCH - 1, journals)
            cursor.execute(FILL, {"kind": JournalKind.SALE, "first": first, "last": last})
    yield single(f"ledger/audit/{journals}-journals", _books, unit="s", note="audit_money without the provider")


def _post(shops: list[int], number: int) -> None:
    share = SaleShare(shops[number % len(shops)], uuid7(), 92_000, 8_000)
    post_sale(
        reference=f"bench-{uuid7().hex}",
        currency="NGN",
        captured_minor=100_000,
        fees_minor=1_500,
        shares=[share],
        refundable_minor=0,
        occurred_at=market.NOW,
        now=market.NOW,
    )


def _rate(work: Callable[[int], object], seconds: float) -> Figure:
    began, number, took = time.perf_counter(), 0, []
    while (start := time.perf_counter()) - began < seconds:
        work(number)
        took.append((time.perf_counter() - start) * 1000)
        number += 1
    return Figure(number / (time.perf_counter() - began), {"done": percentiles(took)})


def _books() -> Figure:
    began = time.perf_counter()
    run_audit(with_provider=False, now=market.NOW)
    return Figure(time.perf_counter() - began)

"""Changing prices and stock of many variants at once: as many statements for five hundred as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from psycopg import sql

from catalogue.discovery.services.projection import project_products
from kit.db.sql import execute, fetch_all, qualified
from kit.db.statements import load_statement
from tenants.shops.locks import ShopState

LOCK_PRODUCTS = sql.SQL("""
SELECT p.id FROM {product} p
 WHERE p.id IN (SELECT v.product_id FROM {variant} v WHERE v.id = ANY(%(ids)s)) AND p.deleted_at IS NULL
 ORDER BY p.id FOR UPDATE OF p
""")
LOCK_STOCK = sql.SQL("""
SELECT s.variant_id, s.on_hand, s.reserved FROM {stock} s WHERE s.variant_id = ANY(%(ids)s)
 ORDER BY s.variant_id FOR UPDATE OF s
""")
READ_PRICES = sql.SQL("""
SELECT v.id, v.product_id, v.price_minor, v.compare_at_minor FROM {variant} v
 WHERE v.id = ANY(%(ids)s) AND v.product_id = ANY(%(products)s) AND v.deleted_at IS NULL
""")
WRITE_PRICES = sql.SQL(load_statement(__package__, "write_prices"))
WRITE_STOCK = sql.SQL("""
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(counts)s::int[], %(moves)s::int[]) AS w(variant_id, on_hand, change)
), noted AS (
    INSERT INTO {movement} (variant_id, kind, quantity, source, moved_at)
    SELECT variant_id, 'adjustment', change, %(source)s, %(now)s FROM wanted
)
UPDATE {stock} s SET on_hand = w.on_hand FROM wanted w WHERE s.variant_id = w.variant_id
""")


@dataclass(frozen=True, slots=True)
class Change:
    """New price and stock of a variant; None leaves either unchanged.

    Args:
        if_price_minor, if_on_hand: the current values required for a write; None: any value.
        was_minor: the was-price to bring back where there is none.
    """

    variant_id: UUID
    price_minor: int | None
    on_hand: int | None
    if_price_minor: int | None = None
    if_on_hand: int | None = None
    was_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Values that a change has replaced: None where it left the price or the count unchanged.

    Args:
        refusal: why it did not write a value.
        is_refused: whether it wrote none of its values.
    """

    price_minor: int | None = None
    compare_at_minor: int | None = None
    on_hand: int | None = None
    refusal: str = ""
    is_refused: bool = False


def apply_changes(*, state: ShopState, changes: Sequence[Change], source: str, now: datetime) -> Mapping[UUID, Outcome]:
    """Write prices with their history, stock with its movements, and the listings, in the caller's transaction.

    Price and count are judged apart: where units were sold meanwhile, the price is still written.
    Locks the products, then the stock levels, then the listings, each in primary-key order.

    Args:
        state: of the shop, whose row the caller has locked before all of its tables.
    """
    tables = {
        name: qualified(state.schema_name, f"catalogue_{table}")
        for name, table in (
            ("product", "product"),
            ("variant", "variant"),
            ("stock", "stocklevel"),
            ("movement", "stockmovement"),
            ("price_change", "pricechange"),
        )
    }
    ids = [change.variant_id for change in changes]
    products = [row[0] for row in fetch_all(LOCK_PRODUCTS.format(**tables), {"ids": ids})]
    levels = {row[0]: row[1:] for row in fetch_all(LOCK_STOCK.format(**tables), {"ids": ids})}
    prices = {row[0]: row[1:] for row in fetch_all(READ_PRICES.format(**tables), {"ids": ids, "products": products})}
    outcomes = {change.variant_id: _judge(change, prices, levels) for change in changes}
    _write_prices(tables, [change for change in changes if outcomes[change.variant_id].price_minor is not None], now)
    _write_stock(tables, changes, outcomes, source, now)
    touched = {
        prices[variant_id][0]
        for variant_id, outcome in outcomes.items()
        if outcome.price_minor is not None or outcome.on_hand is not None
    }
    project_products(shop_id=state.id, product_ids=sorted(touched), state=state)
    return outcomes


def _judge(change: Change, prices: Mapping[UUID, Any], levels: Mapping[UUID, Any]) -> Outcome:
    if change.variant_id not in prices or change.variant_id not in levels:
        return Outcome(refusal=gettext("This variant has been deleted."), is_refused=True)
    _, price, compare_at = prices[change.variant_id]
    on_hand, reserved = levels[change.variant_id]
    wants_price = change.price_minor not in {None, price}
    wants_count = change.on_hand not in {None, on_hand}
    price_fault = _price_fault(change, price) if wants_price else ""
    count_fault = _count_fault(change, on_hand, reserved) if wants_count else ""
    writes_price, writes_count = wants_price and not price_fault, wants_count and not count_fault
    refusal = " ".join(filter(None, (price_fault, count_fault)))
    return Outcome(
        price_minor=price if writes_price else None,
        compare_at_minor=compare_at if writes_price else None,
        on_hand=on_hand if writes_count else None,
        refusal=refusal,
        is_refused=bool(refusal) and not writes_price and not writes_count,
    )


def _price_fault(change: Change, price: int) -> str:
    if change.if_price_minor in {None, price}:
        return ""
    return gettext("The price was not changed: it was edited in the meantime.")


def _count_fault(change: Change, on_hand: int, reserved: int) -> str:
    if change.if_on_hand not in {None, on_hand}:
        return gettext("The stock was not changed: it was %(if_on_hand)s when it was read and is %(on_hand)s now.") % {
            "if_on_hand": change.if_on_hand,
            "on_hand": on_hand,
        }
    if change.on_hand is not None and change.on_hand < reserved:
        return promised(reserved, change.on_hand)
    return ""


def promised(reserved: int, on_hand: int) -> str:
    """Return the text that tells why a count is too low."""
    return gettext(
        "%(reserved)s are reserved for orders that are being paid, so the stock can’t go down to %(on_hand)s."
    ) % {"reserved": reserved, "on_hand": on_hand}


def _write_prices(tables: Mapping[str, sql.Identifier], changes: Sequence[Change], now: datetime) -> None:
    if changes:
        params = {
            "ids": [change.variant_id for change in changes],
            "prices": [change.price_minor for change in changes],
            "was": [change.was_minor for change in changes],
            "now": now,
        }
        execute(WRITE_PRICES.format(**tables), params)


def _write_stock(
    tables: Mapping[str, sql.Identifier],
    changes: Sequence[Change],
    outcomes: Mapping[UUID, Outcome],
    source: str,
    now: datetime,
) -> None:
    moves = {
        change.variant_id: (change.on_hand, change.on_hand - before)
        for change in changes
        if change.on_hand is not None and (before := outcomes[change.variant_id].on_hand) is not None
    }
    if moves:
        params = {
            "ids": list(moves),
            "counts": [count for count, _ in moves.values()],
            "moves": [move for _, move in moves.values()],
            "source": source[:64],
            "now": now,
        }
        execute(WRITE_STOCK.format(**tables), params)

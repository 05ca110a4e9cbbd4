"""Changing prices and stock of many variants at once: as many statements for five hundred as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop
from psycopg import sql

from catalogue.discovery.services.projection import project_products
from catalogue.stored_sentences import COUNT_MOVED, COUNT_RESERVED
from kit.db.sql import execute, fetch_all, qualified
from kit.db.statements import load_statement
from kit.sentences.stored import sentences_that_fit
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
SELECT v.id, v.product_id, v.price_minor, v.compare_at_minor, COALESCE(v.weight_g, 0), p.tax_class
  FROM {variant} v JOIN {product} p ON p.id = v.product_id
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
WRITE_WEIGHTS = sql.SQL("""
UPDATE {variant} v SET weight_g = NULLIF(w.weight_g, 0)
  FROM unnest(%(ids)s::uuid[], %(weights)s::int[]) AS w(id, weight_g) WHERE v.id = w.id
""")
WRITE_TAX_CLASSES = sql.SQL("""
UPDATE {product} p SET tax_class = w.tax_class, updated_at = %(now)s
  FROM unnest(%(ids)s::uuid[], %(classes)s::text[]) AS w(id, tax_class) WHERE p.id = w.id
""")


@dataclass(frozen=True, slots=True)
class Change:
    """New price, stock and weight of a variant, and tax class of its product; None leaves each unchanged.

    Args:
        if_price_minor, if_on_hand, if_weight_g, if_tax_class: the current values required for a write; None: any.
        was_minor: the was-price to bring back where there is none.
        weight_g: 0: none.
    """

    variant_id: UUID
    price_minor: int | None
    on_hand: int | None
    if_price_minor: int | None = None
    if_on_hand: int | None = None
    was_minor: int | None = None
    weight_g: int | None = None
    if_weight_g: int | None = None
    tax_class: str | None = None
    if_tax_class: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Values that a change has replaced: None where it left them unchanged.

    Args:
        refusal: why it did not write a value.
        is_refused: whether it wrote none of its values.
    """

    price_minor: int | None = None
    compare_at_minor: int | None = None
    on_hand: int | None = None
    weight_g: int | None = None
    tax_class: str | None = None
    refusal: str = ""
    is_refused: bool = False

    @property
    def replaced(self) -> tuple[Any, ...]:
        """Return the replaced values in the order of the row's columns."""
        return self.price_minor, self.compare_at_minor, self.on_hand, self.weight_g, self.tax_class


def apply_changes(*, state: ShopState, changes: Sequence[Change], source: str, now: datetime) -> Mapping[UUID, Outcome]:
    """Write prices with their history, stock with its movements, weights, tax classes and the listings.

    It is done in the caller's transaction. Values are judged apart: where units were sold meanwhile, the price is still
    written.
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
    _write_weights(tables, [change for change in changes if outcomes[change.variant_id].weight_g is not None])
    _write_tax_classes(tables, changes, outcomes, prices, now)
    touched = {
        prices[variant_id][0]
        for variant_id, outcome in outcomes.items()
        if outcome.price_minor is not None or outcome.on_hand is not None
    }
    project_products(shop_id=state.id, product_ids=sorted(touched), state=state)
    return outcomes


def _judge(change: Change, prices: Mapping[UUID, Any], levels: Mapping[UUID, Any]) -> Outcome:
    if change.variant_id not in prices or change.variant_id not in levels:
        return Outcome(refusal=gettext_noop("This variant has been deleted."), is_refused=True)
    _, price, compare_at, weight_g, tax_class = prices[change.variant_id]
    on_hand, reserved = levels[change.variant_id]
    current = {"price_minor": price, "on_hand": on_hand, "weight_g": weight_g, "tax_class": tax_class}
    wanted = [name for name, value in current.items() if getattr(change, name) not in {None, value}]
    faults = {
        "price_minor": _price_fault(change, price),
        "on_hand": _count_fault(change, on_hand, reserved),
        "weight_g": _weight_fault(change, weight_g),
        "tax_class": _class_fault(change, tax_class),
    }
    written: dict[str, Any] = {name: current[name] for name in wanted if not faults[name]}
    if "price_minor" in written:
        written["compare_at_minor"] = compare_at
    refusal = sentences_that_fit(faults[name] for name in wanted if faults[name])
    return Outcome(**written, refusal=refusal, is_refused=bool(refusal) and not written)


def _price_fault(change: Change, price: int) -> str:
    if change.if_price_minor in {None, price}:
        return ""
    return gettext_noop("The price was not changed: it was edited in the meantime.")


def _weight_fault(change: Change, weight_g: int) -> str:
    if change.if_weight_g in {None, weight_g}:
        return ""
    return gettext_noop("The weight was not changed: it was edited in the meantime.")


def _class_fault(change: Change, tax_class: str) -> str:
    if change.if_tax_class in {None, tax_class}:
        return ""
    return gettext_noop("The tax class was not changed: it was edited in the meantime.")


def _count_fault(change: Change, on_hand: int, reserved: int) -> str:
    if change.if_on_hand not in {None, on_hand}:
        return COUNT_MOVED.written(if_on_hand=change.if_on_hand, on_hand=on_hand)
    if change.on_hand is not None and change.on_hand < reserved:
        return COUNT_RESERVED.written(reserved=reserved, on_hand=change.on_hand)
    return ""


def _write_prices(tables: Mapping[str, sql.Identifier], changes: Sequence[Change], now: datetime) -> None:
    if changes:
        params = {
            "ids": [change.variant_id for change in changes],
            "prices": [change.price_minor for change in changes],
            "was": [change.was_minor for change in changes],
            "now": now,
        }
        execute(WRITE_PRICES.format(**tables), params)


def _write_weights(tables: Mapping[str, sql.Identifier], changes: Sequence[Change]) -> None:
    if changes:
        params = {"ids": [change.variant_id for change in changes], "weights": [change.weight_g for change in changes]}
        execute(WRITE_WEIGHTS.format(**tables), params)


def _write_tax_classes(
    tables: Mapping[str, sql.Identifier],
    changes: Sequence[Change],
    outcomes: Mapping[UUID, Outcome],
    prices: Mapping[UUID, Any],
    now: datetime,
) -> None:
    """Write the tax class of each product once, though several of its variants may give it."""
    classes = {
        prices[change.variant_id][0]: change.tax_class
        for change in changes
        if outcomes[change.variant_id].tax_class is not None
    }
    if classes:
        params = {"ids": list(classes), "classes": list(classes.values()), "now": now}
        execute(WRITE_TAX_CLASSES.format(**tables), params)


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

"""Stock promised to unpaid orders: reserved, consumed when they are paid, released when they end.

Each function is one schema-qualified statement that locks the stock levels in primary-key order. They
need an open transaction, in which they come last (docs/locking.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import LiteralString
from uuid import UUID

from psycopg import sql

from kit.db.pipeline import Query, as_array, ask, written
from kit.db.sql import REMEMBERED, fetch_all, qualified

# The row lock makes the figures in `locked` the latest committed ones. `taken` writes both columns from them:
# PostgreSQL checks constraints on the row it makes of the statement's snapshot before it finds that there is a
# newer one, so that `s.reserved + 1` beside an `s.on_hand` of before a delivery would be refused for nothing.
RESERVED = """
WITH wanted AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[])
        AS w(variant_id, quantity, price_minor)
), locked AS (
    SELECT s.variant_id, s.on_hand, s.reserved, s.on_hand - s.reserved AS available, w.quantity, w.price_minor
      FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), offered AS (
    SELECT l.*, v.price_minor AS price_now,
           p.status = 'active' AND p.deleted_at IS NULL AND v.deleted_at IS NULL AS is_on_sale
      FROM locked l JOIN {variant} v ON v.id = l.variant_id JOIN {product} p ON p.id = v.product_id
), taken AS (
    UPDATE {stock} s SET on_hand = o.on_hand, reserved = o.reserved + o.quantity
      FROM offered o
     WHERE s.variant_id = o.variant_id AND {enough} AND o.is_on_sale
       AND o.price_now = o.price_minor
 RETURNING s.variant_id
)
"""
RESERVE = sql.SQL(
    RESERVED.replace("{enough}", "o.available >= o.quantity")
    + """
SELECT w.variant_id, o.available, o.price_now, COALESCE(o.is_on_sale, FALSE), t.variant_id IS NOT NULL
  FROM wanted w LEFT JOIN offered o USING (variant_id) LEFT JOIN taken t USING (variant_id)
"""
)

CONSUME = """
WITH wanted AS (
    SELECT * FROM unnest($1::uuid[], $2::int[]) AS w(variant_id, quantity)
), locked AS (
    SELECT s.variant_id, w.quantity FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), moved AS (
    INSERT INTO {movement} (variant_id, kind, quantity, source, moved_at)
    SELECT variant_id, 'sale', -quantity, $3, $4::timestamptz FROM locked
)
UPDATE {stock} s SET on_hand = s.on_hand - l.quantity, reserved = s.reserved - l.quantity
  FROM locked l WHERE s.variant_id = l.variant_id
"""

TAKE = """
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(quantities)s::int[]) AS w(variant_id, quantity)
), locked AS (
    SELECT s.variant_id, s.on_hand, s.reserved, w.quantity, s.on_hand - s.reserved AS available
      FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), enough AS (
    SELECT count(*) = (SELECT count(*) FROM wanted) AND bool_and(available >= quantity) AS yes FROM locked
), moved AS (
    INSERT INTO {movement} (variant_id, kind, quantity, source, moved_at)
    SELECT variant_id, 'sale', -quantity, %(source)s, %(now)s FROM locked, enough WHERE enough.yes
)
UPDATE {stock} s SET on_hand = l.on_hand - l.quantity, reserved = l.reserved
  FROM locked l, enough WHERE s.variant_id = l.variant_id AND enough.yes
RETURNING s.variant_id, s.on_hand = s.reserved
"""

RELEASE = sql.SQL("""
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(quantities)s::int[]) AS w(variant_id, quantity)
), locked AS (
    SELECT s.variant_id, w.quantity, s.on_hand - s.reserved AS available
      FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), freed AS (
    UPDATE {stock} s SET reserved = s.reserved - l.quantity
      FROM locked l WHERE s.variant_id = l.variant_id
)
SELECT variant_id FROM locked WHERE available <= 0
""")


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A quantity of a variant at the price that the buyer saw."""

    variant_id: UUID
    quantity: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """What came of a wanted line; figures are None where the shop has no such variant."""

    variant_id: UUID
    available: int | None
    price_minor: int | None
    is_on_sale: bool
    is_reserved: bool


def reserve(*, schema_name: str, lines: Sequence[WantedLine]) -> list[ReservedLine]:
    """Reserve what can be reserved at the wanted price, and say of every line what was found.

    The caller rolls back unless every line is reserved. `available` is what there was before.
    """
    return ask(reserving(schema_name=schema_name, lines=lines))


def reserving(*, schema_name: str, lines: Sequence[WantedLine]) -> Query[list[ReservedLine]]:
    """Return what `reserve` asks for, to be sent together with what comes before it."""
    return Query(_reserve_text(schema_name), as_arrays(lines), lambda rows: [ReservedLine(*row) for row in rows])


def as_arrays(lines: Sequence[WantedLine]) -> list[str]:
    """Return wanted lines as the parameters of a reservation."""
    return [
        as_array(line.variant_id for line in lines),
        as_array(line.quantity for line in lines),
        as_array(line.price_minor for line in lines),
    ]


@lru_cache(maxsize=REMEMBERED)
def _reserve_text(schema_name: str) -> str:
    return reservation_text(RESERVE, schema_name)


def reservation_text(statement: sql.SQL, schema_name: str) -> str:
    """Return a reservation's text for a shop."""
    tables = ("stocklevel", "variant", "product")
    stock, variant, product = (qualified(schema_name, f"catalogue_{name}") for name in tables)
    return statement.format(stock=stock, variant=variant, product=product).as_string(None)


def consuming(*, schema_name: str, quantities: Mapping[UUID, int], source: str, now: datetime) -> Query[None]:
    """Ask for reserved stock to be taken off the shelf: the order was paid."""
    params = [as_array(quantities), as_array(quantities.values()), source, now]
    return Query(_moving_text(CONSUME, schema_name), params, written)


def take(*, schema_name: str, quantities: Mapping[UUID, int], source: str, now: datetime) -> list[UUID] | None:
    """Take stock that is not reserved, all or nothing.

    Returns:
        The variants that are sold out now, or None where there was not enough of all of them.
    """
    params = {"ids": list(quantities), "quantities": list(quantities.values()), "source": source, "now": now}
    taken = fetch_all(_moving_text(TAKE, schema_name), params)
    return [variant_id for variant_id, is_sold_out in taken if is_sold_out] if taken else None


def release(*, schema_name: str, quantities: Mapping[UUID, int]) -> list[UUID]:
    """Give reserved stock back; return the variants that had been sold out until now."""
    statement = RELEASE.format(stock=qualified(schema_name, "catalogue_stocklevel"))
    params = {"ids": list(quantities), "quantities": list(quantities.values())}
    return [row[0] for row in fetch_all(statement, params)]


@lru_cache(maxsize=REMEMBERED)
def _moving_text(template: LiteralString, schema_name: str) -> str:
    statement = sql.SQL(template).format(
        stock=qualified(schema_name, "catalogue_stocklevel"), movement=qualified(schema_name, "catalogue_stockmovement")
    )
    return statement.as_string(None)

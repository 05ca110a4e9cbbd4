"""Stock promised to orders: reserved, consumed when they are paid, released or put back when they end.

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

from catalogue.models import MovementKind
from kit.db.pipeline import Query, as_array, ask, written
from kit.db.sql import REMEMBERED, execute, fetch_all, qualified
from kit.db.statements import load_statement

RESERVE = sql.SQL(load_statement(__package__, "reserve"))
CONSUME = load_statement(__package__, "consume")
TAKE = load_statement(__package__, "take")
RELEASE = sql.SQL(load_statement(__package__, "release"))
PUT_BACK = load_statement(__package__, "put_back")
FORGET = sql.SQL("UPDATE {stock} SET reserved = 0 WHERE reserved <> 0")
ENOUGH = "o.available >= o.quantity"
EACH_LINE = """
SELECT w.variant_id, o.available, o.price_now, COALESCE(o.is_on_sale, FALSE), t.variant_id IS NOT NULL
  FROM wanted w LEFT JOIN offered o USING (variant_id) LEFT JOIN taken t USING (variant_id)
"""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A quantity of a variant at the price that the buyer saw."""

    variant_id: UUID
    quantity: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """Result of a requested line; figures are None where the shop has no such variant."""

    variant_id: UUID
    available: int | None
    price_minor: int | None
    is_on_sale: bool
    is_reserved: bool


def reserve(*, schema_name: str, lines: Sequence[WantedLine]) -> list[ReservedLine]:
    """Reserve the lines that are in stock at the requested price, and return the result of every line.

    The caller rolls back unless every line is reserved. `available` is what there was before.
    """
    return ask(reserve_query(schema_name=schema_name, lines=lines))


def reserve_query(*, schema_name: str, lines: Sequence[WantedLine]) -> Query[list[ReservedLine]]:
    """Return the query of `reserve`, to be sent together with the queries before it."""
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
    return reservation_text(schema_name, enough=ENOUGH, found=EACH_LINE)


def reservation_text(schema_name: str, *, enough: LiteralString, found: LiteralString) -> str:
    """Return a reservation's text for a shop.

    Args:
        enough: the condition on the `offered` line `o` under which it is taken.
        found: the query of what was found, over `wanted`, `offered` and `taken`.
    """
    tables = ("stocklevel", "variant", "product")
    stock, variant, product = (qualified(schema_name, f"catalogue_{name}") for name in tables)
    parts = {"stock": stock, "variant": variant, "product": product}
    return RESERVE.format(**parts, enough=sql.SQL(enough), found=sql.SQL(found)).as_string(None)


def consume_query(*, schema_name: str, quantities: Mapping[UUID, int], source: str, now: datetime) -> Query[None]:
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


def put_back(
    *,
    schema_name: str,
    quantities: Mapping[UUID, int],
    source: str,
    now: datetime,
    kind: MovementKind = MovementKind.CANCELLATION,
) -> list[UUID]:
    """Put sold stock back on the shelf; return the variants that had been sold out until now."""
    params = {
        "ids": list(quantities),
        "quantities": list(quantities.values()),
        "source": source,
        "now": now,
        "kind": kind.value,
    }
    return [row[0] for row in fetch_all(_moving_text(PUT_BACK, schema_name), params)]


def forget_reservations(*, schema_name: str) -> None:
    """Give back all that a shop has reserved: what reserved it has ended."""
    execute(FORGET.format(stock=qualified(schema_name, "catalogue_stocklevel")))


@lru_cache(maxsize=REMEMBERED)
def _moving_text(template: LiteralString, schema_name: str) -> str:
    statement = sql.SQL(template).format(
        stock=qualified(schema_name, "catalogue_stocklevel"), movement=qualified(schema_name, "catalogue_stockmovement")
    )
    return statement.as_string(None)

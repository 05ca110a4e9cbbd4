"""The audit's checks of a shop's own records of its orders, and of the stock that they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from psycopg import sql

from kit.db.statements import load_statement
from kit.money.columns import AMOUNT_COLUMNS, PARTS
from payouts.audit import Answers, ask_shops, check_in_shops
from tenants.schemas.look_up import ShopSchema

AUDIT_CHECKS = (
    check_in_shops(
        "stock_reserved",
        "Reserved stock equals what unpaid vendor orders hold",
        load_statement(__package__, "stock_reserved"),
    ),
    check_in_shops(
        "vendor_order_lines",
        "The lines of a vendor order sum to it",
        load_statement(__package__, "vendor_order_lines"),
    ),
)
ZONES = sql.SQL(load_statement(__package__, "zones"))
DIGEST = sql.SQL(load_statement(__package__, "vendor_orders_digest"))
RECORD_COLUMNS = ("id", "number", "status", *AMOUNT_COLUMNS)
RECORDS = f"SELECT {', '.join(RECORD_COLUMNS)} FROM {{schema}}.fulfilment_vendororder"  # noqa: S608 - our own names
# Columns in the order of `Registration`.
REGISTRATIONS = sql.SQL("SELECT country, number, prices_include_tax FROM {schema}.fulfilment_taxregistration")
Digest = tuple[int, Decimal]  # how many orders, and the sum of their hashes


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One of the two records of a shop's part of an order: the shop's own, or the market's."""

    id: UUID
    number: str
    status: str
    amounts: tuple[Any, ...]  # in the order of AMOUNT_COLUMNS

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> Self:
        """Return the record of a row of RECORD_COLUMNS."""
        order_id, number, status, *amounts = row
        return cls(order_id, number, status, tuple(amounts))

    def __str__(self) -> str:
        told = dict(zip(AMOUNT_COLUMNS, self.amounts, strict=True))
        parts = ", ".join(f"{name.removesuffix('_minor')} {told[name]}" for name in PARTS if told[name])
        return f"{self.status}, {told['total_minor']} {told['currency']} ({parts})"


def vendor_order_digests(answers: Answers) -> dict[int, Digest]:
    """Return the digest of each shop's vendor orders from its answer to `DIGEST`, by shop."""
    return {shop.shop_id: rows[0] for shop, rows in answers}


def vendor_order_records(shop: ShopSchema) -> dict[UUID, OrderRecord]:
    """Return a shop's own records of its orders, by id."""
    asked = ask_shops([sql.SQL(RECORDS)], [shop])
    return {row[0]: OrderRecord.of_row(row) for _, [rows] in asked for row in rows}

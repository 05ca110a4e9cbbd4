"""The audit's checks of a shop's own records of its orders, and of the stock that they hold."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext_lazy
from psycopg import sql

from checkout.fulfilment.models import Shipment
from checkout.fulfilment.parcels import SentParcel, lines_of_json, whole_parcels
from kit.db.statements import load_statement
from kit.money.columns import AMOUNT_COLUMNS, PARTS
from payouts.audit import Answers, ask_shops, check_in_shops
from tenants.schemas.look_up import ShopSchema

AUDIT_CHECKS = (
    check_in_shops(
        "stock_reserved",
        gettext_lazy("Reserved stock equals the quantities that unpaid vendor orders hold"),
        load_statement(__package__, "stock_reserved"),
    ),
    check_in_shops(
        "vendor_order_lines",
        gettext_lazy("The lines of a vendor order sum to its total"),
        load_statement(__package__, "vendor_order_lines"),
    ),
    check_in_shops(
        "sent_units",
        gettext_lazy("The sent units of each line are those in its parcels"),
        load_statement(__package__, "sent_units"),
    ),
)
ZONES = sql.SQL(load_statement(__package__, "zones"))
DIGEST = sql.SQL(load_statement(__package__, "vendor_orders_digest"))
PARCELS_DIGEST = sql.SQL(load_statement(__package__, "parcels_digest"))
PARCEL_RECORDS = sql.SQL(load_statement(__package__, "parcel_records"))
RECORD_COLUMNS = ("id", "number", "status", *AMOUNT_COLUMNS)
RECORDS = f"SELECT {', '.join(RECORD_COLUMNS)} FROM {{schema}}.fulfilment_vendororder"  # noqa: S608 - our own names
# Columns in the order of `Registration`.
REGISTRATIONS = sql.SQL("SELECT country, number, prices_include_tax FROM {schema}.fulfilment_taxregistration")
Digest = tuple[int, Decimal]  # how many there are, and the sum of their hashes


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


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    """The parcels of a part of an order by one of its two records.

    Args:
        parcels: with all that has left.
        kept: as they are stored; those of earlier releases without their units, or not at all.
    """

    number: str
    parcels: Sequence[SentParcel]
    kept: Sequence[SentParcel]

    def differs_from(self, other: Self) -> bool:
        """Return whether units, tracking or state of the parcels differ from those of the other record."""
        if self._is_complete and other._is_complete:
            return _told(self.kept) != _told(other.kept)
        return _told(self.parcels) != _told(other.parcels)

    @property
    def _is_complete(self) -> bool:
        return bool(self.kept) and all(each.lines for each in self.kept)

    def __str__(self) -> str:
        return "; ".join(
            f"parcel {each.number}: {sum(each.lines.values())} units, {each.status.value}"
            + "".join(f", {text}" for text in (each.tracking, each.tracking_url) if text)
            for each in self.parcels
        )


def digests(answers: Answers) -> dict[int, Digest]:
    """Return the digest of each shop's records from its answer to a statement for it, by shop."""
    return {shop.shop_id: rows[0] for shop, rows in answers}


def vendor_order_records(shop: ShopSchema) -> dict[UUID, OrderRecord]:
    """Return a shop's own records of its orders, by id."""
    asked = ask_shops([sql.SQL(RECORDS)], [shop])
    return {row[0]: OrderRecord.of_row(row) for _, [rows] in asked for row in rows}


def parcel_records(shop: ShopSchema) -> dict[UUID, ParcelRecord]:
    """Return the parcels by a shop's own records of its orders, by order; those without any are left out."""
    asked = ask_shops([PARCEL_RECORDS], [shop])
    found = {row[0]: _parcels_of_row(*row[1:]) for _, [rows] in asked for row in rows}
    return {key: record for key, record in found.items() if record.parcels}


def _parcels_of_row(number: str, status: str, since: datetime, left: str, shipments: str) -> ParcelRecord:
    kept = [SentParcel.of_json(each) for each in json.loads(shipments)]
    parcels = whole_parcels(
        kept,
        left=lines_of_json(json.loads(left or "{}")),
        status=status,
        since=since,
        otherwise=Shipment(shipped_at=since).parcel,
    )
    return ParcelRecord(number, parcels, kept)


def _told(parcels: Sequence[SentParcel]) -> list[tuple[Any, ...]]:
    return [(each.number, each.tracking, each.tracking_url, each.lines, each.status) for each in parcels]

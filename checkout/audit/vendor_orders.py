"""The audit's check of the market's record of each shop's orders against the shop's own.

Neither side's rows are read, nor joined across schemas, where the digests of both are the same.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from django.utils.translation import gettext_lazy

from checkout.fulfilment.audit import (
    DIGEST,
    RECORD_COLUMNS,
    Digest,
    OrderRecord,
    digests,
    vendor_order_records,
)
from checkout.models import SubOrder
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from payouts.audit import Answers, AuditCheck, Finding, Found, found_in
from tenants.schemas.look_up import ShopSchema

OF_MARKET = load_statement(__package__, "sub_orders_digest")
EMPTY: Digest = (0, Decimal(0))


def find_vendor_orders(shops: Sequence[ShopSchema], answers: Answers) -> Found:
    """Find the parts of orders whose record in the shop differs from the market's."""
    findings = [finding for shop in differing_shops(OF_MARKET, shops, answers) for finding in _differences(shop)]
    return found_in(findings)


def differing_shops(of_market: LiteralString, shops: Sequence[ShopSchema], answers: Answers) -> list[ShopSchema]:
    """Return the shops whose digest differs from the market's.

    Args:
        of_market: a statement that yields shop, count and sum of hashes.
        answers: those to the statement of which each shop was asked for its digest.
    """
    market: dict[int, Digest] = {shop_id: (count, hashes) for shop_id, count, hashes in fetch_all(of_market)}
    own = digests(answers)
    return [shop for shop in shops if shop.exists and own.get(shop.shop_id, EMPTY) != market.get(shop.shop_id, EMPTY)]


def _differences(shop: ShopSchema) -> list[Finding]:
    """Compare a shop's records one by one."""
    parts, own = _sub_order_records(shop.shop_id), vendor_order_records(shop)
    return [
        Finding(
            f"vendor order {(parts.get(key) or own[key]).number} at {shop.slug}",
            str(parts.get(key, "no sub-order")),
            str(own.get(key, "no vendor order")),
        )
        for key in sorted(parts.keys() | own.keys())
        if _said(parts.get(key)) != _said(own.get(key))
    ]


def _said(record: OrderRecord | None) -> tuple[Any, ...] | None:
    return None if record is None else (record.status, record.amounts)


def _sub_order_records(shop_id: int) -> dict[UUID, OrderRecord]:
    rows = SubOrder.objects.filter(shop_id=shop_id).order_by("id").values_list(*RECORD_COLUMNS)
    return {row[0]: OrderRecord.of_row(row) for row in rows}


VENDOR_ORDERS = AuditCheck(
    "vendor_orders",
    gettext_lazy("Each shop's vendor orders match the sub-orders"),
    find_vendor_orders,
    in_shops=DIGEST,
)

"""Reading the coupons that codes name, in the same round trip as the shops' offers."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from catalogue.discovery.selectors.categories import category_tree
from checkout.models.coupons import CouponKind
from checkout.pricing.coupons.facts import CouponBuyerKey, CouponFacts
from kit.db.pipeline import Query, Rows, as_array, as_json
from kit.db.statements import load_statement

NAMED = load_statement(__package__, "coupons_named")
COLUMNS = tuple(field.name for field in fields(CouponFacts))  # in the order of the statement


def coupons_query(
    *, codes: Collection[str], shop_ids: Collection[int], buyer: CouponBuyerKey
) -> Query[tuple[CouponFacts, ...]]:
    """Return the query for the coupons that some codes name in shops, or as the platform's own."""
    params = [as_json(sorted(codes)), as_array(sorted(shop_ids)), buyer.digest, buyer.user_id, buyer.email.lower()]
    return Query(NAMED, params, _read)


def _read(rows: Rows) -> tuple[CouponFacts, ...]:
    return tuple(_facts(row) for row in rows)


def _facts(row: Sequence[Any]) -> CouponFacts:
    values: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    values |= {
        "kind": CouponKind(values["kind"]),
        "percent_bps": values["percent_bps"] or 0,
        "amount_minor": values["amount_minor"] or 0,
        "products": frozenset(UUID(each) for each in values["products"]),
        "categories": with_descendants(values["categories"]),
        "shops": frozenset(values["shops"]),
    }
    return CouponFacts(**values)


def with_descendants(category_ids: Collection[int]) -> frozenset[int]:
    """Return categories with all that are below them, and those that were merged into one of these."""
    if not category_ids:
        return frozenset()
    tree = category_tree()
    wanted = {node.id for each in category_ids if (node := tree.by_id.get(each)) is not None}
    covered = {each for each in tree.by_id if wanted & {node.id for node in tree.path_to(each)}}
    return frozenset(covered | set(category_ids))

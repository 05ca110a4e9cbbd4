"""Uses of coupons: claimed by the transaction that places an order, released by the one that ends it unpaid.

A claim is one statement, late in its transaction and before stock (docs/locking.md).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from checkout.errors import CouponRefusedError
from checkout.models import Order, SubOrder
from checkout.pricing.coupons.facts import CouponBuyerKey
from checkout.pricing.coupons.outcomes import CouponOutcome, Used
from checkout.pricing.coupons.reasons import CouponRefusal, Reason
from kit.db.pipeline import Query, as_json, written
from kit.db.sql import execute, fetch_all
from kit.db.statements import load_statement
from kit.ids import uuid7

# A coupon's id; whether its use was counted, whether it is offered at all, and whether it has uses left.
CouponClaim = tuple[UUID, bool, bool, bool]
CLAIM = sql.SQL(load_statement(__package__, "claim_coupons"))
RELEASE = load_statement(__package__, "release_coupons")
RECLAIM = load_statement(__package__, "reclaim_coupons")
EACH_COUPON = sql.SQL("""
SELECT w.coupon_id, counted.id IS NOT NULL, COALESCE(NOT locked.is_closed, FALSE), open.id IS NOT NULL
  FROM wanted w LEFT JOIN locked ON locked.id = w.coupon_id LEFT JOIN open ON open.id = w.coupon_id
  LEFT JOIN counted ON counted.id = w.coupon_id
""")
ALL_OR_ERROR = sql.SQL(
    "SELECT 1 / (count(*) = count(counted.id))::int FROM wanted w LEFT JOIN counted ON counted.id = w.coupon_id"
)
CAREFUL = CLAIM.format(found=EACH_COUPON).as_string(None)
OR_ERROR = CLAIM.format(found=ALL_OR_ERROR).as_string(None)


def uses_of(outcomes: Sequence[CouponOutcome]) -> list[Used]:
    """Return the coupons that count in a quote, in primary-key order."""
    return sorted((use for outcome in outcomes for use in outcome.used), key=lambda use: use.coupon_id)


def claim_queries(
    outcomes: Sequence[CouponOutcome], *, order: Order, now: datetime, or_error: bool = False
) -> list[Query[Any]]:
    """Return the query that claims the coupons that count for an order; none where there are none.

    Args:
        or_error: whether it fails with a division by zero unless all are claimed, to be sent together with a commit;
            otherwise its result is for `refuse_unclaimed`.
    """
    uses = uses_of(outcomes)
    if not uses:
        return []
    wanted = [
        {
            "use_id": str(uuid7()),
            "coupon_id": str(use.coupon_id),
            "saved_minor": use.saved_minor,
            "currency": use.currency,
        }
        for use in uses
    ]
    buyer = CouponBuyerKey(order.buyer_id, order.email).digest
    params = [as_json(wanted), buyer, order.pk, now]
    return [Query(OR_ERROR, params, written) if or_error else Query(CAREFUL, params, list)]


def refuse_unclaimed(outcomes: Sequence[CouponOutcome], found: Sequence[CouponClaim]) -> None:
    """Refuse an order of which a coupon could not be claimed: others have used it up since it was read.

    Raises:
        CouponRefusedError: always where there is one; details name the codes with their reasons.
    """
    reasons = {
        coupon_id: Reason.PAUSED if not is_offered else Reason.USED_BY_YOU if is_left else Reason.USED_UP
        for coupon_id, is_claimed, is_offered, is_left in found
        if not is_claimed
    }
    refused = [
        CouponOutcome(outcome.code, refusal=CouponRefusal(reasons[use.coupon_id]))
        for outcome in outcomes
        for use in outcome.used
        if use.coupon_id in reasons
    ]
    if refused:
        refuse_coupons(refused)


def refuse_coupons(refused: Sequence[CouponOutcome]) -> None:
    """Refuse an order for coupons that do not count.

    Raises:
        CouponRefusedError: always; details name the codes with their reasons.
    """
    raise CouponRefusedError(
        " ".join(each.message for each in refused),
        details={
            "coupons": [each.message for each in refused],
            "refused": tuple({"code": each.code, "reason": each.reason} for each in refused),
        },
    )


def has_coupons(parts: Sequence[SubOrder]) -> bool:
    """Return whether parts of an order have a coupon's discount; others have no uses, so that nothing is looked up."""
    return any(str(each["source"]).startswith("coupon:") for part in parts for each in part.adjustments)


def has_code(part: SubOrder, codes: Collection[str]) -> bool:
    """Return whether a part has a discount by one of some codes."""
    return any(each["source"] == f"coupon:{code}" for each in part.adjustments for code in codes)


def release_uses(*, order_id: UUID, now: datetime) -> None:
    """Release the uses of an order that ends unpaid; the order is locked."""
    execute(RELEASE, {"order_id": order_id, "now": now})


def reclaim_uses(*, order_id: UUID) -> frozenset[str]:
    """Count the uses of an order again that was paid after its end, before its stock is looked at.

    Returns:
        The codes of the coupons that have been used up since.
    """
    return frozenset(code for (code,) in fetch_all(RECLAIM, {"order_id": order_id}))

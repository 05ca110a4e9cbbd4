"""The demo market shows each state of the tables of moves; it is that of the browser tests, which is open anyway."""

from __future__ import annotations

import psycopg
import pytest

from checkout.fulfilment.status import ParcelStatus, PartStatus
from checkout.models import DeliveredBy, DocumentKind, OrderStatus, ReturnStatus, ReversalKind, ReversedBy
from checkout.moves.table import ORDER_MOVES, PARCEL_MOVES, PART_MOVES
from checkout.returning.moves import RULES
from runtime.datadir import read_json
from tests.world.visitor import OpenMarket

SHORT_LIVED = {OrderStatus.PENDING}  # half an hour after the first start there is none any more
PARCELS = "SELECT CASE WHEN jsonb_typeof(each -> 'delivered_at') = 'null' THEN 'shipped' ELSE 'delivered' END"
# What is looked for, and a statement that yields the states that occur.
STATES: dict[str, tuple[set[str], str]] = {
    "orders": (
        {move.to for move in ORDER_MOVES if move.to} - SHORT_LIVED,
        "SELECT status FROM checkout_order",
    ),
    "parts": (
        {move.to for move in PART_MOVES if move.to} - {PartStatus.PENDING},
        "SELECT status FROM checkout_suborder UNION SELECT jsonb_object_keys(step_times) FROM checkout_suborder",
    ),
    "parcels": (
        {move.to for move in PARCEL_MOVES} & set(ParcelStatus),
        f"{PARCELS} FROM checkout_suborder, jsonb_array_elements(parcels) AS each",
    ),
    "sent in part": (
        {"yes"},
        "SELECT 'yes' FROM checkout_suborder WHERE status = 'new' AND parcels <> '[]'",
    ),
    "arrivals": (set(DeliveredBy), "SELECT delivered_by FROM checkout_suborder"),
    "returns": (
        {rule.status for rule in RULES.values()} | {ReturnStatus.REFUNDED},
        "SELECT step ->> 'status' FROM checkout_return, jsonb_array_elements(steps) AS step",
    ),
    "reversals": (set(ReversalKind), "SELECT kind FROM checkout_reversal"),
    "sides that cancel": (
        {side for side in ReversedBy if side != ReversedBy.BANK},
        "SELECT reversed_by FROM checkout_reversal WHERE kind = 'cancellation'",
    ),
    "refunds": ({"processed", "failed", "needs_attention", "set_off"}, "SELECT status FROM checkout_refund"),
    "payments": (
        {"captured", "failed", "mismatched"},
        "SELECT status FROM checkout_payment",
    ),
    "payouts": (  # one that failed may have been sent again by another test
        {"paid", "failed", "reversed", "held"},
        "SELECT status FROM payouts_payout UNION SELECT state FROM payouts_transfer",
    ),
    "problems of payouts": ({"reversed"}, "SELECT problem FROM payouts_payout"),
    "disputes": ({"open", "lost"}, "SELECT status FROM payouts_dispute"),
    "evidence in disputes": ({"shop"}, "SELECT 'shop' FROM payouts_disputeevidence WHERE shop_id IS NOT NULL"),
    "money of shops": (
        {"shop_pending", "shop_available", "shop_reserved", "shop_in_transit"},
        "SELECT code FROM payouts_balance b JOIN payouts_account a ON a.id = b.account_id WHERE amount_minor > 0",
    ),
    "documents": (set(DocumentKind), "SELECT kind FROM checkout_issueddocument"),
}


@pytest.mark.parametrize("what", STATES)
def test_each_state_occurs(market: OpenMarket, what: str) -> None:
    expected, statement = STATES[what]
    address = read_json(market.data_dir.services_state)["database_url"]
    with psycopg.connect(address) as connection:
        found = {row[0] for row in connection.execute(statement).fetchall()}
    assert {str(state) for state in expected} - found == set()

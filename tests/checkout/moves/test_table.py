"""The table of moves: whole, judged alike for buttons and for services, and the diagrams in the docs are of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from checkout.fulfilment.errors import UndoTooLateError, WrongStepError
from checkout.fulfilment.status import SOLD, ParcelStatus, PartStatus
from checkout.models import OrderStatus
from checkout.moves.facts import OrderFacts, PartFacts
from checkout.moves.judging import check_order_move, check_part_move, order_moves, part_moves
from checkout.moves.move import REMOVED, UNMADE, Move, Side
from checkout.moves.table import ORDER_MOVES, PARCEL_MOVES, PART_MOVES
from kit.errors import DomainError
from tests.checkout.moves.drawing import PAGE, redraw
from tests.world.clock import NOW

PEOPLE = [Side.BUYER, Side.SHOP, Side.OPERATOR]
WAITING = OrderFacts(OrderStatus.PENDING, NOW + timedelta(minutes=5), (PartFacts(PartStatus.PENDING, NOW),))
TABLES = [
    (ORDER_MOVES, set(OrderStatus)),
    (PART_MOVES, set(PartStatus)),
    (PARCEL_MOVES, {*ParcelStatus, REMOVED}),
]


def part(status: str) -> PartFacts:
    return PartFacts(PartStatus(status), NOW, to_send=1)


def order(status: str) -> OrderFacts:
    return OrderFacts(OrderStatus(status), NOW + timedelta(minutes=5), (part("new"), part("shipped")))


def test_the_diagrams_in_the_docs_are_of_the_table() -> None:
    text = PAGE.read_text()
    assert redraw(text) == text, "draw them again: python -m tests.checkout.moves.drawing"
    assert redraw(text.replace("new --> packed: packed", "new --> packed: put away")) == text, "the control"


@pytest.mark.parametrize(("table", "states"), TABLES, ids=["orders", "parts", "parcels"])
def test_every_state_is_reached_and_no_other(table: Sequence[Move[Any]], states: set[str]) -> None:
    assert {move.to for move in table if move.to} == states
    assert frozenset[str].union(*(move.start for move in table)) - {UNMADE} <= states


@pytest.mark.parametrize("by", PEOPLE)
@pytest.mark.parametrize("status", PartStatus.values)
def test_a_part_is_judged_as_it_is_shown(status: str, by: Side) -> None:
    facts = part(status)
    shown = part_moves(facts, by=by, now=NOW)
    for name in {move.name for move in PART_MOVES if by in move.by}:
        if name in shown:
            check_part_move(facts, name, by=by, now=NOW)
            continue
        with pytest.raises(DomainError) as refused:
            check_part_move(facts, name, by=by, now=NOW)
        assert refused.value.status == 409
        is_unmet = name == "return" and status in SOLD  # refused by its condition, which says why
        state = {"status": status, "allowed_moves": tuple(shown)}
        assert refused.value.details == (None if is_unmet else state)


@pytest.mark.parametrize("by", PEOPLE)
@pytest.mark.parametrize("status", OrderStatus.values)
def test_an_order_is_judged_as_it_is_shown(status: str, by: Side) -> None:
    facts = order(status)
    shown = order_moves(facts, by=by, now=NOW)
    for name in {move.name for move in ORDER_MOVES if by in move.by and UNMADE not in move.start}:
        if name in shown:
            check_order_move(facts, name, by=by, now=NOW)
            continue
        with pytest.raises(DomainError) as refused:
            check_order_move(facts, name, by=by, now=NOW)
        assert refused.value.status == 409


@pytest.mark.parametrize(
    ("status", "by", "moves"),
    [
        ("pending", Side.SHOP, ["release"]),
        ("new", Side.SHOP, ["pack", "ship", "change_address", "cancel", "refund"]),
        ("packed", Side.OPERATOR, ["ship", "undo", "cancel", "refund"]),
        ("shipped", Side.SHOP, ["deliver", "undo", "change_tracking", "refund"]),
        ("new", Side.BUYER, ["change_address", "cancel"]),
        ("shipped", Side.BUYER, ["receive"]),
        ("delivered", Side.OPERATOR, ["refund"]),
        ("unfulfillable", Side.SHOP, []),
    ],
)
def test_the_moves_of_a_part(status: str, by: Side, moves: list[str]) -> None:
    assert part_moves(part(status), by=by, now=NOW) == moves


def test_a_refusal_names_the_state_and_what_is_possible() -> None:
    with pytest.raises(WrongStepError) as refused:
        check_part_move(part("shipped"), "pack", by=Side.SHOP, now=NOW)
    assert refused.value.message == (
        "This order's status is “Shipped” now. Possible now: mark delivered, undo the last step, change the "
        "tracking, refund."
    )
    with pytest.raises(WrongStepError, match="so no step is possible"):
        check_part_move(part("cancelled"), "ship", by=Side.SHOP, now=NOW)


def test_conditions_count_beside_the_state() -> None:
    assert order_moves(WAITING, by=Side.BUYER, now=NOW) == ["pay", "cancel"]
    assert order_moves(replace(WAITING, expires_at=NOW), by=Side.BUYER, now=NOW) == ["cancel"]
    all_sent = replace(order("paid"), parts=(part("shipped"), part("cancelled")))
    assert order_moves(all_sent, by=Side.BUYER, now=NOW) == []
    later = NOW + timedelta(hours=24, seconds=1)
    assert "undo" not in part_moves(part("shipped"), by=Side.SHOP, now=later)
    assert "undo" in part_moves(part("packed"), by=Side.SHOP, now=later)
    with pytest.raises(UndoTooLateError):
        check_part_move(part("shipped"), "undo", by=Side.SHOP, now=later)

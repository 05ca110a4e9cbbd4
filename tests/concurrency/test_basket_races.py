"""One basket ordered from many places at once makes one order, and what is put in meanwhile stays in it."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from checkout.cart import store
from checkout.cart.parts import CurrencyPart, part_id
from checkout.cart.store import CartId
from checkout.errors import BasketOrderedError, EmptyCartError
from checkout.models import Order
from checkout.placing import place_order as placing
from checkout.placing.check_out import check_out
from checkout.placing.claims import OrderClaim
from checkout.placing.drafting import draft_order
from checkout.placing.unpaid_limits import UnpaidLimits
from kit.errors import DomainError
from kit.models import IdempotencyKey
from kit.work.idempotency import IdempotencyKeyReusedError
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock
from tests.world.races import all_at_once

THREADS = 8
ADA = CartId.of_user(7)


@pytest.fixture
def cloth(live_database: str, settings: Any) -> Stocked:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"  # who pays is not the question here
    return stock(open_shop("cloth-hall"), on_hand=100)


@pytest.fixture
def pot(live_database: str) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", on_hand=100)


@pytest.fixture
def all_have_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every checkout read the basket before the first of them goes on."""
    gathered, read, racing = Barrier(THREADS), UnpaidLimits.read_basket, [True] * THREADS

    def late(self: UnpaidLimits) -> CurrencyPart:
        basket = read(self)
        if racing:
            racing.pop()
            gathered.wait(timeout=60)
        return basket

    monkeypatch.setattr(UnpaidLimits, "read_basket", late)


def order_with_key_of_its_own(number: int) -> str:
    try:
        check_out(cart=ADA, request=order_request(key=f"key-{number}"), now=NOW)
    except BasketOrderedError as refusal:
        return f"{refusal.details['order']} was there"
    return "ordered"


def held() -> dict[UUID, int]:
    return {line.variant_id: line.quantity for line in store.read_lines(ADA)}


def test_eight_keys_at_once_make_one_order_of_a_basket(cloth: Stocked, pot: Stocked, all_have_read: None) -> None:
    store.write_line(ADA, cloth.line(2))
    store.write_line(ADA, pot.line(3))

    outcomes = all_at_once(order_with_key_of_its_own, THREADS)

    assert outcomes == {"ordered": 1, f"{Order.objects.get().number} was there": THREADS - 1}
    assert (Order.objects.count(), cloth.level(), pot.level(), held()) == (1, (100, 2), (100, 3), {})
    assert IdempotencyKey.objects.count() == 2  # the key and the basket; the keys of the others may be used again


def test_control_without_the_claim_of_the_basket_each_key_makes_an_order(
    cloth: Stocked, all_have_read: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrderClaim, "_basket", None)
    store.write_line(ADA, cloth.line(2))

    assert all_at_once(order_with_key_of_its_own, THREADS) == {"ordered": THREADS}
    assert cloth.level() == (100, 2 * THREADS)


def test_one_key_eight_times_at_once_is_one_order_and_seven_replays(cloth: Stocked, all_have_read: None) -> None:
    store.write_line(ADA, cloth.line(2))
    request = order_request(key="impatient")

    def order(_: int) -> str:
        bought = check_out(cart=ADA, request=request, now=NOW)
        return f"replay: {bought.is_replayed}"

    assert all_at_once(order, THREADS) == {"replay: False": 1, "replay: True": THREADS - 1}
    assert (Order.objects.count(), cloth.level(), held()) == (1, (100, 2), {})


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have something done after a basket was read for an order and before the order is written."""

    def prepare(act: Any) -> None:
        left = [act]

        def late(**draft: Any) -> Any:
            if left:
                left.pop()()
            return draft_order(**draft)

        monkeypatch.setattr(placing, "draft_order", late)

    return prepare


def test_a_piece_added_while_a_checkout_runs_stays(cloth: Stocked, pot: Stocked, meanwhile: Any) -> None:
    store.write_line(ADA, cloth.line(1))

    def add() -> None:
        store.add_line(ADA, cloth.line(4), at_most=99)
        store.add_line(ADA, pot.line(2), at_most=99)

    meanwhile(add)
    bought = check_out(cart=ADA, request=order_request(key="first"), now=NOW)

    assert [line["quantity"] for part in bought.placed.parts for line in part.lines] == [1]
    assert held() == {cloth.variant_id: 4, pot.variant_id: 2}
    check_out(cart=ADA, request=order_request(key="second"), now=NOW)
    assert (cloth.level(), pot.level(), held()) == ((100, 5), (100, 2), {})


def test_a_piece_taken_out_while_a_checkout_runs_leaves_nothing_below_zero(
    cloth: Stocked, pot: Stocked, meanwhile: Any
) -> None:
    store.write_line(ADA, cloth.line(5))
    store.write_line(ADA, pot.line(1))
    meanwhile(lambda: store.write_line(ADA, cloth.line(2)))
    check_out(cart=ADA, request=order_request(), now=NOW)
    assert (cloth.level(), held()) == ((100, 5), {})


def test_what_was_put_in_after_emptying_a_basket_is_not_what_was_ordered(cloth: Stocked, meanwhile: Any) -> None:
    store.write_line(ADA, cloth.line(5))

    def begin_anew() -> None:
        store.remove_lines(ADA, [cloth.variant_id])
        store.write_line(ADA, cloth.line(3))

    meanwhile(begin_anew)
    check_out(cart=ADA, request=order_request(), now=NOW)
    assert held() == {cloth.variant_id: 3}


def test_two_checkouts_with_a_piece_added_between_them_make_one_order(
    cloth: Stocked, pot: Stocked, meanwhile: Any
) -> None:
    store.write_line(ADA, cloth.line(1))
    second: list[str] = []

    def order_in_another_tab() -> None:
        store.add_line(ADA, pot.line(2), at_most=99)

    meanwhile(order_in_another_tab)
    read = store.read_basket(ADA)
    check_out(cart=ADA, request=order_request(key="first"), now=NOW)
    try:
        placing.place_order(
            lines=[*read.lines, pot.line(2)],
            basket_id=part_id(read.id, "NGN"),
            request=order_request(key="second"),
            now=NOW,
        )
    except DomainError as refusal:
        second.append(refusal.code)

    assert (second, Order.objects.count(), held()) == (["basket_ordered"], 1, {pot.variant_id: 2})


def lose_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """End the process between the order's commit and what is taken out of the basket."""

    def die(*_: Any, **__: Any) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(UnpaidLimits, "take_ordered", die)
        with pytest.raises(KeyboardInterrupt):
            check_out(cart=ADA, request=order_request(key="first"), now=NOW)


def test_goods_left_in_a_basket_by_a_crash_are_taken_out_by_the_replay_once(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_line(ADA, cloth.line(2))
    lose_the_answer(monkeypatch)
    assert held() == {cloth.variant_id: 2}

    for _ in range(2):
        assert check_out(cart=ADA, request=order_request(key="first"), now=NOW).is_replayed
        assert held() == {}
    store.write_line(ADA, cloth.line(5))
    assert check_out(cart=ADA, request=order_request(key="first"), now=NOW).is_replayed
    assert (Order.objects.count(), held()) == (1, {cloth.variant_id: 5})


def test_goods_left_in_a_basket_by_a_crash_are_not_ordered_by_another_key(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_line(ADA, cloth.line(2))
    lose_the_answer(monkeypatch)

    with pytest.raises(BasketOrderedError):
        check_out(cart=ADA, request=order_request(key="second"), now=NOW)
    assert (Order.objects.count(), held(), cloth.level()) == (1, {}, (100, 2))
    with pytest.raises(EmptyCartError):
        check_out(cart=ADA, request=order_request(key="second"), now=NOW)


def test_a_key_does_not_stand_for_a_basket_that_has_changed(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write_line(ADA, cloth.line(2))
    lose_the_answer(monkeypatch)
    store.add_line(ADA, cloth.line(1), at_most=99)

    with pytest.raises(IdempotencyKeyReusedError):
        check_out(cart=ADA, request=order_request(key="first"), now=NOW)
    assert (Order.objects.count(), held()) == (1, {cloth.variant_id: 3})


def test_a_guest_who_signs_in_while_the_order_is_placed_cannot_order_it_again(cloth: Stocked, meanwhile: Any) -> None:
    guest = CartId.of_guest("token")
    store.write_line(guest, cloth.line(2))
    meanwhile(lambda: store.merge(source=guest, into=ADA))
    check_out(cart=guest, request=order_request(key="first"), now=NOW)

    with pytest.raises(BasketOrderedError):
        check_out(cart=ADA, request=order_request(key="second"), now=NOW)
    assert (Order.objects.count(), held(), cloth.level()) == (1, {}, (100, 2))

"""Goods that a crash of the release before left in a basket: its claim names the whole basket, without a currency."""

from __future__ import annotations

from typing import Any

import pytest

from checkout.cart import store
from checkout.errors import BasketOrderedError
from checkout.models import Order
from checkout.placing.check_out import check_out
from checkout.placing.claims import BASKETS, OrderClaim
from kit.models import IdempotencyKey
from kit.work.idempotency import IdempotencyKeyReusedError
from tests.concurrency.test_basket_races import ADA, held, lose_the_answer
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock


@pytest.fixture
def cloth(live_database: str, settings: Any) -> Stocked:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"  # who pays is not the question here
    return stock(open_shop("cloth-hall"), on_hand=100)


@pytest.fixture
def beads(live_database: str) -> Stocked:
    return stock(open_shop("accra-beads", currency="GHS"), sku="BEADS", on_hand=100)


@pytest.fixture
def left_by_a_crash(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> str:
    """Place an order by the key "first", as the release before wrote its claim; the goods stay in the basket."""
    store.write_line(ADA, cloth.line(2))
    lose_the_answer(monkeypatch)
    claim = IdempotencyKey.objects.get(scope=BASKETS)
    whole, _, currency = claim.key.rpartition(":")
    assert (currency, whole) == ("NGN", store.read_basket(ADA).id)
    IdempotencyKey.objects.filter(pk=claim.pk).update(key=whole)
    return str(claim.result)


def order(key: str, currency: str = "") -> Any:
    return check_out(cart=ADA, request=order_request(key=key, currency=currency), now=NOW)


def test_another_key_orders_nothing_and_takes_the_goods_out(left_by_a_crash: str, cloth: Stocked) -> None:
    with pytest.raises(BasketOrderedError) as refused:
        order("second")
    assert refused.value.details == {"order": left_by_a_crash}
    assert (Order.objects.count(), held(), cloth.level()) == (1, {}, (100, 2))


def test_the_same_key_is_replayed_and_takes_the_goods_out_once(left_by_a_crash: str, cloth: Stocked) -> None:
    for _ in range(2):
        assert order("first").order.number == left_by_a_crash
        assert held() == {}
    store.write_line(ADA, cloth.line(5))
    assert order("first").is_replayed
    assert (Order.objects.count(), held()) == (1, {cloth.variant_id: 5})


@pytest.mark.usefixtures("left_by_a_crash")
def test_a_piece_added_after_the_crash_stays(cloth: Stocked) -> None:
    store.add_line(ADA, cloth.line(1), at_most=99)
    with pytest.raises(IdempotencyKeyReusedError):
        order("first")
    with pytest.raises(BasketOrderedError):
        order("second")
    assert (Order.objects.count(), held()) == (1, {cloth.variant_id: 1})
    assert not order("second").is_replayed
    assert (Order.objects.count(), held(), cloth.level()) == (2, {}, (100, 3))


@pytest.mark.usefixtures("left_by_a_crash")
def test_a_sold_out_piece_is_no_way_round_the_claim(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkout.orders.sold_out.among", lambda _: {cloth.variant_id})
    with pytest.raises(BasketOrderedError):
        order("second")
    assert (Order.objects.count(), held()) == (1, {})


@pytest.mark.usefixtures("left_by_a_crash")
def test_what_was_added_in_another_currency_can_be_ordered_and_the_rest_cannot(cloth: Stocked, beads: Stocked) -> None:
    store.add_line(ADA, beads.line(3), at_most=99)

    assert order("third", "GHS").order.currency == "GHS"
    with pytest.raises(BasketOrderedError):
        order("fourth", "NGN")
    assert (Order.objects.count(), held(), cloth.level(), beads.level()) == (2, {}, (100, 2), (100, 3))


@pytest.mark.usefixtures("left_by_a_crash")
def test_control_without_the_former_key_the_goods_are_ordered_again(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkout.placing.claims.whole_basket", lambda _: "")
    assert not order("second").is_replayed
    assert (Order.objects.count(), cloth.level()) == (2, (100, 4))


def test_no_former_key_is_stored(cloth: Stocked) -> None:
    store.write_line(ADA, cloth.line(1))
    basket = store.read_basket(ADA).id
    order("first")
    claim = IdempotencyKey.objects.get(scope=BASKETS)
    assert claim.key == f"{basket}:NGN"
    assert OrderClaim(order_request(key="first"), [], claim.key).keys[1] == (BASKETS, claim.key)

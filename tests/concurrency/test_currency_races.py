"""Several currencies of one basket ordered at once: each currency makes one order, and none is ordered twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.errors import BasketOrderedError, EmptyCartError, MixedCurrenciesError
from checkout.models import Order
from checkout.placing import place_order as placing
from checkout.placing.check_out import CheckoutResult, check_out
from checkout.placing.claims import OrderClaim
from checkout.placing.unpaid_limits import UnpaidLimits
from kit.db import redis
from kit.models import IdempotencyKey
from tests.concurrency.test_basket_races import THREADS, all_have_read, meanwhile
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock
from tests.world.races import all_at_once

__all__ = ["all_have_read", "meanwhile"]
ADA = CartId.of_user(7)
CURRENCIES = ("GHS", "NGN")


@pytest.fixture
def naira(live_database: str, settings: Any) -> Stocked:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"  # who pays is not the question here
    return stock(open_shop("lagos-cloth"), sku="CLOTH", on_hand=100)


@pytest.fixture
def cedi(live_database: str) -> Stocked:
    return stock(open_shop("accra-beads", currency="GHS"), sku="BEADS", on_hand=100)


@pytest.fixture
def mixed(naira: Stocked, cedi: Stocked) -> None:
    store.write_line(ADA, naira.line(2))
    store.write_line(ADA, cedi.line(3))


def order(currency: str, key: str) -> CheckoutResult:
    return check_out(cart=ADA, request=order_request(key=key, currency=currency), now=NOW)


def order_by_turns(number: int) -> str:
    """Order one currency or the other, each with a key of its own."""
    currency = CURRENCIES[number % 2]
    try:
        order(currency, f"key-{number}")
    except BasketOrderedError:
        return f"{currency} was there"
    return f"{currency} ordered"


def held() -> dict[UUID, int]:
    return {line.variant_id: line.quantity for line in store.read_lines(ADA)}


@pytest.mark.usefixtures("mixed", "all_have_read")
def test_two_currencies_at_once_make_one_order_each(naira: Stocked, cedi: Stocked) -> None:
    others = THREADS // 2 - 1
    assert all_at_once(order_by_turns, THREADS) == {
        "GHS ordered": 1,
        "GHS was there": others,
        "NGN ordered": 1,
        "NGN was there": others,
    }
    assert sorted(Order.objects.values_list("currency", flat=True)) == ["GHS", "NGN"]
    assert (naira.level(), cedi.level(), held()) == ((100, 2), (100, 3), {})
    assert IdempotencyKey.objects.count() == 4  # a key and a part for each; the keys of the others may be used again


@pytest.mark.usefixtures("mixed", "all_have_read")
def test_control_without_the_claim_of_the_part_each_key_makes_an_order(
    naira: Stocked, cedi: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrderClaim, "_basket", None)
    assert all_at_once(order_by_turns, THREADS) == {"GHS ordered": THREADS // 2, "NGN ordered": THREADS // 2}
    assert (naira.level(), cedi.level()) == ((100, 2 * THREADS // 2), (100, 3 * THREADS // 2))


@pytest.mark.usefixtures("mixed")
def test_an_order_of_another_currency_that_ends_first_leaves_the_goods_to_be_taken_out(
    cedi: Stocked, meanwhile: Any
) -> None:
    meanwhile(lambda: all_at_once(lambda _: order("NGN", "second").is_replayed, 1))
    order("GHS", "first")
    assert held() == {}
    assert sorted(Order.objects.values_list("currency", flat=True)) == ["GHS", "NGN"]

    store.write_line(ADA, cedi.line(1))
    order("GHS", "third")
    assert (Order.objects.count(), cedi.level(), held()) == (3, (100, 4), {})


@pytest.mark.usefixtures("mixed")
def test_control_one_id_for_the_whole_basket_leaves_ordered_goods_in_it(
    naira: Stocked, cedi: Stocked, meanwhile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = store.take_ordered

    def renew_all(self: UnpaidLimits, placed: Any, part: Any) -> None:
        if take(self.cart, basket_id=part.id, ordered=placed.quantities):
            redis.client().set(self.cart.keys[1], store.new_basket_id())

    monkeypatch.setattr(UnpaidLimits, "take_ordered", renew_all)
    meanwhile(lambda: all_at_once(lambda _: order("NGN", "second").is_replayed, 1))
    order("GHS", "first")
    assert held() == {cedi.variant_id: 3}


def test_an_order_of_all_and_one_of_its_currency_are_one(naira: Stocked, cedi: Stocked, meanwhile: Any) -> None:
    """The basket becomes mixed while an order that names no currency is placed of it."""
    store.write_line(ADA, naira.line(2))
    refused: list[str] = []

    def order_in_another_tab() -> None:
        store.write_line(ADA, cedi.line(3))

    meanwhile(order_in_another_tab)
    read = UnpaidLimits(ADA, order_request(currency="NGN"), "", NOW).read_basket()
    order("", "first")
    try:
        placing.place_order(
            lines=read.lines,
            request=order_request(key="second", currency="NGN"),
            now=NOW,
            basket_id=read.id,
            currency="NGN",
        )
    except BasketOrderedError as refusal:
        refused.append(refusal.code)
    assert (refused, Order.objects.count(), held()) == (["basket_ordered"], 1, {cedi.variant_id: 3})
    order("", "third")
    assert (naira.level(), cedi.level(), held()) == ((100, 2), (100, 3), {})


def lose_the_answer(monkeypatch: pytest.MonkeyPatch, currency: str, key: str) -> None:
    """End the process between the order's commit and what is taken out of the basket."""

    def die(*_: Any, **__: Any) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(UnpaidLimits, "take_ordered", die)
        with pytest.raises(KeyboardInterrupt):
            order(currency, key)


@pytest.mark.usefixtures("mixed")
def test_goods_left_in_by_a_crash_are_taken_out_once_and_ordered_by_no_other_key(
    naira: Stocked, cedi: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_answer(monkeypatch, "GHS", "first")
    order("NGN", "second")
    assert held() == {cedi.variant_id: 3}

    with pytest.raises(BasketOrderedError):
        order("GHS", "third")
    assert (Order.objects.count(), cedi.level(), held()) == (2, (100, 3), {})
    store.write_line(ADA, cedi.line(1))
    assert order("GHS", "first").is_replayed
    assert held() == {cedi.variant_id: 1}


def test_a_replay_without_a_currency_takes_the_goods_out_of_a_basket_that_has_become_mixed(
    naira: Stocked, cedi: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_line(ADA, naira.line(2))
    lose_the_answer(monkeypatch, "", "first")
    store.write_line(ADA, cedi.line(3))

    assert order("", "first").is_replayed
    assert held() == {cedi.variant_id: 3}
    store.write_line(ADA, naira.line(1))
    assert order("", "first").is_replayed
    with pytest.raises(MixedCurrenciesError):
        order("", "another")
    assert (Order.objects.count(), held()) == (1, {cedi.variant_id: 3, naira.variant_id: 1})


@pytest.mark.usefixtures("mixed")
def test_a_guest_who_signs_in_while_a_currency_is_ordered_cannot_order_it_again(
    naira: Stocked, cedi: Stocked, meanwhile: Any
) -> None:
    guest = CartId.of_guest("token")
    store.write_line(guest, naira.line(2))
    store.write_line(guest, cedi.line(3))
    store.forget_cart(ADA)
    check_out(cart=guest, request=order_request(key="before", currency="NGN"), now=NOW)
    meanwhile(lambda: store.merge(source=guest, into=ADA))
    check_out(cart=guest, request=order_request(key="first", currency="GHS"), now=NOW)

    with pytest.raises(BasketOrderedError):
        order("GHS", "second")
    with pytest.raises(EmptyCartError):
        order("NGN", "third")
    assert (Order.objects.count(), held(), cedi.level()) == (2, {}, (100, 3))

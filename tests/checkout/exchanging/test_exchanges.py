"""Exchanges for another variant: what is kept, paid and given back, on every way to the end; the books hold on each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as conf

from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.ending.release_reservations import release_part
from checkout.errors import (
    NotExchangeableError,
    OrderNotPayableError,
    ReplacementGoneError,
)
from checkout.models import (
    CreditStatus,
    ExchangeCredit,
    Order,
    OrderStatus,
    Payment,
    Refund,
    Return,
    ReturnStatus,
    ReversedBy,
    SubOrder,
)
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.exchanges import (
    BUYER,
    MARKET,
    PRICE,
    SHOP,
    Sizes,
    accept,
    ask_exchange,
    deliver,
    exchange,
    fresh,
    pay_for,
    receive,
)
from tests.world.payments import pay, sums

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def wanted(sizes: Sizes, size: str) -> dict[Any, Any]:
    return {sizes["M"].variant_id: sizes[size].variant_id}


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def refunds() -> list[int]:
    return list(Refund.objects.order_by("pk").values_list("amount_minor", flat=True))


def credits_of(order: Order) -> list[tuple[int, str]]:
    return list(ExchangeCredit.objects.filter(order=order).values_list("amount_minor", "status"))


def status_of(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.status, order.sub_orders.get().status


def test_the_same_price_is_exchanged_without_any_payment(part: SubOrder, sizes: Sizes) -> None:
    before = sums()
    found = accept(ask_exchange(part, wanted(sizes, "L")))
    kept = Order.objects.get(exchange_of=found)
    assert (sizes["L"].level(), status_of(kept)) == ((10, 1), ("pending", "pending"))
    assert findings() == []
    found = receive(found)
    assert (found.status, status_of(kept)) == (ReturnStatus.EXCHANGED, ("paid", "new"))
    assert (sizes["M"].level(), sizes["L"].level()) == ((8, 0), (9, 0))
    assert (refunds(), credits_of(kept)) == ([], [(PRICE, CreditStatus.USED)])
    assert sums() == before
    assert findings() == []


@pytest.mark.parametrize("has_paid", [True, False], ids=["paid", "not paid in time"])
def test_a_dearer_one_is_sent_once_the_difference_is_paid(
    part: SubOrder, sizes: Sizes, paystack: SandboxProcess, has_paid: bool
) -> None:
    order = exchange(part, wanted(sizes, "XL"))
    found = Return.objects.get()
    assert (status_of(order), found.status) == (("pending", "pending"), ReturnStatus.EXCHANGED)
    assert (order.total_minor, order.due_minor, sizes["XL"].level()) == (1_240_000, 240_000, (10, 1))
    assert (refunds(), credits_of(order)) == ([], [(PRICE, CreditStatus.HELD)])
    assert findings() == []
    if has_paid:
        pay_for(order, paystack, now=NOW + DAY)
        assert (status_of(order), sizes["XL"].level()) == (("paid", "new"), (9, 0))
        assert (refunds(), credits_of(order)) == ([], [(PRICE, CreditStatus.USED)])
        assert Payment.objects.get(order=order).captured_minor == 240_000
    else:
        late = NOW + timedelta(days=conf.EXCHANGE_PAY_DAYS, seconds=1)
        payment = start_payment(order_id=order.pk, now=NOW)
        assert expire_reservations(now=late) == 1
        assert (status_of(order), sizes["XL"].level()) == (("expired", "expired"), (10, 0))
        assert (refunds(), credits_of(order)) == ([PRICE], [(PRICE, CreditStatus.RETURNED)])
        found.refresh_from_db()
        assert (found.status, found.steps[-1]["move"]) == (ReturnStatus.RECEIVED, Move.REFUND_INSTEAD)
        pay(paystack, payment)  # too late: all of it goes back, on the card that paid it
        confirm_payment(reference=payment.reference, now=late)
        assert (status_of(order), refunds()) == (("expired", "expired"), [PRICE, 240_000])
    assert findings() == []


def test_of_a_cheaper_one_the_difference_goes_back(part: SubOrder, sizes: Sizes) -> None:
    order = exchange(part, wanted(sizes, "S"))
    assert (status_of(order), order.total_minor, refunds()) == (("paid", "new"), 750_000, [250_000])
    assert Return.objects.get().status == ReturnStatus.RECEIVED  # until the provider has given it back
    assert findings() == []


def test_nothing_is_paid_before_the_items_have_arrived(part: SubOrder, sizes: Sizes) -> None:
    found = accept(ask_exchange(part, wanted(sizes, "XL")))
    with pytest.raises(OrderNotPayableError):
        start_payment(order_id=Order.objects.get(exchange_of=found).pk, now=NOW)


def test_lines_for_money_pay_the_difference_first(part: SubOrder, sizes: Sizes, paystack: SandboxProcess) -> None:
    """One of two sizes is for money: what the other one costs more is taken off it."""
    cheap = sizes["S"].line(1)
    from tests.world.market import buy

    order = buy(sizes["M"].line(1), cheap)
    pay_for(order, paystack)
    mixed = deliver(order)
    units = {sizes["M"].variant_id: 1, sizes["S"].variant_id: 1}
    sent = exchange(mixed, wanted(sizes, "XL"), units=units)
    assert (status_of(sent), refunds()) == (("paid", "new"), [750_000 - 240_000])
    assert findings() == []


@pytest.mark.parametrize(
    "ending", ["the buyer withdraws", "the market refuses", "the buyer cancels", "the shop releases", "time passes"]
)
def test_what_was_kept_is_on_sale_again_where_nothing_is_exchanged(part: SubOrder, sizes: Sizes, ending: str) -> None:
    found = accept(ask_exchange(part, wanted(sizes, "L")))
    kept = Order.objects.get(exchange_of=found)
    match ending:
        case "the buyer withdraws":
            move_return(return_id=found.pk, move=Move.CANCEL, by=BUYER, now=NOW)
        case "the market refuses":
            late = NOW + timedelta(days=conf.RETURN_ANSWER_DAYS)
            move_return(return_id=found.pk, move=Move.ESCALATE, by=BUYER, text="No word", now=late)
            move_return(return_id=found.pk, move=Move.REFUSE, by=MARKET, text="No", now=late)
        case "the buyer cancels":
            cancel_order(order_id=kept.pk, now=NOW)
        case "the shop releases":
            release_part(shop=part.shop, number=kept.sub_orders.get().number, actor_id=None, now=NOW)  # type: ignore[arg-type]
        case _:
            assert expire_reservations(now=NOW + timedelta(days=conf.EXCHANGE_KEPT_DAYS, seconds=1)) == 1
    assert sizes["L"].level() == (10, 0)
    assert status_of(kept)[0] in {OrderStatus.CANCELLED, OrderStatus.EXPIRED}
    found.refresh_from_db()
    if found.status == ReturnStatus.ACCEPTED:  # it is a return for money now
        assert receive(found).status == ReturnStatus.RECEIVED
        assert (refunds(), sizes["M"].level()) == ([PRICE], (8, 0))
    else:
        assert refunds() == []
    assert findings() == []


def test_the_market_that_leaves_the_items_with_the_buyer_pays_money(part: SubOrder, sizes: Sizes) -> None:
    found = accept(ask_exchange(part, wanted(sizes, "L")))
    move_return(
        return_id=found.pk, move=Move.ESCALATE, by=BUYER, text="So", now=NOW + timedelta(days=conf.RETURN_ANSWER_DAYS)
    )
    assert receive(found, by=MARKET).status == ReturnStatus.RECEIVED
    assert (refunds(), sizes["L"].level(), sizes["M"].level()) == ([PRICE], (10, 0), (7, 0))
    assert findings() == []


def test_what_is_sold_out_can_be_refunded_instead(part: SubOrder, sizes: Sizes, paystack: SandboxProcess) -> None:
    from tests.world.market import buy

    found = ask_exchange(part, wanted(sizes, "L"))
    buy(sizes["L"].line(10))
    with pytest.raises(ReplacementGoneError) as refused:
        accept(found)
    assert refused.value.details["lines"] == (str(sizes["M"].variant_id),)
    assert (Return.objects.get().status, Order.objects.filter(exchange_of=found).count()) == ("requested", 0)
    assert receive(accept(found, refunds_instead=True)).status == ReturnStatus.RECEIVED
    assert refunds() == [PRICE]
    assert findings() == []


@pytest.mark.parametrize(
    ("size", "other"), [("M", ""), ("", ""), ("L", "other product"), ("L", "too many"), ("L", "closed")]
)
def test_only_another_variant_of_the_product_can_be_had(part: SubOrder, sizes: Sizes, size: str, other: str) -> None:
    from kit.ids import uuid7
    from tests.world.market import buy, stock

    replacement = sizes[size].variant_id if size else uuid7()
    if other == "other product":
        replacement = stock(part.shop, sku="OTHER").variant_id
    if other == "too many":
        buy(sizes["L"].line(10))
    if other == "closed":
        Shop.objects.filter(pk=part.shop_id).update(status=ShopStatus.CLOSED)
    with pytest.raises(NotExchangeableError):
        ask_exchange(part, {sizes["M"].variant_id: replacement})
    assert not Return.objects.exists()


@pytest.mark.parametrize("closed", ["on arrival", "when the difference is paid"])
def test_a_shop_that_closes_sends_nothing_and_all_money_goes_back(
    part: SubOrder, sizes: Sizes, paystack: SandboxProcess, closed: str
) -> None:
    found = accept(ask_exchange(part, wanted(sizes, "XL")))
    order = Order.objects.get(exchange_of=found)
    if closed == "on arrival":
        Shop.objects.filter(pk=part.shop_id).update(status=ShopStatus.CLOSED)
        receive(found)
        assert refunds() == [PRICE]
    else:
        receive(found)
        payment = start_payment(order_id=order.pk, now=NOW)
        pay(paystack, payment)
        Shop.objects.filter(pk=part.shop_id).update(status=ShopStatus.CLOSED)
        confirm_payment(reference=payment.reference, now=NOW)
        assert sorted(refunds()) == [240_000, PRICE]
    assert status_of(order)[0] == OrderStatus.CANCELLED
    assert Return.objects.get().status == ReturnStatus.RECEIVED
    assert sizes["XL"].level() == (10, 0)
    assert findings() == []


def test_prices_are_those_of_the_day_on_which_it_was_asked_for(part: SubOrder, sizes: Sizes) -> None:
    found = ask_exchange(part, wanted(sizes, "L"))
    sizes["L"].set_price(2_000_000)
    receive(accept(found))
    assert (refunds(), Order.objects.get(exchange_of=found).total_minor) == ([], PRICE)


def test_none_costs_more_than_its_price_of_today(part: SubOrder, sizes: Sizes) -> None:
    """Both have become cheaper: the buyer pays what others pay, and has the rest back."""
    sizes["M"].set_price(600_000)
    sizes["L"].set_price(600_000)
    order = exchange(part, wanted(sizes, "L"))
    assert (order.total_minor, refunds()) == (600_000, [400_000])
    assert findings() == []


def test_goodwill_stays_with_the_buyer_and_units_paid_back_meanwhile_are_not_exchanged(
    part: SubOrder, sizes: Sizes
) -> None:
    found = accept(ask_exchange(part, wanted(sizes, "L")))
    refund_part(PartRefund(fresh(part), SHOP, "It was late", goodwill_minor=300_000), now=NOW)
    receive(found)
    order = Order.objects.get(exchange_of=found)
    assert (status_of(order), order.due_minor, refunds()) == (("paid", "new"), 0, [300_000])
    second = accept(ask_exchange(fresh(part), wanted(sizes, "L")))
    refund_part(PartRefund(fresh(part), SHOP, "Keep them", units={sizes["M"].variant_id: 2}), now=NOW)
    assert receive(second).status == ReturnStatus.REFUNDED
    assert (Order.objects.get(exchange_of=second).status, sizes["L"].level()) == ("cancelled", (9, 0))
    assert findings() == []


@pytest.mark.parametrize("size", ["L", "XL", "S"])
def test_what_was_sent_can_be_cancelled_refunded_or_exchanged_on_and_all_ends_at_what_was_paid(
    part: SubOrder, sizes: Sizes, paystack: SandboxProcess, size: str
) -> None:
    units = {sizes["M"].variant_id: 2}
    first = exchange(part, wanted(sizes, size), units=units)
    if first.due_minor:
        pay_for(first, paystack)
    one = first.sub_orders.get()
    cancel_units(Cancellation(first.pk, {one.pk: {sizes[size].variant_id: 1}}, BUYER), now=NOW)
    sent = deliver(first)
    back = exchange(sent, {sizes[size].variant_id: sizes["M"].variant_id})
    if back.due_minor:
        pay_for(back, paystack)
    assert findings() == []
    for each in SubOrder.objects.select_related("shop").order_by("pk"):
        if (now := fresh(each)).kept_minor:
            refund_part(PartRefund(now, Actor(ReversedBy.OPERATOR), "All", goodwill_minor=now.kept_minor), now=NOW)
    captured = {each.pk: each.captured_minor for each in Payment.objects.filter(status="captured")}
    for payment_id, paid in captured.items():
        assert sum(Refund.objects.filter(payment_id=payment_id).values_list("amount_minor", flat=True)) == paid
    assert {kind: amount for kind, amount in sums().items() if kind in {"commission", "shop_pending"}} == {}
    assert findings() == []

"""Giving a buyer a page to pay at: once, with one reference, whatever the provider does."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.conf import LazySettings
from django.db import transaction

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import (
    ChargeOutOfLimitsError,
    OrderNotPayableError,
    PaymentProviderUnavailableError,
    PaymentRefusedError,
)
from checkout.models import Order, Payment
from checkout.orders.payments import latest_payment, open_payment_urls
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import LINK_LOST, start_payment
from checkout.placing.check_out import check_out
from gateway.errors import ProviderRefusedError
from gateway.guard import NetworkInTransactionError
from kit.errors import NotFoundError
from kit.ids import uuid7
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.payments import pay, requests_to

pytestmark = pytest.mark.django_db
INITIALISE = {"path": "/transaction/initialize"}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def order(cloth: Stocked) -> Order:
    return buy(cloth.line(2))


def test_a_page_is_asked_for_once(order: Order, paystack: SandboxProcess) -> None:
    first = start_payment(order_id=order.pk, now=NOW)
    again = start_payment(order_id=order.pk, now=NOW + timedelta(minutes=5))

    assert first == again == Payment.objects.get()
    assert (first.status, first.amount_minor, first.currency) == ("open", order.total_minor, "NGN")
    assert first.payment_url.startswith("http")
    assert open_payment_urls([order.pk]) == {order.pk: first.payment_url}
    [known] = paystack.call("GET", "/transaction")["data"]
    assert (known["reference"], known["amount"]) == (first.reference, order.total_minor)


@pytest.mark.parametrize("kind", ["server_error", "html", "rate_limit"])
def test_an_order_stands_when_the_provider_does_not_answer(
    kind: str, order: Order, cloth: Stocked, paystack: SandboxProcess
) -> None:
    paystack.add_fault(kind, match=INITIALISE)

    with pytest.raises(PaymentProviderUnavailableError) as caught:
        start_payment(order_id=order.pk, now=NOW)

    assert (caught.value.code, caught.value.status) == ("payment_provider_unavailable", 503)
    payment = Payment.objects.get()
    assert (payment.status, payment.payment_url, cloth.level()) == ("created", "", (10, 2))
    assert open_payment_urls([order.pk]) == {}
    again = start_payment(order_id=order.pk, now=NOW)
    assert (again.pk, again.reference, again.status) == (payment.pk, payment.reference, "open")


def test_a_page_that_got_lost_is_replaced(order: Order, paystack: SandboxProcess, settings: LazySettings) -> None:
    """The call had its effect and its answer was lost: the reference is taken, and nobody knows the page."""
    settings.PAYSTACK_TIMEOUT_SECONDS = 0.3
    paystack.add_fault("timeout", acts=True, match=INITIALISE)
    with pytest.raises(PaymentProviderUnavailableError):
        start_payment(order_id=order.pk, now=NOW)
    settings.PAYSTACK_TIMEOUT_SECONDS = 60
    assert requests_to(paystack, "/transaction") == 1

    fresh = start_payment(order_id=order.pk, now=NOW)

    lost = Payment.objects.exclude(pk=fresh.pk).get()
    assert (lost.status, lost.note, fresh.status) == ("abandoned", LINK_LOST, "open")
    assert lost.reference != fresh.reference
    assert start_payment(order_id=order.pk, now=NOW) == fresh


def test_a_provider_that_will_not_say_what_became_of_a_lost_page_is_waited_for(
    order: Order, paystack: SandboxProcess, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAYSTACK_TIMEOUT_SECONDS = 0.3
    paystack.add_fault("timeout", acts=True, match=INITIALISE)
    with pytest.raises(PaymentProviderUnavailableError):
        start_payment(order_id=order.pk, now=NOW)
    settings.PAYSTACK_TIMEOUT_SECONDS = 60

    refusal = ProviderRefusedError("Invalid key", status=401)
    monkeypatch.setattr("gateway.paystack.adapter.Paystack.verify", Mock(side_effect=refusal))
    with pytest.raises(PaymentProviderUnavailableError):
        start_payment(order_id=order.pk, now=NOW)
    assert Payment.objects.get().status == "created"


def test_a_lost_page_that_was_paid_all_the_same_is_found_out(
    order: Order, paystack: SandboxProcess, settings: LazySettings
) -> None:
    settings.PAYSTACK_TIMEOUT_SECONDS = 0.3
    paystack.add_fault("timeout", acts=True, match=INITIALISE)
    with pytest.raises(PaymentProviderUnavailableError):
        start_payment(order_id=order.pk, now=NOW)
    settings.PAYSTACK_TIMEOUT_SECONDS = 60
    pay(paystack, Payment.objects.get())

    with pytest.raises(OrderNotPayableError, match="paid already"):
        start_payment(order_id=order.pk, now=NOW)

    assert (Payment.objects.get().status, Order.objects.get().status) == ("captured", "paid")


@pytest.mark.parametrize(
    ("price_minor", "currency", "said"),
    [
        (4_999, "NGN", "We can take payments from ₦50. Put more in your basket."),
        (1_850_000, "ETB", "We can't take payments in ETB yet."),
    ],
)
def test_an_order_that_can_never_be_paid_is_not_placed(
    price_minor: int, currency: str, said: str, paystack: SandboxProcess, db: None
) -> None:
    shop = open_shop("cloth-hall", shipping_minor=0)
    type(shop).objects.update(currency=currency)
    item = stock(shop, price_minor=price_minor)

    with pytest.raises(ChargeOutOfLimitsError) as caught:
        buy(item.line())

    assert (caught.value.message, caught.value.status) == (said, 409)
    assert (Order.objects.count(), item.level(), requests_to(paystack, "/transaction")) == (0, (10, 0), 0)


def test_the_smallest_order_that_can_be_paid_is_placed(paystack: SandboxProcess, db: None) -> None:
    order = buy(stock(open_shop("cloth-hall", shipping_minor=0), price_minor=5_000).line())

    assert start_payment(order_id=order.pk, now=NOW).payment_url


def test_a_refused_attempt_gives_way_to_a_new_one(order: Order, paystack: SandboxProcess) -> None:
    """A refusal that lasts is no fault of the server's."""
    paystack.add_fault("not_found", status=400, times=2, match=INITIALISE)
    with pytest.raises(PaymentRefusedError) as caught:
        start_payment(order_id=order.pk, now=NOW)
    assert caught.value.status == 422
    refused = Payment.objects.get()
    assert refused.status == "failed"
    assert refused.note

    with pytest.raises(PaymentRefusedError):
        start_payment(order_id=order.pk, now=NOW)
    assert Payment.objects.exclude(pk=refused.pk).get().reference != refused.reference


def test_after_a_declined_card_a_new_attempt_is_made(order: Order, paystack: SandboxProcess) -> None:
    declined = start_payment(order_id=order.pk, now=NOW)
    paystack.call("POST", f"/sandbox/transactions/{declined.reference}/fail", {})
    assert confirm_payment(reference=declined.reference, now=NOW).status == "failed"

    fresh = start_payment(order_id=order.pk, now=NOW)

    assert fresh.reference != declined.reference
    assert latest_payment(order_id=order.pk) is not None


def test_only_a_pending_order_can_be_paid(order: Order, paystack: SandboxProcess) -> None:
    with pytest.raises(OrderNotPayableError):
        start_payment(order_id=order.pk, now=order.expires_at)
    expire_reservations(now=order.expires_at)
    with pytest.raises(OrderNotPayableError):
        start_payment(order_id=order.pk, now=NOW)
    with pytest.raises(NotFoundError):
        start_payment(order_id=uuid7(), now=NOW)
    assert requests_to(paystack, "/transaction") == 0


def test_a_cancelled_order_cannot_be_paid(order: Order, paystack: SandboxProcess) -> None:
    start_payment(order_id=order.pk, now=NOW)
    cancel_order(order_id=order.pk, now=NOW)

    with pytest.raises(OrderNotPayableError):
        start_payment(order_id=order.pk, now=NOW)
    assert open_payment_urls([order.pk]) == {}


def test_it_is_not_done_inside_a_transaction(order: Order, paystack: SandboxProcess) -> None:
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        start_payment(order_id=order.pk, now=NOW)
    assert requests_to(paystack, "/transaction") == 0


def test_checking_out_survives_a_silent_provider(cloth: Stocked, settings: LazySettings) -> None:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:1"
    cart = CartId.of_guest("somebody")
    store.write_line(cart, cloth.line(2))

    bought = check_out(cart=cart, request=order_request(), now=NOW)

    assert (bought.order.status, cloth.level(), store.read_lines(cart)) == ("pending", (10, 2), [])
    assert bought.payment_url == ""
    assert Payment.objects.get().status == "created"


def minutes_kept() -> float:
    placed = Order.objects.get()
    return (placed.expires_at - placed.placed_at).total_seconds() / 60


def test_an_order_without_a_page_is_kept_for_a_shorter_time_until_it_has_one(
    cloth: Stocked, settings: LazySettings, paystack: SandboxProcess
) -> None:
    settings.RESERVATION_MINUTES, settings.UNPAYABLE_RESERVATION_MINUTES = 40, 7
    there, settings.PAYSTACK_BASE_URL = settings.PAYSTACK_BASE_URL, "http://127.0.0.1:1"
    cart = CartId.of_guest("somebody")
    store.write_line(cart, cloth.line(2))

    bought = check_out(cart=cart, request=order_request(), now=NOW)
    assert (minutes_kept(), bought.order.expires_at) == (7, NOW + timedelta(minutes=7))
    with pytest.raises(PaymentProviderUnavailableError):
        start_payment(order_id=bought.order.pk, now=NOW + timedelta(minutes=5))
    assert minutes_kept() == 7

    settings.PAYSTACK_BASE_URL = there
    for minutes in (6, 30):
        start_payment(order_id=bought.order.pk, now=NOW + timedelta(minutes=minutes))
        assert minutes_kept() == 40


def test_an_order_with_its_page_is_kept_for_the_whole_time(cloth: Stocked, paystack: SandboxProcess) -> None:
    cart = CartId.of_guest("somebody")
    store.write_line(cart, cloth.line(2))
    assert check_out(cart=cart, request=order_request(), now=NOW).payment_url
    assert minutes_kept() == 30

"""Going to pay and coming back, in a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout.access import SESSION_KEY
from checkout.models import Order, Payment
from kit.db import redis
from paystack_sandbox.testing import SandboxProcess
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.payments import pay

pytestmark = pytest.mark.django_db
RETURN = "/payments/return/"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def order(cloth: Stocked) -> Order:
    return buy(cloth.line(), now=timezone.now())


@pytest.fixture
def guest(client: Client, order: Order) -> Client:
    """A browser that has placed the order."""
    session = client.session
    session[SESSION_KEY] = {order.number: order.access_key}
    session.save()
    return client


def url(order: Order) -> str:
    return reverse("checkout:order", urlconf="config.urls_platform", args=[order.number])


def start(browser: Client, order: Order) -> Payment:
    response = browser.post(f"{url(order)}pay/")
    payment = Payment.objects.get()
    assert (response.status_code, response["Location"]) == (302, payment.payment_url)
    return payment


def shown(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_to_the_page_and_back(guest: Client, order: Order, paystack: SandboxProcess) -> None:
    payment = start(guest, order)
    pay(paystack, payment)

    response = guest.get(RETURN, {"reference": payment.reference, "trxref": payment.reference})

    assert (response.status_code, response["Location"]) == (302, url(order))
    assert Order.objects.get().status == "paid"
    assert guest.get(url(order)).status_code == 200


def test_the_redirect_may_come_first_and_last(guest: Client, order: Order, paystack: SandboxProcess) -> None:
    payment = start(guest, order)
    pay(paystack, payment)

    for _ in range(2):
        assert guest.get(RETURN, {"trxref": payment.reference}).status_code == 302
    assert Payment.objects.get().status == "captured"


def test_coming_back_without_having_paid(guest: Client, order: Order, paystack: SandboxProcess) -> None:
    payment = start(guest, order)

    response = guest.get(RETURN, {"reference": payment.reference}, follow=True)

    assert shown(response) == ["We haven't received a payment yet. If you have just paid, give it a minute."]
    assert Order.objects.get().status == "pending"


def test_coming_back_with_a_declined_card(guest: Client, order: Order, paystack: SandboxProcess) -> None:
    payment = start(guest, order)
    paystack.call("POST", f"/sandbox/transactions/{payment.reference}/fail", {})

    response = guest.get(RETURN, {"reference": payment.reference}, follow=True)

    assert shown(response) == ["The payment didn't go through. Nothing was charged."]


def test_a_silent_provider_is_asked_again_by_the_page_itself(
    guest: Client, order: Order, paystack: SandboxProcess
) -> None:
    payment = start(guest, order)
    pay(paystack, payment)
    paystack.add_fault("server_error")

    response = guest.get(RETURN, {"reference": payment.reference})

    assert response.status_code == 200
    assert "checking your payment" in response.content.decode()
    assert '<meta http-equiv="refresh" content="4">' in response.content.decode()
    assert order.number not in response.content.decode()
    assert guest.get(RETURN, {"reference": payment.reference}).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?reference=", "?reference=ks-nobody-knows-this", "?reference=..%2F..%2Fbalance", "?x=1"]
)
def test_a_reference_that_is_not_ours_leads_nowhere(query: str, client: Client, db: None) -> None:
    response = client.get(RETURN + query)

    assert response.status_code == 404
    assert "know this payment" in response.content.decode()


def test_another_browser_sees_a_guests_order_shortly_after(
    order: Order, guest: Client, client: Client, paystack: SandboxProcess
) -> None:
    """A bank's app may come back in a browser of its own."""
    payment = start(guest, order)
    pay(paystack, payment)
    other = Client(HTTP_HOST="kasuwa.localhost")

    assert other.get(RETURN, {"reference": payment.reference})["Location"] == url(order)
    assert other.get(url(order)).status_code == 200


def test_later_the_address_shows_nothing_of_the_order(order: Order, guest: Client, paystack: SandboxProcess) -> None:
    payment = start(guest, order)
    pay(paystack, payment)
    Payment.objects.update(created_at=timezone.now() - timedelta(hours=3))
    other = Client(HTTP_HOST="kasuwa.localhost")

    response = other.get(RETURN, {"reference": payment.reference})

    assert response.status_code == 200
    assert "it is paid" in response.content.decode()
    assert order.number not in response.content.decode()
    assert other.get(url(order)).headers["Location"].startswith("/account/sign-in/")


def test_a_persons_order_is_not_shown_to_others(
    cloth: Stocked, buyer: Any, client: Client, paystack: SandboxProcess
) -> None:
    order = buy(cloth.line(), now=timezone.now(), request=order_request(email=buyer.email, user_id=buyer.pk))
    own = Client(HTTP_HOST="kasuwa.localhost")
    own.force_login(buyer)
    payment = start(own, order)

    response = client.get(RETURN, {"reference": payment.reference})

    assert (response.status_code, order.number in response.content.decode()) == (200, False)
    assert client.get(url(order)).headers["Location"].startswith("/account/sign-in/")
    assert own.get(RETURN, {"reference": payment.reference})["Location"] == url(order)


def test_paying_is_for_those_who_may_see_the_order(order: Order, client: Client, paystack: SandboxProcess) -> None:
    assert client.post(f"{url(order)}pay/").status_code == 404
    assert Payment.objects.get().status == "created"


def test_paying_needs_a_form(guest: Client, order: Order, db: None) -> None:
    assert guest.get(f"{url(order)}pay/").status_code == 405


def test_when_the_payment_service_is_down_the_order_page_says_so(
    guest: Client, order: Order, settings: LazySettings
) -> None:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:1"

    response = guest.post(f"{url(order)}pay/", follow=True)

    assert shown(response) == ["The payment service isn't answering. Your order is kept; please try again in a minute."]
    assert Order.objects.get().status == "pending"


@pytest.mark.usefixtures("one_minute")
def test_pages_that_take_stock_or_ask_the_provider_have_limits(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    throttles = ["kit.api.throttling.RateThrottle"]
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": throttles}
    rates = {"checkout": "2/min", "payment-return": "2/min"}
    monkeypatch.setattr("kit.api.throttling.RateThrottle.THROTTLE_RATES", rates)
    calls: list[tuple[str, Any]] = [
        ("checkout", lambda: client.post("/checkout/")),
        ("payment-return", lambda: client.get("/payments/return/?reference=ks-nothing")),
    ]
    for scope, call in calls:
        redis.client().delete(redis.prefixed(f"rate:{scope}:address-127.0.0.1"))
        answers = [call() for _ in range(3)]
        assert [answer.status_code == 429 for answer in answers] == [False, False, True]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 61


def test_the_checkout_page_says_who_is_paid_and_for_how_long_things_are_kept(
    guest: Client, cloth: Stocked, settings: LazySettings
) -> None:
    settings.RESERVATION_MINUTES = 45
    guest.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})

    page = guest.get("/checkout/").content.decode()

    assert "You pay on Paystack's page. Your items are reserved for 45 minutes." in " ".join(page.split())


def test_coming_back_by_an_address_that_names_the_payment(
    guest: Client, order: Order, paystack: SandboxProcess
) -> None:
    payment = start(guest, order)
    pay(paystack, payment)

    response = guest.get(f"{RETURN}{payment.reference}/")

    assert (response.status_code, response["Location"]) == (302, url(order))
    assert Payment.objects.get().status == "captured"
    assert guest.get(f"{RETURN}..%2F..%2Fbalance/").status_code == 404
